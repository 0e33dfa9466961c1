package import RPCContract

/// What Meta tells of an account and changes nothing here: a name approved, an alert, a Flow blocked, a group suspended.
///
/// Source: Meta, webhooks phone_number_name_update, account_alerts, account_review_update, security, flows, group_* and
/// those of settings.
package struct AccountNotice: Described, Equatable {
    package var word: String
    package var text: String

    package static let fields: Fields = [
        "word": .text("Meta's word for what has happened, such as `APPROVED` or `PIN_CHANGED`.", 1...64),
        "text": .text("What Meta says of it.", 1...2048),
    ]

    init(_ kind: AccountEvent.Kind, _ value: JSONValue) {
        func text(_ path: String...) -> String? {
            let found = path.reduce(Optional(value)) { $0?[$1] }?.text
            return found.flatMap { $0.isEmpty || $0 == "NONE" ? nil : $0.cut(to: 512) }
        }
        let (word, parts): (String?, [String?])
        switch kind {
        case .name:
            (word, parts) = (
                text("decision"), [text("requested_verified_name").map { "the display name “\($0)”" }, text("rejection_reason")]
            )
        case .alert:
            let alert = "alert_info"
            (word, parts) = (
                text(alert, "alert_type"), [text(alert, "alert_severity"), text(alert, "alert_status"), text(alert, "alert_description")]
            )
        case .review: (word, parts) = (text("decision"), ["Meta's review of the account"])
        case .security: (word, parts) = (text("event"), [text("requester").map { "asked for by \($0)" }])
        case .flow:
            let step = [text("old_status"), text("new_status")].compactMap(\.self).joined(separator: " → ")
            (word, parts) = (text("event"), [text("flow_id").map { "the Flow \($0)" }, step.isEmpty ? nil : step, text("message")])
        case .groupLifecycle, .groupParticipants, .groupSettings, .groupStatus:
            let groups = (value["groups"]?.array ?? []).prefix(20)
            let ids = groups.compactMap { $0["group_id"]?.text?.cut(to: 64) }.joined(separator: ", ")
            (word, parts) = (groups.first?["type"]?.text, [ids.isEmpty ? nil : "the group \(ids)"])
        default: (word, parts) = (text("event"), [])
        }
        let told = parts.compactMap(\.self).joined(separator: ": ").cut(to: 2048)
        self.word = word.flatMap { $0.isEmpty ? nil : $0.cut(to: 64) } ?? "-"
        self.text = told.isEmpty ? "Meta's event \(kind.rawValue)" : told
    }

    package init(word: String, text: String) {
        self.word = word
        self.text = text
    }
}
