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
    let notices: ConsentNotices
    let contactRoutes: ContactRoutes
    let outbox: Outbox
    let senders: Senders

    func record(_ params: RecordInbound.Params) async throws -> RecordInbound.Reply {
        let account = try numbers.found(params.phoneNumberID)
        numbers.countInbound(account.phoneNumberID, at: params.at)
        // Read before the transaction: a long text takes time that other writes need not wait for.
        let reading = params.text.map { OptReading($0, isTapped: params.isTapped ?? false) } ?? .nothing
        let (expiresAt, word) = try await store.write { [self] db in
            let expiresAt = try contactRoutes.heard(
                db, params.contact, on: account.phoneNumberID, at: params.at, workspace: account.workspace)
            return (expiresAt, try follow(db, reading, of: params, on: account))
        }
        if word != nil { senders.nudge(account.phoneNumberID) }
        return RecordInbound.Reply(
            account: account.phoneNumberID,
            displayName: account.displayName,
            workspace: account.workspace,
            windowExpiresAt: expiresAt,
            keyword: word
        )
    }

    /// Changes the consent and queues what the person is told, both in the caller's transaction; what was acted on.
    ///
    /// The message's own id keys both: the same message again changes nothing and says nothing twice.
    private func follow(_ db: Database, _ reading: OptReading, of params: RecordInbound.Params, on account: Account) throws
        -> RecordInbound.Word?
    {
        let before = try consents.state(db, params.contact, workspace: account.workspace)
        switch reading {
        case .nothing: return nil
        case .keyword(let keyword): return try follow(db, keyword, after: before, of: params, on: account)
        case .yes(let language):
            // It answers our question, or it is a word of the conversation with the bot.
            guard before != .stopped, try notices.isAsked(db, params.contact, workspace: account.workspace) else { return nil }
            return try follow(db, OptKeyword(meaning: .stop, language: language), after: before, of: params, on: account)
        case .unsure(let language):
            guard before != .stopped, try contactRoutes.isOpen(db, params.contact, on: account.phoneNumberID) else { return nil }
            let key = "consent:\(params.wamid)"
            if try Outbox.isKnown(db, key, workspace: account.workspace) { return .question }
            guard try notices.take(db, .asked, params.contact, workspace: account.workspace) else { return nil }
            try tell(db, language.question, key: key, reason: "asks whether no more messages are wanted", of: params, on: account)
            return .question
        }
    }

    private func follow(
        _ db: Database, _ keyword: OptKeyword, after before: Consent.State?, of params: RecordInbound.Params, on account: Account
    ) throws -> RecordInbound.Word? {
        let key = "consent:\(params.wamid)"
        let word = keyword.meaning.word
        if try Outbox.isKnown(db, key, workspace: account.workspace) { return word }
        let prior = try consents.prior(db, params.contact, workspace: account.workspace)
        guard let state = keyword.state(after: before, prior: prior) else { return nil }
        let step = Consent.Step(state: state, at: params.at, source: "keyword", actor: "customer", proof: params.wamid.rawValue)
        let isChange = try consents.record(db, params.contact, step, workspace: account.workspace)
        // Said again, it is written down again and confirmed no second time.
        guard isChange, try contactRoutes.isOpen(db, params.contact, on: account.phoneNumberID),
            try notices.take(db, keyword.meaning.notice, params.contact, workspace: account.workspace)
        else { return word }
        let reason = "confirms \(keyword.meaning.rawValue.uppercased()) on the number it was written to"
        try tell(db, keyword.confirmation, key: key, reason: reason, of: params, on: account)
        return word
    }

    private func tell(
        _ db: Database, _ text: String, key: String, reason: String, of params: RecordInbound.Params, on account: Account
    ) throws {
        let draft = MessageDraft(
            workspace: account.workspace,
            requestKey: key,
            fingerprint: MessageDraft.fingerprint(of: key),
            account: account.phoneNumberID,
            to: params.contact,
            body: try MessageDraft.Body(.text(TextMessage(body: text))),
            options: OutboundMessage.Options(replyTo: params.wamid),
            priority: 0,
            reason: reason
        )
        _ = try outbox.enqueue(db, draft, store.now)
    }
}

extension OptKeyword.Meaning {
    /// The word of the contract.
    fileprivate var word: RecordInbound.Word {
        switch self {
        case .stop: .stop
        case .start, .agree: .start
        case .pause: .pause
        case .resume: .resume
        }
    }

    /// What telling the person of it counts as.
    fileprivate var notice: ConsentNotices.Kind {
        switch self {
        case .stop: .stopped
        case .start, .agree, .resume: .started
        case .pause: .paused
        }
    }
}
