import AccountContacts
import AccountContract
import AccountNumbers
import GRDB
import Logging
import MetaEvents
import RPCContract
import Storage
import Vocabulary

/// Takes in Meta's events about numbers, accounts and people's preferences, and does what follows from them.
struct AccountEvents: Sendable {
    let store: Store
    let numbers: Numbers
    let consents: ConsentStore
    let logger: Logger

    /// - Returns: the numbers that it is about: what waits on them may have to be moved.
    func record(_ params: RecordAccountEvent.Params) async throws -> [PhoneNumberID] {
        let now = store.now
        let event = params.event
        if let notice = event.notice {
            // Nothing changes: the numbers' state is not read anew for it.
            try await store.write { [self] db in
                guard let concerned = try take(db, params, now) else { return }
                for account in concerned { try note(db, event, of: account, word: notice.word, text: notice.text) }
            }
            return []
        }
        try await numbers.change { [self] db in
            guard let concerned = try take(db, params, now) else { return }
            switch event.kind {
            case .quality: try quality(db, event, concerned)
            case .capability: try capability(db, event, concerned)
            case .account: for account in concerned { try update(db, event, of: account, now) }
            case .preferences: try preferences(db, event, now)
            // The others are notices, or an error that is only kept.
            default: break
            }
        }
        let concerned = Self.concerned(numbers.all(), params).map(\.phoneNumberID)
        // Refusals of Meta's while it was banned hold nothing back any more.
        if event.kind == .account, let word = NumberHealth.Word(event), [.reinstated, .attached].contains(word) {
            for number in concerned { numbers.unblock(number) }
        }
        return concerned
    }

    /// Keeps an event that has not been taken before; the numbers that it is about, nil where it has.
    private func take(_ db: Database, _ params: RecordAccountEvent.Params, _ now: Timestamp) throws -> [Account]? {
        guard try IdempotencyKeys.take(db, params.key, expiresAt: now + IdempotencyKeys.lifetime) else { return nil }
        let all = try Numbers.read(db)
        let workspaces = Set(Self.told(all, params).map(\.workspace)).sorted()
        var data = params.raw
        if params.event.kind == .error, let number = params.event.phoneNumberID, let told = data.object {
            data = .object(told.merging(["phoneNumberID": .string(number.rawValue)]) { $1 })
        }
        for workspace in workspaces {
            try store.append(db, "meta.\(params.event.kind.rawValue)", workspace: workspace, subject: params.wabaID, data: data)
        }
        if workspaces.isEmpty {
            logger.notice(
                "Meta tells of an account that no workspace has a number in",
                metadata: [
                    "account": "\(params.wabaID)", "kind": "\(params.event.kind.rawValue)", "event": "\(params.event.event?.text ?? "")",
                ])
        }
        return Self.concerned(all, params)
    }

    /// What Meta says and no other step tells.
    private func note(_ db: Database, _ event: AccountEvent, of account: Account) throws {
        let limit = event.limitWord ?? event.capability?.people.map { "\($0)" }
        let restrictions = event.restrictions.map { "restrictions: \($0.map(\.text).joined(separator: ", "))" }
        try note(
            db, event, of: account, word: event.event?.text ?? limit ?? "",
            text: event.details ?? restrictions ?? "Meta says no more, and nothing follows from it here")
    }

    private func note(_ db: Database, _ event: AccountEvent, of account: Account, word: String, text: String) throws {
        let shown = String(word.unicodeScalars.prefix(64))
        try numbers.note(db, "notice", of: account.phoneNumberID, from: event.kind.rawValue, to: shown.isEmpty ? "-" : shown, text)
    }

    /// Numbers of the account (WABA) or portfolio that an event names.
    private static func ofAccount(_ accounts: [Account], _ params: RecordAccountEvent.Params) -> [Account] {
        // An error beside messages is the business of whoever has the number that they came to.
        let own = accounts.filter { params.event.kind == .error && $0.phoneNumberID == params.event.phoneNumberID }
        guard own.isEmpty else { return own }
        // News about partners comes from a portfolio, and names the account itself.
        let waba = params.event.account ?? params.wabaID
        return accounts.filter { $0.wabaID.rawValue == waba || params.event.account == nil && $0.portfolio == waba }
    }

    /// Those of them that it is about.
    private static func concerned(_ accounts: [Account], _ params: RecordAccountEvent.Params) -> [Account] {
        let all = ofAccount(accounts, params)
        // An event about one number leaves the others of its account alone.
        if params.event.kind != .preferences, let number = params.event.phoneNumberID { return all.filter { $0.phoneNumberID == number } }
        guard params.event.kind != .quality, let digits = digits(params.event.displayPhoneNumber) else { return all }
        return all.filter { Self.digits($0.displayPhoneNumber) == digits }
    }

    /// Those whose workspaces are told of it: the number that an event names alone, as what is said of it may be about its customers.
    ///
    /// Of a number that is not here, it is still told to each workspace that has one in the account, and to no other.
    private static func told(_ accounts: [Account], _ params: RecordAccountEvent.Params) -> [Account] {
        let all = ofAccount(accounts, params)
        if let number = params.event.phoneNumberID, let named = accounts.first(where: { $0.phoneNumberID == number }) { return [named] }
        guard let digits = digits(params.event.displayPhoneNumber) else { return all }
        // A number may be known under another account than the event's.
        let named = [all, accounts].map { $0.filter { Self.digits($0.displayPhoneNumber) == digits } }
        return named.first { !$0.isEmpty } ?? all
    }

