import Foundation
import Logging
import NIOCore
import RPCContract
import Synchronization

/// One peer of a server: its frames in, its replies out, its calls in flight.
final class RPCServerConnection: Sendable {
    let peer: PeerCredentials
    private let channel: any Channel
    private let reader: NIOLoopBound<FrameReader>
    private let writer: FrameWriter
    private let frames: AsyncStream<Data>
    private let feed: AsyncStream<Data>.Continuation
    private let calls: ServedCalls
    private let timer: DeadlineTimer
    private let executor: EventLoopTaskExecutor
    /// Frames taken from the socket and not yet looked at.
    private let queued = Mutex(0)
    private let dispatch: RPCDispatch
    private let account: FrameAccount

    /// Must be called on the channel's event loop.
    init(_ channel: any Channel, peer: PeerCredentials, dispatch: RPCDispatch, budget: FrameBudget) throws {
        self.channel = channel
        self.peer = peer
        self.dispatch = dispatch
        let (frames, feed) = AsyncStream.makeStream(of: Data.self)
        self.frames = frames
        self.feed = feed
        let owner = Owner()
        let bound = NIOLoopBound(owner, eventLoop: channel.eventLoop)
        let account = FrameAccount(budget) { [logger = dispatch.logger] in
            logger.warning("connection closed: its frame does not end or it does not read, and memory is short")
            let fault = Fault(
                .overloaded, "All connections together hold too much, and this one gets on slowest.", retry: .after(.seconds(1)))
            channel.eventLoop.execute { bound.value.connection?.end(fault) }
        }
        self.account = account
        let writer = FrameWriter(channel, account: account)
        self.writer = writer
        let limits = dispatch.limits
        let calls = ServedCalls(limit: limits.inFlight)
        self.calls = calls
        executor = EventLoopTaskExecutor(channel.eventLoop)
        timer = DeadlineTimer(channel.eventLoop) { calls.endDue($0) }
        let reader = FrameReader(
            limit: limits.frameBytes,
            onBytes: { [owner] count in owner.connection?.received(count) },
            onFrame: { [owner] frame in owner.connection?.accept(frame) },
            onTooLarge: { [owner] in
                owner.connection?.end(Fault(.frame, "A frame is at most \(limits.frameBytes) bytes; the connection is closed."))
            },
            onEnd: { [feed] in feed.finish() },
            onGone: { [owner] in owner.connection?.callerLeft() }
        )
        self.reader = NIOLoopBound(reader, eventLoop: channel.eventLoop)
        try channel.pipeline.syncOperations.addHandler(reader)
        owner.connection = self
    }

    /// Accepted and never served, as while the server is being cancelled, it is closed here.
    deinit {
        account.close()
        channel.close(promise: nil)
    }

    /// On the event loop: takes nothing more, says why, and closes, at the latest in a second.
    private func end(_ fault: Fault) {
        feed.finish()
        reader.value.stop()
        for signal in calls.all { signal.end(.callerLeft) }
        guard channel.isWritable else { return channel.close(promise: nil) }
        var buffer = channel.allocator.buffer(bytes: RPCFrames.error(id: RPCFrames.nullID, fault))
        buffer.writeInteger(UInt8(ascii: "\n"))
        channel.writeAndFlush(buffer).whenComplete { [channel] _ in channel.close(promise: nil) }
        channel.eventLoop.scheduleTask(in: .seconds(1)) { [channel] in channel.close(promise: nil) }
    }

    /// Breaks the cycle between the reader's closures and the connection; used on the event loop alone.
    private final class Owner {
        weak var connection: RPCServerConnection?
    }

    /// On the event loop: bytes have come; no more are read while all connections hold too much.
    private func received(_ count: Int) {
        account.received(count)
        let mayRead = account.mayRead { [channel, reader] in
            channel.eventLoop.execute { reader.value.resume(.noRoom) }
        }
        if !mayRead { reader.value.pause(.noRoom) }
    }

    /// On the event loop: takes a frame, and stops reading when too many wait.
    private func accept(_ frame: Data) {
        account.framed(frame.count + 1)
        let queued = queued.withLock { count in
            count += 1
            return count
        }
        if queued >= dispatch.limits.inFlight * 2 { reader.value.pause(.waitingFrames) }
        feed.yield(frame)
    }

