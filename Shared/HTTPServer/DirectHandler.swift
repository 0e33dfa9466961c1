import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Takes the requests of one direct route out of a connection's stream and answers them; the rest passes.
///
/// Answers go out in the order of the requests: whatever comes while one is
/// unanswered is held back, and nothing more is read from the socket meanwhile.
final class DirectHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum State {
        case idle
        /// A request of the route is being received.
        case receiving(HTTPRequest, ByteBuffer)
        /// It has been received and not yet answered.
        case answering(isLast: Bool)
        /// A request of the router has not been answered.
        case passing
        /// The connection closes after what has been written.
        case closing
    }

    private let route: any DirectRoute
    private var state = State.idle
    private var held = CircularBuffer<HTTPRequestPart>()
    private var readIsWaiting = false

    init(_ route: any DirectRoute) {
        self.route = route
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        held.append(unwrapInboundIn(data))
        work(context)
    }

    func read(context: ChannelHandlerContext) {
        if held.isEmpty { context.read() } else { readIsWaiting = true }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part = unwrapOutboundIn(data)
        context.write(data, promise: promise)
        // The router answers one request at a time.
        if case .end = part, case .passing = state {
            state = .idle
            work(context)
        }
    }

    private func work(_ context: ChannelHandlerContext) {
        // What is passed on later than it was read must be told to be complete once more.
        defer { if case .passing = state { context.fireChannelReadComplete() } }
        while let part = next() {
            switch (state, part) {
            case (.idle, .head(let head)) where isOfRoute(head):
                begin(head, context)
            case (.idle, .head):
                state = .passing
                context.fireChannelRead(wrapInboundOut(part))
            case (.receiving(let head, var body), .body(var piece)):
                state = .idle  // so that the buffer is not copied
                guard body.readableBytes + piece.readableBytes <= route.bodyLimit else {
                    refuse(context)
                    continue
                }
                if body.readableBytes == 0 { body = piece } else { body.writeBuffer(&piece) }
                state = .receiving(head, body)
            case (.receiving(let head, let body), .end):
                state = .answering(isLast: head.headerFields[.connection]?.lowercased() == "close")
                answer(head, body, context)
            case (.closing, _):
                break
            default:
                context.fireChannelRead(wrapInboundOut(part))
            }
        }
        if held.isEmpty, readIsWaiting {
            readIsWaiting = false
            context.read()
        }
    }

    /// The next part that may be looked at now.
    private func next() -> HTTPRequestPart? {
        switch (state, held.first) {
        case (.answering, _), (.passing, .head?): nil
        default: held.popFirst()
        }
    }

    private func isOfRoute(_ head: HTTPRequest) -> Bool {
        guard head.method == route.method, let path = head.path, path.hasPrefix(route.path) else { return false }
        return path.utf8.count == route.path.utf8.count || path.utf8.dropFirst(route.path.utf8.count).first == UInt8(ascii: "?")
    }

    private func begin(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
        let length = head.headerFields[.contentLength].flatMap { Int($0) } ?? 0
        guard length <= route.bodyLimit else { return refuse(context) }
        if head.headerFields[.expect]?.lowercased() == "100-continue" {
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        }
        state = .receiving(head, ByteBuffer())
    }

    private func refuse(_ context: ChannelHandlerContext) {
        route.refusedTooLarge()
        let text = "a body has at most \(route.bodyLimit) bytes\n"
        write(DirectResponse(.contentTooLarge, text), isLast: true, context)
    }

    private func answer(_ head: HTTPRequest, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
        let loop = context.eventLoop
        let here = NIOLoopBound((self, context), eventLoop: loop)
        route.answer(head, body) { response in
            if loop.inEventLoop { Self.answered(here, response) } else { loop.execute { Self.answered(here, response) } }
        }
    }

    private static func answered(_ here: NIOLoopBound<(DirectHandler, ChannelHandlerContext)>, _ response: DirectResponse) {
        let (handler, context) = here.value
        guard case .answering(let isLast) = handler.state, context.channel.isActive else { return }
        handler.state = .idle
        handler.write(response, isLast: isLast, context)
        handler.work(context)
    }

    private func write(_ response: DirectResponse, isLast: Bool, _ context: ChannelHandlerContext) {
        var head = HTTPResponse(status: response.status)
        head.headerFields[.contentLength] = String(response.text.utf8.count)
        if !response.text.isEmpty {
            head.headerFields[.contentType] = "text/plain; charset=utf-8"
            head.headerFields[.xContentTypeOptions] = "nosniff"
        }
        if isLast { head.headerFields[.connection] = "close" }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !response.text.isEmpty { context.write(wrapOutboundOut(.body(ByteBuffer(string: response.text))), promise: nil) }
        guard isLast else {
            return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
        state = .closing
        let channel = context.channel
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { _ in channel.close(mode: .output, promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }
}
