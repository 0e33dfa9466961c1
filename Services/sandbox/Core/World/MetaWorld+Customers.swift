import RPCContract
import SandboxContract
import Vocabulary

extension MetaWorld {
    func write(_ params: SandboxWrite.Params) throws(Fault) -> WAMID {
        guard numbers[params.phoneNumberID] != nil else {
            throw Fault(.numberUnknown, "The sandbox has no number \(params.phoneNumberID).", path: "phoneNumberID")
        }
        customers.countWritten()
        let (part, wamid) = inbound(
            params.text, from: Self.digits(params.from), named: params.name, to: params.phoneNumberID,
            hidesNumber: params.hidesNumber ?? false)
        webhooks.deliver([part])
        return wamid
    }

    /// A phone number however it was written: one person has one phone.
    static func digits(_ contact: ContactID) -> String { contact.isBSUID ? contact.rawValue : contact.rawValue.filter(\.isNumber) }

    func play(_ params: SandboxPlay.Params) throws(Fault) {
        let all = numbers.keys.sorted { $0.rawValue < $1.rawValue }
        guard !all.isEmpty, let first = Int64(params.firstContact.rawValue) else {
            throw Fault(
                .params, "customers is \(params.customers), and the sandbox has no number yet for them to write to; number.add adds one.",
                path: "customers")
        }
        for index in 0..<params.customers {
            let contact = String(first + Int64(index))
            customers.begin(contact, with: all[index % all.count], messages: params.messages, index: index)
            let delay = params.perSecond.map { Double(index) * 1000 / Double($0) } ?? 0
            queue.insert(.write(contact: contact), due: now + delay)
        }
        webhooks.wake()
    }

    func set(_ params: SandboxFault.Params) {
        faults.errorShare = params.errorShare ?? faults.errorShare
        faults.code = params.code ?? faults.code
        faults.lostAnswerShare = params.lostAnswerShare ?? faults.lostAnswerShare
        faults.heldShare = params.heldShare ?? faults.heldShare
        if let share = params.webhookFailureShare { webhooks.fail(share) }
        faults.undeliverableShare = params.undeliverableShare ?? faults.undeliverableShare
        faults.ambiguousShare = params.ambiguousShare ?? faults.ambiguousShare
        faults.isTokenExpired = params.tokenExpired ?? faults.isTokenExpired
    }

    /// Source: Meta, system messages: a change of number comes from the old number and has no contacts.
    func changeNumber(_ params: SandboxChangeNumber.Params) throws(Fault) {
        guard numbers[params.phoneNumberID] != nil else {
            throw Fault(.numberUnknown, "The sandbox has no number \(params.phoneNumberID).", path: "phoneNumberID")
        }
        let (old, new) = (Self.digits(params.from), Self.digits(params.to))
        let wamid = WAMIDs.make(contact: old, .toBusiness, using: &generator)
        let message: JSONValue = [
            "from": .string(old), "id": .string(wamid.rawValue), "timestamp": .string(String(clock.now.seconds)), "type": "system",
            "system": [
                "type": "user_changed_number", "body": "The user changed their number.", "wa_id": .string(new),
                "user_id": .string(Self.bsuid(new)),
            ],
        ]
        webhooks.deliver([part(params.phoneNumberID, "messages", message, contact: nil)])
    }

    /// - Parameter hidesNumber: a customer with a username is named by the BSUID alone.
    func inbound(
        _ text: String, from contact: String, named name: String, to id: PhoneNumberID, hidesNumber: Bool = false
    ) -> (WebhookPart, WAMID) {
        inbound(["type": "text", "text": ["body": .string(text)]], from: contact, named: name, to: id, hidesNumber: hidesNumber)
    }

    /// A message of a customer: `members` are those that its type has, the rest is the same for all.
    func inbound(
        _ members: [String: JSONValue], from contact: String, named name: String, to id: PhoneNumberID, hidesNumber: Bool = false
    ) -> (WebhookPart, WAMID) {
        numbers[id]?.countInbound(at: now)
        if profiles.count > Self.kept { profiles = [:] }
        profiles[contact] = name
        windows[Self.pair(id, contact)] = now + 24 * 3600 * 1000
        let wamid = WAMIDs.make(contact: contact, .toBusiness, using: &generator)
        var message: [String: JSONValue] = [
            "from_user_id": .string(Self.bsuid(contact)), "id": .string(wamid.rawValue),
            "timestamp": .string(String(clock.now.seconds)),
        ]
        var profile: [String: JSONValue] = ["profile": ["name": .string(name)], "user_id": .string(Self.bsuid(contact))]
        if !hidesNumber {
            message["from"] = .string(contact)
            profile["wa_id"] = .string(contact)
        }
        return (part(id, "messages", .object(message.merging(members) { $1 }), contact: .object(profile)), wamid)
    }
}