    private func frameTaken() {
        let queued = queued.withLock { count in
            count -= 1
            return count
        }
        if queued == dispatch.limits.inFlight {
            channel.eventLoop.execute { [reader] in reader.value.resume(.waitingFrames) }
        }
    }

    /// Serves the peer until it has nothing more to say and every call has ended.
    ///
    /// A peer that goes away has its calls cancelled; one that only closes its
    /// writing side, or whose server drains, still gets its replies.
    func run() async {
        await withTaskExecutorPreference(executor) {
            await withDiscardingTaskGroup { group in
                for await frame in frames {
                    frameTaken()
                    serve(frame, in: &group)
                }
            }
        }
        timer.stop()
        // Closing drops what has not been written: replies may be many times larger than the socket's buffer.
        let patience = channel.eventLoop.scheduleTask(in: .milliseconds(dispatch.limits.lastReplies.milliseconds)) { [channel] in
            channel.close(promise: nil)
        }
        await writer.finish()
        patience.cancel()
        try? await channel.close().get()  // already closed where the peer left first
    }

    /// Takes no further frames; what is in flight has a moment to finish, and a peer that does not read holds up nothing.
    func drain() {
        feed.finish()
        channel.eventLoop.execute { [reader] in reader.value.stop() }
        // Calls that would never end by themselves (a followed log) are ended here.
        for signal in calls.all where signal.isStream { signal.end(.shuttingDown) }
        let moment = TimeAmount.milliseconds(dispatch.limits.drain.milliseconds)
        channel.eventLoop.scheduleTask(in: moment) { [calls] in
            for signal in calls.all { signal.end(.shuttingDown) }
        }
        channel.eventLoop.scheduleTask(in: moment * 2) { [channel] in channel.close(promise: nil) }
    }

    /// Tells a peer that there is no room for it, and closes.
    func refuse() async {
        let fault = Fault(.overloaded, "Too many connections; close some or retry.", retry: .after(.seconds(1)))
        try? await writer.sendAndWait(RPCFrames.error(id: RPCFrames.nullID, fault))  // the peer may be gone already
        try? await channel.close().get()  // likewise
    }

    private func callerLeft() {
        for signal in calls.awaited { signal.end(.callerLeft) }
        // Nobody listens to what it would tell.
        for signal in calls.all where signal.isStream { signal.end(.callerLeft) }
    }

    private func serve(_ frame: Data, in group: inout DiscardingTaskGroup) {
        let held = HeldFrame(account, frame.count + 1)
        let answered: @Sendable (Data?) -> Void = { [writer] reply in
            held.release()
            if let reply { writer.send(reply) }
        }
        guard frame.first(where: { $0 != 0x20 && $0 != 0x09 }) == UInt8(ascii: "[") else {
            return serveOne(frame, in: &group, reply: answered) { held.release() }
        }
        do {
            let items = try JSONMembers.items(array: frame, limit: dispatch.limits.batch)
            guard !items.isEmpty else {
                return answered(RPCFrames.error(id: RPCFrames.nullID, Fault(.request, "A batch holds at least one call.")))
            }
            guard items.count <= dispatch.limits.batch else {
                let fault = Fault(.request, "A batch holds at most \(dispatch.limits.batch) calls.")
                return answered(RPCFrames.error(id: RPCFrames.nullID, fault))
            }
            let batch = BatchReplies(expected: items.count, limit: dispatch.limits.frameBytes, account: account, answered)
            for item in items { serveOne(item, in: &group, reply: batch.add) }
        } catch {
            answered(RPCFrames.error(id: RPCFrames.nullID, Fault(.parse, "The frame is not valid JSON.")))
        }
    }

