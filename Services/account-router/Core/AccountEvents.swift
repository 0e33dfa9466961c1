import AccountContacts
import AccountContract
import AccountNumbers
import GRDB
import JobQueue
import RPCContract
import Storage
import Vocabulary

/// Takes in Meta's events about numbers, accounts and people's preferences, and does what follows from them.
struct AccountEvents: Sendable {
    let store: Store
    let numbers: Numbers
    let consents: ConsentStore

    /// - Returns: numbers that may send less than before, so that what waits on them is to be moved.
    func record(_ params: RecordAccountEvent.Params) async throws -> [PhoneNumberID] {
        let now = store.now
        try await numbers.change { [self] db in
            guard try IdempotencyKeys.take(db, params.key, expiresAt: now + IdempotencyKeys.lifetime) else { return }
            let concerned = try Numbers.read(db).filter { $0.wabaID.rawValue == params.wabaID || $0.portfolio == params.wabaID }
            try store.append(
                db, "meta.\(params.field)", workspace: concerned.first?.workspace ?? "default", subject: params.wabaID,
                data: params.value)
            switch params.field {
            case "phone_number_quality_update": try quality(db, params.value, concerned)
            case "business_capability_update": try capability(db, params.value, concerned)
            case "account_update": try account(db, params.value, concerned)
            case "user_preferences": try preferences(db, params.value, now)
            default: break
            }
        }
        return numbers.all().filter { $0.wabaID.rawValue == params.wabaID && ($0.health == .resting || $0.health == .banned) }
            .map(\.phoneNumberID)
    }

    /// Source: Meta, phone_number_quality_update: since 2026 about throughput only; older events told of the rating.
    private func quality(_ db: Database, _ value: JSONValue, _ concerned: [Account]) throws {
        guard let digits = value["display_phone_number"]?.text?.filter(\.isNumber),
            var account = concerned.first(where: { $0.displayPhoneNumber.filter(\.isNumber) == digits })
        else { return }
        switch value["event"]?.text?.uppercased() {
        case "THROUGHPUT_UPGRADE":
            guard account.messagesPerSecond < 1000 else { return }
            let from = account.messagesPerSecond
            account.messagesPerSecond = 1000
            try numbers.write(db, account)
            try numbers.step(db, account.phoneNumberID, "rate", "\(from)/s", "1000/s", "Meta has upgraded the number's throughput")
            try numbers.append(db, "account.updated", account)
        case "FLAGGED": try numbers.hear(db, .quality(.red), of: account.phoneNumberID)
        case "UNFLAGGED" where account.quality == .red:
            // Better than RED is all that it says; what it is now tells Meta when asked.
            try numbers.hear(db, .quality(.yellow), of: account.phoneNumberID)
        default: break
        }
        numbers.ask(about: account.phoneNumberID)
    }

    /// Source: Meta, business_capability_update: a number of people or a tier's name, for the whole portfolio.
    private func capability(_ db: Database, _ value: JSONValue, _ concerned: [Account]) throws {
        guard let told = value["max_daily_conversations_per_business"] else { return }
        let limit = MessagingLimit.read(told)
        for portfolio in Set(concerned.map(\.portfolio)) {
            try numbers.set(db, portfolio: portfolio, limit: limit)
        }
    }

    /// Source: Meta, account_update.
    private func account(_ db: Database, _ value: JSONValue, _ concerned: [Account]) throws {
        let word: NumberHealth.Word?
        switch value["event"]?.text?.uppercased() {
        case "DISABLED_UPDATE":
            switch value["ban_info"]?["waba_ban_state"]?.text?.uppercased() {
            case "REINSTATE": word = .reinstated
            case "DISABLE": word = .banned("disabled since \(value["ban_info"]?["waba_ban_date"]?.text ?? "now")")
            // Announced, and not yet in force.
            case "SCHEDULE_FOR_DISABLE":
                word = .restricted("it will be disabled on \(value["ban_info"]?["waba_ban_date"]?.text ?? "an unknown day")")
            default: word = nil
            }
        case "ACCOUNT_DELETED": word = .banned("the account was deleted")
        case "ACCOUNT_VIOLATION": word = .restricted("policy violation \(value["violation_info"]?["violation_type"]?.text ?? "")")
        case "ACCOUNT_RESTRICTION":
            let kinds = (value["restriction_info"]?.array ?? []).compactMap { $0["restriction_type"]?.text }
            let starts = kinds.filter { $0.contains("BIZ_INITIATED") || $0.contains("UTILITY_TEMPLATES") }
            word = starts.isEmpty ? nil : .restricted(starts.joined(separator: ", "))
        default: word = nil
        }
        guard let word else { return }
        for account in concerned { try numbers.hear(db, word, of: account.phoneNumberID) }
    }

    /// Source: Meta, user_preferences: people stop and resume marketing in the app itself.
    private func preferences(_ db: Database, _ value: JSONValue, _ now: Timestamp) throws {
        let number = value["metadata"]?["phone_number_id"]?.text
        guard let number, let account = try Numbers.read(db).first(where: { $0.phoneNumberID.rawValue == number }) else { return }
        for preference in value["user_preferences"]?.array ?? [] {
            guard let contact = preference["wa_id"]?.text ?? preference["user_id"]?.text,
                preference["category"]?.text == "marketing_messages"
            else { continue }
            let state: Consent.State
            switch preference["value"]?.text {
            case "stop": state = .stopped
            case "resume", "signup": state = .granted
            default: continue
            }
            let at = (preference["timestamp"]?.integer).map { max(.zero, min(now, Timestamp(seconds: $0))) } ?? now
            let step = Consent.Step(state: state, at: at, source: "meta", actor: nil, proof: preference["detail"]?.text)
            try consents.record(db, ContactID(contact), step, workspace: account.workspace)
        }
    }
}
