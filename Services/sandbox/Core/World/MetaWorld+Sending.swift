import RPCContract
import Vocabulary

/// Messages that businesses send: refused or accepted as Meta does, and what becomes of them.
extension MetaWorld {
    /// `POST /{phone-number-id}/messages` or `…/marketing_messages`, checked in the order in which Meta does.
    func send(_ body: JSONValue, from id: PhoneNumberID, edge: String = "messages") -> Answer {
        do throws(MetaError) {
            return try accept(GraphBody.lenient(body), from: id, edge)
        } catch {
            refusals[String(error.code), default: 0] += 1
            return .refused(error)
        }
    }

    /// The recipient of a request, which must be sound and from a number that may send; nil for a read mark.
    private func recipient(of body: JSONValue, from id: PhoneNumberID, _ edge: String) throws(MetaError) -> String? {
        guard let number = numbers[id] else { throw MetaError(code: 33, details: "There is no number \(id.rawValue) here.") }
        guard number.registration == .registered else { throw MetaError(code: 133010, details: "Phone number not registered.") }
        let violations = schemas.violations("POST", "/{Version}/{Phone-Number-ID}/\(edge)", body)
        if let first = violations.first {
            againstSchema += 1
            throw MetaError(code: first.problem == "is required" ? 131008 : 131009, details: first.description)
        }
        if body["status"]?.string == "read" {
            try SendChecks.check(wamid: body["message_id"], "message_id", [.toBusiness])
            return nil
        }
        let contact = try Self.contact(of: body)
        try check(body)
        if contact == number.display { throw MetaError(code: 131021, details: "Recipient phone number cannot be the sender.") }
        if banned.contains(number.wabaID) { throw MetaError(code: 131031, details: "Business Account locked.") }
        if now < number.maintenanceUntil { throw MetaError(code: 131057, details: "Business account is in maintenance mode.") }
        if generator.share() < faults.errorShare { throw MetaError(code: faults.code, details: "A fault that was asked for.") }
        return contact
    }

    private static func contact(of body: JSONValue) throws(MetaError) -> String {
        if body["recipient_type"]?.string == "group" { throw MetaError(code: 131041, details: "There is no such group here.") }
        if let to = body["to"]?.text { return try SendChecks.digits(to) }
        guard let recipient = body["recipient"]?.text else { throw MetaError(code: 131008, details: "to is required") }
        return phone(recipient)
    }

    /// What a message points to is there: other messages, and files.
    private func check(_ body: JSONValue) throws(MetaError) {
        try SendChecks.check(wamid: body["context"]?["message_id"], "context.message_id")
        try SendChecks.check(wamid: body["reaction"]?["message_id"], "reaction.message_id")
        if let interactive = body["interactive"] { try SendChecks.check(interactive: interactive) }
        for (kind, object) in SendChecks.media(in: body) {
            guard let id = object["id"]?.text else { continue }
            guard let media = media.find(id, at: now) else {
                throw MetaError(code: 131009, details: "\(kind).id: there is no media with the id \(id)")
            }
            guard MediaShelf.types[kind]?.types.contains(media.mimeType) == true else {
                throw MetaError(code: 131009, details: "\(kind).id: \(media.mimeType) cannot be sent as \(kind)")
            }
        }
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
        try checkRestrictions(of: number.wabaID, category)
        if category != "service", (windows[Self.pair(id, contact)] ?? 0) <= now {
            try portfolios[number.portfolio]?.admit(contact, at: now)
        }
        let message = remember(body, from: number, to: contact, category)
        // Meta paces marketing of portfolios that it does not trust yet, and lets go of it within the hour.
        let isHeld = category == "marketing" && faults.heldShare > 0 && generator.share() < faults.heldShare
        let links = SendChecks.media(in: body).compactMap { kind, object in
            object["link"]?.text.map { MediaLink(kind: kind, url: $0) }
        }
        if message.failure == nil, let first = links.first {
            // Meta accepts first and fetches then: the message's fate is known once the link was tried.
            fetch(first, for: message.wamid, heldFor: isHeld ? 30 * 60_000 : 0)
        } else {
            plan(message, after: isHeld ? 30 * 60_000 : 0)
        }
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
        let isWindowOpen = (windows[Self.pair(number.id, contact)] ?? 0) > now
        let text =
            type == "text"
            ? body["text"]?["body"]?.string ?? ""
            : JSON.text(body[type] ?? .null, sorted: true)
        var message = Accepted(
            wamid: WAMIDs.make(contact: contact, .toCustomer, using: &generator),
            number: number.id,
            contact: contact,
            type: type,
            text: text,
            callbackData: body["biz_opaque_callback_data"]?.string,
            category: category,
            isFree: category == "service" || category == "utility" && isWindowOpen
        )
        // 200 first, then `failed`: Meta tells these by status.
        let hasWritten = windows[Self.pair(number.id, contact)] != nil
        if type != "template", !isWindowOpen {
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
    func plan(_ message: Accepted, after pause: Double) {
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
            let isPlayed = reads && message.isVoice
            if isPlayed { status("played", read + 500 + 4000 * generator.share()) }
            lastStatus[message.wamid] = isPlayed ? "played" : reads ? "read" : isSwapped ? "sent" : "delivered"
        }
        webhooks.wake()
    }

    /// The same person is unreachable in every run with the same seed.
    private static func share(of contact: String, _ seed: UInt64) -> Double {
        var generator = SeededGenerator(seed: FNV1a.hash(contact, seed: seed))
        return generator.share()
    }
}
