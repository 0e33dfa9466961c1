import GRDB
import JobQueue
import PosterContract
import RPCContract
import Storage
import Vocabulary

/// Deliveries as they are told and posted.
extension Deliveries {
    func list(_ params: ListDeliveries.Params, workspace: String) async throws -> ListDeliveries.Reply {
        let limit = params.limit ?? 100
        return try await store.read { db in
            _ = try Endpoints.row(db, params.id, workspace)
            let last = params.cursor?.number ?? .max
            let rows: [Row]
            if let state = params.state {
                rows = try Row.fetchAll(
                    db, sql: "SELECT * FROM delivery WHERE endpoint = ? AND state = ? AND n < ? ORDER BY n DESC LIMIT ?",
                    arguments: [params.id, state.rawValue, last, limit])
            } else {
                rows = try Row.fetchAll(
                    db, sql: "SELECT * FROM delivery WHERE endpoint = ? AND n < ? ORDER BY n DESC LIMIT ?",
                    arguments: [params.id, last, limit])
            }
            let next: Int64? = rows.count == limit ? rows.last?["n"] : nil
            return ListDeliveries.Reply(items: try rows.map { try Self.delivery(db, $0) }, next: next.map { PageCursor($0) })
        }
    }

    func get(_ params: DeliveryReference, workspace: String) async throws -> GetDelivery.Reply {
        try await store.read { db in
            _ = try Endpoints.row(db, params.id, workspace)
            let row = try Self.row(db, params.id, params.event)
            let attempts = try Row.fetchAll(
                db, sql: "SELECT * FROM attempt WHERE delivery = ? ORDER BY number DESC LIMIT ?",
                arguments: [row["n"] as Int64, Self.keptAttempts])
            return GetDelivery.Reply(
                delivery: try Self.delivery(db, row), payload: try Self.event(row).payload(workspace: workspace),
                attempts: attempts.reversed().map(Self.attempt))
        }
    }

    /// What is to be posted; nil where it is gone, or has ended.
    func posted(_ n: Int64) async throws -> (event: PostedEvent, tries: Int)? {
        try await store.read { db in
            let statement = try db.cachedStatement(sql: "SELECT * FROM delivery WHERE n = ?")
            guard let row = try Row.fetchOne(statement, arguments: [n]) else { return nil }
            let state: EventDelivery.State = try row.word("state", in: "delivery")
            return state == .pending ? (try Self.event(row), row["tries"]) : nil
        }
    }

    static func row(_ db: Database, _ endpoint: String, _ event: String) throws -> Row {
        let row = try Row.fetchOne(
            db, sql: "SELECT * FROM delivery WHERE endpoint = ? AND event = ?", arguments: [endpoint, event])
        guard let row else {
            throw Fault(
                .deliveryUnknown, "The endpoint has no delivery of \(event.prefix(128)); webhook.listDeliveries shows those that are kept.",
                path: "event")
        }
        return row
    }

    private static func event(_ row: Row) throws -> PostedEvent {
        PostedEvent(
            id: row["event"], type: row["type"], subject: row["subject"], at: row["at"],
            data: try JSON.decode(JSONValue.self, from: row["data"] as String))
    }

    static func delivery(_ db: Database, _ row: Row) throws -> EventDelivery {
        let (n, endpoint): (Int64, String) = (row["n"], row["endpoint"])
        return EventDelivery(
            event: row["event"], type: row["type"], subject: row["subject"], at: row["at"], state: try row.word("state", in: "delivery"),
            attempts: row["attempts"], dueAt: try JobTable.notBefore(db, queue: queue(endpoint), key: String(n)),
            createdAt: row["createdAt"], endedAt: row["endedAt"])
    }

    private static func attempt(_ row: Row) -> DeliveryAttempt {
        DeliveryAttempt(
            number: row["number"], at: row["at"], status: row["status"], error: row["error"], duration: row["duration"],
            answer: row["answer"])
    }
}
