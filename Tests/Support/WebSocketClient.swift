package import Foundation
package import RPCContract
import Vocabulary

/// A program that listens to `/v1/events` over a WebSocket, without any client of ours.
package final class WebSocketClient: Sendable {
    package enum Message: Sendable, Equatable {
        case text(JSONValue)
        case ping
        case pong(Data)
        case close(Int, String)
    }

    /// RFC 6455's own example.
    package static let (key, accept) = ("dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")

    private let socket: RawSocket
    private let frames = MutexBox(ServerFrames())
    private let answersPings: Bool
    /// The answer's status.
    package let status: Int
    /// The answer's header, names in small letters.
    package let headers: [String: String]

    /// - Parameters:
    ///   - address: the gateway's, such as `http://127.0.0.1:8080`.
    ///   - cursor: the last that the program had.
    ///   - version: of the protocol.
    ///   - answersPings: false for a program that has gone without a word.
    package init(
        _ address: String, key: String, cursor: String? = nil, version: String = "13", answersPings: Bool = true
    ) async throws {
        socket = try RawSocket(port: UInt16(address.split(separator: ":").last ?? "") ?? 0)
        self.answersPings = answersPings
        let query = cursor.map { "?cursor=\($0)" } ?? ""
        let lines = [
            "GET /v1/events\(query) HTTP/1.1", "Host: linda", "Authorization: Bearer \(key)", "Connection: keep-alive, Upgrade",
            "Upgrade: websocket", "Sec-WebSocket-Version: \(version)", "Sec-WebSocket-Key: \(Self.key)", "", "",
        ]
        socket.send(lines.joined(separator: "\r\n"))
        let words = await socket.line()?.split(separator: " ") ?? []
        status = words.count > 1 ? Int(words[1]) ?? 0 : 0
        var headers: [String: String] = [:]
        while let line = await socket.line()?.trimmingCharacters(in: .whitespacesAndNewlines), !line.isEmpty {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        self.headers = headers
    }

    /// The next message, pings too; nil where the connection has ended.
    package func next() async -> Message? {
        while true {
            while let frame = frames.update({ $0.next() }) {
                if let message = message(frame) { return message }
            }
            guard let piece = await socket.piece() else { return nil }
            frames.update { $0.add(piece) }
        }
    }

    /// The next event, or the stream's own word; nil where it is closed.
    package func text() async -> JSONValue? {
        while let message = await next() {
            if case .text(let value) = message { return value }
            if case .close = message { return nil }
        }
        return nil
    }

    /// How the server closes; nil where it does without a word.
    package func closing() async -> Message? {
        while let message = await next() {
            if case .close = message { return message }
        }
        return nil
    }

    private func message(_ frame: ServerFrames.Frame) -> Message? {
        switch frame.opcode {
        case 0x1: return .text((try? JSON.decode(JSONValue.self, from: frame.payload)) ?? .null)  // what is no JSON the test sees
        case 0x8:
            let code = frame.payload.prefix(2).reduce(0) { $0 << 8 | Int($1) }
            return .close(code, String(decoding: frame.payload.dropFirst(2), as: UTF8.self))
        case 0x9:
            if answersPings { send(0xA, frame.payload) }
            return .ping
        case 0xA: return .pong(frame.payload)
        default: return .close(0, "the server sent a frame that no server may send: \(frame.opcode)")
        }
    }

    /// - Parameter first: the whole first byte where it is not that of a whole message.
    package func send(_ opcode: UInt8, _ payload: Data = Data(), isMasked: Bool = true, first: UInt8? = nil) {
        var bytes: [UInt8] = [first ?? (0x80 | opcode)]
        let mask: UInt8 = isMasked ? 0x80 : 0
        if payload.count <= 125 {
            bytes.append(mask | UInt8(payload.count))
        } else {
            bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        }
        let key: [UInt8] = [7, 1, 200, 99]
        if isMasked { bytes += key }
        bytes += payload.enumerated().map { isMasked ? $1 ^ key[$0 % 4] : $1 }
        socket.send(Data(bytes))
    }

    /// Sends nothing more, and goes on reading.
    package func closeWriting() { socket.closeWriting() }
}
