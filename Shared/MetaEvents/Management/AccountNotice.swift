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

    /// - Parameters:
    ///   - word: Meta's; `-` where there is none.
    ///   - parts: what Meta says, of which some may be missing.
    init(_ kind: AccountEvent.Kind, word: String?, _ parts: [String?]) {
        let told = parts.compactMap(\.self).joined(separator: ": ").cut(to: 2048)
        self.word = word.flatMap { $0.isEmpty ? nil : $0.cut(to: 64) } ?? "-"
        text = told.isEmpty ? "Meta's event \(kind.rawValue)" : told
    }

    /// What an event of a kind tells that changes nothing here; nil where something follows from that kind.
    init?(_ kind: AccountEvent.Kind, _ value: JSONValue) {
        switch kind {
        case .name:
            let name = value.word("requested_verified_name").map { "the display name “\($0)”" }
            self.init(kind, word: value.word("decision"), [name, value.word("rejection_reason")])
        case .alert:
            let parts = ["alert_severity", "alert_status", "alert_description"].map { value.word("alert_info", $0) }
            self.init(kind, word: value.word("alert_info", "alert_type"), parts)
        case .review: self.init(kind, word: value.word("decision"), ["Meta's review of the account"])
        case .security: self.init(kind, word: value.word("event"), [value.word("requester").map { "asked for by \($0)" }])
        case .settings, .username, .payments, .partners, .automatic: self.init(kind, word: value.word("event"), [])
        case .quality, .capability, .account, .error, .preferences, .flow, .groupLifecycle, .groupParticipants, .groupSettings,
            .groupStatus:
            return nil
        }
    }

    package init(word: String, text: String) {
        self.word = word
        self.text = text
    }
}
