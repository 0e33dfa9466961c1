import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOWebSocket

/// Looks after requests that wish for another protocol: where the router answers 101, the connection is a WebSocket from there on,
/// and where it answers anything else, the connection ends with it.
///
/// The decoder reads nothing behind such a request, so whatever followed would be kept and never answered.
final class UpgradeHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// For the peer to read what was written last before the connection is cut.
    private static let closeGrace = TimeAmount.seconds(2)

    private let heartbeat: TimeAmount
    private var unanswered = 0
    /// The request that wishes for another protocol has begun to come; it is the last.
    private var isWished = false
    /// It has come whole.
    private var isWhole = false
    private var socket: WebSocketGuard?
    private var readIsWaiting = false

    init(heartbeat: TimeAmount) {
        self.heartbeat = heartbeat
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head):
            unanswered += 1
            isWished = WebSocketHandshake.wishesForAnotherProtocol(head)
            isWhole = false
        case .end: isWhole = isWished
        case .body: break
        }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        // What it sends before it has its answer is nobody's.
        if isWhole, socket == nil { readIsWaiting = true } else { context.read() }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part = Self.unwrapOutboundIn(data)
        let isOfLast = isWished && unanswered == 1
        switch part {
        case .head(let head) where isOfLast && head.status == .switchingProtocols:
            context.write(data, promise: promise)
            open(context)
        case .head(var head) where isOfLast && head.status.kind != .informational:
            head.headerFields[.connection] = "close"
            context.write(Self.wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            unanswered -= 1
            if isOfLast { end(context, data, promise) } else { context.write(data, promise: promise) }
        case .head, .body: context.write(data, promise: promise)
        }
    }

    /// From here on the bytes that come are frames.
    private func open(_ context: ChannelHandlerContext) {
        let socket = WebSocketGuard(heartbeat: heartbeat, closeGrace: Self.closeGrace)
        do {
            let operations = context.pipeline.syncOperations
            let decoder = try operations.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
            // Before all of HTTP, and behind TLS where there is any.
            try operations.addHandler(socket, position: .before(operations.handler(type: HTTPResponseEncoder.self)))
            try operations.addHandler(
                ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: WebSocketConduct.frameLimit)), position: .before(socket))
            operations.removeHandler(context: decoder, promise: nil)
        } catch {
            // The connection has just ended.
            return context.close(promise: nil)
        }
        self.socket = socket
        guard readIsWaiting else { return }
        readIsWaiting = false
        context.read()
    }

    private func end(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
        let channel = context.channel
        let written = promise ?? context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { _ in channel.close(mode: .output, promise: nil) }
        context.writeAndFlush(data, promise: written)
        socket?.ended()
        context.eventLoop.scheduleTask(in: Self.closeGrace) { channel.close(promise: nil) }
    }
}
