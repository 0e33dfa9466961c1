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
        var failure: MetaError?
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

    init(schemas: SchemaDocument, clock: WallClock, webhooks: WebhookSender, seed: UInt64) {
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

    private static func tier(_ limit: Int?) -> String {
        limit.map { $0 >= 1000 ? "TIER_\($0 / 1000)K" : "TIER_\($0)" } ?? "TIER_UNLIMITED"
    }

    /// `POST /{phone-number-id}/messages` or `…/marketing_messages`, checked in the order in which Meta does.
    func send(_ body: JSONValue, from id: PhoneNumberID, edge: String = "messages") -> Answer {
        do throws(MetaError) {
            return try accept(GraphBody.lenient(body), from: id, edge)
        } catch {
            refusals[String(error.code), default: 0] += 1
            return .refused(error)
        }
    }

    /// To whom a request is, once it is sound and the number may send at all; nil where it is a read mark.
    private func recipient(of body: JSONValue, from id: PhoneNumberID, _ edge: String) throws(MetaError) -> String? {
        guard let number = numbers[id] else { throw MetaError(code: 33, details: "There is no number \(id.rawValue) here.") }
        guard number.registration == .registered else { throw MetaError(code: 133010, details: "Phone number not registered.") }
        let violations = schemas.violations("POST", "/{Version}/{Phone-Number-ID}/\(edge)", body)
        if let first = violations.first {
            againstSchema += 1
            throw MetaError(code: first.problem == "is required" ? 131008 : 131009, details: first.description)
        }
        if body["status"]?.string == "read" { return nil }
        guard let contact = body["to"]?.text.map({ $0.filter(\.isNumber) }) ?? body["recipient"]?.text.map(Self.phone) else {
            throw MetaError(code: 131008, details: "to is required")
        }
        if contact == number.display { throw MetaError(code: 131021, details: "Recipient phone number cannot be the sender.") }
        if banned.contains(number.wabaID) { throw MetaError(code: 131031, details: "Business Account locked.") }
        if now < number.maintenanceUntil { throw MetaError(code: 131057, details: "Business account is in maintenance mode.") }
        if generator.share() < faults.errorShare { throw MetaError(code: faults.code, details: "A fault that was asked for.") }
        return contact
    }

    private func accept(_ body: JSONValue, from id: PhoneNumberID, _ edge: String) throws(MetaError) -> Answer {
        guard let contact = try recipient(of: body, from: id, edge) else { return .ok(["success": true]) }
        // In its place, and nowhere else held: a copy would copy everybody the number has written to.
        try numbers[id]?.admit(to: contact, at: now)
        guard let number = numbers[id] else { throw MetaError(code: 33, details: "There is no number \(id.rawValue) here.") }
        let category = try templateCategory(body, number)
        if edge == "marketing_messages", category != "marketing" {
            throw MetaError(code: 134100, details: "Only marketing templates are supported here.")
        }
        if category != "service", (windows[Self.pair(id, contact)] ?? 0) <= now {
            try portfolios[number.portfolio]?.admit(contact, at: now)
        }
        let message = remember(body, from: number, to: contact, category)
        // Meta paces marketing of portfolios that it does not trust yet, and lets go of it within the hour.
        let isHeld = category == "marketing" && faults.heldShare > 0 && generator.share() < faults.heldShare
        plan(message, after: isHeld ? 30 * 60_000 : 0)
        if message.type != "template", message.failure == nil, customers.gotReply(contact) {
            queue.insert(.write(contact: contact), due: now + 20 + 180 * generator.share())
            webhooks.wake()
        }
        if generator.share() < faults.lostAnswerShare { return .lost }
        if generator.share() < faults.ambiguousShare {
            return .ambiguous(MetaError(code: 131000, details: "Something went wrong, after the message was sent."))
        }
        var entry: [String: JSONValue] = ["id": .string(message.wamid.rawValue)]
        if message.type == "template" { entry["message_status"] = isHeld ? "held_for_quality_assessment" : "accepted" }
        return .ok([
            "messaging_product": "whatsapp",
            "contacts": [["input": .string(contact), "wa_id": .string(contact), "user_id": .string(Self.bsuid(contact))]],
            "messages": [.object(entry)],
        ])
    }

    private func remember(_ body: JSONValue, from number: SandboxNumber, to contact: String, _ category: String) -> Accepted {
        let type = body["type"]?.string ?? "text"
        let text =
            type == "text"
            ? body["text"]?["body"]?.string ?? ""
            : JSON.text(body[type] ?? .null, sorted: true)
        var message = Accepted(
            wamid: WAMIDs.make(contact: contact, isInbound: false, using: &generator),
            number: number.id,
            contact: contact,
            type: type,
            text: text,
            callbackData: body["biz_opaque_callback_data"]?.string,
            category: category
        )
        // 200 first, then `failed`: Meta tells these by status.
        let hasWritten = windows[Self.pair(number.id, contact)] != nil
        if type != "template", (windows[Self.pair(number.id, contact)] ?? 0) <= now {
            message.failure = MetaError(
                code: 131047, details: "More than 24 hours have passed since the recipient last replied to the sender number.")
        } else if !hasWritten, Self.share(of: contact, seed) < faults.undeliverableShare {
            // Who has written has WhatsApp.
            message.failure = MetaError(code: 131026, details: "Message undeliverable.")
        } else if category == "marketing", unwilling.contains(contact) {
            message.failure = MetaError(code: 131050, details: "The user has chosen to stop receiving marketing messages.")
        }
        accepted[message.wamid] = message
        byContact[contact, default: []].append(message.wamid)
        states[message.state, default: 0] += 1
        if let data = message.callbackData { count(data, in: &sends) }
        // A customer's message is answered once: a second answer is a second send, whatever its id.
        if let replyTo = body["context"]?["message_id"]?.string { count(replyTo, in: &answers) }
        return message
    }

    private func count(_ key: String, in counts: inout [String: Int]) {
        counts[key, default: 0] += 1
        if counts[key] == 2 { repeated += 1 }
    }

    /// Decides which statuses come, and when: some late, some skipped, some out of order.
    /// - Parameter pause: milliseconds for which Meta holds it back.
    private func plan(_ message: Accepted, after pause: Double) {
        func status(_ name: String, _ delay: Double) {
            queue.insert(.status(number: message.number, wamid: message.wamid, status: name), due: now + delay)
        }
        let sent = pause + 30 + 200 * generator.share()
        if message.failure != nil {
            status("failed", sent)
            lastStatus[message.wamid] = "failed"
        } else if message.type == "reaction" {
            // Meta: of a reaction only `sent` is told.
            status("sent", sent)
            lastStatus[message.wamid] = "sent"
        } else {
            let late = generator.share() < 0.03 ? 2000.0 : 0
            let delivered = sent + 20 + 500 * generator.share() * generator.share() + late
            let read = delivered + 50 + 1500 * generator.share()
            let reads = generator.share() < 0.7
            let isSwapped = generator.share() < 0.05
            status("sent", isSwapped ? delivered + 5 : sent)
            // Meta: if read at once, delivered may be left out.
            if !(reads && generator.share() < 0.1) { status("delivered", isSwapped ? sent : delivered) }
            if reads { status("read", read) }
            lastStatus[message.wamid] = reads ? "read" : isSwapped ? "sent" : "delivered"
        }
        webhooks.wake()
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
        let order = ["accepted", "sent", "delivered", "read", "failed"]
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
        } else if status != "read" {
            value["pricing"] = ["billable": true, "pricing_model": "PMP", "type": "regular", "category": .string(message.category)]
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

    /// The same person is unreachable in every run with the same seed.
    private static func share(of contact: String, _ seed: UInt64) -> Double {
        var generator = SeededGenerator(seed: FNV1a.hash(contact, seed: seed))
        return generator.share()
    }
}
