package import AccountContract
package import GRDB
import RPCContract
package import Storage
package import Vocabulary

/// Owns what contacts have agreed to: the present state, and every statement that led to it.
package struct ConsentStore: Sendable {
    private let store: Store
    private let rule: ConsentRule

    package init(store: Store, rule: ConsentRule) {
        self.store = store
        self.rule = rule
    }

    func record(_ params: RecordConsent.Params, workspace: String, actor: String?) async throws -> RecordConsent.Reply {
        let now = store.now
        return try await store.write { [self] db in
            var reply = RecordConsent.Reply(changed: 0, unchanged: 0, problems: [])
            for (index, item) in params.items.enumerated() {
                let contact: PersonID
                do {
                    contact = try People.person(db, ContactID(reading: item.contact), workspace: workspace)
                } catch let problem as PhoneNumber.Problem {
                    reply.problems.append(RecordConsent.Problem(index: index, problem: "contact \(problem.words)"))
                    continue
                }
                guard item.at ?? now <= now + 60_000 else {
                    reply.problems.append(RecordConsent.Problem(index: index, problem: "at is in the future"))
                    continue
                }
                // A list is read in again: what it says is not said anew, and no word against a STOP.
                if item.at == nil, try isSaid(db, contact, item, workspace: workspace) {
                    reply.unchanged += 1
                    continue
                }
                if item.at == nil, item.state == .granted, let known = try state(db, contact, workspace: workspace), known != .granted {
                    let problem = "the person is \(known.rawValue); give `at`, the moment at which they agreed again"
                    reply.problems.append(RecordConsent.Problem(index: index, problem: problem))
                    continue
                }
                let step = Consent.Step(
                    state: item.state, at: item.at ?? now, source: item.source, actor: actor, proof: item.proof)
                let isChange = try record(db, contact, step, workspace: workspace)
                if isChange { reply.changed += 1 } else { reply.unchanged += 1 }
            }
            return reply
        }
    }

    /// Whether a statement without a moment is known and still stands.
    private func isSaid(_ db: Database, _ contact: PersonID, _ item: RecordConsent.Item, workspace: String) throws -> Bool {
        guard try state(db, contact, workspace: workspace) == item.state else { return false }
        let statement = try db.cachedStatement(
            sql: "SELECT 1 FROM consentStep WHERE workspace = ? AND contact = ? AND state = ? AND source = ? AND proof IS ? LIMIT 1")
        return try Int.fetchOne(statement, arguments: [workspace, contact, item.state.rawValue, item.source, item.proof]) != nil
    }

    /// Milliseconds by which a STOP may be earlier than what it withdraws: the rest of Meta's second.
    static let stopLead: Milliseconds = 999

    /// Adds a statement, once; whether the state is another now.
    ///
    /// The latest counts. Meta tells moments by the second: a STOP of the same second may have been written after what it withdraws,
    /// and so it counts.
    ///
    /// - Parameter isReturn: whether the person takes a STOP back. Only then may what they stopped in WhatsApp stand in its place.
    @discardableResult
    package func record(_ db: Database, _ contact: PersonID, _ step: Consent.Step, isReturn: Bool = false, workspace: String) throws -> Bool
    {
        let same = try db.cachedStatement(
            sql: """
                SELECT 1 FROM consentStep WHERE workspace = ? AND contact = ? AND state = ? AND at = ? AND source = ? AND proof IS ?
                """)
        let identity: StatementArguments = [workspace, contact, step.state.rawValue, step.at, step.source, step.proof]
        guard try Int.fetchOne(same, arguments: identity) == nil else { return false }
        try db.cachedStatement(
            sql: """
                INSERT INTO consentStep (workspace, contact, state, at, source, proof, actor, recordedAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        .execute(arguments: identity + [step.actor, store.now])
        let before = try state(db, contact, workspace: workspace)
        try db.cachedStatement(
            sql: """
                INSERT INTO consent (workspace, contact, state, at) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET state = excluded.state, at = max(at, excluded.at)
                WHERE (excluded.at >= at OR excluded.state = 'stopped' AND (state = 'marketing_stopped' OR excluded.at + ? >= at))
                  AND (? OR NOT (state = 'stopped' AND excluded.state = 'marketing_stopped'))
                """
        )
        .execute(arguments: [workspace, contact, step.state.rawValue, step.at, Self.stopLead, isReturn ? 1 : 0])
        guard try state(db, contact, workspace: workspace) != before else { return false }
        try store.append(
            db, "consent.\(step.state.rawValue)", workspace: workspace, subject: contact.name.rawValue,
            data: ["source": .string(step.source)])
        return true
    }

    /// Why a person may not be sent a message of a category, or nil; as things are in the caller's transaction.
    ///
    /// - Parameter isWindowOpen: asked where it decides, which is seldom.
    package func refusal(
        _ db: Database, _ contact: PersonID, _ category: Message.Category, isWindowOpen: () throws -> Bool, workspace: String
    ) throws -> ConsentRule.Refusal? {
        guard category == .marketing || category == .utility else { return nil }
        let state = try state(db, contact, workspace: workspace)
        guard let refusal = rule.refusal(of: category, consent: state, isWindowOpen: false) else { return nil }
        return try isWindowOpen() ? rule.refusal(of: category, consent: state, isWindowOpen: true) : refusal
    }

    /// The person's present consent; nil where nothing is recorded.
    package func state(_ db: Database, _ contact: PersonID, workspace: String) throws -> Consent.State? {
        let statement = try db.cachedStatement(sql: "SELECT state FROM consent WHERE workspace = ? AND contact = ?")
        return try Row.fetchOne(statement, arguments: [workspace, contact])?.word("state", in: "consent")
    }

    /// What stood before the person stopped or paused; nil where nothing was recorded before.
    ///
    /// - Parameter state: what stands now. Before a STOP the person may have stopped marketing in WhatsApp itself.
    package func prior(_ db: Database, _ contact: PersonID, to state: Consent.State?, workspace: String) throws -> Consent.State? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, state FROM consentStep
                WHERE workspace = ? AND contact = ? AND (state IN ('granted', 'resumed') OR ? AND state = 'marketing_stopped')
                ORDER BY at DESC, id DESC LIMIT 1
                """)
        let isOfStop = state != .marketingStopped
        return try Row.fetchOne(statement, arguments: [workspace, contact, isOfStop ? 1 : 0])?.word("state", in: "consentStep")
    }

    /// Whether a message of a person's has changed their consent, or tried to: it does so once, whatever moment it comes with.
    package func isFollowed(_ db: Database, _ contact: PersonID, _ message: WAMID, workspace: String) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT 1 FROM consentStep WHERE workspace = ? AND contact = ? AND source = 'keyword' AND proof = ? LIMIT 1")
        return try Int.fetchOne(statement, arguments: [workspace, contact, message.rawValue]) != nil
    }

    func get(_ params: GetConsent.Params, workspace: String) async throws -> Consent {
        try await store.read { [self] db in
            let contact = try People.person(db, ContactID(written: params.contact), workspace: workspace)
            let steps = try Row.fetchAll(
                db, sql: "SELECT * FROM consentStep WHERE workspace = ? AND contact = ?", arguments: [workspace, contact]
            )
            .sorted { ($0["id"] as Int64) < $1["id"] }.map { row in
                Consent.Step(
                    state: try row.word("state", in: "consentStep"), at: row["at"], source: row["source"], actor: row["actor"],
                    proof: row["proof"])
            }
            let names = try People.names(db, of: contact, workspace: workspace)
            return Consent(
                contact: contact.name, names: names, state: try state(db, contact, workspace: workspace),
                steps: ConsentHistory.inOrder(steps))
        }
    }

    func list(_ params: ListConsents.Params, workspace: String) async throws -> ListConsents.Reply {
        let limit = params.limit ?? 100
        return try await store.read { db in
            let items = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM consent \(params.state == nil ? "" : "INDEXED BY consentByState")
                    WHERE workspace = ?1 AND contact > ?2 \(params.state == nil ? "AND ?3 IS NULL" : "AND state = ?3")
                    ORDER BY contact LIMIT ?4
                    """,
                arguments: [workspace, params.cursor?.place ?? "", params.state?.rawValue, limit]
            )
            .map { row in
                ListConsents.Item(
                    contact: row["contact"], state: try row.word("state", in: "consent"), at: row["at"])
            }
            let counts = try Row.fetchAll(
                db, sql: "SELECT state, n FROM consentCount WHERE workspace = ? AND n > 0", arguments: [workspace])
            return ListConsents.Reply(
                items: items,
                counts: Dictionary(uniqueKeysWithValues: counts.map { ($0["state"] as String, $0["n"] as Int) }),
                next: items.count == limit ? items.last.map { PageCursor($0.contact.rawValue) } : nil
            )
        }
    }
}

extension ConsentStore {
    /// Forgets statements that later ones have replaced so long ago; the last of each person is kept always.
    package func pruneSteps(after span: Milliseconds) async throws {
        let before = store.now - span
        var place: Int64? = 0
        while let from = place, !Task.isCancelled {
            place = try await store.write { db in
                // They were written in the order of their ids: the first page without an old one is the end.
                let page = try Row.fetchAll(
                    db, sql: "SELECT id, recordedAt FROM consentStep WHERE id > ? ORDER BY id LIMIT 1000", arguments: [from])
                guard let first = page.first, (first["recordedAt"] as Timestamp) < before, let last = page.last?["id"] as Int64? else {
                    return nil
                }
                try db.execute(
                    sql: """
                        DELETE FROM consentStep WHERE id > ?1 AND id <= ?2 AND recordedAt < ?3 AND EXISTS (
                          SELECT 1 FROM consentStep AS later INDEXED BY consentStepByContact
                          WHERE later.workspace = consentStep.workspace AND later.contact = consentStep.contact
                            AND (later.at, later.id) > (consentStep.at, consentStep.id) AND later.recordedAt < ?3)
                        """, arguments: [from, last, before])
                return last
            }
        }
    }
}

extension ConsentStore: PeopleListener {
    package var keeps: String? {
        """
        EXISTS (SELECT 1 FROM consentStep WHERE workspace = ?1 AND contact = ?2)
          OR EXISTS (SELECT 1 FROM consent WHERE workspace = ?1 AND contact = ?2)
        """
    }

    /// The later statement holds, whichever name it was given under.
    package func merge(_ db: Database, _ person: PersonID, into other: PersonID, workspace: String) throws {
        let before = try state(db, other, workspace: workspace)
        try db.cachedStatement(sql: "UPDATE consentStep SET contact = ? WHERE workspace = ? AND contact = ?")
            .execute(arguments: [other, workspace, person])
        try db.cachedStatement(
            sql: """
                INSERT INTO consent (workspace, contact, state, at) SELECT workspace, ?, state, at FROM consent WHERE workspace = ? AND contact = ?
                ON CONFLICT DO UPDATE SET state = excluded.state, at = max(at, excluded.at)
                WHERE (excluded.at > at OR excluded.state = 'stopped' AND (excluded.at = at OR state IN ('marketing_stopped', 'paused')))
                  AND NOT (state = 'stopped' AND excluded.state IN ('marketing_stopped', 'paused'))
                """
        )
        .execute(arguments: [other, workspace, person])
        try db.cachedStatement(sql: "DELETE FROM consent WHERE workspace = ? AND contact = ?").execute(arguments: [workspace, person])
        guard let state = try state(db, other, workspace: workspace), state != before else { return }
        try store.append(
            db, "consent.\(state.rawValue)", workspace: workspace, subject: other.name.rawValue,
            data: ["source": "identity", "from": .string(person.name.rawValue)])
    }
}
