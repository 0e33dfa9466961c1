import AccountContract
import GRDB
import RPCContract
import Storage
import Vocabulary

/// Owns delivery windows, and what recurs in them.
struct WindowStore: Sendable {
    let store: Store

    init(store: Store) {
        self.store = store
    }

    func create(_ params: CreateWindow.Params, workspace: String) async throws -> CreateWindow.Reply {
        let window = DeliveryWindow(
            id: store.newID(at: store.now),
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
        try Self.check(window)
        let next = try Opening.openings(window, after: store.now, count: 5)
        guard !next.isEmpty else {
            throw Fault(.windowInvalid, "A window with the cron line \(params.cron) would never open.", path: "cron")
        }
        let definition = try JSON.text(window)
        let now = store.now
        let id = try await store.write { db in
            let known = try String.fetchOne(
                db, sql: "SELECT definition FROM deliveryWindow WHERE workspace = ? AND name = ?", arguments: [workspace, params.name])
            let former = try known.map { try JSON.decode(DeliveryWindow.self, from: $0) }
            if let former, former.cron != window.cron || former.timeZone != window.timeZone {
                try Self.checkPlanned(db, former, at: now, workspace: workspace)
                try Self.move(db, MovedWindow(former: former, window: window, next: next))
            }
            try db.execute(
                sql: """
                    INSERT INTO deliveryWindow (id, workspace, name, definition) VALUES (?, ?, ?, ?)
                    ON CONFLICT (workspace, name) DO UPDATE SET definition = json_set(excluded.definition, '$.id', deliveryWindow.id)
                    """,
                arguments: [window.id, workspace, params.name, definition])
            return try WindowID.fetchOne(
                db, sql: "SELECT id FROM deliveryWindow WHERE workspace = ? AND name = ?", arguments: [workspace, params.name]) ?? window.id
        }
        var stored = window
        stored.id = id
        return CreateWindow.Reply(window: stored, next: next, warnings: WindowAdvice.warnings(stored, openings: next))
    }

    private static func check(_ window: DeliveryWindow) throws(Fault) {
        if window.timeZone != "recipient", let advice = WrittenZone.advice(window.timeZone) {
            throw Fault(.windowInvalid, advice, path: "timeZone")
        }
        if let hours = window.quietHours, QuietHours(hours) == nil {
            throw Fault(
                .windowInvalid,
                "quietHours has to be two different times of day such as 21:00 and 08:00; \(hours.from) and \(hours.to) are not.",
                path: "quietHours")
        }
    }

    /// Campaigns of a row that recurs: the first, which is the row's own, and those that were planned for later openings.
    static let ofRow = "(c.id = r.id OR c.requestKey BETWEEN 'recurrence:' || r.id || ':' AND 'recurrence:' || r.id || ':~')"

    /// Campaigns planned for an opening stay there: with the window elsewhere the same people would be written to twice.
    private static func checkPlanned(_ db: Database, _ window: DeliveryWindow, at now: Timestamp, workspace: String) throws {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT r.id AS recurrence, c.id, c.name, c.startAt FROM recurrence r JOIN campaign c ON \(ofRow)
                WHERE r.window = ? AND c.workspace = ? AND c.state IN ('planning', 'planned', 'scheduled') ORDER BY c.startAt LIMIT 1
                """, arguments: [window.id, workspace])
        guard let row else { return }
        let opening = row["startAt"] as Timestamp?
        let moment = opening.map { " at \(window.words($0))" } ?? ""
        let remedy = Self.remedy(try Self.standing(db, row["recurrence"], workspace: workspace), opening, at: now)
        throw Fault(
            .windowBusy, "\(row["name"] as String) is planned for the opening\(moment), as \(row["id"] as String)\(remedy)", path: "name")
    }

    /// The way to free the window for a move: an opening is left out only of a started campaign, and only until it is over.
    private static func remedy(_ standing: Standing?, _ opening: Timestamp?, at now: Timestamp) -> String {
        guard let standing, standing.isStarted else {
            return ", and has not been started: end that first with campaign.cancel, change the window, and plan it anew."
        }
        guard let opening, standing.occurrences.hasBegun(opening, at: now) else {
            return ": change the window after that, or leave that opening out first with recurrence.skip."
        }
        return ", and that opening cannot be left out any more: end that campaign first with campaign.cancel."
    }

    /// A recurrence in the window gets its next opening by the new definition, and none in the time of the last, or of one left out.
    private static func move(_ db: Database, _ moved: MovedWindow) throws {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT r.id, (SELECT max(c.startAt) FROM campaign c WHERE c.workspace = r.workspace AND \(ofRow)
                  AND c.state NOT IN ('cancelled', 'refused')) AS last
                FROM recurrence r WHERE r.window = ?
                """, arguments: [moved.former.id])
        for row in rows {
            let id: CampaignID = row["id"]
            let (nextAt, leftOut) = try moved.outcome(last: row["last"], leftOut: leftOut(db, id))
            try replace(db, id, nextAt: nextAt, leftOut: leftOut)
        }
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

    func delete(_ reference: String, workspace: String) async throws {
        let window = try await find(reference, workspace: workspace)
        try await store.write { db in
            try db.execute(sql: "DELETE FROM recurrence WHERE window = ? AND workspace = ?", arguments: [window.id, workspace])
            try db.execute(sql: "DELETE FROM deliveryWindow WHERE id = ? AND workspace = ?", arguments: [window.id, workspace])
        }
    }

    func find(_ reference: String, workspace: String) async throws -> DeliveryWindow {
        try await store.read { db in
            let text = try String.fetchOne(
                db, sql: "SELECT definition FROM deliveryWindow WHERE workspace = ?1 AND (id = ?2 OR name = ?2)",
                arguments: [workspace, reference])
            guard let text else {
                let hint = try KnownNames.deliveryWindow.hint(db, reference, workspace: workspace)
                throw Fault(.windowUnknown, "There is no window \(reference.prefix(64))\(hint) window.list shows all.", path: "window")
            }
            return try JSON.decode(DeliveryWindow.self, from: text)
        }
    }

    // MARK: What recurs

    /// A campaign that is planned anew for each opening of a window.
    struct PlannedRecurrence: Sendable {
        var id: CampaignID
        var workspace: String
        var window: WindowID
        var plan: String
        var list: ListID?
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

    func recurrences() async throws -> [PlannedRecurrence] {
        try await store.read { db in try Row.fetchAll(db, sql: "SELECT * FROM recurrence").map(PlannedRecurrence.init) }
    }

    /// Has a plan made anew for each opening of a window, from `next` on.
    static func recur(
        _ db: Database,
        id: CampaignID,
        name: String,
        plan: String,
        list: ListID?,
        window: DeliveryWindow,
        next: Timestamp,
        workspace: String
    ) throws {
        // Deleted since it was looked up, it would leave every opening without recipients.
        let isThere = try Int.fetchOne(db, sql: "SELECT 1 FROM broadcastList WHERE id = ?", arguments: [list]) != nil
        guard isThere else {
            throw Fault(.listUnknown, "The list \(list ?? "") was deleted meanwhile; broadcastList.list shows all.", path: "list")
        }
        try db.execute(
            sql: "INSERT INTO recurrence (id, workspace, window, name, plan, list, nextAt) VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [id, workspace, window.id, name, plan, list, next])
    }

    /// Has later openings follow, once the first campaign of a row was started; others have no row, and nothing happens.
    ///
    /// It is written into the plan, as if it had been planned to start: that outlasts the first campaign.
    static func begin(_ db: Database, with campaign: CampaignID) throws {
        try db.execute(sql: "UPDATE recurrence SET plan = json_set(plan, '$.start', json('true')) WHERE id = ?", arguments: [campaign])
    }

    /// Ends a row whose first campaign has ended without a start: nobody can start it any more.
    static func endUnstarted(_ db: Database, with campaign: CampaignID) throws {
        try db.execute(sql: "DELETE FROM recurrence WHERE id = ? AND coalesce(plan ->> 'start', 0) = 0", arguments: [campaign])
    }

    /// The recurrence has changed since it was read.
    struct Moved: Error {}

    /// Whether a recurrence is still planned for the opening that was read.
    static func isDue(_ db: Database, _ recurrence: PlannedRecurrence) throws -> Bool {
        try Int.fetchOne(
            db, sql: "SELECT 1 FROM recurrence WHERE id = ? AND nextAt = ?", arguments: [recurrence.id, recurrence.nextAt]) != nil
    }

    /// Ends a row; what is planned of it already or runs, and of no other of its name, goes on all the same.
    @discardableResult
    func stop(_ reference: String, workspace: String) async throws -> StopRecurrence.Reply {
        let id = try await named(reference, workspace: workspace)
        return try await store.write { db in
            guard let name = try String.fetchOne(db, sql: "SELECT name FROM recurrence WHERE id = ?", arguments: [id]) else {
                throw Self.unknown(reference)
            }
            let alive = try Row.fetchAll(
                db,
                sql: """
                    SELECT c.* FROM recurrence r JOIN campaign c ON \(Self.ofRow)
                    WHERE r.id = ? AND c.workspace = ? AND c.state IN ('planning', 'planned', 'scheduled', 'running', 'paused')
                    ORDER BY c.startAt, c.id LIMIT 1000
                    """, arguments: [id, workspace]
            )
            .map { try CampaignRow($0).campaign }
            try db.execute(sql: "DELETE FROM recurrence WHERE id = ?", arguments: [id])
            let running = alive.filter { $0.state == .running || $0.state == .paused }
            let planned = alive.filter { $0.state != .running && $0.state != .paused }
            return StopRecurrence.Reply(id: id, name: name, planned: planned, running: running)
        }
    }

    /// - Parameter hint: what follows the clause that there is none.
    static func unknown(_ reference: String, hint: String = ";") -> Fault {
        Fault(.campaignUnknown, "Nothing recurs as \(reference.prefix(64))\(hint) recurrence.list shows all.", path: "id")
    }

    /// The id of what recurs, by id or name.
    func named(_ reference: String, workspace: String) async throws -> CampaignID {
        try await store.read { db in
            let ids = try CampaignID.fetchAll(
                db, sql: "SELECT id FROM recurrence WHERE workspace = ?1 AND (id = ?2 OR name = ?2) LIMIT 2",
                arguments: [workspace, reference])
            guard let first = ids.first else {
                throw Self.unknown(reference, hint: try KnownNames.recurrence.hint(db, reference, workspace: workspace))
            }
            guard ids.count == 1 else {
                throw Fault(.campaignUnknown, "Several recur as \(reference.prefix(64)); recurrence.list gives their ids.", path: "id")
            }
            return first
        }
    }
}
