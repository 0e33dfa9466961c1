import RPCContract

/// Of what Meta tells in these fields nothing is read but its word; the rest is told as it comes.
///
/// Source: Meta, webhooks account_settings_update, business_username_updates, payment_configuration_update,
/// partner_solutions and automatic_events.
enum PlainUpdate: AccountNoticeKind {
    static let kinds: Set<AccountEvent.Kind> = [.settings, .username, .payments, .partners, .automatic]

    static func read(_ value: JSONValue, into event: inout AccountEvent) {
        tell(value, in: &event)
        event.phoneNumberID = value["phone_number_settings"]?["phone_number_id"]?.id()
    }

    static func notice(_ kind: AccountEvent.Kind, _ value: JSONValue) -> AccountNotice {
        // Some of these fields have no event, and say what has happened by another name.
        let word =
            ["event", "status", "type"].lazy.compactMap { value.word($0) }.first
            ?? value["automatic_events"]?[0]?.word("event_name")
        return AccountNotice(kind, word: word, [value.told()])
    }
}
