import NIOCore
import NIOWebSocket

/// What a client may send over a WebSocket on which only the server tells something, and what follows from it.
///
/// Source: RFC 6455 §5 and §7.4.
struct WebSocketConduct {
    enum Outcome: Equatable {
        case nothing
        case pong(ByteBuffer)
        /// The client has done wrong: it is told, and the connection ends.
        case refuse(UInt16, String)
        /// The client ends the connection, and is answered with a code.
        case end(UInt16)
    }

    enum Beat: Equatable { case ping, refuse(UInt16, String) }

    /// Bytes of a frame; a larger one is refused as soon as its length is read.
    static let frameLimit = 4096
    /// Frames between two heartbeats.
    static let framesPerBeat = 64
    /// Heartbeats that a client may leave without an answer.
    static let silenceLimit = 2

    private var frames = 0
    private var unanswered = 0

    mutating func take(_ frame: WebSocketFrame) -> Outcome {
        guard frame.maskKey != nil else { return .refuse(1002, "a client masks its frames") }
        guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return .refuse(1002, "no extension is spoken here") }
        frames += 1
        guard frames <= Self.framesPerBeat else { return .refuse(1008, "too many frames") }
        switch frame.opcode {
        case .text, .binary: return .refuse(1003, "nothing is taken here but ping, pong and close")
        case .ping: return .pong(frame.unmaskedData)
        case .pong:
            unanswered = 0
            return .nothing
        case .connectionClose: return Self.closed(frame.unmaskedData)
        default: return .refuse(1002, "there is no such frame")
        }
    }

    /// A heartbeat is due.
    mutating func beat() -> Beat {
        guard unanswered < Self.silenceLimit else { return .refuse(1008, "\(Self.silenceLimit) pings were not answered") }
        frames = 0
        unanswered += 1
        return .ping
    }

    static func refusal(of error: NIOWebSocketError) -> Outcome {
        switch error {
        case .invalidFrameLength: .refuse(1009, "a frame has at most \(frameLimit) bytes")
        case .fragmentedControlFrame, .multiByteControlFrameLength: .refuse(1002, "a control frame is whole and has at most 125 bytes")
        }
    }

    /// A code that nobody may send is answered as what it is.
    private static func closed(_ payload: ByteBuffer) -> Outcome {
        guard payload.readableBytes > 0 else { return .end(1000) }
        guard let code = payload.getInteger(at: payload.readerIndex, as: UInt16.self) else { return .end(1002) }
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: return .end(code)
        default: return .end(1002)
        }
    }
}
