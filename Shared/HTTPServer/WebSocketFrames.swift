package import NIOCore

/// Frames to a client, each whole and not masked.
///
/// Source: RFC 6455 §5.2.
package enum WebSocketFrames {
    /// What a frame is for, as its first byte says it.
    package enum Kind: UInt8, Sendable {
        case text = 0x1
        case close = 0x8
        case ping = 0x9
        case pong = 0xA
    }

    /// Appends a frame.
    package static func write(_ kind: Kind, _ payload: some Collection<UInt8>, to buffer: inout ByteBuffer) {
        buffer.writeInteger(0x80 | kind.rawValue)
        switch payload.count {
        case ...125: buffer.writeInteger(UInt8(payload.count))
        case ...65_535:
            buffer.writeInteger(UInt8(126))
            buffer.writeInteger(UInt16(payload.count))
        default:
            buffer.writeInteger(UInt8(127))
            buffer.writeInteger(UInt64(payload.count))
        }
        buffer.writeBytes(payload)
    }

    /// A frame by itself.
    package static func frame(_ kind: Kind, _ payload: some Collection<UInt8>) -> ByteBuffer {
        var buffer = ByteBuffer()
        write(kind, payload, to: &buffer)
        return buffer
    }

    /// - Parameter reason: as much of it is sent as a frame that closes may hold.
    package static func close(_ code: UInt16, _ reason: String) -> ByteBuffer {
        var text = reason.prefix(123)
        while text.utf8.count > 123 { text.removeLast() }
        return frame(.close, [UInt8(code >> 8), UInt8(code & 0xFF)] + text.utf8)
    }
}
