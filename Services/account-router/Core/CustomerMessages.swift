import AccountContacts
import AccountContract
import AccountNumbers
import AccountOutbox
import GRDB
import GraphAPI
import GraphMessages
import RPCContract
import Storage
import Vocabulary

/// Takes in that a customer has written: their window opens, and a word such as STOP is followed and confirmed.
struct CustomerMessages: Sendable {
    let store: Store
    let numbers: Numbers
    let consents: ConsentStore
    let contactRoutes: ContactRoutes
    let outbox: Outbox
    let senders: Senders

    func record(_ params: RecordInbound.Params) async throws -> RecordInbound.Reply {
        let account = try numbers.found(params.phoneNumberID)
        numbers.countInbound(account.phoneNumberID, at: params.at)
        let keyword = params.text.flatMap { OptKeyword.read($0) }
        let (expiresAt, isFollowed) = try await store.write { [self] db in
            let expiresAt = try contactRoutes.heard(
                db, params.contact, on: account.phoneNumberID, at: params.at, workspace: account.workspace)
            return (expiresAt, try keyword.map { try follow(db, $0, of: params, on: account) } ?? false)
        }
        if isFollowed { senders.nudge(account.phoneNumberID) }
        return RecordInbound.Reply(
            account: account.phoneNumberID,
            displayName: account.displayName,
            workspace: account.workspace,
            windowExpiresAt: expiresAt,
            keyword: isFollowed ? keyword?.meaning.rawValue : nil
        )
    }

    /// Changes the consent and queues the confirmation, both in the caller's transaction; whether the word meant anything.
    ///
    /// The message's own id keys both: the same message again changes nothing and confirms nothing twice.
    private func follow(_ db: Database, _ keyword: OptKeyword, of params: RecordInbound.Params, on account: Account) throws -> Bool {
        let before = try consents.state(db, params.contact, workspace: account.workspace)
        let key = "consent:\(params.wamid)"
        if try Outbox.isKnown(db, key, workspace: account.workspace) { return true }
        guard let state = keyword.state(after: before) else { return false }
        let step = Consent.Step(state: state, at: params.at, source: "keyword", actor: "customer", proof: params.wamid.rawValue)
        try consents.record(db, params.contact, step, workspace: account.workspace)
        guard try contactRoutes.isOpen(db, params.contact, on: account.phoneNumberID) else { return true }
        let draft = MessageDraft(
            workspace: account.workspace,
            requestKey: key,
            fingerprint: MessageDraft.fingerprint(of: key),
            account: account.phoneNumberID,
            to: params.contact,
            body: try MessageDraft.Body(.text(TextMessage(body: keyword.confirmation))),
            options: OutboundMessage.Options(replyTo: params.wamid),
            priority: 0,
            reason: "confirms \(keyword.meaning.rawValue.uppercased()) on the number it was written to"
        )
        _ = try outbox.enqueue(db, draft, store.now)
        return true
    }
}
