import GatewayContract
import RPCContract
import Vocabulary

/// The text that is written to a stream of server-sent events.
///
/// Source: WHATWG HTML, server-sent events: `id` is what a browser gives back as `Last-Event-ID`, also without data.
enum EventFrame {
    static func text(_ event: LiveEvent) -> String {
        let data: JSONValue = [
            "cursor": .string(event.cursor.text), "process": .string(event.process.rawValue), "number": .integer(event.number),
            "at": .integer(event.at.milliseconds),
            "type": .string(event.type), "workspace": .string(event.workspace), "subject": .string(event.subject), "data": event.data,
        ]
        return "id: \(event.cursor.text)\nevent: \(event.type)\ndata: \(JSON.text(data, sorted: true))\n\n"
    }

    /// The JSON in an event's frame, which has no other line breaks than its own.
    static func data(of frame: String) -> Substring {
        let lines = frame.utf8.split(separator: UInt8(ascii: "\n"), maxSplits: 2)
        return lines.count == 3 ? Substring(lines[2].dropFirst(6).dropLast(2)) : ""
    }

    /// As a client gives it back.
    static func cursor(_ place: LogPosition) -> String { PageCursor<ListEvents>(place.place).text }

    /// Shows that the stream is alive, and how far it has come where nothing was of interest.
    static func heartbeat(_ place: LogPosition) -> String { "id: \(cursor(place))\n: \n\n" }

    /// How long a client waits before it comes again.
    static let opening = "retry: 1000\n\n"

    /// Events that had been removed before they were asked for.
    static let cut = "event: stream.cut\ndata: {\"reason\":\"\(cutReason)\"}\n\n"
    static let cutReason = "Events after the cursor had been removed for their age."

    /// The stream ends, and where to go on.
    static func end(_ reason: String, at place: LogPosition) -> String {
        let data: JSONValue = ["reason": .string(reason), "cursor": .string(cursor(place))]
        return "event: stream.ended\ndata: \(JSON.text(data, sorted: true))\n\n"
    }
}
