import Foundation
import RPCContract
import SandboxContract
import Vocabulary

/// What happens to numbers and accounts on Meta's side.
extension MetaWorld {
    func set(_ params: SandboxSetPortfolio.Params) {
        if portfolios[params.id] == nil { portfolios[params.id] = SandboxPortfolio(limit: params.messagingLimit) }
        portfolios[params.id]?.limit = params.messagingLimit
        guard params.event ?? true else { return }
        let limit: JSONValue = params.messagingLimit.map { .integer(Int64($0)) } ?? "TIER_UNLIMITED"
        for waba in Set(numbers.values.filter { $0.portfolio == params.id }.map(\.wabaID)) {
            webhooks.deliver([
                event(
                    waba, "business_capability_update", ["max_daily_conversations_per_business": limit, "max_phone_numbers_per_waba": 25])
            ])
        }
    }

    func set(_ params: SandboxSetQuality.Params) throws(Fault) {
        guard let number = numbers[params.phoneNumberID] else { throw unknown(params.phoneNumberID) }
        numbers[params.phoneNumberID]?.quality = params.quality
        guard params.event == true else { return }
        webhooks.deliver([
            event(
                number.wabaID, "phone_number_quality_update",
                [
                    "display_phone_number": .string(number.display), "event": params.quality == "RED" ? "FLAGGED" : "UNFLAGGED",
                    "current_limit": "TIER_10K",
                ])
        ])
    }

    /// Meta: takes up to a minute, in which calls get 131057.
    func upgrade(_ id: PhoneNumberID) throws(Fault) {
        guard numbers[id] != nil else { throw unknown(id) }
        let until = now + 5000 + 20_000 * generator.share()
        numbers[id]?.maintenanceUntil = until
        queue.insert(.upgraded(number: id), due: until)
        webhooks.wake()
    }

    func ban(_ params: SandboxBan.Params) {
        if params.banned { banned.insert(params.wabaID) } else { banned.remove(params.wabaID) }
        let state: JSONValue = params.banned ? "DISABLE" : "REINSTATE"
        // Meta writes the day out: "November 27, 2026".
        let style = Date.FormatStyle(locale: Locale(identifier: "en_US"), timeZone: .gmt)
        let date = Date(clock.now).formatted(style.month(.wide).day().year())
        webhooks.deliver([
            event(
                params.wabaID, "account_update",
                ["event": "DISABLED_UPDATE", "ban_info": ["waba_ban_state": state, "waba_ban_date": .string(date)]])
        ])
    }

    func set(_ params: SandboxSetTemplate.Params) throws(Fault) {
        let key = Self.key(params.wabaID, params.name, params.language)
        guard var template = templates[key] else {
            throw Fault(.templateNotThere, "There is no template \(params.name) in \(params.language) here.", path: "name")
        }
        var parts: [WebhookPart] = []
        if let status = params.status.flatMap({ SandboxTemplate.Status(rawValue: $0) }) {
            template.status = status
            parts.append(reviewPart(params.wabaID, template))
        }
        let names: [String: JSONValue] = [
            "message_template_id": .integer(Int64(template.id) ?? 0), "message_template_name": .string(template.name),
            "message_template_language": .string(template.language),
        ]
        if let category = params.category, category != template.category {
            let told = names.merging(["previous_category": .string(template.category), "new_category": .string(category)]) { $1 }
            parts.append(event(params.wabaID, "template_category_update", .object(told)))
            template.category = category
        }
        if let quality = params.quality {
            let told = names.merging(["previous_quality_score": .string(template.quality), "new_quality_score": .string(quality)]) { $1 }
            parts.append(event(params.wabaID, "message_template_quality_update", .object(told)))
            template.quality = quality
            template.ratedAt = clock.now
        }
        templates[key] = template
        webhooks.deliver(parts)
    }

    /// Source: Meta, webhook account_update, restriction_info.
    func restrict(_ params: SandboxRestrict.Params) {
        restrictions[params.wabaID, default: [:]][params.restriction] = Double(params.until.milliseconds)
        webhooks.deliver([
            event(
                params.wabaID, "account_update",
                [
                    "event": "ACCOUNT_RESTRICTION",
                    "restriction_info": [
                        ["restriction_type": .string(params.restriction), "expiration": .integer(params.until.seconds)]
                    ],
                ])
        ])
    }

