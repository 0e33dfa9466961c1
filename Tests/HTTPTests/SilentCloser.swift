import Foundation
import Supervision
import Synchronization

/// Answers the first request of a connection, reads the second whole, and closes without a byte.
final class SilentCloser: Sendable {
    let port: UInt16
    private let seen = Mutex<[String]>([])

    var bodies: [String] { seen.withLock { $0 } }

    init() throws {
        let socket = try Listener.tcp(port: 0)
        port = socket.port
        let thread = Thread { [self] in
            for _ in 0..<3 {
                let connection = accept(socket.descriptor, nil, nil)
                if read(connection) {
                    let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8)
                    send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
                    _ = read(connection)
                }
                close(connection)
            }
        }
        thread.start()
    }

    private func read(_ connection: Int32) -> Bool {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !text.contains("\r\n\r\n") || text.hasSuffix("\r\n\r\n") {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return false }
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        seen.withLock { $0.append(String(text.suffix(3))) }
        return true
    }
}
