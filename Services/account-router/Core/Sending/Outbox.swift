import AccountContract
import Foundation
import GRDB
import GraphAPI
import JobQueue
import RPCContract
import Storage
import Vocabulary

/// Owns outgoing messages and the crash rule.
///
/// `sending` is committed before Meta is asked. A message found in that state
/// after a crash is `unknown`, not queued: its statuses carry our id and tell (Outbox+Unknown).
struct Outbox: Sendable {
    let pool: DatabasePool
    let commits: GroupCommit
    let events: EventLog
    let clock: WallClock
    let consent: ConsentRule
    let loads: Loads

    static func queue(_ number: PhoneNumberID) -> String { "send:\(number.rawValue)" }

    /// The message that a request key has already made, if any.
    func known(_ requestKey: String, _ fingerprint: Int64, workspace: String) async throws -> SendMessage.Reply? {
        try await pool.read { try Self.known($0, requestKey, fingerprint, workspace) }
    }

    /// Queues a message on the number that `route` gives; a repeated key gives the message it made.
    ///
    /// All in one transaction, so that a burst costs no thread changes besides the one to the writer.
    func enqueue(_ draft: MessageDraft, route: @escaping @Sendable (Database) throws -> Route) async throws -> (
        SendMessage.Reply, PhoneNumberID?
    ) {
        let now = clock.now
        return try await commits.write { db in
            if let known = try Self.known(db, draft.requestKey, draft.fingerprint, draft.workspace) { return (known, nil) }
            let route = try route(db)
            var draft = draft
            draft.account = route.account.phoneNumberID
            draft.reason += draft.reason.isEmpty ? route.reason : "; \(route.reason)"
            return (try enqueue(db, draft, now), draft.account)
        }
    }

    /// Queues a message whose key is new, in the caller's transaction.
    func enqueue(_ db: Database, _ draft: MessageDraft, _ now: Timestamp) throws -> SendMessage.Reply {
        let isOpen = try Self.isWindowOpen(db, draft.to, draft.account, now)
        var body = draft.body
        var reason = draft.reason
        if body.category == .service, !isOpen {
            guard let fallback = draft.fallback else {
                throw Fault(
                    .windowClosed, "The customer last wrote more than 24 hours ago, or never: send a template.", path: body.type)
            }
            body = fallback
            reason += "; the 24-hour window is closed, so the fallback template goes out"
        }
        if let refusal = try refusal(db, draft.workspace, draft.to, body.category, isWindowOpen: isOpen) {
            throw Self.fault(refusal)
        }
        let isKnown = try db.cachedStatement(sql: "SELECT 1 FROM account WHERE phoneNumberID = ?")
        guard try Int.fetchOne(isKnown, arguments: [draft.account.rawValue]) != nil else {
            throw Fault(.accountUnknown, "The number \(draft.account) was removed.", path: "account")
        }
        let id = ULID.make(at: now)
        // A campaign's number is not the contact's habit, but for who has none yet.
        let habit = draft.campaign == nil ? "DO UPDATE SET sticky = excluded.sticky, at = excluded.at" : "DO NOTHING"
        let fallback = body == draft.body ? try draft.fallback.map { try JSON.text($0) } : nil
        try db.cachedStatement(
            sql: """
                INSERT INTO message (id, workspace, requestKey, fingerprint, account, recipient, type, category, object, options, fallback,
                  priority, state, reason, createdAt, updatedAt, attemptLimit, campaign)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?)
                """
        )
        .execute(arguments: [
            id, draft.workspace, draft.requestKey, draft.fingerprint, draft.account.rawValue, draft.to.rawValue, body.type,
            body.category.rawValue, body.object, draft.options.isPlain ? nil : try JSON.text(draft.options), fallback, draft.priority,
            reason,
            now, now, draft.attemptLimit, draft.campaign,
        ])
        try db.cachedStatement(
            sql: """
                INSERT INTO contactRoute (workspace, contact, sticky, at) VALUES (?, ?, ?, ?) ON CONFLICT \(habit)
                """
        )
        .execute(arguments: [draft.workspace, draft.to.rawValue, draft.account.rawValue, now])
        try Self.enqueueJob(db, id, draft.account, SendJob(category: body.category, contact: draft.to), draft.priority, now)
        try events.append(
            db, at: now, type: "message.queued", workspace: draft.workspace, subject: id, data: ["account": .string(draft.account.rawValue)]
        )
        db.afterCommit { [loads] in loads.add(draft.account, 1) }
        return SendMessage.Reply(id: id, state: .queued)
    }

