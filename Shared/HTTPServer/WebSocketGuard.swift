import NIOCore
import NIOWebSocket

/// Reads what a client sends over a WebSocket, answers it, and finds out whether it is still there.
///
/// It stands before the encoder of HTTP, which passes on what the router writes behind the answer 101 as it is.
final class WebSocketGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = Never
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    private let heartbeat: TimeAmount
    private let closeGrace: TimeAmount
    private var conduct = WebSocketConduct()
    private var timer: Scheduled<Void>?
    /// The last frame has been written.
    private var isClosing = false

    init(heartbeat: TimeAmount, closeGrace: TimeAmount) {
        self.heartbeat = heartbeat
        self.closeGrace = closeGrace
    }

    /// The router has written its last.
    func ended() { isClosing = true }

    func handlerAdded(context: ChannelHandlerContext) { scheduleBeat(context) }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        guard !isClosing else {
            // Both have said goodbye.
            if frame.opcode == .connectionClose { context.close(promise: nil) }
            return
        }
        follow(conduct.take(frame), context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The decoder has given up, and says so with each piece that still comes.
        guard !isClosing else { return }
        guard let error = error as? NIOWebSocketError else { return context.fireErrorCaught(error) }
        follow(WebSocketConduct.refusal(of: error), context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Whoever sends nothing more answers no ping.
        if let end = event as? ChannelEvent, end == .inputClosed { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isClosing else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        context.write(data, promise: promise)
    }

    private func follow(_ outcome: WebSocketConduct.Outcome, _ context: ChannelHandlerContext) {
        switch outcome {
        case .nothing: break
        case .pong(let payload):
            context.writeAndFlush(Self.wrapOutboundOut(.byteBuffer(WebSocketFrames.frame(.pong, payload.readableBytesView))), promise: nil)
        case .refuse(let code, let reason): close(context, WebSocketFrames.close(code, reason))
        case .end(let code): close(context, WebSocketFrames.close(code, ""))
        }
    }

    private func close(_ context: ChannelHandlerContext, _ frame: ByteBuffer) {
        guard !isClosing else { return }
        isClosing = true
        timer?.cancel()
        let channel = context.channel
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { _ in channel.close(mode: .output, promise: nil) }
        context.writeAndFlush(Self.wrapOutboundOut(.byteBuffer(frame)), promise: written)
        // A peer that goes on sending, or does not read, is not waited for.
        context.eventLoop.scheduleTask(in: closeGrace) { channel.close(promise: nil) }
    }

    private func scheduleBeat(_ context: ChannelHandlerContext) {
        let here = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: heartbeat) {
            let (handler, context) = here.value
            handler.beat(context)
        }
    }

    private func beat(_ context: ChannelHandlerContext) {
        guard !isClosing else { return }
        switch conduct.beat() {
        case .ping:
            context.writeAndFlush(Self.wrapOutboundOut(.byteBuffer(WebSocketFrames.frame(.ping, []))), promise: nil)
            scheduleBeat(context)
        case .refuse(let code, let reason): close(context, WebSocketFrames.close(code, reason))
        }
    }
}