    /// - Parameters:
    ///   - reply: called once; with nothing where the request is a notification.
    ///   - onStream: called once a stream has begun, which may go on for a day; nil where none may.
    private func serveOne(
        _ frame: Data,
        in group: inout DiscardingTaskGroup,
        reply: @escaping @Sendable (Data?) -> Void,
        onStream: (() -> Void)? = nil
    ) {
        let request: RPCRequest
        do { request = try RPCRequest(frame) } catch { return reply(RPCFrames.error(id: error.id, error.fault)) }
        if dispatch.isStream(request), onStream == nil || frame.count > Self.streamBytes {
            let fault = Fault(.request, "A stream is called alone, not in a batch, in a frame of at most \(Self.streamBytes) bytes.")
            return reply(request.id.map { RPCFrames.error(id: $0, fault) })
        }
        if request.id == nil, request.method == RPCCancel.method {
            reply(nil)
            return cancel(request)
        }
        let signal = CallSignal(isStream: dispatch.isStream(request))
        let deadline = NIODeadline.now() + .milliseconds(dispatch.deadline(of: request).milliseconds)
        guard let number = calls.admit(request.id, signal, until: deadline) else {
            guard let id = request.id else { return reply(nil) }
            let fault = Fault(
                .overloaded,
                "At most \(dispatch.limits.inFlight) calls, each with its own id, are served at once per connection.",
                retry: .after(.milliseconds(50))
            )
            return reply(RPCFrames.error(id: id, fault))
        }
        timer.cover(deadline)
        if signal.isStream { onStream?() }
        group.addTask(executorPreference: globalConcurrentExecutor) {
            await self.dispatch.serve(request, peer: self.peer, signal: signal) { method, params in
                try await self.writer.sendAndWait(RPCFrames.notification(method: method, params: params))
            } respond: { outcome in
                // Before the answer: its reader may use the id again at once. The place stays taken until the handler ends.
                self.calls.answered(number)
                guard let id = request.id else { return reply(nil) }
                switch outcome {
                case .success(let data) where data.count > self.dispatch.limits.frameBytes - 2048:
                    // A frame that the caller does not take would end its connection, with all its other calls.
                    reply(
                        RPCFrames.error(
                            id: id, Fault(.frame, "The answer has \(data.count) bytes, more than a frame takes; ask for fewer.")))
                case .success(let data): reply(RPCFrames.result(id: id, data))
                case .failure(let fault): reply(RPCFrames.error(id: id, fault))
                }
            }
            self.calls.ended(number)
        }
    }

    /// Bytes of a call that begins a stream: what it holds, it holds as long as the stream lasts.
    private static let streamBytes = 65_536

    private func cancel(_ request: RPCRequest) {
        guard let id = (try? JSONMembers(object: request.params))?["id"] else { return }
        calls[id]?.end(.cancelled)
    }
}

/// A frame's bytes, given back once: when its call is answered, or has become a stream.
private final class HeldFrame: Sendable {
    private let account: FrameAccount
    private let count: Mutex<Int>

    init(_ account: FrameAccount, _ count: Int) {
        self.account = account
        self.count = Mutex(count)
    }

    func release() {
        let held = count.withLock { count in
            defer { count = 0 }
            return count
        }
        if held > 0 { account.served(held) }
    }
}

/// Gathers the replies of one batch into one frame.
private final class BatchReplies: Sendable {
    private struct State {
        var left: Int
        var replies: [Data] = []
        var bytes = 0
    }

    private let state: Mutex<State>
    private let limit: Int
    private let account: FrameAccount
    private let whole: @Sendable (Data?) -> Void

    /// - Parameters:
    ///   - limit: bytes of all replies together.
    ///   - whole: called once, with nothing where no call wants a reply.
    init(expected: Int, limit: Int, account: FrameAccount, _ whole: @escaping @Sendable (Data?) -> Void) {
        state = Mutex(State(left: expected))
        self.limit = limit
        self.account = account
        self.whole = whole
    }

    @Sendable func add(_ reply: Data?) {
        if let reply { account.replying(reply.count) }
        let (done, dropped) = state.withLock { state -> (State?, Int) in
            var dropped = 0
            state.left -= 1
            if let reply {
                state.bytes += reply.count
                state.replies.append(reply)
            }
            // Beyond a frame they are let go at once; how many bytes they were is remembered.
            if state.bytes > limit {
                dropped = state.replies.reduce(0) { $0 + $1.count }
                state.replies = []
            }
            return (state.left == 0 ? state : nil, dropped)
        }
        if dropped > 0 { account.replied(dropped) }
        guard let done else { return }
        guard done.bytes <= limit else {
            let fault = Fault(.request, "The replies of this batch are more than \(limit) bytes; ask for less at once.")
            return whole(RPCFrames.error(id: RPCFrames.nullID, fault))
        }
        account.replied(done.bytes)
        guard !done.replies.isEmpty else { return whole(nil) }
        var frame = Data("[".utf8)
        for (index, reply) in done.replies.enumerated() {
            if index > 0 { frame.append(0x2C) }
            frame.append(reply)
        }
        frame.append(0x5D)
        whole(frame)
    }
}