    /// In the transaction that leases the jobs, before anything is posted; gives what is to be posted.
    func markSending(_ db: Database, _ jobs: [Job], _ number: PhoneNumberID) throws -> [String: Prepared] {
        let now = clock.now
        db.afterCommit { [loads] in loads.add(number, -jobs.count) }
        var prepared: [String: Prepared] = [:]
        for job in jobs {
            try db.cachedStatement(
                sql:
                    "UPDATE message SET state = 'sending', attempts = attempts + 1, sendingAt = ?, updatedAt = ? WHERE id = ? AND state = 'queued'"
            )
            .execute(arguments: [now, now, job.key])
            prepared[job.key] = try prepare(db, job.key)
        }
        return prepared
    }

    /// A leased message; nil where it is not to be sent any more.
    func prepare(_ db: Database, _ id: String) throws -> Prepared? {
        let statement = try db.cachedStatement(
            sql: "SELECT recipient, type, object, options, attemptLimit FROM message WHERE id = ? AND state = 'sending'")
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { return nil }
        let options = try (row["options"] as String?).map { try JSON.decode(OutboundMessage.Options.self, from: $0) }
        let message = OutboundMessage(
            to: ContactID(row["recipient"]), type: row["type"], object: row["object"], options: options ?? OutboundMessage.Options(),
            callbackData: id)
        return Prepared(message: message, attemptLimit: row["attemptLimit"])
    }

    /// What is to be posted.
    struct Prepared: Sendable {
        var message: OutboundMessage
        var attemptLimit: Int?
    }

    /// Whether consent forbids it, for a message from a number.
    func refusal(_ db: Database, _ workspace: String, _ contact: ContactID, _ category: Message.Category, _ number: PhoneNumberID) throws
        -> ConsentRule.Refusal?
    {
        guard category == .marketing || category == .utility else { return nil }
        let isOpen = try Self.isWindowOpen(db, contact, number, clock.now)
        return try refusal(db, workspace, contact, category, isWindowOpen: isOpen)
    }

    func refusal(_ db: Database, _ workspace: String, _ contact: ContactID, _ category: Message.Category, isWindowOpen: Bool) throws
        -> ConsentRule.Refusal?
    {
        guard category == .marketing || category == .utility else { return nil }
        let statement = try db.cachedStatement(sql: "SELECT state FROM consent WHERE workspace = ? AND contact = ?")
        let state: Consent.State? = try Row.fetchOne(statement, arguments: [workspace, contact.rawValue])?.word("state", in: "consent")
        return consent.refusal(of: category, consent: state, isWindowOpen: isWindowOpen)
    }

    static func fault(_ refusal: ConsentRule.Refusal) -> Fault {
        switch refusal {
        case .missing:
            Fault(
                .consentMissing, "The contact has not agreed to marketing; consent.record records an agreement with its proof.", path: "to")
        case .stopped: Fault(.consentStopped, "The contact has said STOP; only START, or a new agreement, opens it again.", path: "to")
        case .paused: Fault(.consentStopped, "The contact has paused messages until they write RESUME.", path: "to")
        }
    }

