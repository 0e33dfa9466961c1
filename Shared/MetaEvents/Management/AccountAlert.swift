import RPCContract

/// Meta warns of something that is to be done.
///
/// Source: Meta, webhook account_alerts.
enum AccountAlert: AccountNoticeKind {
    static let kinds: Set<AccountEvent.Kind> = [.alert]

    static func notice(_ kind: AccountEvent.Kind, _ value: JSONValue) -> AccountNotice {
        let parts = ["alert_severity", "alert_status", "alert_description"].map { value.word("alert_info", $0) }
        return AccountNotice(kind, word: value.word("alert_info", "alert_type"), parts)
    }
}
