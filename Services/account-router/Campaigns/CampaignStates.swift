package import AccountContract
package import GRDB
import RPCContract
package import Storage
package import Vocabulary

/// Moves campaigns from state to state, each with its event.
package struct CampaignStates: Sendable {
    private let store: Store

    package init(store: Store) {
        self.store = store
    }

    /// Moves a campaign on from one of some states; whether it did.
    @discardableResult
    func set(_ id: CampaignID, _ state: Campaign.State, from: [Campaign.State], reason: String?) async throws -> Bool {
        try await store.write { [self] db in try set(db, id, state, from: from, reason: reason) }
    }

    /// The same in the caller's transaction.
    @discardableResult
    package func set(_ db: Database, _ id: CampaignID, _ state: Campaign.State, from: [Campaign.State], reason: String?) throws -> Bool {
        let now = store.now
        // Whoever looks at one that has reached nobody is told why.
        let reason = try reason ?? (state == .finished ? FruitlessEnd.text(db, id, at: now) : nil)
        try db.execute(
            sql: """
                UPDATE campaign SET state = ?, reason = ?, startedAt = CASE WHEN ? = 'running' THEN coalesce(startedAt, ?) ELSE startedAt END,
                  finishedAt = CASE WHEN ? THEN ? ELSE NULL END
                WHERE id = ? AND state IN (\(databaseQuestionMarks(count: from.count)))
                """,
            arguments: [state.rawValue, reason, state.rawValue, now, state.hasEnded, now, id] + StatementArguments(from.map(\.rawValue)))
        guard db.changesCount == 1 else { return false }
        let workspace = try String.fetchOne(db, sql: "SELECT workspace FROM campaign WHERE id = ?", arguments: [id]) ?? "default"
        try store.append(
            db, "campaign.\(state.rawValue)", workspace: workspace, subject: id, data: reason.map { ["reason": .string($0)] } ?? [:])
        // However it ends, its promise is judged in the same step.
        if state.hasEnded {
            try judge(db, id)
            try WindowStore.endUnstarted(db, with: id)
        }
        return true
    }

    /// Says anew of a finished campaign whether it has reached nobody, after one of its messages turned out otherwise.
    func reviewEnd(_ db: Database, _ id: CampaignID) throws {
        let finished = try db.cachedStatement(sql: "SELECT 1 FROM campaign WHERE id = ? AND state = 'finished'")
        guard try Int.fetchOne(finished, arguments: [id]) != nil else { return }
        let reason = try FruitlessEnd.text(db, id, at: store.now)
        try db.cachedStatement(sql: "UPDATE campaign SET reason = ?1 WHERE id = ?2 AND reason IS NOT ?1").execute(arguments: [reason, id])
    }

    /// Says of a campaign with a deadline whether the promise was kept.
    ///
    /// A campaign that is cancelled before the first of its people was due has its promise taken back.
    func judge(_ db: Database, _ id: CampaignID) throws {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT workspace, target, verdict, skipped FROM campaign WHERE id = ? AND deadline IS NOT NULL AND verdict IS NULL
                AND NOT (state = 'cancelled' AND startedAt IS NULL AND coalesce(firstAt, startAt, 0) > ?)
                """, arguments: [id, store.now])
        if let row { try settle(db, id, row) }
    }

    /// Judges anew what was judged before one of its messages turned out otherwise.
    func judgeAgain(_ db: Database, _ id: CampaignID) throws {
        let statement = try db.cachedStatement(
            sql: "SELECT workspace, target, verdict, skipped FROM campaign WHERE id = ? AND verdict IS NOT NULL")
        if let row = try Row.fetchOne(statement, arguments: [id]) { try settle(db, id, row) }
    }

    /// Keeps the verdict as the counts have it now, and tells it where it is another than before.
    private func settle(_ db: Database, _ id: CampaignID, _ row: Row) throws {
        let counts = try CampaignCounts(db, id)
        let promise = CampaignPromise(counts, leftOut: row["skipped"], target: row["target"])
        guard !promise.isVoid else { return }
        let verdict = promise.isKept ? "kept" : "missed"
        guard verdict != row["verdict"] as String? else { return }
        try db.execute(sql: "UPDATE campaign SET verdict = ? WHERE id = ?", arguments: [verdict, id])
        try store.append(
            db, "sla.\(verdict)", workspace: row["workspace"], subject: id,
            data: [
                "promised": .integer(Int64(promise.people)), "inside": .integer(Int64(promise.inside)),
                "outside": .integer(Int64(counts.outside)), "share": .number(promise.share),
                "reason": promise.shortfall(isOver: true).map { .string($0) } ?? .null,
            ])
    }
}
