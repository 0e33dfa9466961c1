import Coordination
import GatewayContract
import HTTPTypes
import Hummingbird
import NIOCore
import RPCContract
import ServiceLifecycle
import Vocabulary

/// Sends one client what happens, as it happens, from a place on.
struct EventStream: Sendable {
    let feed: EventFeed
    let logs: EventLogs

    /// A proxy or a client that hears nothing for longer gives the connection up.
    private static let heartbeat = Duration.seconds(15)
    /// How long the first event may take to be known: a process may just be starting.
    private static let patience = Duration.seconds(10)

    /// - Parameters:
    ///   - place: nil begins with what comes from now on.
    ///   - isInForce: whether the client's key still counts.
    /// - Throws: where a process is away.
    func response(
        _ wish: EventLogs.Wish, from place: LogPosition?, of key: String, isInForce: @escaping @Sendable () -> Bool
    ) async throws(Fault) -> Response {
        let listener = try feed.listen(with: key)
        // Known before anything is answered: whatever keeps it from beginning is a problem with a status.
        let end: LogPosition
        do { end = try await logs.end() } catch {
            throw error as? Fault ?? Fault(.internal, "The logs cannot be read.", cause: error)
        }
        let start = place ?? end
        guard end.covers(start) else {
            throw Fault(
                .params, "cursor is ahead of what has happened here: the logs may have been restored from an earlier copy.", path: "cursor")
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
            body: ResponseBody { writer in
                let isStopping = Mutexed(false)
                try await withGracefulShutdownHandler {
                    try await send(wish, from: start, to: &writer, listener) {
                        if isStopping.value { return "The process stops; come again with the cursor." }
                        return isInForce() ? nil : "The key is not in force any more."
                    }
                } onGracefulShutdown: {
                    isStopping.with { $0 = true }
                    listener.wakeup.set()
                }
                try await writer.finish(nil)
            })
    }

    /// - Parameter over: why the stream ends now; nil while it goes on.
    private func send(
        _ wish: EventLogs.Wish, from start: LogPosition, to writer: inout any ResponseBodyWriter, _ listener: EventFeed.Listener,
        until over: () -> String?
    ) async throws {
        try await writer.write(ByteBuffer(string: EventFrame.opening))
        guard var (place, number) = try await catchUp(wish, from: start, to: &writer, listener, until: over) else { return }
        // Machine time: the client counts the silence by a clock of its own.
        var written = ContinuousClock.now
        while over() == nil {
            guard let slice = feed.entries(after: number) else {
                // The feed has ended with the process.
                guard over() == nil else { break }
                return try await end("The client reads more slowly than events come; come again with the cursor.", at: place, to: &writer)
            }
            number = slice.last
            if let last = slice.entries.last { place = last.position }
            let text = slice.entries.filter { wish.takes($0.event) }.map(\.frame).joined()
            if !text.isEmpty {
                try await writer.write(ByteBuffer(string: text))
                written = .now
            } else if written + Self.heartbeat <= .now {
                try await writer.write(ByteBuffer(string: EventFrame.heartbeat(place)))
                written = .now
            }
            if slice.entries.isEmpty { await listener.wakeup.wait(atMost: Self.heartbeat) }
        }
        try await end(over() ?? "The stream is over here; come again.", at: place, to: &writer)
    }

    private func end(_ reason: String, at place: LogPosition, to writer: inout any ResponseBodyWriter) async throws {
        try await writer.write(ByteBuffer(string: EventFrame.end(reason, at: place)))
    }

    /// Reads the logs until what comes is kept for all who listen.
    ///
    /// - Returns: the place reached and the number of the last event before it; nil where it is over before, which the client is told.
    private func catchUp(
        _ wish: EventLogs.Wish, from start: LogPosition, to writer: inout any ResponseBodyWriter, _ listener: EventFeed.Listener,
        until over: () -> String?
    ) async throws -> (place: LogPosition, number: Int)? {
        var place = start
        var isCutTold = false
        // Machine time: the client waits meanwhile.
        let patience = ContinuousClock.now + Self.patience
        while over() == nil {
            // Events that the client has had already are behind the feed, too, in a moment.
            guard let end = feed.end, end.position.covers(place) else {
                guard patience > .now else {
                    try await self.end("A process is away; come again.", at: place, to: &writer)
                    return nil
                }
                await listener.wakeup.wait(atMost: patience - .now)
                continue
            }
            while over() == nil, !place.covers(end.position) {
                let page = try await logs.page(wish, after: place, limit: 500, upTo: end.position)
                if page.isCut, !isCutTold {
                    isCutTold = true
                    try await writer.write(ByteBuffer(string: EventFrame.cut))
                }
                guard page.end != place else {
                    // A log was set back under the gateway: there is no way from here to its end.
                    try await self.end("The logs do not go on from the cursor.", at: place, to: &writer)
                    return nil
                }
                if !page.items.isEmpty { try await writer.write(ByteBuffer(string: page.items.map(EventFrame.text).joined())) }
                place = page.end
            }
            if feed.entries(after: end.number) != nil { return (place, end.number) }
        }
        try await end(over() ?? "The stream is over here; come again.", at: place, to: &writer)
        return nil
    }
}
