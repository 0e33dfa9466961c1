import AccountContacts
import AccountContract
import AccountNumbers
import AccountOutbox
import GRDB
import GraphAPI
import GraphMessages
import Logging
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
    let people: People
    let outbox: Outbox
    let senders: Senders
    let logger: Logger

    func record(_ told: RecordInbound.Params) async throws -> RecordInbound.Reply {
        let params = told.noLater(than: store.now)
        // Read before the transaction: a long text takes time that other writes need not wait for.
        let reading = params.text.map { OptReading($0, isTapped: params.isTapped ?? false) } ?? .nothing
        guard let account = numbers.account(params.phoneNumberID) else { return try await recordFormer(params, reading) }
        numbers.countInbound(account.phoneNumberID, at: params.at)
        let reply = try await store.write { [self] db in
            let person = try person(db, params, workspace: account.workspace)
            let expiresAt = try contactRoutes.heard(
                db, person, on: account.phoneNumberID, at: params.at, workspace: account.workspace)
            return RecordInbound.Reply(
                account: account.phoneNumberID,
                displayName: account.displayName,
                workspace: account.workspace,
                contact: person.name,
                names: try People.names(db, of: person, workspace: account.workspace),
                windowExpiresAt: expiresAt,
                keyword: try follow(db, reading, of: params, by: person, on: account)
            )
        }
        if reply.keyword != nil { senders.nudge(account.phoneNumberID) }
        return reply
    }

    /// Written to a number that was removed: whoever wants fewer messages is heard by the workspace all the same, and not answered.
    private func recordFormer(_ params: RecordInbound.Params, _ reading: OptReading) async throws -> RecordInbound.Reply {
        try await store.write { [self] db in
            guard let former = try Numbers.former(db, params.phoneNumberID) else { throw Numbers.unknown(params.phoneNumberID) }
            let person = try person(db, params, workspace: former.workspace)
            let before = try consents.state(db, person, workspace: former.workspace)
            var word: RecordInbound.Word?
            if let keyword = try meant(db, reading, after: before, by: person, workspace: former.workspace),
                [.stop, .pause].contains(keyword.meaning),
                try change(db, keyword, after: before, of: params, by: person, workspace: former.workspace) != nil
            {
                word = keyword.meaning.word
            }
            return RecordInbound.Reply(
                account: params.phoneNumberID, displayName: former.displayName, workspace: former.workspace, contact: person.name,
                names: try People.names(db, of: person, workspace: former.workspace), windowExpiresAt: nil, keyword: word)
        }
    }

    /// The person who wrote, under whatever name.
    private func person(_ db: Database, _ params: RecordInbound.Params, workspace: String) throws -> PersonID {
        let ids = (params.contact.isBSUID ? [params.contact] : []) + (params.userIDs ?? [])
        return try people.learn(
            db, phone: params.contact.isBSUID ? nil : params.contact, ids: ids, isSpeaking: true, at: params.at, source: "message",
            workspace: workspace)
    }

    /// The business has written in the app itself: to whom, and in which workspace.
    func record(_ told: RecordEcho.Params) async throws -> RecordInbound.Reply {
        let params = told.noLater(than: store.now)
        return try await store.write { [self] db in
            let account = numbers.account(params.phoneNumberID)
            let former = try account == nil ? Numbers.former(db, params.phoneNumberID) : nil
            guard let workspace = account?.workspace ?? former?.workspace, let name = account?.displayName ?? former?.displayName else {
                throw Numbers.unknown(params.phoneNumberID)
            }
            let ids = (params.to.isBSUID ? [params.to] : []) + (params.userIDs ?? [])
            let person = try people.learn(
                db, phone: params.to.isBSUID ? nil : params.to, ids: ids, at: params.at, source: "echo", workspace: workspace)
            return RecordInbound.Reply(
                account: params.phoneNumberID, displayName: name, workspace: workspace, contact: person.name,
                names: try People.names(db, of: person, workspace: workspace), windowExpiresAt: nil)
        }
    }

    /// A customer is called something else from now on, or has other keys.
    /// - Parameter key: of Meta's event, which counts once however often it comes.
    func record(_ told: RecordContactChange.Params, key: String?) async throws {
        let now = store.now
        let params = told.noLater(than: now)
        try await store.write { [self] db in
            let workspaces = try workspaces(db, of: params)
            guard !workspaces.isEmpty else {
                logger.notice(
                    "Meta tells of a customer of an account that no workspace has or had a number of",
                    metadata: ["account": "\(params.wabaID?.rawValue ?? "")"])
                return
            }
            if let key, try !IdempotencyKeys.take(db, "change:\(key)", expiresAt: now + IdempotencyKeys.lifetime) { return }
            for workspace in workspaces { try record(db, params, workspace: workspace) }
        }
    }

    /// Whose customer Meta speaks of: the number's, or all that have a number of the account where Meta names none.
    ///
    /// A number that was removed may come back, and its customers with it: those who had it are told, too.
    ///
    /// Of an account that is nobody's here Meta tells as well: it is no trouble, as with all else that it tells of one.
    private func workspaces(_ db: Database, of params: RecordContactChange.Params) throws -> Set<String> {
        guard let number = params.phoneNumberID else {
            return try params.wabaID.map { try numbers.workspaces(db, of: $0) } ?? []
        }
        guard let workspace = try numbers.account(number)?.workspace ?? Numbers.former(db, number)?.workspace else {
            throw Numbers.unknown(number)
        }
        return [workspace]
    }

    private func record(_ db: Database, _ params: RecordContactChange.Params, workspace: String) throws {
        if let hash = params.identityHash {
            // Another phone, or somebody else's: who keeps to Meta's identity check finds it here.
            var data: [String: JSONValue] = ["identityHash": .string(hash)]
            if let number = params.phoneNumberID { data["account"] = .string(number.rawValue) }
            try store.append(db, "contact.identityChanged", workspace: workspace, subject: params.contact.rawValue, data: .object(data))
        }
        if let phone = params.phone, phone != params.contact {
            try people.change(db, from: params.contact, to: phone, ids: params.userIDs ?? [], at: params.at, workspace: workspace)
        } else if params.contact.isBSUID, let id = params.userIDs?.last, id != params.contact {
            try people.rename(db, from: params.contact, to: id, at: params.at, workspace: workspace)
        } else {
            let phone = params.contact.isBSUID ? nil : params.contact
            try people.learn(
                db, phone: phone, ids: (phone == nil ? [params.contact] : []) + (params.userIDs ?? []), at: params.at, source: "system",
                workspace: workspace)
        }
    }

    /// Changes the consent and queues what the person is told, both in the caller's transaction; what was acted on.
    ///
    /// The message's own id keys both: the same message again changes nothing and says nothing twice.
    private func follow(_ db: Database, _ reading: OptReading, of params: RecordInbound.Params, by person: PersonID, on account: Account)
        throws
        -> RecordInbound.Word?
    {
        let before = try consents.state(db, person, workspace: account.workspace)
        if let keyword = try meant(db, reading, after: before, by: person, workspace: account.workspace) {
            return try follow(db, keyword, after: before, of: params, by: person, on: account)
        }
        guard case .unsure(let language) = reading, before != .stopped,
            try contactRoutes.isOpen(db, person, on: account.phoneNumberID, workspace: account.workspace)
        else { return nil }
        let key = "consent:\(params.wamid)"
        if try Outbox.isKnown(db, key, workspace: account.workspace) { return .question }
        guard try notices.take(db, .asked, person, workspace: account.workspace) else { return nil }
        try tell(db, language.question, key: key, reason: "asks whether no more messages are wanted", of: params, on: account)
        return .question
    }

    /// What a person asks for, in a word or by a yes to our question; nil where it is neither.
    private func meant(
        _ db: Database, _ reading: OptReading, after before: Consent.State?, by person: PersonID, workspace: String
    ) throws -> OptKeyword? {
        let isAsked = try notices.isAsked(db, person, workspace: workspace)
        if isAsked, !reading.isUnsure {
            // It answers our question, or passes over it: a later yes is about something else.
            try notices.answered(db, person, workspace: workspace)
        }
        switch reading {
        case .nothing, .unsure: return nil
        case .keyword(let keyword): return keyword
        case .yes(let language):
            // It answers our question, or it is a word of the conversation with the bot.
            return before != .stopped && isAsked ? OptKeyword(meaning: .stop, language: language) : nil
        }
    }

    /// Does what a word says with the consent; whether that is another now, nil where the word says nothing about it.
    private func change(
        _ db: Database, _ keyword: OptKeyword, after before: Consent.State?, of params: RecordInbound.Params, by person: PersonID,
        workspace: String
    ) throws -> Bool? {
        if try consents.isFollowed(db, person, params.wamid, workspace: workspace) { return false }
        let prior = try consents.prior(db, person, to: before, workspace: workspace)
        guard let state = keyword.state(after: before, prior: prior) else { return nil }
        let step = Consent.Step(state: state, at: params.at, source: "keyword", actor: "customer", proof: params.wamid.rawValue)
        return try consents.record(
            db, person, step, isReturn: [.start, .resume].contains(keyword.meaning), workspace: workspace)
    }

    private func follow(
        _ db: Database, _ keyword: OptKeyword, after before: Consent.State?, of params: RecordInbound.Params, by person: PersonID,
        on account: Account
    ) throws -> RecordInbound.Word? {
        let key = "consent:\(params.wamid)"
        let word = keyword.meaning.word
        if try Outbox.isKnown(db, key, workspace: account.workspace) { return word }
        guard let isChange = try change(db, keyword, after: before, of: params, by: person, workspace: account.workspace) else {
            return nil
        }
        // Said again, it is written down again and confirmed no second time.
        guard isChange, try contactRoutes.isOpen(db, person, on: account.phoneNumberID, workspace: account.workspace),
            try notices.take(db, keyword.meaning.notice, person, workspace: account.workspace)
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

/// What has happened, as Meta tells it.
private protocol Told {
    var at: Timestamp { get set }
}

extension Told {
    /// A moment of Meta's that has not come counts as now: a window that it opened would stay open, and a word hold against later ones.
    fileprivate func noLater(than now: Timestamp) -> Self {
        var told = self
        told.at = min(at, now)
        return told
    }
}

extension RecordInbound.Params: Told {}
extension RecordEcho.Params: Told {}
extension RecordContactChange.Params: Told {}

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

    /// The kind of notice that a confirmation of it is.
    fileprivate var notice: ConsentNotices.Kind {
        switch self {
        case .stop: .stopped
        case .start, .agree, .resume: .started
        case .pause: .paused
        }
    }
}
