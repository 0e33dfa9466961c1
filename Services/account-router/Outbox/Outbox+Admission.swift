import AccountContacts
import AccountContract
import AccountNumbers
import AccountPacing
import GRDB
import GraphAPI
import JobQueue
import RPCContract
import Storage
import Vocabulary

/// The last look at a message before it is posted.
extension Outbox {
    /// Whether a job may be sent, as things are now; asked in the transaction that would lease it.
    ///
    /// It goes by what has changed while the message waited: its campaign was paused or cancelled, the window closed, consent was withdrawn.
    /// - Parameter limits: how long to wait for Meta's limits, or nil where it may go; its place is then taken.
    func admit(
        _ db: Database,
        _ job: Job,
        on number: PhoneNumberID,
        limits: (SendJob, PersonID, _ isWindowOpen: Bool) throws -> Milliseconds?
    ) throws -> JobAdmission {
        let statement = try db.cachedStatement(
            sql: "SELECT workspace, category, wabaID, campaign, fallback, retryOf FROM message WHERE id = ? AND state = 'queued'")
        guard let row = try Row.fetchOne(statement, arguments: [job.message]) else { return .settle { _ in } }
        func fails(_ error: String, _ code: Int? = nil, isOptOut: Bool = false) -> JobAdmission {
            .settle { db in try advance(db, job.message, to: .failed, code: code, error: error, isOptOut: isOptOut) }
        }
        if let former = try formerWithMeta(db, row["retryOf"]) { return .settle { db in try dropRepeat(db, job.message, of: former) } }
        if let campaign = row["campaign"] as CampaignID? {
            switch try hold(db, job.message, campaign: campaign) {
            case .never(let reason): return fails(reason)
            case .later(let pause): return .postpone(pause)
            case nil: break
            }
        }
        // One row that cannot be read must not hold up the number's whole queue.
        guard var send = try? SendJob(job) else { return fails("Its job cannot be read: the payload names no category.") }
        let workspace: String = row["workspace"]
        let person: PersonID
        (person, send.contact) = try follow(db, job, send, workspace: workspace)
        let isOpen = try contactRoutes.isOpen(db, person, on: number, workspace: workspace)
        // The number was removed and came back in another account.
        if let waba = row["wabaID"] as WABAID?, numbers.account(number) != nil, !numbers.maySend(number, of: waba) {
            return .settle { db in
                try queueAgain(db, job.message, "its number belongs to another account now")
            }
        }
        if send.category == .service, !isOpen {
            guard row["fallback"] as String? != nil else {
                return fails("The 24-hour window closed while it waited. Send a template.", GraphErrorCode.windowClosed)
            }
            // From here on it is that template, with the rules of its category, on a number that may send it.
            return .settle { db in try queueFallback(db, job.message, "the 24-hour window closed while it waited") }
        }
        if let moved = try movedCategory(db, job.message, on: number), moved != send.category {
            send.category = moved
            try db.cachedStatement(sql: "UPDATE message SET category = ? WHERE id = ?").execute(arguments: [moved.rawValue, job.message])
            try JobTable.replace(db, id: job.id, payload: send.payload)
            try Self.note(db, on: job.message, .queued, at: store.now, "Meta has moved its template to \(moved.rawValue)")
        }
        if let refusal = try consents.refusal(db, person, send.category, isWindowOpen: { isOpen }, workspace: workspace) {
            return fails(refusal.fault.message, isOptOut: true)
        }
        return try limits(send, person, isOpen).map { .postpone($0) } ?? .lease
    }

    /// The category that a message's template has been moved to; nil where it has not, or there is no template.
    private func movedCategory(_ db: Database, _ id: MessageID, on number: PhoneNumberID) throws -> Message.Category? {
        guard let waba = numbers.account(number)?.wabaID, categories.hasMoved(in: waba) else { return nil }
        let statement = try db.cachedStatement(sql: "SELECT object FROM message WHERE id = ? AND type = 'template'")
        guard let object = try String.fetchOne(statement, arguments: [id]) else { return nil }
        return try categories.category(of: object, in: waba)
    }

    /// Sends it to the person's new number if that has changed since it was queued, and not to whoever has the old one.
    private func follow(
        _ db: Database, _ job: Job, _ send: SendJob, workspace: String
    ) throws -> (person: PersonID, address: ContactID) {
        let (person, address) = try People.found(db, send.contact, workspace: workspace)
        guard address != send.contact else { return (person, address) }
        try db.cachedStatement(sql: "UPDATE message SET recipient = ?, country = ? WHERE id = ?")
            .execute(arguments: [address, CallingCode.country(of: address), job.message])
        try JobTable.replace(db, id: job.id, payload: SendJob(category: send.category, contact: address).payload)
        try Self.note(db, on: job.message, .queued, at: store.now, "the contact has left the number that was asked for")
        return (person, address)
    }

