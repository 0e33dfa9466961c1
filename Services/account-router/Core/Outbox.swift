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
/// after a crash is `unknown`, not queued: its statuses carry our id and tell.
struct Outbox: Sendable {
    let pool: DatabasePool
    let commits: GroupCommit
    let events: EventLog
    let clock: WallClock

    static func queue(_ number: PhoneNumberID) -> String { "send:\(number.rawValue)" }

    /// A message that is to be sent.
    struct Draft: Sendable {
        var workspace: String
        var requestKey: String
        var request: String
        var account: PhoneNumberID
        var to: ContactID
        var content: OutboundMessage.Content
        var replyTo: WAMID?
        var priority: Int
        var reason: String

        var type: String {
            switch content {
            case .text: "text"
            case .template: "template"
            }
        }
    }

    /// The message that a request key has already made, if any.
    func known(_ requestKey: String, _ request: String, workspace: String) async throws -> SendMessage.Reply? {
        try await pool.read { try Self.known($0, requestKey, request, workspace) }
    }

    /// Queues a message; a repeated key gives the message it made.
    func enqueue(_ draft: Draft) async throws -> SendMessage.Reply {
        let now = clock.now
        let content = try JSON.text(draft.content)
        return try await commits.write { [events] db in
            if let known = try Self.known(db, draft.requestKey, draft.request, draft.workspace) { return known }
            if draft.type == "text", try !Self.isWindowOpen(db, draft.to, draft.account, now) {
                throw Fault(.windowClosed, "The customer last wrote more than 24 hours ago, or never: send a template.", path: "text")
            }
            let isKnown = try db.cachedStatement(sql: "SELECT 1 FROM account WHERE phoneNumberID = ?")
            guard try Int.fetchOne(isKnown, arguments: [draft.account.rawValue]) != nil else {
                throw Fault(.accountUnknown, "The number \(draft.account) was removed.", path: "account")
            }
            let id = ULID.make(at: now)
            try db.cachedStatement(
                sql: """
                    INSERT INTO message (id, workspace, requestKey, request, account, recipient, type, content, replyTo, priority, state, createdAt, updatedAt)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?)
                    """
            )
            .execute(arguments: [
                id, draft.workspace, draft.requestKey, draft.request, draft.account.rawValue, draft.to.rawValue, draft.type, content,
                draft.replyTo?.rawValue, draft.priority, now, now,
            ])
            try Self.step(db, id, now, .queued, draft.reason)
            try db.cachedStatement(
                sql: """
                    INSERT INTO stickySender (workspace, contact, account, at) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET account = excluded.account, at = excluded.at
                    """
            )
            .execute(arguments: [draft.workspace, draft.to.rawValue, draft.account.rawValue, now])
            try Self.enqueueJob(db, id, draft.account, draft.to.rawValue, draft.priority, now)
            try events.append(
                db, at: now, type: "message.queued", workspace: draft.workspace, subject: id,
                data: ["account": .string(draft.account.rawValue)])
            return SendMessage.Reply(id: id, state: .queued)
        }
    }

    /// In the transaction that leases the jobs, before anything is posted.
    func markSending(_ db: Database, _ jobs: [Job]) throws {
        let now = clock.now
        for job in jobs {
            try db.cachedStatement(
                sql:
                    "UPDATE message SET state = 'sending', attempts = attempts + 1, sendingAt = ?, updatedAt = ? WHERE id = ? AND state = 'queued'"
            )
            .execute(arguments: [now, now, job.key])
        }
    }

