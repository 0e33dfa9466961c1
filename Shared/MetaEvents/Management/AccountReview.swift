import RPCContract

/// Meta has reviewed the account.
///
/// Source: Meta, webhook account_review_update.
enum AccountReview: AccountNoticeKind {
    static let kinds: Set<AccountEvent.Kind> = [.review]

    static func notice(_ kind: AccountEvent.Kind, _ value: JSONValue) -> AccountNotice {
        AccountNotice(kind, word: value.word("decision"), ["Meta's review of the account"])
    }
}