    /// Meta has refused a free-form message because the window is closed: the template that was given for that is queued.
    ///
    /// - Returns: whether there was one.
    func fallBack(_ db: Database, _ id: MessageID) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT 1 FROM message WHERE id = ? AND state = 'sending' AND fallback IS NOT NULL")
        guard try Int.fetchOne(statement, arguments: [id]) != nil else { return false }
        try queueFallback(db, id, "Meta says that the 24-hour window is closed")
        return true
    }

    /// The same where a status tells it of a message that Meta had accepted.
    ///
    /// While its request is still under way, its sender does it: `fallBackIfFormer`.
    /// - Returns: whether it is taken care of.
    func fallBack(_ db: Database, _ id: MessageID, afterStatusOf wamid: WAMID) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: """
                SELECT account, state FROM message
                WHERE id = ? AND state IN ('sending', 'unknown', 'held', 'accepted', 'sent') AND fallback IS NOT NULL
                """)
        guard let row = try Row.fetchOne(statement, arguments: [id]), try Numbers.isKnown(db, row["account"]) else { return false }
        try db.cachedStatement(
            sql: """
                INSERT INTO messageWAMID (wamid, message, isFormer, at) VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE SET isFormer = 1
                """
        )
        .execute(arguments: [wamid, id, store.now])
        if try !JobTable.isThere(db, queue: Self.queue(row["account"]), key: id.rawValue) {
            try queueFallback(db, id, "Meta says that the 24-hour window is closed")
        }
        return true
    }

    /// Meta has answered a request whose message it has refused by status meanwhile: the fallback goes out now.
    ///
    /// - Returns: whether that was so.
    func fallBackIfFormer(_ db: Database, _ id: MessageID, _ wamid: WAMID) throws -> Bool {
        guard try isFormer(db, wamid) else { return false }
        try queueFallback(db, id, "Meta says that the 24-hour window is closed")
        return true
    }

    /// Whether an id of WhatsApp is of a try before the fallback: nothing that is said of it counts any more.
    func isFormer(_ db: Database, _ wamid: WAMID) throws -> Bool {
        let former = try db.cachedStatement(sql: "SELECT 1 FROM messageWAMID WHERE wamid = ? AND isFormer = 1")
        return try Int.fetchOne(former, arguments: [wamid]) != nil
    }

    /// When a status made a message its fallback, whose own wait begins there; nil where none did.
    ///
    /// The time before that is the content's, and was counted when Meta accepted it.
    func fellBackAt(_ db: Database, _ id: MessageID) throws -> Timestamp? {
        let statement = try db.cachedStatement(sql: "SELECT max(at) FROM messageWAMID WHERE message = ? AND isFormer = 1")
        return try Timestamp.fetchOne(statement, arguments: [id])
    }

    /// A message becomes its fallback and waits anew; its job is gone by then.
    private func queueFallback(_ db: Database, _ id: MessageID, _ cause: String) throws {
        let statement = try db.cachedStatement(sql: "SELECT fallback FROM message WHERE id = ? AND fallback IS NOT NULL")
        guard let text = try String.fetchOne(statement, arguments: [id]) else { return }
        try queueAgain(db, id, as: JSON.decode(MessageDraft.Body.self, from: text), "\(cause), so the fallback template goes out")
    }

    /// A message waits anew, on another number where its own is gone or may not send it; its job is gone by then.
    private func queueAgain(_ db: Database, _ id: MessageID, as fallback: MessageDraft.Body? = nil, _ cause: String) throws {
        let statement = try db.cachedStatement(
            sql:
                "SELECT workspace, account, recipient, type, category, object, wabaID, state, priority, campaign, isAsked FROM message WHERE id = ?"
        )
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { return }
        let (now, former) = (store.now, row["account"] as PhoneNumberID)
        let state: Message.State = try row.word("state", in: "message")
        let body =
            try fallback
            ?? MessageDraft.Body(
                type: row["type"], category: row.word("category", in: "message"), object: row["object"], wabaID: row["wabaID"])
        let number: PhoneNumberID
        switch try place(db, row, body) {
        case .success(let found): number = found
        case .failure(let fault):
            try advance(db, id, to: .failed, error: "\(cause), and no number can send it. \(fault.message)")
            return
        }
        try db.cachedStatement(
            sql: """
                UPDATE message SET state = 'queued', type = ?, category = ?, object = ?, wabaID = ?, fallback = NULL, account = ?, wamid = NULL,
                  acceptedAt = NULL, heldAt = NULL, sentAt = NULL, updatedAt = ? WHERE id = ?
                """
        )
        .execute(arguments: [body.type, body.category.rawValue, body.object, body.wabaID, number, now, id])
        if fallback != nil { try forgetPrice(db, id) }
        try Self.note(db, on: id, .queued, at: now, cause)
        try announce(
            db,
            MessageMove(
                message: id, campaign: row["campaign"], from: .init(state: state, number: former),
                to: .init(state: .queued, number: number),
                at: now),
            in: row["workspace"])
        try Self.enqueue(
            db, SendJob(category: body.category, contact: row["recipient"]), of: id, on: number, priority: row["priority"], at: now)
        db.afterCommit { [loads, runners] in
            if state == .queued { loads.add(former, -1) }
            loads.add(number, 1)
            runners.nudge(number)
        }
    }

    /// Where a message may wait: on its number, or on another that may send it, now or once it can.
    private func place(_ db: Database, _ row: Row, _ body: MessageDraft.Body) throws -> Result<PhoneNumberID, Fault> {
        let (former, workspace) = (row["account"] as PhoneNumberID, row["workspace"] as String)
        if numbers.maySend(former, of: body.wabaID) { return .success(former) }
        let isAsked = row["isAsked"] == 1
        do {
            return .success(
                try routing.route(
                    db, row["recipient"], body.category, of: body.wabaID, asked: isAsked ? former : nil, workspace: workspace
                ).account.phoneNumberID)
        } catch let fault as Fault where fault.code != .internal {
            // A message that no number can send now waits, as it would have on its own number.
            let later = isAsked ? nil : numbers.thatMaySend(of: body.wabaID, workspace: workspace).first
            return later.map { .success($0.phoneNumberID) } ?? .failure(fault)
        }
    }
}
