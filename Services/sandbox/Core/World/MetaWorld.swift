import Foundation
import RPCContract
import SandboxContract
import Vocabulary

/// Meta's side of the world: what it has accepted, what happens next, and what it counts.
actor MetaWorld {
    /// Something that happens later.
    enum Happening: Sendable {
        case status(number: PhoneNumberID, wamid: WAMID, status: String)
        case write(contact: String)
        case review(waba: WABAID, template: String)
        case upgraded(number: PhoneNumberID)
        case hangUp(PhoneCall)
    }

    struct Accepted {
        var wamid: WAMID
        var number: PhoneNumberID
        var contact: String
        var type: String
        var text: String
        var callbackData: String?
        var state = "accepted"
        var category: String
        /// Whether it is free: a service message, or a utility template within the customer's window.
        ///
        /// Source: Meta, pricing since July 2025.
        var isFree: Bool
        var failure: MetaError?

        var pricing: JSONValue {
            [
                "billable": .bool(!isFree), "pricing_model": "PMP", "type": isFree ? "free_customer_service" : "regular",
                "category": .string(category),
            ]
        }

        /// Whether it is a voice message, of which Meta tells when it was played.
        var isVoice: Bool { type == "audio" && text.contains("\"voice\":true") }
    }

    struct Faults {
        var errorShare = 0.0
        var code = 131000
        var lostAnswerShare = 0.0
        var heldShare = 0.0
        var undeliverableShare = 0.0
        /// Accepted and sent, although Meta answers with a fault of its own.
        var ambiguousShare = 0.0
        var isTokenExpired = false
    }

    /// What the HTTP side is to answer.
    enum Answer: Sendable {
        case ok(JSONValue)
        case refused(MetaError)
        /// Accepted, but the connection drops before the answer.
        case lost
        /// Accepted, but the answer is a fault.
        case ambiguous(MetaError)
    }

    let schemas: SchemaDocument
    let clock: WallClock
    let webhooks: WebhookSender
    let seed: UInt64
    var generator: SeededGenerator
    var numbers: [PhoneNumberID: SandboxNumber] = [:]
    var templates: [String: SandboxTemplate] = [:]
    var accepted: [WAMID: Accepted] = [:]
    var byContact: [String: [WAMID]] = [:]
    var sends: [String: Int] = [:]
    var answers: [String: Int] = [:]
    var refusals: [String: Int] = [:]
    var againstSchema = 0
    var windows: [String: Double] = [:]
    var customers = Customers()
    var faults = Faults()
    var queue = DueQueue<Happening>()
    var portfolios: [String: SandboxPortfolio] = [:]
    var calls: [WABAID: [CallKind: CallLedger]] = [:]
    private var lastEventTime = Timestamp.zero
    var media = MediaShelf()
    /// What customers call themselves.
    var profiles: [String: String] = [:]
    /// Links that messages carry and that are still to be tried; beyond these they are taken for good.
    let links = AsyncStream.makeStream(of: LinkedMessage.self, bufferingPolicy: .bufferingOldest(10_000))
    /// What accounts may not do, and until when.
    var restrictions: [WABAID: [String: Double]] = [:]
    /// Where the Graph API of the sandbox is.
    let address: String
    /// Accounts that Meta has disabled.
    var banned: Set<WABAID> = []
    /// People who want no marketing.
    var unwilling: Set<String> = []
    /// Accepted messages by state, those included that are not kept one by one any more.
    var states: [String: Int] = [:]
    /// Messages and answers that came a second time.
    var repeated = 0
    /// The status after which nothing more comes of a message.
    var lastStatus: [WAMID: String] = [:]
    /// Messages kept one by one; older ones are only counted once they have had their last status.
    static let kept = 100_000

    init(schemas: SchemaDocument, clock: WallClock, webhooks: WebhookSender, seed: UInt64, address: String = "") {
        self.address = address
        self.schemas = schemas
        self.clock = clock
        self.webhooks = webhooks
        self.seed = seed
        generator = SeededGenerator(seed: seed)
    }

    var now: Double { Double(clock.now.milliseconds) }

    func addNumber(_ params: SandboxAddNumber.Params) {
        numbers[params.phoneNumberID] = SandboxNumber(
            id: params.phoneNumberID,
            wabaID: params.wabaID,
            portfolio: params.portfolio ?? params.wabaID.rawValue,
            display: params.displayPhoneNumber.filter(\.isNumber),
            messagesPerSecond: params.messagesPerSecond ?? 80,
            tolerance: params.tolerance ?? 1
        )
        if params.registered == false { numbers[params.phoneNumberID]?.registration = .unlinked }
    }

    func number(_ id: PhoneNumberID) -> JSONValue? {
        numbers[id].map { number in
            [
                "id": .string(number.id.rawValue), "display_phone_number": .string("+\(number.display)"), "verified_name": "Sandbox",
                "quality_rating": .string(number.quality), "status": number.registration == .registered ? "CONNECTED" : "PENDING",
                "platform_type": number.registration == .registered ? "CLOUD_API" : "NOT_APPLICABLE",
                "code_verification_status": number.registration == .verified || number.registration == .registered
                    ? "VERIFIED" : "NOT_VERIFIED",
                "whatsapp_business_manager_messaging_limit": .string(Self.tier(portfolios[number.portfolio]?.limit ?? nil)),
                "throughput": ["level": .string(number.messagesPerSecond >= 1000 ? "HIGH" : "STANDARD")],
            ]
        }
    }

    func numbers(of waba: WABAID) -> JSONValue {
        [
            "data": .array(
                numbers.values.filter { $0.wabaID == waba }.sorted { $0.id.rawValue < $1.id.rawValue }.compactMap { number($0.id) })
        ]
    }

    /// `GET /{waba-id}`.
    func account(_ id: WABAID) -> JSONValue? {
        guard numbers.values.contains(where: { $0.wabaID == id }) else { return nil }
        return [
            "id": .string(id.rawValue), "name": "Sandbox", "currency": "INR", "timezone_id": "71",
            "message_template_namespace": "sandbox_templates",
            "account_review_status": "APPROVED", "business_verification_status": "verified", "country": "IN", "ownership_type": "SELF",
        ]
    }

    private static func tier(_ limit: Int?) -> String {
        limit.map { $0 >= 1000 ? "TIER_\($0 / 1000)K" : "TIER_\($0)" } ?? "TIER_UNLIMITED"
    }

    /// What is due now, as parts of webhooks; and when something is due next.
    func advance() -> (parts: [WebhookPart], next: Double?) {
        var parts: [WebhookPart] = []
        while parts.count < 1000, let happening = queue.take(at: now) {
            switch happening {
            case .status(let number, let wamid, let status):
                if let part = statusPart(number, wamid, status) { parts.append(part) }
                if lastStatus[wamid] == status { settle(wamid) }
            case .write(let contact):
                guard let next = customers.next(contact) else { continue }
                parts.append(inbound(next.text, from: contact, named: next.name, to: next.number).0)
            case .hangUp(let call): parts.append(ended(call))
            case .review(let waba, let key):
                templates[key]?.status = .approved
                if let template = templates[key] { parts.append(reviewPart(waba, template)) }
            case .upgraded(let id):
                guard let number = numbers[id] else { continue }
                numbers[id]?.set(messagesPerSecond: 1000)
                parts.append(
                    event(
                        number.wabaID, "phone_number_quality_update",
                        [
                            "display_phone_number": .string(number.display), "event": "THROUGHPUT_UPGRADE",
                            "current_limit": "TIER_UNLIMITED",
                            "max_daily_conversations_per_business": "TIER_UNLIMITED",
                        ]))
            }
        }
        return (parts, queue.nextDue)
    }

    /// Of a message that has had its last status only the outcome is kept, once there are many.
    private func settle(_ wamid: WAMID) {
        lastStatus[wamid] = nil
        guard accepted.count > Self.kept, let message = accepted.removeValue(forKey: wamid) else { return }
        byContact[message.contact]?.removeAll { $0 == wamid }
        if byContact[message.contact]?.isEmpty == true { byContact[message.contact] = nil }
    }

    /// Whole seconds; no two events have the same, as Meta's receivers tell them apart by it.
    func eventTime() -> Timestamp {
        lastEventTime = max(clock.now.floored(to: 1000), lastEventTime + .seconds(1))
        return lastEventTime
    }

    /// An event about a number or an account.
    func event(_ waba: WABAID, _ field: String, _ value: JSONValue) -> WebhookPart {
        WebhookPart(waba: waba.rawValue, field: field, value: value, item: nil, time: eventTime())
    }

    private func statusPart(_ number: PhoneNumberID, _ wamid: WAMID, _ status: String) -> WebhookPart? {
        guard let message = accepted[wamid] else { return nil }
        let order = ["accepted", "sent", "delivered", "read", "played", "failed"]
        if (order.firstIndex(of: status) ?? 0) > (order.firstIndex(of: message.state) ?? 0) {
            accepted[wamid]?.state = status
            states[message.state, default: 0] -= 1
            states[status, default: 0] += 1
        }
        var value: [String: JSONValue] = [
            "id": .string(wamid.rawValue), "status": .string(status), "timestamp": .string(String(clock.now.seconds)),
            "recipient_id": .string(message.contact), "recipient_user_id": .string(Self.bsuid(message.contact)),
        ]
        if let data = message.callbackData { value["biz_opaque_callback_data"] = .string(data) }
        if status == "failed", let failure = message.failure {
            value["errors"] = [failure.inStatus]
        } else if status != "read", status != "played" {
            value["pricing"] = message.pricing
        }
        // Meta's samples since 2026 name the contact beside a status, as beside a message.
        let contact: JSONValue = ["wa_id": .string(message.contact), "user_id": .string(Self.bsuid(message.contact))]
        return part(number, "statuses", .object(value), contact: contact)
    }

    func part(_ id: PhoneNumberID, _ list: String, _ item: JSONValue, contact: JSONValue?) -> WebhookPart {
        let number = numbers[id]
        return WebhookPart(
            waba: number?.wabaID.rawValue ?? "0",
            field: "messages",
            value: [
                "messaging_product": "whatsapp",
                "metadata": ["display_phone_number": .string(number?.display ?? ""), "phone_number_id": .string(id.rawValue)],
            ],
            item: WebhookPart.Item(list: list, value: item, contact: contact)
        )
    }

    static func key(_ waba: WABAID, _ name: String, _ language: String) -> String { "\(waba.rawValue)\n\(name)\n\(language)" }
    static func pair(_ number: PhoneNumberID, _ contact: String) -> String { "\(number.rawValue):\(contact)" }
    /// The phone number behind a BSUID of ours: the phone that gets the message.
    static func phone(_ recipient: String) -> String {
        let digits = recipient.dropFirst(3)
        let half = String(digits.prefix(digits.count / 2))
        return bsuid(half) == recipient ? half : recipient
    }
    static func bsuid(_ contact: String) -> String { "IN.\(contact)\(contact.reversed().map(String.init).joined())" }
}