    /// A phone number without what it is written with; nil where there is none.
    private static func digits(_ number: String?) -> String? {
        let digits = number?.filter(\.isNumber) ?? ""
        return digits.isEmpty ? nil : digits
    }

    /// Each bar has its own end; what bars nothing here makes no other longer.
    ///
    /// Source: Meta, account_update.
    private func update(_ db: Database, _ event: AccountEvent, of account: Account, _ now: Timestamp) throws {
        guard let word = NumberHealth.Word(event) else {
            return try note(db, event, of: account)
        }
        let number = account.phoneNumberID
        let isNews = try numbers.hear(db, word, of: number) != nil
        // Where Meta names no end, it is asked about again after a day.
        let bars = event.bars.map { NumberBar(word: $0.restriction.text, remedy: $0.remedy, until: $0.until ?? now + .days(1)) }
        switch word {
        case .restricted: try numbers.restrict(db, number, until: bars.map(\.until).max() ?? now + .days(1))
        case .barred: try numbers.bar(db, number, by: bars)
        default: break
        }
        // A reinstatement is kept where it is heard. What follows from a part of the restrictions leaves the others to be told.
        let isTold = isNews && event.bars.count == event.terms?.count ?? event.bars.count
        if !isTold, word != .reinstated { try note(db, event, of: account) }
    }

    /// Source: Meta, business_capability_update.
    private func capability(_ db: Database, _ event: AccountEvent, _ concerned: [Account]) throws {
        for portfolio in Set(concerned.map(\.portfolio)) {
            if let capability = event.capability { try numbers.set(db, portfolio: portfolio, limit: capability.people) }
            if let word = event.limitWord { try numbers.note(db, portfolio: portfolio, word: word) }
        }
        guard event.details != nil else { return }
        for account in concerned { try note(db, event, of: account) }
    }

    /// Source: Meta, phone_number_quality_update: since 2026 about throughput only; older events told of the rating.
    private func quality(_ db: Database, _ event: AccountEvent, _ concerned: [Account]) throws {
        guard let digits = Self.digits(event.displayPhoneNumber),
            let account = concerned.first(where: { Self.digits($0.displayPhoneNumber) == digits })
        else { return }
        let number = account.phoneNumberID
        let isNews =
            switch event.event?.known {
            case .throughputUpgrade: try numbers.upgrade(db, number, "Meta has upgraded the number's throughput")
            case .flagged: try numbers.hear(db, .quality(.red), of: number) != nil
            // Meta says only that the rating is better than RED; it gives the rating itself when it is asked.
            case .unflagged where account.quality == .red: try numbers.hear(db, .unflagged, of: number) != nil
            default: false
            }
        if !isNews || event.details != nil { try note(db, event, of: account) }
        numbers.ask(about: account.phoneNumberID)
    }

    /// Source: Meta, user_preferences: people stop and resume marketing in the app itself.
    private func preferences(_ db: Database, _ event: AccountEvent, _ now: Timestamp) throws {
        guard let number = event.phoneNumberID, let account = try Numbers.read(db).first(where: { $0.phoneNumberID == number }) else {
            return
        }
        for preference in event.preferences ?? [] {
            let person = try People.person(db, preference.contact, workspace: account.workspace)
            guard let state = try state(db, preference.choice, of: person, workspace: account.workspace) else { continue }
            let at = preference.at.map { min(now, $0) } ?? now
            let step = Consent.Step(state: state, at: at, source: "meta", actor: nil, proof: preference.detail)
            try consents.record(db, person, step, workspace: account.workspace)
        }
    }

    /// What a choice in WhatsApp makes of a consent; nil where it changes nothing.
    private func state(
        _ db: Database, _ choice: UserPreference.Choice, of person: PersonID, workspace: String
    ) throws -> Consent.State? {
        switch choice {
        case .stop: return .marketingStopped
        case .resume, .signup:
            let before = try consents.state(db, person, workspace: workspace)
            return .wantedAgain(after: before, prior: try consents.prior(db, person, to: before, workspace: workspace))
        }
    }
}

extension NumberHealth.Word {
    /// The health of all of the account's numbers, as an account_update tells it; nil where it says nothing of that.
    ///
    /// Source: Meta, account_update.
    init?(_ event: AccountEvent) {
        switch event.event?.known {
        case .disabledUpdate:
            switch event.ban?.state.known {
            case .reinstated: self = .reinstated
            case .disabled: self = .banned("disabled since \(event.ban?.date ?? "now")")
            // Announced, and not yet in force.
            case .scheduled: self = .restricted("it will be disabled on \(event.ban?.date ?? "an unknown day")")
            case nil: return nil
            }
        case .deleted: self = .banned("the account was deleted")
        case .violation: self = .restricted("policy violation \(event.violation ?? "")")
        case .restriction:
            // Restrictions on kinds of sending that nothing here uses (calls, direct send, further numbers) are kept in the log.
            let bars = event.bars.map { "\($0.restriction)\($0.remedy.map { " (\($0))" } ?? "")" }
            guard !bars.isEmpty else { return nil }
            self = .barred(bars.joined(separator: ", "))
        case .offboarded: self = .detached("it has left the Cloud API")
        case .partnerRemoved, .appUninstalled: self = .detached("the app may not act for it any more")
        case .reconnected, .partnerAdded, .appInstalled: self = .attached
        case .throughputUpgrade, .flagged, .unflagged, nil: return nil
        }
    }
}
