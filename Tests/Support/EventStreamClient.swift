import Foundation
import GatewayContract
package import RPCContract
import Vocabulary

/// A program that listens to `/v1/events`, without any client of ours.
package final class EventStreamClient: Sendable {
    /// What came: an event, or the stream's own word.
    package struct Item: Sendable {
        package var name: String
        package var id: String?
        package var data: JSONValue
    }

    private let socket: RawSocket
    /// The answer's status.
    package let status: Int

    /// - Parameters:
    ///   - address: the gateway's, such as `http://127.0.0.1:8080`.
    ///   - cursor: the last that the program had.
    package init(_ address: String, key: String, cursor: String? = nil, query: String = "", headers: [String] = []) async throws {
        let port = UInt16(address.split(separator: ":").last ?? "") ?? 0
        socket = try RawSocket(port: port)
        let lines =
            ["Host: linda", "Accept: text/event-stream", "Authorization: Bearer \(key)"] + (cursor.map { ["Last-Event-ID: \($0)"] } ?? [])
        socket.send((["GET /v1/events\(query) HTTP/1.1"] + lines + headers + ["", ""]).joined(separator: "\r\n"))
        let words = await socket.line()?.split(separator: " ") ?? []
        status = words.count > 1 ? Int(words[1]) ?? 0 : 0
    }

    /// The next event; nil where the stream has ended.
    package func next() async -> Item? {
        var item = Item(name: "message", id: nil, data: .null)
        while let line = await socket.line() {
            if line.hasPrefix("id: ") { item.id = String(line.dropFirst(4)) }
            if line.hasPrefix("event: ") { item.name = String(line.dropFirst(7)) }
            if line.hasPrefix("data: ") {
                item.data = (try? JSON.decode(JSONValue.self, from: String(line.dropFirst(6)))) ?? .null  // what is no JSON the test sees
                return item
            }
        }
        return nil
    }
}
