import GRDB
import GatewayContract
import PosterContract
import RPCContract
import Storage
import Vocabulary

/// From events to deliveries.
extension Deliveries {
    /// How far the events of a workspace have been read, and which types its endpoints want; nil where it has no endpoint.
    struct Reading: Sendable, Equatable {
        var place: String
        /// Nil for all.
        var types: Set<String>?
        /// Endpoints that want something.
        var endpoints = 0

        /// Whether the reading of other types has seen all of these.
        func isCovered(by read: Set<String>?) -> Bool {
            guard let read else { return true }
            return types.map { $0.isSubset(of: read) } ?? false
        }

        /// As they are asked for: of too many kinds all are read.
        var asked: [String]? { types.flatMap { $0.count <= Self.most ? $0.sorted() : nil } }

        private static let most = 100
    }

    func reading(_ workspace: String) async throws -> Reading? {
        try await store.read { db in try Self.reading(db, workspace) }
    }

    private static func reading(_ db: Database, _ workspace: String) throws -> Reading? {
        let place = try String.fetchOne(
            db.cachedStatement(sql: "SELECT cursor FROM eventPlace WHERE workspace = ?"), arguments: [workspace])
        guard let place else { return nil }
        var (all, endpoints, isEverything) = (Set<String>(), 0, false)
        for row in try rows(db, workspace) {
            let state: WebhookEndpoint.State = try row.word("state", in: "endpoint")
            guard state != .disabled else { continue }
            endpoints += 1
            if let types = try Endpoints.types(row) { all.formUnion(types) } else { isEverything = true }
        }
        // Where every endpoint is disabled the place moves on all the same, with as little to read as can be.
        return Reading(
            place: place, types: isEverything ? nil : all.isEmpty ? [EventPages.nothing] : all, endpoints: endpoints)
    }

    private static func rows(_ db: Database, _ workspace: String) throws -> [Row] {
        try Row.fetchAll(db.cachedStatement(sql: "SELECT * FROM endpoint WHERE workspace = ?"), arguments: [workspace])
    }

    /// Deliveries that one transaction makes at most, or those of one event: it holds up no other writer for long.
    private static let piece = 5000

    /// Makes deliveries of a page of events and moves the place behind it, piece by piece: of each piece both or neither.
    ///
    /// - Parameters:
    ///   - limit: deliveries that may wait for one endpoint; with more it is disabled.
    /// - Returns: whether the page was taken: where somebody has changed what is wanted meanwhile, what is left of it is read again.
    func fanOut(_ page: ListEvents.Reply, from reading: Reading, workspace: String, limit: Int) async throws -> Bool {
        // Where nothing has come the disk has its peace.
        if page.items.isEmpty, page.isCut != true, page.next.place == reading.place { return true }
        let size = max(1, Self.piece / max(1, reading.endpoints))
        var (from, left, isCut) = (reading, page.items[...], page.isCut == true)
        repeat {
            let events = left.prefix(size)
            left = left.dropFirst(size)
            let end = left.isEmpty ? page.next : events.last?.cursor ?? page.next
            guard try await fanOut(Array(events), upTo: end.place, isCut: isCut, from: from, workspace: workspace, limit: limit) else {
                return false
            }
            from.place = end.place
            // Told with the first.
            isCut = false
        } while !left.isEmpty
        return true
    }

    private func fanOut(
        _ events: [LiveEvent], upTo end: String, isCut: Bool, from reading: Reading, workspace: String, limit: Int
    ) async throws -> Bool {
        try await store.write { [self] db in
            guard let now = try Self.reading(db, workspace), now.place == reading.place, now.isCovered(by: reading.asked.map(Set.init))
            else { return false }
            for row in try Self.rows(db, workspace) { try add(db, events, to: row, limit: limit) }
            if isCut {
                try store.append(
                    db, "webhook.gap", workspace: workspace, subject: workspace, data: ["reason": .string(Self.gap)])
            }
            if end != reading.place {
                try db.cachedStatement(sql: "UPDATE eventPlace SET cursor = ? WHERE workspace = ?").execute(arguments: [end, workspace])
            }
            return true
        }
    }

    private static let gap =
        "Events had been removed for their age before they were read for the endpoints, or a log was restored from an earlier copy."

    /// Makes the deliveries of one endpoint.
    private func add(_ db: Database, _ events: [LiveEvent], to row: Row, limit: Int) throws {
        let state: WebhookEndpoint.State = try row.word("state", in: "endpoint")
        guard state != .disabled else { return }
        var waiting: Int = row["waiting"]
        // Resumed with more than that, it is passed by until it has fewer: disabled again, it could never be brought back.
        guard waiting <= limit else { return }
        let (id, types): (String, Set<String>?) = (row["id"], try Endpoints.types(row))
        let first = try Self.first(of: row, at: store.now)
        for event in events where types?.contains(event.type) ?? true && event.at >= first {
            guard try add(db, PostedEvent(event), to: id, isOrdered: row["isOrdered"]) != nil else { continue }
            waiting += 1
        }
        guard waiting > limit else { return }
        try endpoints.disable(
            db, row, because: "More than \(limit) deliveries wait for it. webhook.recover brings what passes it by from now on.")
    }

    /// An endpoint begins with what happens once it is made, also where others of its workspace are far behind.
    private static func first(of row: Row, at now: Timestamp) throws -> Timestamp {
        let made: Timestamp = try row.value("createdAt", in: "endpoint")
        // Where the clock has been set back since, nothing can be told by it.
        return now < made ? .zero : made
    }
}
