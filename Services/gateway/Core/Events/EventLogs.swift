import GatewayContract
import RPCContract
import RPCTransport
import Storage
import Vocabulary

/// Reads the logs of all processes as one.
struct EventLogs: Sendable {
    /// Reads one log, of one workspace or, where it is nil, of all.
    typealias Read = @Sendable (_ params: EventsRead.Params, _ workspace: String?) async throws -> EventsRead.Reply

    /// In the order of `LogPosition.sources`.
    let reads: [Read]

    init(_ reads: [Read]) { self.reads = reads }

    /// - Parameter peers: by process name; the gateway's own log is read where it is.
    init(own: EventLog, peers: [String: RPCClient]) {
        reads = LogPosition.sources.map { source in
            guard source != .gateway, let peer = peers[source.rawValue] else {
                return { params, workspace in try await own.read(params, workspace: workspace) }
            }
            return { params, workspace in try await peer.call(EventsRead.self, params, meta: CallMeta(workspace: workspace)) }
        }
    }

    /// The events that are asked for.
    struct Wish: Sendable {
        var workspace: String
        /// All if empty.
        var types: Set<String> = []

        func takes(_ event: Event) -> Bool { event.workspace == workspace && (types.isEmpty || types.contains(event.type)) }
    }

    struct Page: Sendable {
        var items: [LiveEvent]
        /// Up to where everything has been read.
        var end: LogPosition
        /// Something behind the beginning of the page had been removed, or a log ends before it.
        var isCut: Bool
    }

    func list(_ params: ListEvents.Params, workspace: String) async throws -> ListEvents.Reply {
        if params.atEnd == true { return ListEvents.Reply(items: [], next: PageCursor(try await end().place)) }
        let wish = Wish(workspace: workspace, types: Set(params.types ?? []))
        let page = try await page(wish, after: try params.position ?? .beginning, limit: params.limit ?? 100)
        // Nobody who begins with the oldest there is misses what came before.
        return ListEvents.Reply(
            items: page.items, next: PageCursor(page.end.place), isCut: page.isCut && params.cursor != nil ? true : nil)
    }

    /// Where the logs end now.
    func end() async throws -> LogPosition {
        let replies = try await all { read in try await read(EventsRead.Params(after: nil), nil) }
        var end = LogPosition.beginning
        for (source, reply) in replies.enumerated() { end[source] = reply.next }
        return end
    }

    /// - Parameter bound: what lies behind it is left for later.
    func page(_ wish: Wish, after place: LogPosition, limit: Int, upTo bound: LogPosition? = nil) async throws -> Page {
        let types = wish.types.isEmpty ? nil : wish.types.sorted()
        let replies = try await withThrowingTaskGroup(of: (Int, EventsRead.Reply).self) { group in
            for (source, read) in reads.enumerated() where bound.map({ place[source] < $0[source] }) ?? true {
                group.addTask { (source, try await read(.init(after: place[source], limit: limit, types: types), wish.workspace)) }
            }
            var replies: [Int: EventsRead.Reply] = [:]
            for try await (source, reply) in group { replies[source] = reply }
            return replies
        }
        return Self.merged(replies, after: place, limit: limit, upTo: bound)
    }

    private func all(_ read: @escaping @Sendable (Read) async throws -> EventsRead.Reply) async throws -> [EventsRead.Reply] {
        try await withThrowingTaskGroup(of: (Int, EventsRead.Reply).self) { group in
            for (source, log) in reads.enumerated() { group.addTask { (source, try await read(log)) } }
            var replies: [(Int, EventsRead.Reply)] = []
            for try await reply in group { replies.append(reply) }
            return replies.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// Brings pages of single logs together by time; those of one process stay in their order, whatever its clock said.
    static func merged(
        _ replies: [Int: EventsRead.Reply], after place: LogPosition, limit: Int, upTo bound: LogPosition? = nil
    ) -> Page {
        var page = Page(items: [], end: place, isCut: replies.values.contains { $0.isCut == true })
        // A log that was restored from an earlier copy: there is no other way on than back to its end.
        for (source, reply) in replies where reply.next < place[source] { page.end[source] = reply.next }
        let waiting = replies.mapValues { $0.items }
        var taken: [Int: Int] = [:]
        func head(_ source: Int) -> Event? {
            let index = taken[source] ?? 0
            guard let items = waiting[source], index < items.count else { return nil }
            return bound.map { items[index].cursor <= $0[source] } ?? true ? items[index] : nil
        }
        while page.items.count < limit {
            let next = replies.keys.compactMap { source in head(source).map { (source: source, event: $0) } }
                .min { ($0.event.at, $0.source) < ($1.event.at, $1.source) }
            guard let next else { break }
            taken[next.source, default: 0] += 1
            page.end[next.source] = next.event.cursor
            page.items.append(LiveEvent(next.event, of: next.source, at: page.end))
        }
        // Where events were removed nothing is left before the first: the gap is told with this page and no other.
        for (source, reply) in replies where reply.isCut == true && taken[source] == nil {
            guard let first = reply.items.first?.cursor else { continue }
            page.end[source] = max(page.end[source], min(first - 1, bound?[source] ?? first))
        }
        for (source, reply) in replies where head(source) == nil {
            // All of it has been taken: the cursor moves past what was filtered out.
            page.end[source] = max(page.end[source], min(reply.next, bound?[source] ?? reply.next))
        }
        return page
    }
}

extension ListEvents.Params {
    /// - Throws: where the cursor is none.
    var position: LogPosition? {
        get throws(Fault) {
            guard let cursor else { return nil }
            guard let position = LogPosition(place: cursor.place) else {
                throw Fault(
                    .params, "cursor is not one that this list gave: give `next` of a page, or the cursor of an event, as it came.",
                    path: "cursor")
            }
            return position
        }
    }
}

extension LiveEvent {
    init(_ event: Event, of source: Int, at position: LogPosition) {
        self.init(
            cursor: PageCursor(position.place), process: LogPosition.sources[source], number: event.cursor, at: event.at, type: event.type,
            workspace: event.workspace, subject: event.subject, data: event.data)
    }
}
