import RPCContract

/// A Flow's state or its endpoint's health has changed.
package struct FlowEvent: Sendable, Equatable {
    package static let field = "flows"

    /// Meta's word, such as `FLOW_STATUS_CHANGE`.
    package var event: String
    package var flow: String
    package var oldStatus: String?
    package var newStatus: String?

    init?(_ value: JSONValue) {
        guard let event = value["event"]?.string, let flow = value["flow_id"]?.text else { return nil }
        self.event = event
        self.flow = flow
        oldStatus = value["old_status"]?.string
        newStatus = value["new_status"]?.string
    }
}
