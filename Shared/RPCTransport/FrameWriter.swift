package import Foundation
package import NIOCore
import Synchronization

/// Writes frames from any task to one channel, as few system calls as the moment allows.
///
/// Frames that are sent while an earlier batch waits for the event loop travel
/// with it in one write.
package final class FrameWriter: Sendable {
    private let channel: any Channel
    private let waiting = Mutex<[Data]>([])

    package init(_ channel: any Channel) {
        self.channel = channel
    }

    package func send(_ frame: Data) {
        let isFirst = waiting.withLock { frames in
            frames.append(frame)
            return frames.count == 1
        }
        guard isFirst else { return }
        channel.eventLoop.execute { self.flush() }
    }

    /// Returns when the frame has been handed to the kernel: a reader that is slow slows the sender.
    package func sendAndWait(_ frame: Data) async throws {
        try await channel.writeAndFlush(buffer([frame])).get()
    }

    /// Returns when everything that was sent before has been handed to the kernel, or the connection has ended.
    package func finish() async {
        try? await channel.writeAndFlush(channel.allocator.buffer(capacity: 0)).get()  // the peer is gone: nobody waits for it
    }

    private func flush() {
        let frames = waiting.withLock { frames in
            let all = frames
            frames.removeAll(keepingCapacity: true)
            return all
        }
        channel.writeAndFlush(buffer(frames), promise: nil)
    }

    private func buffer(_ frames: [Data]) -> ByteBuffer {
        var buffer = channel.allocator.buffer(capacity: frames.reduce(0) { $0 + $1.count + 1 })
        for frame in frames {
            buffer.writeBytes(frame)
            buffer.writeInteger(UInt8(ascii: "\n"))
        }
        return buffer
    }
}
