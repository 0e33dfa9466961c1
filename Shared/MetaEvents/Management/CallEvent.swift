package import RPCContract
package import Vocabulary

/// Calls between customers and a number.
package struct CallEvent: Sendable, Equatable {
    package static let field = "calls"

    /// One call.
    package struct Call: Sendable, Equatable {
        package var id: String
        package var event: MetaWord<ReceivedCall.Word>
        package var contact: ContactID?
        /// The caller's BSUID.
        package var userID: ContactID?
        /// What the customer calls themselves.
        package var name: String?
        /// Whether the customer called; a business can, too.
        package var isFromCustomer: Bool
        /// How long they spoke; told at the end.
        package var seconds: Seconds?
        /// When it was taken; told at the end, and only of a call that was.
        package var startedAt: Timestamp?
        package var at: Timestamp?
        /// Without the session, which names the customer's addresses in the network.
        package var raw: JSONValue
    }

    package var number: PhoneNumberID?
    package var calls: [Call]

    init?(field: String, value: JSONValue) {
        guard field == Self.field, let calls = value["calls"]?.array else { return nil }
        number = value["metadata"]?["phone_number_id"]?.id()
        self.calls = calls.compactMap { call in
            guard let id = call["id"]?.text, !id.isEmpty else { return nil }
            let at = Timestamp.meta(call["timestamp"])
            return Call(
                id: id.cut(to: 256), event: MetaWord((call["event"]?.string ?? "unknown").cut(to: 64)), contact: call["from"]?.id(),
                userID: call["from_user_id"]?.id(), name: Self.name(of: call, in: value),
                isFromCustomer: call["direction"]?.string != "BUSINESS_INITIATED",
                seconds: call["duration"]?.integer.flatMap { (0...Int64(Int32.max)).contains($0) ? Seconds(Int($0)) : nil },
                startedAt: Timestamp.meta(call["start_time"]).flatMap { start in Self.mayHaveBegun(start, by: at) ? start : nil },
                at: at, raw: .object((call.object ?? [:]).filter { $0.key != "session" }))
        }
    }

    /// Whether a call that something is told of at a time may have begun at another: it lasts a day at most.
    private static func mayHaveBegun(_ start: Timestamp, by time: Timestamp?) -> Bool {
        guard let time else { return false }
        return start <= time && time - start <= .days(1)
    }

    /// The profile name of who is called or calls, as the contacts beside the calls tell.
    private static func name(of call: JSONValue, in value: JSONValue) -> String? {
        let people = ["from", "to", "from_user_id", "to_user_id"].compactMap { call[$0]?.text }
        let contact = value["contacts"]?.array?.first { contact in
            [contact["wa_id"]?.text, contact["user_id"]?.text].contains { name in name.map { people.contains($0) } ?? false }
        }
        return contact?["profile"]?["name"]?.string?.cut(to: 1024)
    }
}
