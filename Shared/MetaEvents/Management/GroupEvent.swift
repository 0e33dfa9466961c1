package import RPCContract

/// Something about groups: made, joined, set otherwise, or suspended.
///
/// Source: Meta, Groups API, webhooks group_lifecycle_update, group_participants_update, group_settings_update and
/// group_status_update.
package struct GroupEvent: Sendable, Equatable {
    /// The webhook field that it came in.
    package enum Kind: String, Sendable, CaseIterable {
        case lifecycle = "group_lifecycle_update"
        case participants = "group_participants_update"
        case settings = "group_settings_update"
        case status = "group_status_update"
    }

    /// Meta's words for what has happened to a group.
    package enum Word: String, Sendable, CaseIterable {
        case created = "group_create"
        case deleted = "group_delete"
        case participantsAdded = "group_participants_add"
        case participantsRemoved = "group_participants_remove"
        case joinRequested = "group_join_request_created"
        case joinRequestRevoked = "group_join_request_revoked"
        case settingsChanged = "group_settings_update"
        case suspended = "group_suspend"
        case suspensionCleared = "group_suspend_cleared"
    }

    /// One group.
    package struct Group: Sendable, Equatable {
        package var id: String?
        package var word: MetaWord<Word>?
    }

    package var kind: Kind
    /// The first twenty.
    package var groups: [Group]
    package var displayPhoneNumber: String?

    package init?(field: String, value: JSONValue) {
        guard let kind = Kind(rawValue: field) else { return nil }
        self.kind = kind
        groups = (value["groups"]?.array ?? []).prefix(20).map { group in
            Group(id: group["group_id"]?.text?.cut(to: 64), word: (group["type"]?.text).map { MetaWord($0.cut(to: 64)) })
        }
        displayPhoneNumber = value.displayPhoneNumber
    }

    /// What account-router keeps of it.
    package var notice: AccountEvent {
        let ids = groups.compactMap(\.id).joined(separator: ", ")
        let kind: AccountEvent.Kind =
            switch kind {
            case .lifecycle: .groupLifecycle
            case .participants: .groupParticipants
            case .settings: .groupSettings
            case .status: .groupStatus
            }
        return AccountEvent(
            kind, displayPhoneNumber: displayPhoneNumber,
            notice: AccountNotice(kind, word: groups.first?.word?.text, [ids.isEmpty ? nil : "the group \(ids)"]))
    }
}