    func message(toSend id: String) async throws -> OutboundMessage? {
        try await pool.read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT recipient, content, replyTo FROM message WHERE id = ? AND state = 'sending'")
            guard let row = try Row.fetchOne(statement, arguments: [id]) else { return nil }
            return OutboundMessage(
                to: ContactID(row["recipient"]),
                content: try JSON.decode(OutboundMessage.Content.self, from: row["content"] as String),
                callbackData: id,
                replyTo: (row["replyTo"] as String?).map { WAMID($0) }
            )
        }
    }

    func isWindowOpen(_ contact: ContactID, _ account: PhoneNumberID) async throws -> Bool {
        let now = clock.now
        return try await pool.read { try Self.isWindowOpen($0, contact, account, now) }
    }

    /// Moves a message on; whether it did.
    @discardableResult
    func advance(
        _ db: Database,
        _ id: String,
        to status: Message.State,
        wamid: WAMID? = nil,
        at: Int64? = nil,
        code: Int? = nil,
        error: String? = nil
    ) throws -> Bool {
        let now = clock.now
        let statement = try db.cachedStatement(sql: "SELECT state, workspace, account, wamid FROM message WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id]), let state = Message.State(rawValue: row["state"]) else {
            return false
        }
        if let wamid, row["wamid"] as String? == nil {
            try db.cachedStatement(sql: "UPDATE message SET wamid = ? WHERE id = ?").execute(arguments: [wamid.rawValue, id])
        }
        guard let next = MessageProgress.next(after: state, on: status) else { return false }
        // What Meta has is not sent again, whatever was planned.
        if state == .queued { _ = try JobTable.cancel(db, queue: "send:\(row["account"] as String)", key: id) }
        try db.cachedStatement(
            sql: "UPDATE message SET state = ?, updatedAt = ?, errorCode = coalesce(?, errorCode), error = coalesce(?, error) WHERE id = ?"
        )
        .execute(arguments: [next.rawValue, now, code, error, id])
        try Self.step(db, id, at ?? now, next, error)
        var data: [String: JSONValue] = ["account": .string(row["account"])]
        if let code { data["code"] = .integer(Int64(code)) }
        try events.append(db, at: now, type: "message.\(next.rawValue)", workspace: row["workspace"], subject: id, data: .object(data))
        return true
    }

    /// Meta has refused it before processing: it waits again, unless its number has been removed meanwhile.
    func requeue(_ db: Database, _ id: String, _ detail: String) throws {
        let now = clock.now
        try db.cachedStatement(sql: "UPDATE message SET state = 'queued', updatedAt = ?, error = ? WHERE id = ? AND state = 'sending'")
            .execute(arguments: [now, detail, id])
        guard db.changesCount == 1 else { return }
        try Self.step(db, id, now, .queued, detail)
        if try !hasNumber(db, id) { try advance(db, id, to: .failed, error: "The number was removed while the message was being sent.") }
    }

    /// It may have been sent: only its statuses can tell.
    func markUnknown(_ db: Database, _ id: String, _ detail: String) throws {
        let now = clock.now
        try db.cachedStatement(sql: "UPDATE message SET state = 'unknown', updatedAt = ?, error = ? WHERE id = ? AND state = 'sending'")
            .execute(arguments: [now, detail, id])
        if db.changesCount == 1 { try Self.step(db, id, now, .unknown, detail) }
    }

    private func hasNumber(_ db: Database, _ id: String) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT 1 FROM message JOIN account ON account.phoneNumberID = message.account WHERE id = ?")
        return try Int.fetchOne(statement, arguments: [id]) != nil
    }

    /// At start: what was being sent when the process ended is unknown.
    func recover() throws -> Int {
        try pool.write { db in
            let lost = try JobTable.lost(db, queues: "send:")
            for job in lost {
                try markUnknown(db, job.key, "the process ended while Meta was being asked")
                try JobTable.complete(db, id: job.id)
            }
            return lost.count
        }
    }

    /// Offers unknown messages again for which no status came, although those of what happened a grace time later did.
    ///
    /// That others arrive is not enough: after an outage old statuses come first. The number's statuses must have
    /// reached a moment well after the message's own would have been sent.
    ///
    /// - Parameters:
    ///   - grace: milliseconds a status has to arrive.
    ///   - patience: milliseconds after which silence of the whole number no longer counts as an excuse; nil never.
    func resendUnknown(grace: Int64, patience: Int64?) async throws -> Int {
        let now = clock.now
        return try await commits.write { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT message.id, message.account, message.recipient, message.priority FROM message
                    JOIN account ON account.phoneNumberID = message.account
                    WHERE state = 'unknown' AND sendingAt < ? AND (account.lastStatusAt > sendingAt + ? OR sendingAt < ?)
                    LIMIT 500
                    """,
                arguments: [now - grace, grace, patience.map { now - $0 } ?? 0]
            )
            for row in rows {
                let id: String = row["id"]
                try db.execute(sql: "UPDATE message SET state = 'queued', updatedAt = ? WHERE id = ?", arguments: [now, id])
                try Self.step(db, id, now, .queued, "no status came in the grace time, so Meta never had it")
                try Self.enqueueJob(db, id, PhoneNumberID(row["account"]), row["recipient"], row["priority"], now)
            }
            return rows.count
        }
    }

    private static func enqueueJob(_ db: Database, _ id: String, _ account: PhoneNumberID, _ contact: String, _ priority: Int, _ now: Int64)
        throws
    {
        try JobTable.enqueue(db, queue: queue(account), key: id, payload: contact, priority: priority, notBefore: now, now: now)
    }

    private static func step(_ db: Database, _ id: String, _ at: Int64, _ state: Message.State, _ detail: String?) throws {
        try db.cachedStatement(sql: "INSERT INTO messageStep (message, at, state, detail) VALUES (?, ?, ?, ?)")
            .execute(arguments: [id, at, state.rawValue, detail])
    }

    private static func known(_ db: Database, _ requestKey: String, _ request: String, _ workspace: String) throws -> SendMessage.Reply? {
        let statement = try db.cachedStatement(sql: "SELECT id, state, request FROM message WHERE workspace = ? AND requestKey = ?")
        guard let row = try Row.fetchOne(statement, arguments: [workspace, requestKey]) else { return nil }
        guard row["request"] == request else {
            throw Fault(
                .requestKeyReused, "This requestKey belongs to another message; use a new key for a new message.", path: "requestKey")
        }
        return SendMessage.Reply(id: row["id"], state: Message.State(rawValue: row["state"]) ?? .queued)
    }

    private static func isWindowOpen(_ db: Database, _ contact: ContactID, _ account: PhoneNumberID, _ now: Int64) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT expiresAt FROM conversationWindow WHERE contact = ? AND account = ?")
        return (try Int64.fetchOne(statement, arguments: [contact.rawValue, account.rawValue]) ?? 0) > now
    }
}
