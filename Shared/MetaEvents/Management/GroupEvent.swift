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

        /// Meta writes the field of participants both ways.
        init?(field: String) { self.init(rawValue: field == "group_participant_update" ? "group_participants_update" : field) }
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
        /// Whether it has failed, wholly or in a part: Meta has no other sign of that than errors.
        package var hasFailed: Bool
        /// The rest of what Meta says, name by name, for people: the request, who came and went, the invite link, the errors.
        package var details: String?

        package init(id: String?, word: MetaWord<Word>?, hasFailed: Bool = false, details: String? = nil) {
            self.id = id
            self.word = word
            self.hasFailed = hasFailed
            self.details = details
        }

        init(_ value: JSONValue) {
            self.init(
                id: value["group_id"]?.text?.cut(to: 64), word: (value["type"]?.text).map { MetaWord($0.cut(to: 64)) },
                hasFailed: Self.hasErrors(value), details: value.told(omitting: ["group_id", "type", "timestamp"]))
        }

        /// Of a group, or of one of its settings or participants.
        private static func hasErrors(_ value: JSONValue, at depth: Int = 0) -> Bool {
            guard depth < 4 else { return false }
            if value["errors"]?.array?.isEmpty == false { return true }
            let parts = value.array ?? value.object.map { Array($0.values) } ?? []
            return parts.contains { hasErrors($0, at: depth + 1) }
        }

        /// - Parameter isNamed: whether the word is to be said, too.
        func sentence(isNamed: Bool) -> String? {
            let subject = id.map { "the group \($0)" }
            guard subject != nil || hasFailed || details != nil else { return nil }
            let name = isNamed ? word?.text : nil
            let head = [name, subject].compactMap(\.self).joined(separator: ", ")
            return [head.isEmpty ? nil : head, hasFailed ? "failed" : nil, details].compactMap(\.self).joined(separator: ": ")
        }
    }

    package var kind: Kind
    /// The first twenty.
    package var groups: [Group]
    package var displayPhoneNumber: String?

    package init?(field: String, value: JSONValue) {
        guard let kind = Kind(field: field) else { return nil }
        self.kind = kind
        groups = (value["groups"]?.array ?? []).prefix(20).map { Group($0) }
        displayPhoneNumber = value.displayPhoneNumber
    }

    /// What account-router keeps of it.
    package var notice: AccountEvent {
        var words: [String] = []
        for word in groups.compactMap(\.word?.text) where !words.contains(word) { words.append(word) }
        // Of several words each group's own is said with it.
        let texts = groups.compactMap { $0.sentence(isNamed: words.count > 1) }
        let kind: AccountEvent.Kind =
            switch kind {
            case .lifecycle: .groupLifecycle
            case .participants: .groupParticipants
            case .settings: .groupSettings
            case .status: .groupStatus
            }
        return AccountEvent(
            kind, displayPhoneNumber: displayPhoneNumber,
            notice: AccountNotice(kind, word: words.joined(separator: ", "), [texts.isEmpty ? nil : texts.joined(separator: "; ")]))
    }
}