    /// Moves a message on; whether it did.
    @discardableResult
    func advance(
        _ db: Database,
        _ id: String,
        to status: Message.State,
        wamid: WAMID? = nil,
        at: Timestamp? = nil,
        code: Int? = nil,
        error: String? = nil
    ) throws -> Bool {
        let now = clock.now
        let statement = try db.cachedStatement(
            sql: "SELECT state, workspace, account, wamid, campaign FROM message WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { return false }
        let state: Message.State = try row.word("state", in: "message")
        guard let next = MessageProgress.next(after: state, on: status) else {
            if let wamid, row["wamid"] as String? == nil {
                try db.cachedStatement(sql: "UPDATE message SET wamid = ? WHERE id = ?").execute(arguments: [wamid.rawValue, id])
            }
            return false
        }
        // What Meta has is not sent again, whatever was planned.
        if state == .queued { _ = try JobTable.cancel(db, queue: Self.queue(PhoneNumberID(row["account"])), key: id) }
        try db.cachedStatement(
            sql: """
                UPDATE message SET state = ?, updatedAt = ?, \(next.rawValue)At = ?, wamid = coalesce(wamid, ?),
                  errorCode = coalesce(?, errorCode), error = coalesce(?, error) WHERE id = ?
                """
        )
        .execute(arguments: [next.rawValue, now, at ?? now, wamid?.rawValue, code, error, id])
        if let campaign = row["campaign"] as String? {
            let account = PhoneNumberID(row["account"])
            try CampaignCounts.move(db, campaign, state, next, on: account)
            // Whatever is heard first, an answer or any status, shows that Meta has it.
            let isFirst = state == .queued || state == .sending || state == .unknown
            if isFirst, next != .failed { try Self.countDeadline(db, campaign, account, at: at ?? now) }
        }
        var data: [String: JSONValue] = ["account": .string(row["account"])]
        if let code { data["code"] = .integer(Int64(code)) }
        try events.append(db, at: now, type: "message.\(next.rawValue)", workspace: row["workspace"], subject: id, data: .object(data))
        return true
    }

    /// With Meta by its campaign's deadline, or after it.
    private static func countDeadline(_ db: Database, _ campaign: String, _ number: PhoneNumberID, at time: Timestamp) throws {
        let statement = try db.cachedStatement(sql: "SELECT deadline FROM campaign WHERE id = ?")
        guard let deadline = try Timestamp.fetchOne(statement, arguments: [campaign]) else { return }
        try CampaignCounts.add(db, campaign, time <= deadline ? "inside" : "outside", 1, on: number)
    }

    /// Meta has refused it before processing: it waits again, unless its number has been removed meanwhile.
    func requeue(_ db: Database, _ id: String, _ detail: String) throws {
        let now = clock.now
        try db.cachedStatement(sql: "UPDATE message SET state = 'queued', updatedAt = ?, error = ? WHERE id = ? AND state = 'sending'")
            .execute(arguments: [now, detail, id])
        guard db.changesCount == 1 else { return }
        try Self.note(db, id, now, .queued, detail)
        if try !hasNumber(db, id) { try advance(db, id, to: .failed, error: "The number was removed while the message was being sent.") }
    }

    /// It may have been sent: only its statuses can tell.
    func markUnknown(_ db: Database, _ id: String, _ detail: String) throws {
        let now = clock.now
        try db.cachedStatement(sql: "UPDATE message SET state = 'unknown', updatedAt = ?, error = ? WHERE id = ? AND state = 'sending'")
            .execute(arguments: [now, detail, id])
        guard db.changesCount == 1 else { return }
        try Self.note(db, id, now, .unknown, detail)
        let statement = try db.cachedStatement(sql: "SELECT campaign, account FROM message WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { return }
        try CampaignCounts.move(db, row["campaign"], .sending, .unknown, on: PhoneNumberID(row["account"]))
    }

    private func hasNumber(_ db: Database, _ id: String) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT 1 FROM message JOIN account ON account.phoneNumberID = message.account WHERE id = ?")
        return try Int.fetchOne(statement, arguments: [id]) != nil
    }

    static func enqueueJob(_ db: Database, _ id: String, _ account: PhoneNumberID, _ job: SendJob, _ priority: Int, _ now: Timestamp) throws
    {
        try JobTable.enqueue(db, queue: queue(account), key: id, payload: job.payload, priority: priority, notBefore: now, now: now)
    }

    static func note(_ db: Database, _ id: String, _ at: Timestamp, _ state: Message.State, _ detail: String) throws {
        try db.cachedStatement(sql: "INSERT INTO messageNote (message, at, state, detail) VALUES (?, ?, ?, ?)")
            .execute(arguments: [id, at, state.rawValue, detail])
    }

    private static func known(_ db: Database, _ requestKey: String, _ fingerprint: Int64, _ workspace: String) throws -> SendMessage.Reply?
    {
        let statement = try db.cachedStatement(sql: "SELECT id, state, fingerprint FROM message WHERE workspace = ? AND requestKey = ?")
        guard let row = try Row.fetchOne(statement, arguments: [workspace, requestKey]) else { return nil }
        guard row["fingerprint"] == fingerprint else {
            throw Fault(
                .requestKeyReused, "This requestKey belongs to another message; use a new key for a new message.", path: "requestKey")
        }
        return SendMessage.Reply(id: row["id"], state: try row.word("state", in: "message"))
    }

    static func isWindowOpen(_ db: Database, _ contact: ContactID, _ account: PhoneNumberID, _ now: Timestamp) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT expiresAt FROM conversationWindow WHERE contact = ? AND account = ?")
        return (try Timestamp.fetchOne(statement, arguments: [contact.rawValue, account.rawValue]) ?? .zero) > now
    }

    /// Fails what waits on a number that is not there any more, a few at a time.
    func failWaiting(on number: PhoneNumberID) async throws {
        while true {
            let count = try await commits.write { [self] db in
                let ids = try String.fetchAll(
                    db,
                    sql: """
                        SELECT id FROM message WHERE account = ?1 AND state = 'queued'
                        UNION ALL SELECT id FROM message INDEXED BY messageUnknown WHERE account = ?1 AND state = 'unknown' LIMIT 500
                        """,
                    arguments: [number.rawValue])
                for id in ids { try advance(db, id, to: .failed, error: "The number was removed.") }
                return ids.count
            }
            if count == 0 { return }
        }
    }

    /// At start: numbers that were removed just before the process ended.
    func orphanedNumbers() throws -> [PhoneNumberID] {
        try pool.read { db in
            try String.fetchAll(
                db,
                sql: "SELECT DISTINCT account FROM message WHERE state = 'queued' AND account NOT IN (SELECT phoneNumberID FROM account)"
            )
            .map { PhoneNumberID($0) }
        }
    }
}
