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

    package init(word: String, text: String) {
        self.word = word
        self.text = text
    }
}
