import AccountContacts
package import AccountContract
import AccountNumbers
import AccountPacing
import Foundation
package import GRDB
import GraphAPI
import JobQueue
import MetaEvents
import RPCContract
import Storage
package import Vocabulary

/// Owns outgoing messages and the crash rule.
///
/// `sending` is committed before Meta is asked. A message found in that state
/// after a crash is `unknown`, not queued: its statuses carry our id and tell (Outbox+Unknown).
package struct Outbox: Sendable {
    let store: Store
    let consents: ConsentStore
    let contactRoutes: ContactRoutes
    let people: People
    let loads: Loads
    let numbers: Numbers
    let routing: Routing
    let runners = SenderRunners()
    package let categories = TemplateCategories()
    private let listeners: [any OutboxListener]

    init(
        store: Store,
        consents: ConsentStore,
        contactRoutes: ContactRoutes,
        people: People,
        loads: Loads,
        numbers: Numbers,
        routing: Routing,
        listeners: [any OutboxListener] = []
    ) {
        self.store = store
        self.consents = consents
        self.contactRoutes = contactRoutes
        self.people = people
        self.loads = loads
        self.numbers = numbers
        self.routing = routing
        self.listeners = listeners
    }

    var now: Timestamp { store.now }

    static let queuePrefix = "send:"
    static func queue(_ number: PhoneNumberID) -> String { queuePrefix + number.rawValue }

    /// Meta has moved a template to another category.
    func move(_ params: RecordTemplateCategory.Params) async throws {
        try await store.write { [categories] db in try categories.move(db, params) }
    }

    /// Messages that waited untried on some numbers, for a limit that has changed, are looked at again.
    package static func release(_ db: Database, _ numbers: [PhoneNumberID], at now: Timestamp) throws {
        for number in numbers { try JobTable.releaseUntried(db, queue: queue(number), now: now) }
    }

    /// The message that a request key has already made, if any.
    func known(_ requestKey: String, _ fingerprint: Int64, workspace: String) async throws -> SendMessage.Reply? {
        try await store.read { try Self.known($0, requestKey, fingerprint, workspace: workspace) }
    }

    /// Queues a message on the number that `route` gives; a repeated key gives the message it made.
    ///
    /// All in one transaction, so that a burst costs no thread changes besides the one to the writer.
    func enqueue(_ draft: MessageDraft, route: @escaping @Sendable (Database) throws -> Route) async throws -> (
        SendMessage.Reply, PhoneNumberID?
    ) {
        let now = store.now
        return try await store.write { db in
            if let known = try Self.known(db, draft.requestKey, draft.fingerprint, workspace: draft.workspace) { return (known, nil) }
            for listener in listeners {
                guard let owner = try listener.owner(db, ofKey: draft.requestKey, workspace: draft.workspace) else { continue }
                throw Fault(.requestKeyReused, "This requestKey belongs to \(owner); use a new key for a new message.", path: "requestKey")
            }
            let route = try route(db)
            var draft = draft
            draft.account = route.account.phoneNumberID
            draft.reason += draft.reason.isEmpty ? route.reason : "; \(route.reason)"
            return (try enqueue(db, draft, now), draft.account)
        }
    }

    /// Queues a message whose key is new, in the caller's transaction.
    package func enqueue(_ db: Database, _ draft: MessageDraft, _ now: Timestamp) throws -> SendMessage.Reply {
        let (person, to) = try People.found(db, draft.to, workspace: draft.workspace)
        func isOpen() throws -> Bool { try contactRoutes.isOpen(db, person, on: draft.account, workspace: draft.workspace) }
        var body = draft.body
        var reason = draft.reason
        if to != draft.to { reason += "; the contact has left the number that was asked for" }
        if body.category == .service, try !isOpen() {
            guard let fallback = draft.fallback else {
                throw Fault(
                    .windowClosed, "The customer last wrote more than 24 hours ago, or never: send a template.", path: body.type)
            }
            body = fallback
            reason += "; the 24-hour window is closed, so the fallback template goes out"
        }
        if let refusal = try consents.refusal(db, person, body.category, isWindowOpen: isOpen, workspace: draft.workspace) {
            throw refusal.fault
        }
        guard try Numbers.isKnown(db, draft.account) else {
            throw Fault(.accountUnknown, "The number \(draft.account) was removed.", path: "account")
        }
        if let waba = body.wabaID, !numbers.maySend(draft.account, of: waba) {
            let name = numbers.account(draft.account)?.displayPhoneNumber ?? draft.account.rawValue
            throw Fault(
                .noRoute,
                "The template belongs to the account \(waba), and the number \(name) to another: Meta would refuse it (132001).",
                path: "account")
        }
        if let former = draft.retryOf { try markRetried(db, former) }
        let id: MessageID = store.newID(at: now)
        let fallback = body == draft.body ? try draft.fallback.map { try JSON.text($0) } : nil
        try db.cachedStatement(
            sql: """
                INSERT INTO message (id, workspace, requestKey, fingerprint, account, recipient, country, type, category, object, wabaID, options, fallback,
                  priority, state, reason, createdAt, updatedAt, attemptLimit, campaign, isAsked, retryOf)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?)
                """
        )
        .execute(arguments: [
            id, draft.workspace, draft.requestKey, draft.fingerprint, draft.account, to, CallingCode.country(of: to), body.type,
            body.category.rawValue, body.object, body.wabaID, draft.options.isPlain ? nil : try JSON.text(draft.options), fallback,
            draft.priority,
            reason,
            now, now, draft.attemptLimit, draft.campaign, draft.isAsked ? 1 : 0, draft.retryOf,
        ])
        try MessageCounts.add(db, 1, .queued, on: draft.account, workspace: draft.workspace)
        // A campaign's number becomes the contact's habit only where they have none yet.
        try contactRoutes.wrote(db, person, from: draft.account, isHabit: draft.campaign == nil, workspace: draft.workspace)
        try Self.enqueue(
            db, SendJob(category: body.category, contact: to), of: id, on: draft.account, priority: draft.priority, at: now,
            notBefore: draft.notBefore)
        try store.append(
            db, "message.queued", workspace: draft.workspace, subject: id,
            data: ["account": .string(draft.account.rawValue), "contact": .string(to.rawValue)])
        db.afterCommit { [loads] in loads.add(draft.account, 1) }
        return SendMessage.Reply(id: id, state: .queued)
    }

    /// In the transaction that leases the jobs, before anything is posted; gives what is to be posted.
    ///
    /// - Parameter persons: whom the messages are to, as far as that was looked up when they were admitted.
    func markSending(
        _ db: Database, _ jobs: [Job], _ number: PhoneNumberID, persons: [MessageID: PersonID] = [:]
    ) throws -> [MessageID: Prepared] {
        let now = store.now
        db.afterCommit { [loads] in loads.add(number, -jobs.count) }
        var prepared: [MessageID: Prepared] = [:]
        for job in jobs {
            let statement = try db.cachedStatement(
                sql: """
                    UPDATE message SET state = 'sending', attempts = attempts + 1, sendingAt = ?, updatedAt = ?
                    WHERE id = ? AND state = 'queued' RETURNING \(Prepared.columns)
                    """)
            // All of the rows, so that the statement comes to its end.
            guard let row = try Row.fetchAll(statement, arguments: [now, now, job.message]).first else {
                prepared[job.message] = try prepare(db, job.message)
                continue
            }
            let found = try Prepared(db, row, job.message, person: persons[job.message])
            prepared[job.message] = found
            try announce(
                db,
                MessageMove(
                    message: job.message, campaign: found.campaign, from: .init(state: .queued, number: number),
                    to: .init(state: .sending, number: number), at: now),
                in: found.workspace)
        }
        return prepared
    }

    /// A leased message; nil where it is not to be sent any more.
    func prepare(_ db: Database, _ id: MessageID) throws -> Prepared? {
        let statement = try db.cachedStatement(sql: "SELECT \(Prepared.columns) FROM message WHERE id = ? AND state = 'sending'")
        return try Row.fetchOne(statement, arguments: [id]).map { try Prepared(db, $0, id, person: nil) }
    }

    /// Meta's answer names the person by number and BSUID: a STOP under either counts from then on.
    func learn(_ db: Database, _ accepted: GraphClient.Accepted, of prepared: Prepared) throws {
        guard let id = accepted.userID ?? accepted.contact else { return }
        let to = prepared.message.to
        let phone = accepted.contact ?? (to.isBSUID ? nil : to)
        try people.learn(db, phone: phone, ids: [id, to], at: store.now, source: "answer", workspace: prepared.workspace)
    }

    /// A message that is ready to be posted.
    struct Prepared: Sendable {
        var message: OutboundMessage
        var person: PersonID
        var workspace: String
        var attemptLimit: Int?
        var campaign: CampaignID?
        /// Whether a template goes out instead once the window is closed.
        var hasFallback: Bool

        static let columns = "workspace, recipient, type, object, options, attemptLimit, campaign, fallback IS NOT NULL AS hasFallback"

        /// - Parameter person: whom it is to; nil to look it up.
        init(_ db: Database, _ row: Row, _ id: MessageID, person: PersonID?) throws {
            let options = try (row["options"] as String?).map { try JSON.decode(OutboundMessage.Options.self, from: $0) }
            message = OutboundMessage(
                to: row["recipient"], type: row["type"], object: row["object"], options: options ?? OutboundMessage.Options(),
                callbackData: id.rawValue)
            workspace = row["workspace"]
            self.person = try person ?? People.person(db, message.to, workspace: workspace)
            attemptLimit = row["attemptLimit"]
            campaign = row["campaign"]
            hasFallback = row["hasFallback"]
        }
    }

    /// Moves a message on; whether it did.
    ///
    /// An id of WhatsApp that is not the one it has is kept beside it: Meta has it twice. Once Meta has the message, what became of
    /// an earlier try stands among its notes only.
    @discardableResult
    func advance(
        _ db: Database,
        _ id: MessageID,
        to status: Message.State,
        wamid: WAMID? = nil,
        at: Timestamp? = nil,
        code: Int? = nil,
        error: String? = nil,
        isOptOut: Bool = false
    ) throws -> Bool {
        let now = store.now
        let statement = try db.cachedStatement(
            sql: """
                SELECT state, workspace, account, recipient, wamid, campaign, createdAt, sendingAt, isUnclear, retryOf FROM message
                WHERE id = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { return false }
        var state: Message.State = try row.word("state", in: "message")
        // What was given up without a clear answer has one now; a further giving up is none.
        let isReopened = try row["isUnclear"] && (code != nil || status != .failed) && reopen(db, id)
        if isReopened { state = .unknown }
        let known = row["wamid"] as WAMID?
        if let wamid, let known, known != wamid { try noteSecond(db, wamid, of: id, workspace: row["workspace"]) }
        guard let next = MessageProgress.next(after: state, on: status) else {
            if let wamid, known == nil {
                try db.cachedStatement(sql: "UPDATE message SET wamid = ? WHERE id = ?").execute(arguments: [wamid, id])
            }
            return false
        }
        // A message that Meta has is not sent again, whatever was planned.
        if state == .queued { _ = try JobTable.cancel(db, queue: Self.queue(row["account"]), key: id.rawValue) }
        try db.cachedStatement(
            sql: """
                UPDATE message SET state = ?, updatedAt = ?, \(next.rawValue)At = ?, wamid = coalesce(wamid, ?),
                  errorCode = coalesce(?, iif(?, NULL, errorCode)), error = coalesce(?, iif(?, NULL, error)) WHERE id = ?
                """
        )
        .execute(arguments: [next.rawValue, now, at ?? now, wamid, code, next.isWithMeta, error, next.isWithMeta, id])
        let number = row["account"] as PhoneNumberID
        if next == .held || next == .accepted && state != .held, let sentAt = row["sendingAt"] as Timestamp? {
            let queuedAt: Timestamp = try fellBackAt(db, id) ?? row["createdAt"]
            try MessageFigures.accepted(db, after: (at ?? now) - queuedAt, sentAt: sentAt, on: number, workspace: row["workspace"])
        }
        try announce(
            db,
            MessageMove(
                message: id, campaign: row["campaign"], from: .init(state: state, number: number), to: .init(state: next, number: number),
                at: at ?? now, isOptOut: isOptOut || code.flatMap { GraphErrorCode.of($0) }?.measures.contains(.recordOptOut) == true),
            in: row["workspace"])
        var data: [String: JSONValue] = ["account": .string(row["account"]), "contact": .string(row["recipient"])]
        if let code { data["code"] = .integer(Int64(code)) }
        try store.append(db, "message.\(next.rawValue)", workspace: row["workspace"], subject: id, data: .object(data))
        if next.isWithMeta {
            if isReopened { try settleRepeats(db, of: id, workspace: row["workspace"]) }
            if let wamid { try noteRepeat(db, wamid, of: row["retryOf"], workspace: row["workspace"]) }
        }
        return true
    }

    /// It may have been sent: only its statuses can tell.
    func markUnknown(_ db: Database, _ id: MessageID, _ detail: String) throws {
        let now = store.now
        try db.cachedStatement(sql: "UPDATE message SET state = 'unknown', updatedAt = ?, error = ? WHERE id = ? AND state = 'sending'")
            .execute(arguments: [now, detail, id])
        guard db.changesCount == 1 else { return }
        try Self.note(db, on: id, .unknown, at: now, detail)
        try announce(db, id, from: .sending, to: .unknown)
    }

    /// A message has changed its state and stays on its number, which is returned.
    @discardableResult
    func announce(_ db: Database, _ id: MessageID, from: Message.State, to: Message.State) throws -> PhoneNumberID? {
        let statement = try db.cachedStatement(sql: "SELECT campaign, account, workspace FROM message WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { return nil }
        let number = row["account"] as PhoneNumberID
        try announce(
            db,
            MessageMove(
                message: id, campaign: row["campaign"], from: .init(state: from, number: number), to: .init(state: to, number: number),
                at: store.now),
            in: row["workspace"])
        return number
    }

    func announce(_ db: Database, _ move: MessageMove, in workspace: String) throws {
        try MessageCounts.move(db, move, workspace: workspace)
        for listener in listeners { try listener.moved(db, move) }
    }

    /// Why a campaign's message may not be sent now; nil where nobody holds it.
    func hold(_ db: Database, _ message: MessageID, campaign: CampaignID) throws -> OutboxHold? {
        for listener in listeners {
            if let hold = try listener.hold(db, message, campaign: campaign, at: store.now) { return hold }
        }
        return nil
    }

    /// What a campaign has promised of its message for a moment; nil where it may go out then.
    func promised(_ db: Database, _ message: MessageID, campaign: CampaignID, at time: Timestamp) throws -> OutboxHold? {
        for listener in listeners {
            if let hold = try listener.promised(db, message, campaign: campaign, at: time) { return hold }
        }
        return nil
    }

    /// Meta has refused a message for good: it fails, and whoever is concerned is told.
    ///
    /// - Parameters:
    ///   - time: Meta's own moment where a status tells of it.
    ///   - number: the number that Meta names; else the message's own.
    ///   - faults: all that Meta named, where that is more than the error.
    /// - Returns: whether that was news.
    @discardableResult
    func refuse(
        _ db: Database,
        _ id: MessageID,
        _ error: GraphError,
        wamid: WAMID? = nil,
        at time: Timestamp? = nil,
        on number: PhoneNumberID? = nil,
        faults: [MetaFault]? = nil
    ) throws -> Bool {
        guard try advance(db, id, to: .failed, wamid: wamid, at: time, code: error.code, error: error.explanation) else { return false }
        try note(db, faults ?? MetaFault(error).map { [$0] }, of: id)
        let statement = try db.cachedStatement(sql: "SELECT workspace, recipient, campaign, account FROM message WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { return true }
        let refusal = MessageRefusal(
            message: id, workspace: row["workspace"], contact: row["recipient"], campaign: row["campaign"],
            number: number ?? (row["account"] as PhoneNumberID), error: error, at: min(time ?? store.now, store.now))
        for listener in listeners { try listener.refused(db, refusal) }
        return true
    }

    /// Whether a request key has made a message already.
    package static func isKnown(_ db: Database, _ requestKey: String, workspace: String) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT 1 FROM message WHERE workspace = ? AND requestKey = ?")
        return try Int.fetchOne(statement, arguments: [workspace, requestKey]) != nil
    }

    static func enqueue(
        _ db: Database, _ job: SendJob, of id: MessageID, on number: PhoneNumberID, priority: Int, at now: Timestamp,
        notBefore: Timestamp? = nil
    ) throws {
        try JobTable.enqueue(
            db, queue: queue(number), key: id.rawValue, payload: job.payload, priority: priority, notBefore: max(now, notBefore ?? now),
            now: now)
    }

    static func note(_ db: Database, on id: MessageID, _ state: Message.State, at: Timestamp, _ detail: String) throws {
        try db.cachedStatement(sql: "INSERT INTO messageNote (message, at, state, detail) VALUES (?, ?, ?, ?)")
            .execute(arguments: [id, at, state.rawValue, detail])
    }

    private static func known(_ db: Database, _ requestKey: String, _ fingerprint: Int64, workspace: String) throws -> SendMessage.Reply? {
        let statement = try db.cachedStatement(sql: "SELECT id, state, fingerprint FROM message WHERE workspace = ? AND requestKey = ?")
        guard let row = try Row.fetchOne(statement, arguments: [workspace, requestKey]) else { return nil }
        guard row["fingerprint"] == fingerprint else {
            throw Fault(
                .requestKeyReused, "This requestKey belongs to another message; use a new key for a new message.", path: "requestKey")
        }
        return SendMessage.Reply(id: row["id"], state: try row.word("state", in: "message"))
    }
}
