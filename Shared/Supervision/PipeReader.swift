import Foundation
import Synchronization

/// Reads a child's output line by line on a thread of its own.
final class PipeReader: Sendable {
    /// Held while a child is made.
    static let spawning = Mutex(())

    let writeEnd: Int32
    private let readEnd: Int32
    private let onLine: @Sendable (String) -> Void
    private let finished = DispatchSemaphore(value: 0)

    init(onLine: @escaping @Sendable (String) -> Void) throws {
        var ends: [Int32] = [0, 0]
        // No child may be made between the two steps: it would keep the write end open.
        let isOpen = Self.spawning.withLock { _ in
            pipe(&ends) == 0 && fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0
        }
        guard isOpen else {
            throw Listener.Failure(description: "pipe: \(String(cString: strerror(errno)))")
        }
        readEnd = ends[0]
        writeEnd = ends[1]
        self.onLine = onLine
    }

    /// Called once the child has its copy of the write end.
    func start() {
        close(writeEnd)
        let thread = Thread { [self] in
            read()
            close(readEnd)
            finished.signal()
        }
        thread.stackSize = 256 * 1024
        thread.start()
    }

    /// Waits until all that the child wrote has been passed on.
    func finish() { finished.wait() }

    private func read() {
        var rest: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Foundation.read(readEnd, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest += buffer[..<count]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                onLine(String(decoding: rest[..<end], as: UTF8.self))
                rest.removeSubrange(...end)
            }
            // A line without end is passed on in pieces rather than kept.
            if rest.count > 65_536 {
                onLine(String(decoding: rest, as: UTF8.self))
                rest = []
            }
        }
        if !rest.isEmpty { onLine(String(decoding: rest, as: UTF8.self)) }
    }
}
