import RPCContract

/// Of what Meta tells in these fields only its word is read.
///
/// Source: Meta, webhooks account_settings_update, business_username_updates, payment_configuration_update,
/// partner_solutions and automatic_events.
enum PlainUpdate: AccountNoticeKind {
    static let kinds: Set<AccountEvent.Kind> = [.settings, .username, .payments, .partners, .automatic]

    static func notice(_ kind: AccountEvent.Kind, _ value: JSONValue) -> AccountNotice {
        AccountNotice(kind, word: value.word("event"), [])
    }
}
