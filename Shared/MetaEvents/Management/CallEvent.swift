import RPCContract
package import Vocabulary

/// Calls between customers and a number.
package struct CallEvent: Sendable, Equatable {
    package static let field = "calls"

    /// One call.
    package struct Call: Sendable, Equatable {
        package var id: String
        /// Meta's word, such as `connect` or `terminate`.
        package var event: String
        package var contact: ContactID?
        /// The caller's BSUID.
        package var userID: ContactID?
        /// Whether the customer called; a business can, too.
        package var isFromCustomer: Bool
        /// How long they spoke; told at the end.
        package var seconds: Int?
        package var at: Timestamp?
    }

    package var number: PhoneNumberID?
    package var calls: [Call]

    init?(_ value: JSONValue) {
        guard let calls = value["calls"]?.array else { return nil }
        number = value["metadata"]?["phone_number_id"]?.id()
        self.calls = calls.compactMap { call in
            guard let id = call["id"]?.text, !id.isEmpty else { return nil }
            return Call(
                id: id.cut(to: 256), event: (call["event"]?.string ?? "unknown").cut(to: 64), contact: call["from"]?.id(),
                userID: call["from_user_id"]?.id(),
                isFromCustomer: call["direction"]?.string != "BUSINESS_INITIATED",
                seconds: call["duration"]?.integer.flatMap { (0...Int64(Int32.max)).contains($0) ? Int($0) : nil },
                at: .meta(call["timestamp"]))
        }
    }
}
