import NIOCore

/// Closes a connection whose first byte begins no handshake, before TLS would answer it with an alert.
final class ClientHelloGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// The content type of a handshake's record (RFC 8446, 5.1); no letter, as requests of HTTP begin with.
    private static let handshake: UInt8 = 22

    private var isSeen = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isSeen else { return context.fireChannelRead(data) }
        guard let first = Self.unwrapInboundIn(data).readableBytesView.first else { return }
        guard first == Self.handshake else { return context.close(promise: nil) }
        isSeen = true
        context.fireChannelRead(data)
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
}
