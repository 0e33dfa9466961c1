import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Takes the requests of one direct route out of a connection's stream and answers them; the rest passes.
///
/// Answers go out in the order of the requests. Whatever comes while one is
/// unanswered, or while the peer does not read what it is answered, is held
/// back in its order, the end of the stream and its errors too; what is held
/// is what one read has brought, for no other follows.
final class DirectHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum State {
        case idle
        /// A request of the route is being received.
        case receiving(HTTPRequest, ByteBuffer, ticket: Int)
        /// It has been received and not yet answered.
        case answering(isLast: Bool)
        /// A request of the router has not been answered.
        case passing
        /// The last answer has been written; the peer has a moment to close.
        case closing
    }

    private enum Item {
        case part(HTTPRequestPart)
        case event(Any)
        case error(any Error)
    }

    /// For the peer to read its last answer before the connection is cut.
    private static let closeGrace = TimeAmount.seconds(2)

    private let route: any DirectRoute
    private let path: [Substring]
    private var state = State.idle
    private var held = CircularBuffer<Item>()
    private var readIsWaiting = false
    private var isWorking = false

    init(_ route: any DirectRoute) {
        self.route = route
        path = route.path.split(separator: "/")
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        held.append(.part(unwrapInboundIn(data)))
        work(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let end = event as? ChannelEvent, end == .inputClosed else { return context.fireUserInboundEventTriggered(event) }
        held.append(.event(event))
        work(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        held.append(.error(error))
        work(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .receiving(_, _, let ticket) = state {
            route.budget.close(ticket)
            state = .closing
        }
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        work(context)
        if case .passing = state { context.fireChannelReadComplete() }
        context.fireChannelWritabilityChanged()
    }

    func read(context: ChannelHandlerContext) {
        if canGoOn(context) { context.read() } else { readIsWaiting = true }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part = unwrapOutboundIn(data)
        context.write(data, promise: promise)
        // The router answers one request at a time.
        guard case .end = part, case .passing = state else { return }
        state = .idle
        work(context)
        // Bytes that were held have been passed on later than they were read.
        if case .passing = state { context.fireChannelReadComplete() }
    }

    private func canGoOn(_ context: ChannelHandlerContext) -> Bool {
        if case .answering = state { return false }
        return held.isEmpty && context.channel.isWritable
    }

    /// Looks at what is held as far as its turn has come.
    private func work(_ context: ChannelHandlerContext) {
        // An answer given at once comes back here: the loop that is under way goes on with what is next.
        guard !isWorking else { return }
        isWorking = true
        while let item = next(context) {
            switch item {
            case .part(let part): take(part, context)
            case .event(let event):
                // A request that is still being received never comes to its end now.
                if case .receiving(_, _, let ticket) = state {
                    route.budget.close(ticket)
                    state = .closing
                    context.close(promise: nil)
                }
                context.fireUserInboundEventTriggered(event)
            case .error(let error): context.fireErrorCaught(error)
            }
        }
        isWorking = false
        guard readIsWaiting, canGoOn(context) else { return }
        readIsWaiting = false
        context.read()
    }

    private func next(_ context: ChannelHandlerContext) -> Item? {
        guard context.channel.isWritable else { return nil }
        switch (state, held.first) {
        case (.answering, _), (.passing, .part(.head)?): return nil
        default: return held.popFirst()
        }
    }

    private func take(_ part: HTTPRequestPart, _ context: ChannelHandlerContext) {
        switch (state, part) {
        case (.idle, .head(let head)) where isOfRoute(head):
            begin(head, context)
        case (.idle, .head):
            state = .passing
            context.fireChannelRead(wrapInboundOut(part))
        case (.receiving(let head, var body, let ticket), .body(var piece)):
            state = .idle  // so that the buffer is not copied
            guard body.readableBytes + piece.readableBytes <= route.bodyLimit else {
                route.budget.close(ticket)
                return refuse(context)
            }
            guard route.budget.take(piece.readableBytes, for: ticket) else {
                route.budget.close(ticket)
                return refuseForRoom(context)
            }
            if body.readableBytes == 0 { body = piece } else { body.writeBuffer(&piece) }
            state = .receiving(head, body, ticket: ticket)
        case (.receiving(let head, let body, let ticket), .end):
            state = .answering(isLast: head.headerFields[.connection]?.lowercased() == "close")
            route.budget.complete(ticket)
            answer(head, body, context, ticket: ticket)
        case (.closing, _):
            break
        default:
            context.fireChannelRead(wrapInboundOut(part))
        }
    }

    /// Compared as the router does it: by what stands between the slashes.
    private func isOfRoute(_ head: HTTPRequest) -> Bool {
        guard head.method == route.method, let target = head.path else { return false }
        return target.prefix { $0 != "?" }.split(separator: "/") == path
    }

    private func begin(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
        let length = head.headerFields[.contentLength].flatMap { Int($0) } ?? 0
        if let refusal = route.refusal(of: head) { return write(refusal, isLast: true, context) }
        guard length <= route.bodyLimit else { return refuse(context) }
        if head.headerFields[.expect]?.lowercased() == "100-continue" {
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        }
        let here = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let ticket = route.budget.open { [loop = context.eventLoop] in loop.execute { Self.giveWay(here) } }
        state = .receiving(head, ByteBuffer(), ticket: ticket)
    }

    /// Another body has taken the room of this one.
    private static func giveWay(_ here: NIOLoopBound<(DirectHandler, ChannelHandlerContext)>) {
        let (handler, context) = here.value
        guard case .receiving = handler.state, context.channel.isActive else { return }
        handler.refuseForRoom(context)
    }

    private func refuseForRoom(_ context: ChannelHandlerContext) {
        route.refusedForRoom()
        write(DirectResponse(.serviceUnavailable, "too much is being received; send it again\n"), isLast: true, context)
    }

    private func refuse(_ context: ChannelHandlerContext) {
        route.refusedTooLarge()
        let text = "a body has at most \(route.bodyLimit) bytes\n"
        write(DirectResponse(.contentTooLarge, text), isLast: true, context)
    }

    private func answer(_ head: HTTPRequest, _ body: ByteBuffer, _ context: ChannelHandlerContext, ticket: Int) {
        let loop = context.eventLoop
        let here = NIOLoopBound((self, context), eventLoop: loop)
        route.answer(head, body) { [budget = route.budget] response in
            budget.close(ticket)
            if loop.inEventLoop { Self.answered(here, response) } else { loop.execute { Self.answered(here, response) } }
        }
    }

    private static func answered(_ here: NIOLoopBound<(DirectHandler, ChannelHandlerContext)>, _ response: DirectResponse) {
        let (handler, context) = here.value
        guard case .answering(let isLast) = handler.state, context.channel.isActive else { return }
        handler.state = .idle
        handler.write(response, isLast: isLast, context)
        handler.work(context)
        if case .passing = handler.state { context.fireChannelReadComplete() }
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
        // A peer that goes on sending, or does not read, is not waited for.
        context.eventLoop.scheduleTask(in: Self.closeGrace) { channel.close(promise: nil) }
    }
}
