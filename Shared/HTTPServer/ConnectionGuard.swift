import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTPTypes

/// What the connection handler behind it lacks: a deadline for a whole request and for a
/// peer that does not read, and a shutdown that answers the request already on its way.
///
/// The handler behind closes an idle connection the moment it sees
/// `ChannelShouldQuiesceEvent`, so that event is held back for a moment.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let requestTimeout: TimeAmount
    private let closeGrace: TimeAmount
    private var unanswered = 0
    private var isReading = false
    private var deadline: Scheduled<Void>?
    /// Set while the peer does not read what it is answered.
    private var stalled: Scheduled<Void>?
    private var isQuiescing = false
    private var hasForwardedQuiesce = false
    private var quiesceTimer: Scheduled<Void>?

    init(requestTimeout: TimeAmount, closeGrace: TimeAmount) {
        self.requestTimeout = requestTimeout
        self.closeGrace = closeGrace
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head:
            unanswered += 1
            isReading = true
            context.fireChannelRead(data)
            // A request is in progress now, so this closes after its response.
            if isQuiescing { forwardQuiesce(context) }
            return
        case .body:
            break
        case .end:
            isReading = false
            deadline?.cancel()
            deadline = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Only a request that did not arrive in one piece costs a timer.
        if isReading, deadline == nil {
            deadline = schedule(context, in: isQuiescing ? closeGrace * 4 : requestTimeout) { $1.close(promise: nil) }
        }
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch Self.unwrapOutboundIn(data) {
        case .head(var head) where isQuiescing && unanswered == 1 && head.status != .switchingProtocols:
            head.headerFields[.connection] = "close"
            context.write(Self.wrapOutboundOut(.head(head)), promise: promise)
            return
        case .end:
            unanswered -= 1
        case .head, .body:
            break
        }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stalled?.cancel()
        stalled =
            context.channel.isWritable ? nil : schedule(context, in: isQuiescing ? closeGrace : requestTimeout) { $1.close(promise: nil) }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent else { return context.fireUserInboundEventTriggered(event) }
        isQuiescing = true
        // A peer that is still sending a request has a moment to end it.
        if let patient = deadline {
            patient.cancel()
            deadline = schedule(context, in: closeGrace * 4) { $1.close(promise: nil) }
        }
        if let patient = stalled {
            patient.cancel()
            stalled = schedule(context, in: closeGrace) { $1.close(promise: nil) }
        }
        if unanswered > 0 {
            forwardQuiesce(context)
        } else {
            quiesceTimer = schedule(context, in: closeGrace) { $0.forwardQuiesce($1) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancelTimers()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancelTimers() }

    private func forwardQuiesce(_ context: ChannelHandlerContext) {
        guard !hasForwardedQuiesce else { return }
        hasForwardedQuiesce = true
        quiesceTimer?.cancel()
        quiesceTimer = nil
        context.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }

    private func schedule(
        _ context: ChannelHandlerContext,
        in delay: TimeAmount,
        _ body: @escaping @Sendable (ConnectionGuard, ChannelHandlerContext) -> Void
    ) -> Scheduled<Void> {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        return context.eventLoop.scheduleTask(in: delay) { body(bound.value.0, bound.value.1) }
    }

    private func cancelTimers() {
        deadline?.cancel()
        stalled?.cancel()
        quiesceTimer?.cancel()
        deadline = nil
        stalled = nil
        quiesceTimer = nil
    }
}
