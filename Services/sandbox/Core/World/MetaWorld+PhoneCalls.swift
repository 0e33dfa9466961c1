import RPCContract
import SandboxContract
import Vocabulary

/// Customers who call: `connect` is told when it rings, `terminate` when it is over.
///
/// Source: Meta, calling, user-initiated calls: only a call that was taken has a start, an end and a duration.
extension MetaWorld {
    /// A call that rings or is spoken.
    struct PhoneCall: Sendable {
        var id: String
        var number: PhoneNumberID
        var contact: String
        var name: String
        var isAnswered: Bool
        var startedAt: Timestamp
        var seconds: Seconds
    }

    func call(_ params: SandboxCall.Params) throws(Fault) -> String {
        guard numbers[params.phoneNumberID] != nil else {
            throw Fault(.numberUnknown, "The sandbox has no number \(params.phoneNumberID).", path: "phoneNumberID")
        }
        let contact = Self.digits(params.from)
        // Meta opens the window for a call as for a message, whether anybody takes it or not.
        windows[Self.pair(params.phoneNumberID, contact)] = now + 24 * 3600 * 1000
        if profiles.count > Self.kept { profiles = [:] }
        profiles[contact] = params.name
        let id = "wacid." + WAMIDs.make(contact: contact, .toBusiness, using: &generator).rawValue.dropFirst(6)
        let call = PhoneCall(
            id: id, number: params.phoneNumberID, contact: contact, name: params.name, isAnswered: params.outcome ?? .answered == .answered,
            startedAt: clock.now, seconds: params.seconds ?? 1)
        let offer: JSONValue = ["sdp_type": "offer", "sdp": "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"]
        webhooks.deliver([part(call, at: call.startedAt, ["event": "connect", "session": offer])])
        queue.insert(.hangUp(call), due: now + Double(call.seconds.count) * 1000)
        webhooks.wake()
        return id
    }

    /// The end of a call.
    func ended(_ call: PhoneCall) -> WebhookPart {
        let end = call.startedAt + call.seconds.milliseconds
        // Meta has these two words and does not say which one a call has that nobody took: nothing may depend on it.
        var members: [String: JSONValue] = ["event": "terminate", "status": call.isAnswered ? "COMPLETED" : "FAILED"]
        if call.isAnswered {
            members["start_time"] = .string(String(call.startedAt.seconds))
            members["end_time"] = .string(String(end.seconds))
            members["duration"] = .integer(Int64(call.seconds.count))
        }
        return part(call, at: end, members)
    }

    private func part(_ call: PhoneCall, at time: Timestamp, _ members: [String: JSONValue]) -> WebhookPart {
        let number = numbers[call.number]
        let base: [String: JSONValue] = [
            "id": .string(call.id), "from": .string(call.contact), "from_user_id": .string(Self.bsuid(call.contact)),
            "to": .string(number?.display ?? ""), "timestamp": .string(String(time.seconds)), "direction": "USER_INITIATED",
        ]
        let value: JSONValue = [
            "messaging_product": "whatsapp",
            "metadata": ["display_phone_number": .string(number?.display ?? ""), "phone_number_id": .string(call.number.rawValue)],
            "contacts": [
                ["profile": ["name": .string(call.name)], "wa_id": .string(call.contact), "user_id": .string(Self.bsuid(call.contact))]
            ],
            "calls": [.object(base.merging(members) { $1 })],
        ]
        return WebhookPart(waba: number?.wabaID.rawValue ?? "0", field: "calls", value: value, item: nil, time: nil)
    }
}
