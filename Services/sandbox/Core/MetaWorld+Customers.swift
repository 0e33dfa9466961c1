import RPCContract
import SandboxContract
import Vocabulary

extension MetaWorld {
    func write(_ params: SandboxWrite.Params) throws(Fault) -> WAMID {
        guard numbers[params.phoneNumberID] != nil else {
            throw Fault(.numberUnknown, "The sandbox has no number \(params.phoneNumberID).", path: "phoneNumberID")
        }
        customers.countWritten()
        let (part, wamid) = inbound(params.text, from: params.from.rawValue, named: params.name, to: params.phoneNumberID)
        webhooks.deliver([part])
        return wamid
    }

    func play(_ params: SandboxPlay.Params) throws(Fault) {
        let all = numbers.keys.sorted { $0.rawValue < $1.rawValue }
        guard !all.isEmpty, let first = Int64(params.firstContact.rawValue) else {
            throw Fault(.params, "The sandbox has no number yet; number.add adds one.")
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
        faults.undeliverableShare = params.undeliverableShare ?? faults.undeliverableShare
        faults.ambiguousShare = params.ambiguousShare ?? faults.ambiguousShare
        faults.isTokenExpired = params.tokenExpired ?? faults.isTokenExpired
    }

    func inbound(_ text: String, from contact: String, named name: String, to id: PhoneNumberID) -> (WebhookPart, WAMID) {
        numbers[id]?.countInbound(at: now)
        windows[Self.pair(id, contact)] = now + 24 * 3600 * 1000
        let wamid = WAMIDs.make(contact: contact, isInbound: true, using: &generator)
        let message: JSONValue = [
            "from": .string(contact), "from_user_id": .string(Self.bsuid(contact)), "id": .string(wamid.rawValue),
            "timestamp": .string(String(clock.now.seconds)), "type": "text", "text": ["body": .string(text)],
        ]
        let profile: JSONValue = ["profile": ["name": .string(name)], "wa_id": .string(contact), "user_id": .string(Self.bsuid(contact))]
        return (part(id, "messages", message, contact: profile), wamid)
    }
}
