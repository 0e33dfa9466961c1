import Coordination
import Hummingbird
import NIOCore
import Vocabulary

/// Writes to one client what happens, until the client goes or something ends it.
struct EventTelling: Sendable {
    let feed: EventFeed
    let logs: EventLogs
    let wish: EventLogs.Wish
    let form: EventForm
    let listener: EventFeed.Listener
    let heartbeat: Duration
    /// Why it ends now; nil while it goes on.
    let over: @Sendable () -> StreamEnd?

    /// How long the first event may take to be known: a process may just be starting.
    private static let patience = Duration.seconds(10)

    func tell(from start: LogPosition, to writer: inout any ResponseBodyWriter) async throws {
        if let opening = form.opening { try await writer.write(opening) }
        guard var (place, number) = try await catchUp(from: start, to: &writer) else { return }
        // Machine time: the client counts the silence by a clock of its own.
        var written = ContinuousClock.now
        while over() == nil {
            guard let slice = feed.entries(after: number) else {
                // The feed has ended with the process.
                guard over() == nil else { break }
                return try await writer.write(form.end(.slow, at: place))
            }
            number = slice.last
            if let last = slice.entries.last { place = last.position }
            let events = form.events(slice.entries.filter { wish.takes($0.event) })
            if events.readableBytes > 0 {
                try await writer.write(events)
                written = .now
            } else if written + heartbeat <= .now {
                try await writer.write(form.heartbeat(place))
                written = .now
            }
            // Machine time: the client counts the silence by a clock of its own.
            if slice.entries.isEmpty { await listener.wakeup.wait(atMost: heartbeat) }
        }
        try await writer.write(form.end(over() ?? .over, at: place))
    }

    /// Reads the logs until what comes is kept for all who listen.
    ///
    /// - Returns: the place reached and the number of the last event before it; nil where it is over before, which the client is told.
    private func catchUp(
        from start: LogPosition, to writer: inout any ResponseBodyWriter
    ) async throws -> (place: LogPosition, number: Int)? {
        var place = start
        var isCutTold = false
        // Machine time: the client waits meanwhile.
        let patience = ContinuousClock.now + Self.patience
        while over() == nil {
            // What the client has had already is behind the feed, too, in a moment.
            guard let end = feed.end, end.position.covers(place) else {
                guard patience > .now else {
                    try await writer.write(form.end(.away, at: place))
                    return nil
                }
                // Machine time: the client waits meanwhile.
                await listener.wakeup.wait(atMost: patience - .now)
                continue
            }
            while over() == nil, !place.covers(end.position) {
                let page = try await logs.page(wish, after: place, limit: 500, upTo: end.position)
                if page.isCut, !isCutTold {
                    isCutTold = true
                    try await writer.write(form.cut)
                }
                guard page.end != place else {
                    // A log was set back under the gateway: there is no way from here to its end.
                    try await writer.write(form.end(.setBack, at: place))
                    return nil
                }
                if !page.items.isEmpty { try await writer.write(form.events(page.items)) }
                place = page.end
            }
            if feed.entries(after: end.number) != nil { return (place, end.number) }
        }
        try await writer.write(form.end(over() ?? .over, at: place))
        return nil
    }
}
