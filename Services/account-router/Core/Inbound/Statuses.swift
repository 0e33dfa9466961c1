import AccountContract
import GRDB
import GraphAPI
import GraphMessages
import RPCContract
import Storage
import Vocabulary

/// Takes in what Meta tells: statuses, customers' messages, events about accounts.
struct Statuses: Sendable {
    let outbox: Outbox
    let accounts: AccountStore
    let pacer: Pacer
    let consents: ConsentStore
    let refusals: Refusals
    /// Told when a confirmation waits on a number.
    let confirmed: @Sendable (PhoneNumberID) -> Void

    /// 24 hours (Meta, customer service window).
    private static let window = Milliseconds.hours(24)

    func record(_ params: RecordStatuses.Params) async throws -> RecordStatuses.Reply {
        let now = outbox.clock.now
        return try await outbox.commits.write { [outbox] db in
            var reply = RecordStatuses.Reply(applied: 0, foreign: 0)
            for status in params.statuses {
                guard let id = try Self.message(db, status) else {
                    reply.foreign += 1
                    continue
                }
                guard let state = Message.State(rawValue: status.status), [.sent, .delivered, .read, .played, .failed].contains(state)
                else { continue }
                let error = status.errorCode.map { code in
                    GraphError(code: code, status: 0, details: status.errorDetails ?? "no explanation was given").explanation
                }
                let moved = try outbox.advance(
                    db, id, to: state, wamid: status.wamid, at: status.at, code: status.errorCode, error: state == .failed ? error : nil
                )
                if let billable = status.billable {
                    try db.cachedStatement(
                        sql:
                            "UPDATE message SET billable = ?, priceCategory = ? WHERE id = ? AND (billable IS NOT ?1 OR priceCategory IS NOT ?2)"
                    )
                    .execute(arguments: [billable ? 1 : 0, status.priceCategory, id])
                }
                if moved {
                    reply.applied += 1
                    if state == .failed, let code = status.errorCode, let number = status.phoneNumberID {
                        let failure = GraphError(code: code, status: 200, details: status.errorDetails ?? "")
                        try refusals.heed(db, failure, id, number)
                    }
                }
            }
            // How far Meta's statuses of each number have reached us, in Meta's time; a clock ahead of ours counts as now.
            for (number, statuses) in Dictionary(grouping: params.statuses, by: \.phoneNumberID) {
                guard let number else { continue }
                let latest = min(now, statuses.map(\.at).max() ?? .zero)
                try db.cachedStatement(sql: "UPDATE account SET lastStatusAt = max(lastStatusAt, ?) WHERE phoneNumberID = ?")
                    .execute(arguments: [latest, number.rawValue])
            }
            return reply
        }
    }

    /// Our own id comes back in the status; a wamid is known only where the answer to the request came.
    private static func message(_ db: Database, _ status: RecordStatuses.Status) throws -> String? {
        if let id = status.callbackData {
            let own = try String.fetchOne(db.cachedStatement(sql: "SELECT id FROM message WHERE id = ?"), arguments: [id])
            if let own { return own }
        }
        return try String.fetchOne(db.cachedStatement(sql: "SELECT id FROM message WHERE wamid = ?"), arguments: [status.wamid.rawValue])
    }

    func recordInbound(_ params: RecordInbound.Params) async throws -> RecordInbound.Reply {
        let account = try accounts.found(params.phoneNumberID)
        pacer.countInbound(account.phoneNumberID, at: params.at)
        let expiresAt = params.at + Self.window
        let keyword = params.text.flatMap { OptKeyword.read($0) }
        let isHeeded = try await outbox.commits.write { [self] db in
            try db.cachedStatement(
                sql: """
                    INSERT INTO conversationWindow (contact, account, expiresAt) VALUES (?, ?, ?)
                    ON CONFLICT DO UPDATE SET expiresAt = max(expiresAt, excluded.expiresAt)
                    """
            )
            .execute(arguments: [params.contact.rawValue, account.phoneNumberID.rawValue, expiresAt])
            try db.cachedStatement(
                sql: """
                    INSERT INTO contactRoute (workspace, contact, sticky, at) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET sticky = excluded.sticky, at = excluded.at WHERE excluded.at >= at
                    """
            )
            .execute(arguments: [account.workspace, params.contact.rawValue, account.phoneNumberID.rawValue, params.at])
            return try keyword.map { try heed(db, $0, params, account) } ?? false
        }
        if isHeeded { confirmed(account.phoneNumberID) }
        return RecordInbound.Reply(
            account: account.phoneNumberID,
            displayName: account.displayName,
            workspace: account.workspace,
            windowExpiresAt: expiresAt,
            keyword: isHeeded ? keyword?.meaning.rawValue : nil
        )
    }

    /// Changes the consent and queues the confirmation, both in the caller's transaction; whether the word meant anything.
    ///
    /// The message's own id keys both: the same message again changes nothing and confirms nothing twice.
    private func heed(_ db: Database, _ keyword: OptKeyword, _ params: RecordInbound.Params, _ account: Account) throws -> Bool {
        let before = try consents.state(db, params.contact, workspace: account.workspace)
        let key = "consent:\(params.wamid)"
        let isRepeated = try db.cachedStatement(sql: "SELECT 1 FROM message WHERE workspace = ? AND requestKey = ?")
        if try Int.fetchOne(isRepeated, arguments: [account.workspace, key]) != nil { return true }
        guard let state = keyword.state(after: before) else { return false }
        let step = Consent.Step(state: state, at: params.at, source: "keyword", actor: "customer", proof: params.wamid.rawValue)
        try consents.record(db, params.contact, step, workspace: account.workspace)
        let now = outbox.clock.now
        guard try Outbox.isWindowOpen(db, params.contact, account.phoneNumberID, now) else { return true }
        let body = try MessageDraft.Body(.text(TextMessage(body: keyword.confirmation)))
        let draft = MessageDraft(
            workspace: account.workspace,
            requestKey: key,
            fingerprint: MessageDraft.fingerprint(of: key),
            account: account.phoneNumberID,
            to: params.contact,
            body: body,
            options: OutboundMessage.Options(replyTo: params.wamid),
            priority: 0,
            reason: "confirms \(keyword.meaning.rawValue.uppercased()) on the number it was written to"
        )
        _ = try outbox.enqueue(db, draft, now)
        return true
    }

    func window(_ params: GetConversationWindow.Params) async throws -> GetConversationWindow.Reply {
        let now = outbox.clock.now
        return try await outbox.pool.read { db in
            let expiresAt = try Timestamp.fetchOne(
                db,
                sql: "SELECT expiresAt FROM conversationWindow WHERE contact = ? AND account = ?",
                arguments: [params.contact.rawValue, params.account.rawValue]
            )
            return GetConversationWindow.Reply(open: (expiresAt ?? .zero) > now, expiresAt: expiresAt)
        }
    }
}
