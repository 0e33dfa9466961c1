import RPCContract

/// Something about a group: made, deleted, joined, left, changed, suspended.
package struct GroupEvent: Sendable, Equatable {
    /// The webhook field that it came in.
    package enum Kind: String, Sendable, CaseIterable {
        case lifecycle = "group_lifecycle_update"
        case participants = "group_participants_update"
        case settings = "group_settings_update"
        case status = "group_status_update"
    }

    package var kind: Kind
    /// Meta's ids of the groups that it is about.
    package var groups: [String]

    init?(field: String, value: JSONValue) {
        guard let kind = Kind(rawValue: field) else { return nil }
        self.kind = kind
        groups = (value["groups"]?.array ?? []).compactMap { $0["group_id"]?.text }
    }
}
