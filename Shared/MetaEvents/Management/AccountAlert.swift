import RPCContract

/// Meta warns of something that is to be done.
///
/// Source: Meta, webhook account_alerts.
enum AccountAlert: AccountNoticeKind {
    static let kinds: Set<AccountEvent.Kind> = [.alert]

    static func notice(_ kind: AccountEvent.Kind, _ value: JSONValue) -> AccountNotice {
        let entity = [value.word("entity_type"), value.word("entity_id")].compactMap(\.self).joined(separator: " ")
        let parts = ["alert_severity", "alert_status", "alert_description"].map { value.word("alert_info", $0) }
        return AccountNotice(kind, word: value.word("alert_info", "alert_type"), [entity.isEmpty ? nil : entity] + parts)
    }

    static func read(_ value: JSONValue, into event: inout AccountEvent) {
        tell(value, in: &event)
        // Of a portfolio or an account it is about all of its numbers.
        if value["entity_type"]?.text == "PHONE_NUMBER" { event.phoneNumberID = value["entity_id"]?.id() }
    }
}
