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
        var all: Set<String> = []
        for row in try rows(db, workspace) {
            let state: WebhookEndpoint.State = try row.word("state", in: "endpoint")
            guard state != .disabled else { continue }
            guard let types = try Endpoints.types(row) else { return Reading(place: place, types: nil) }
            all.formUnion(types)
        }
        // Where every endpoint is disabled the place moves on all the same, with as little to read as can be.
        return Reading(place: place, types: all.isEmpty ? [Self.nothing] : all)
    }

    /// A type that is read where nobody wants anything.
    private static let nothing = "webhook.disabled"

    private static func rows(_ db: Database, _ workspace: String) throws -> [Row] {
        try Row.fetchAll(db.cachedStatement(sql: "SELECT * FROM endpoint WHERE workspace = ?"), arguments: [workspace])
    }

    /// Makes deliveries of a page of events and moves the place behind it, both or neither.
    ///
    /// - Parameters:
    ///   - limit: deliveries that may wait for one endpoint; with more it is disabled.
    /// - Returns: whether the page was taken: where somebody has changed what is wanted meanwhile, it is read again.
    func fanOut(_ page: ListEvents.Reply, from reading: Reading, workspace: String, limit: Int) async throws -> Bool {
        // Where nothing has come the disk has its peace.
        if page.items.isEmpty, page.isCut != true, page.next.place == reading.place { return true }
        return try await store.write { [self] db in
            guard let now = try Self.reading(db, workspace), now.place == reading.place, now.isCovered(by: reading.asked.map(Set.init))
            else { return false }
            for row in try Self.rows(db, workspace) {
                let state: WebhookEndpoint.State = try row.word("state", in: "endpoint")
                guard state != .disabled else { continue }
                let (id, types): (String, Set<String>?) = (row["id"], try Endpoints.types(row))
                var waiting: Int = row["waiting"]
                for event in page.items where types?.contains(event.type) ?? true {
                    if try add(db, PostedEvent(event), to: id, isOrdered: row["isOrdered"]) != nil { waiting += 1 }
                }
                if waiting > limit {
                    try endpoints.disable(
                        db, row, because: "More than \(limit) deliveries wait for it. webhook.recover brings what passes it by from now on."
                    )
                }
            }
            if page.isCut == true {
                try store.append(
                    db, "webhook.gap", workspace: workspace, subject: workspace,
                    data: ["reason": "Events had been removed for their age before they were read for the endpoints."])
            }
            if page.next.place != reading.place {
                try db.cachedStatement(sql: "UPDATE eventPlace SET cursor = ? WHERE workspace = ?")
                    .execute(arguments: [page.next.place, workspace])
            }
            return true
        }
    }
}
