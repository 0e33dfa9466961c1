import GatewayContract
import HTTPServer
import HTTPTypes
import NIOCore
import RPCContract

/// How what happens is written to one client: the same, in one of two forms.
enum EventForm: Sendable {
    /// Server-sent events.
    case lines
    /// Messages of a WebSocket, one JSON object each, with what its handshake is answered.
    case messages(HTTPFields)

    /// Before the first event.
    var opening: ByteBuffer? {
        switch self {
        case .lines: ByteBuffer(string: EventFrame.opening)
        case .messages: nil
        }
    }

    func events(_ entries: [EventRing.Entry]) -> ByteBuffer { joined(entries.map { ($0.frame, $0.data) }) }

    func events(_ items: [LiveEvent]) -> ByteBuffer {
        joined(
            items.map { item in
                let frame = EventFrame.text(item)
                return (frame, EventFrame.data(of: frame))
            })
    }

    private func joined(_ frames: [(text: String, data: Substring)]) -> ByteBuffer {
        var buffer = ByteBuffer()
        for frame in frames {
            switch self {
            case .lines: buffer.writeString(frame.text)
            case .messages: WebSocketFrames.write(.text, frame.data.utf8, to: &buffer)
            }
        }
        return buffer
    }

    func heartbeat(_ place: LogPosition) -> ByteBuffer {
        switch self {
        case .lines: ByteBuffer(string: EventFrame.heartbeat(place))
        case .messages: message(["type": "stream.heartbeat", "cursor": .string(EventFrame.cursor(place))])
        }
    }

    var cut: ByteBuffer {
        switch self {
        case .lines: ByteBuffer(string: EventFrame.cut)
        case .messages: message(["type": "stream.cut", "reason": .string(EventFrame.cutReason)])
        }
    }

    /// The last that is written.
    func end(_ end: StreamEnd, at place: LogPosition) -> ByteBuffer {
        switch self {
        case .lines: return ByteBuffer(string: EventFrame.end(end.reason, at: place))
        case .messages:
            let cursor = EventFrame.cursor(place)
            var buffer = message(["type": "stream.ended", "reason": .string(end.reason), "cursor": .string(cursor)])
            // Once more, for whoever is shown only how it was closed.
            buffer.writeImmutableBuffer(WebSocketFrames.close(end.code, "\(end.word) \(cursor)"))
            return buffer
        }
    }

    private func message(_ value: JSONValue) -> ByteBuffer { WebSocketFrames.frame(.text, JSON.text(value, sorted: true).utf8) }
}
