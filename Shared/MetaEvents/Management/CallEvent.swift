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
        package var at: Timestamp?
    }

    package var number: PhoneNumberID?
    package var calls: [Call]

    init?(_ value: JSONValue) {
        guard let calls = value["calls"]?.array else { return nil }
        number = value["metadata"]?["phone_number_id"]?.id()
        self.calls = calls.compactMap { call in
            guard let id = call["id"]?.text else { return nil }
            return Call(
                id: id, event: call["event"]?.string ?? "unknown", contact: call["from"]?.id(),
                at: .meta(call["timestamp"]))
        }
    }
}
