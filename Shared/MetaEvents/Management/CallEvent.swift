package import RPCContract
package import Vocabulary

/// Calls between customers and a number.
package struct CallEvent: Sendable, Equatable {
    package static let field = "calls"

    /// One call, or where one that the business makes stands.
    package struct Call: Sendable, Equatable {
        package var id: String
        package var event: MetaWord<ReceivedCall.Word>
        /// The customer, whoever called.
        package var contact: ContactID?
        /// Their BSUID.
        package var userID: ContactID?
        /// What the customer calls themselves.
        package var name: String?
        package var username: String?
        /// Whether the customer called; a business can, too.
        package var isFromCustomer: Bool
        package var content: ReceivedCall
        package var errors: [ReceivedError]
        package var at: Timestamp?
        /// Without the session, which names the customer's addresses in the network.
        package var raw: JSONValue

        /// How long they spoke; told at the end.
        package var seconds: Seconds? { content.seconds }
        /// When it was taken; told at the end, and only of a call that was.
        package var startedAt: Timestamp? { content.startedAt }
    }

    package var number: PhoneNumberID?
    package var calls: [Call]
    /// How many have no id.
    package var unread: Int

    init?(field: String, value: JSONValue) {
        guard field == Self.field else { return nil }
        let (calls, statuses) = (value["calls"]?.array, value["statuses"]?.array)
        guard calls != nil || statuses != nil else { return nil }
        number = value["metadata"]?["phone_number_id"]?.id()
        self.calls = (calls ?? []).compactMap { Self.call($0, in: value) } + (statuses ?? []).compactMap { Self.status($0, in: value) }
        unread = (calls?.count ?? 0) + (statuses?.count ?? 0) - self.calls.count
    }

    private static func call(_ call: JSONValue, in value: JSONValue) -> Call? {
        guard let id = call["id"]?.text, !id.isEmpty else { return nil }
        let direction = call["direction"]?.string?.cut(to: 64)
        let isFromCustomer = direction != "BUSINESS_INITIATED"
        let at = Timestamp.meta(call["timestamp"])
        let person = Self.person(of: call, in: value)
        let content = ReceivedCall(
            event: MetaWord((call["event"]?.string ?? "unknown").cut(to: 64)),
            seconds: call["duration"]?.integer.flatMap { (0...Int64(Int32.max)).contains($0) ? Seconds(Int($0)) : nil },
            id: id.cut(to: 256), direction: direction, status: call["status"]?.string?.cut(to: 64),
            startedAt: Timestamp.meta(call["start_time"]).flatMap { start in Self.mayHaveBegun(start, by: at) ? start : nil },
            endedAt: .meta(call["end_time"]), callbackData: call["biz_opaque_callback_data"]?.text?.cut(to: 512))
        return Call(
            id: id.cut(to: 256), event: content.event, contact: call[isFromCustomer ? "from" : "to"]?.id(),
            userID: ((isFromCustomer ? nil : call["to_user_id"]) ?? call["from_user_id"])?.id(),
            name: person?["profile"]?["name"]?.string?.cut(to: 1024),
            username: person?["profile"]?["username"]?.string?.cut(to: 256), isFromCustomer: isFromCustomer, content: content,
            errors: ReceivedError.all(call.said("errors") ?? value["errors"]), at: at,
            raw: .object((call.object ?? [:]).filter { $0.key != "session" }))
    }

    /// Where a call that the business makes stands: its word is the event.
    private static func status(_ status: JSONValue, in value: JSONValue) -> Call? {
        guard let id = status["id"]?.text, !id.isEmpty else { return nil }
        let word = MetaWord<ReceivedCall.Word>((status["status"]?.string ?? "unknown").cut(to: 64))
        let person = Self.person(of: status, in: value)
        return Call(
            id: id.cut(to: 256), event: word, contact: status["recipient_id"]?.id(), userID: status["recipient_user_id"]?.id(),
            name: person?["profile"]?["name"]?.string?.cut(to: 1024), username: person?["profile"]?["username"]?.string?.cut(to: 256),
            isFromCustomer: false,
            content: ReceivedCall(
                event: word, seconds: nil, id: id.cut(to: 256), callbackData: status["biz_opaque_callback_data"]?.text?.cut(to: 512)),
            errors: ReceivedError.all(status.said("errors") ?? value["errors"]), at: .meta(status["timestamp"]), raw: status)
    }

    /// Whether a call that something is told of at a time may have begun at another: it lasts a day at most.
    private static func mayHaveBegun(_ start: Timestamp, by time: Timestamp?) -> Bool {
        guard let time else { return false }
        return start <= time && time - start <= .days(1)
    }

    /// Who is called or calls, as the contacts beside the calls tell.
    private static func person(of call: JSONValue, in value: JSONValue) -> JSONValue? {
        let people = ["from", "to", "from_user_id", "to_user_id", "recipient_id", "recipient_user_id"].compactMap { call[$0]?.text }
        return value["contacts"]?.array?.first { contact in
            [contact["wa_id"]?.text, contact["user_id"]?.text].contains { name in name.map { people.contains($0) } ?? false }
        }
    }
}
