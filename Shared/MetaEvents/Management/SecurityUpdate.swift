import RPCContract

/// A number's PIN was changed, or is to be.
///
/// Source: Meta, webhook security.
enum SecurityUpdate: AccountNoticeKind {
    static let kinds: Set<AccountEvent.Kind> = [.security]

    static func notice(_ kind: AccountEvent.Kind, _ value: JSONValue) -> AccountNotice {
        AccountNotice(kind, word: value.word("event"), [value.word("requester").map { "asked for by \($0)" }])
    }
}