    /// What a restricted account may not send.
    func checkRestrictions(of waba: WABAID, _ category: String) throws(MetaError) {
        func isOn(_ word: String) -> Bool { (restrictions[waba]?[word] ?? 0) > now }
        let isInitiated = category != "service"
        if isInitiated ? isOn("RESTRICTED_BIZ_INITIATED_MESSAGING") : isOn("RESTRICTED_CUSTOMER_INITIATED_MESSAGING") {
            throw MetaError(code: 368, details: "The account is restricted for violations of policy.")
        }
        if category == "utility", isOn("RESTRICTED_UTILITY_TEMPLATES") {
            throw MetaError(code: 131064, details: "The account is limited for misclassified templates.")
        }
    }

    func tell(_ params: SandboxTell.Params) { webhooks.deliver([event(params.wabaID, params.field, params.value)]) }

    func prefer(_ params: SandboxPreference.Params) throws(Fault) {
        guard let number = numbers[params.phoneNumberID] else { throw unknown(params.phoneNumberID) }
        let contact = Self.digits(params.contact)
        if params.marketing { unwilling.remove(contact) } else { unwilling.insert(contact) }
        webhooks.deliver([
            event(
                number.wabaID, "user_preferences",
                [
                    "messaging_product": "whatsapp",
                    "metadata": ["display_phone_number": .string(number.display), "phone_number_id": .string(number.id.rawValue)],
                    "contacts": [["wa_id": .string(contact), "user_id": .string(Self.bsuid(contact))]],
                    "user_preferences": [
                        [
                            "wa_id": .string(contact), "detail": "User requested to stop or resume marketing messages",
                            "category": "marketing_messages", "value": params.marketing ? "resume" : "stop",
                            "timestamp": .integer(clock.now.seconds),
                        ]
                    ],
                ])
        ])
    }

    func code(_ id: PhoneNumberID) throws(Fault) -> String? {
        guard let number = numbers[id] else { throw unknown(id) }
        guard case .codeSent(let code, _) = number.registration else { return nil }
        return code
    }

    /// The edges of registering a number.
    func link(_ step: String, _ body: JSONValue, _ id: PhoneNumberID) -> Answer {
        do throws(MetaError) {
            try advance(step, body, id)
            return .ok(["success": true])
        } catch {
            refusals[String(error.code), default: 0] += 1
            return .refused(error)
        }
    }

    private func advance(_ step: String, _ body: JSONValue, _ id: PhoneNumberID) throws(MetaError) {
        guard var number = numbers[id] else { throw MetaError(code: 33, details: "There is no number \(id.rawValue) here.") }
        if step != "deregister", let first = schemas.violations("POST", "/{Version}/{Phone-Number-ID}/\(step)", body).first {
            againstSchema += 1
            throw MetaError(code: 100, details: first.description)
        }
        switch (step, number.registration) {
        case ("request_code", .registered): throw MetaError(code: 136025, details: "The number is verified already.")
        case ("request_code", _):
            number.registration = .codeSent(code: String(100_000 + Int(generator.next() % 900_000)), until: now + 600_000)
        case ("verify_code", .codeSent(let code, let until)):
            guard body["code"]?.string == code, now < until else {
                throw MetaError(code: 136025, details: "The code is wrong or has expired.")
            }
            number.registration = .verified
        case ("register", .verified), ("register", .registered):
            try countRegistration(&number)
            guard number.pin == nil || number.pin == body["pin"]?.string else {
                throw MetaError(code: 133005, details: "The PIN is wrong.")
            }
            number.pin = body["pin"]?.string
            number.registration = .registered
        case ("register", _): throw MetaError(code: 133006, details: "The number must be verified first.")
        case ("deregister", .registered):
            try countRegistration(&number)
            number.registration = .unlinked
        default: throw MetaError(code: 136025, details: "The step makes no sense now.")
        }
        numbers[id] = number
    }

    /// Source: Meta, registration: at most ten in 72 hours.
    private func countRegistration(_ number: inout SandboxNumber) throws(MetaError) {
        number.registrations.removeAll { $0 + 72 * 3_600_000 <= now }
        guard number.registrations.count < 10 else { throw MetaError(code: 133016, details: "Too many registrations; wait 72 hours.") }
        number.registrations.append(now)
    }

    private func unknown(_ id: PhoneNumberID) -> Fault {
        Fault(.numberUnknown, "The sandbox has no number \(id).", path: "phoneNumberID")
    }
}
