import AccountContract
import Foundation
import GRDB
import RPCContract
import Storage
import Vocabulary

/// Owns delivery windows, and what recurs in them.
struct WindowStore: Sendable {
    private let store: Store

    init(store: Store) {
        self.store = store
    }

    func create(_ params: CreateWindow.Params, workspace: String) async throws -> CreateWindow.Reply {
        let window = DeliveryWindow(
            id: ULID.make(at: store.now),
            name: params.name,
            cron: params.cron,
            timeZone: params.timeZone,
            spreadFrom: params.spreadFrom ?? -30,
            spreadTo: params.spreadTo ?? 270,
            deadline: params.deadline ?? 300,
            stage: params.stage ?? 600,
            target: params.target ?? 99,
            quietHours: params.quietHours
        )
        if params.timeZone != "recipient", TimeZone(identifier: params.timeZone) == nil {
            throw Fault(
                .windowInvalid, "There is no time zone \(params.timeZone.prefix(64)); it is named like Asia/Kolkata.", path: "timeZone")
        }
        if let hours = params.quietHours, QuietHours(hours) == nil {
            throw Fault(.windowInvalid, "quietHours are two different times such as 21:00 and 08:00.", path: "quietHours")
        }
        let next = try Opening.openings(window, after: store.now, count: 5)
        guard !next.isEmpty else { throw Fault(.windowInvalid, "The cron line \(params.cron) never fires.", path: "cron") }
        let definition = try JSON.text(window)
        let id = try await store.write { db in
            try db.execute(
                sql: """
                    INSERT INTO deliveryWindow (id, workspace, name, definition) VALUES (?, ?, ?, ?)
                    ON CONFLICT (workspace, name) DO UPDATE SET definition = json_set(excluded.definition, '$.id', deliveryWindow.id)
                    """,
                arguments: [window.id, workspace, params.name, definition])
            // What recurs in it has its next opening by the new definition.
            try db.execute(
                sql: """
                    UPDATE recurrence SET nextAt = ? WHERE window = (SELECT id FROM deliveryWindow WHERE workspace = ? AND name = ?)
                    """, arguments: [next[0], workspace, params.name])
            return try String.fetchOne(
                db, sql: "SELECT id FROM deliveryWindow WHERE workspace = ? AND name = ?", arguments: [workspace, params.name]) ?? window.id
        }
        var stored = window
        stored.id = id
        return CreateWindow.Reply(window: stored, next: next)
    }

    func list(workspace: String) async throws -> ListWindows.Reply {
        let now = store.now
        return try await store.read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT definition FROM deliveryWindow WHERE workspace = ? ORDER BY name LIMIT 1000", arguments: [workspace])
            return ListWindows.Reply(
                items: try rows.map { row in
                    let window = try JSON.decode(DeliveryWindow.self, from: row["definition"] as String)
                    let recurring = try String.fetchAll(
                        db, sql: "SELECT name FROM recurrence WHERE window = ? ORDER BY name", arguments: [window.id])
                    return ListWindows.Item(window: window, next: try Opening.openings(window, after: now, count: 3), recurring: recurring)
                })
        }
    }

    func delete(_ id: String, workspace: String) async throws {
        let window = try await find(id, workspace: workspace)
        try await store.write { db in
            try db.execute(sql: "DELETE FROM recurrence WHERE window = ? AND workspace = ?", arguments: [window.id, workspace])
            try db.execute(sql: "DELETE FROM deliveryWindow WHERE id = ? AND workspace = ?", arguments: [window.id, workspace])
        }
    }

    func find(_ id: String, workspace: String) async throws -> DeliveryWindow {
        try await store.read { db in
            let text = try String.fetchOne(
                db, sql: "SELECT definition FROM deliveryWindow WHERE workspace = ?1 AND (id = ?2 OR name = ?2)",
                arguments: [workspace, id])
            guard let text else {
                throw Fault(.windowUnknown, "There is no window \(id.prefix(64)); window.list shows all.", path: "window")
            }
            return try JSON.decode(DeliveryWindow.self, from: text)
        }
    }

    // MARK: What recurs

    /// A campaign that is planned anew for each opening of a window.
    struct Recurrence: Sendable {
        var id: String
        var workspace: String
        var window: String
        var plan: String
        var list: String?
        var nextAt: Timestamp

        fileprivate init(_ row: Row) {
            id = row["id"]
            workspace = row["workspace"]
            window = row["window"]
            plan = row["plan"]
            list = row["list"]
            nextAt = row["nextAt"]
        }
    }

    func recurrences() async throws -> [Recurrence] {
        try await store.read { db in try Row.fetchAll(db, sql: "SELECT * FROM recurrence").map(Recurrence.init) }
    }

    /// Has a plan made anew for each opening of a window, from `next` on.
    static func recur(
        _ db: Database,
        id: String,
        name: String,
        plan: String,
        list: String?,
        window: DeliveryWindow,
        next: Timestamp,
        workspace: String
    ) throws {
        try db.execute(
            sql: "INSERT INTO recurrence (id, workspace, window, name, plan, list, nextAt) VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [id, workspace, window.id, name, plan, list, next])
    }

    func set(_ recurrence: Recurrence, next: Timestamp) async throws {
        try await store.write { db in
            try db.execute(sql: "UPDATE recurrence SET nextAt = ? WHERE id = ?", arguments: [next, recurrence.id])
        }
    }
}
