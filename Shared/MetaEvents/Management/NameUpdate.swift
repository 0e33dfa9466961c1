import RPCContract

/// Meta has decided about the name that customers see.
///
/// Source: Meta, webhook phone_number_name_update.
enum NameUpdate: AccountNoticeKind {
    static let kinds: Set<AccountEvent.Kind> = [.name]

    static func notice(_ kind: AccountEvent.Kind, _ value: JSONValue) -> AccountNotice {
        let name = value.word("requested_verified_name").map { "the display name “\($0)”" }
        return AccountNotice(kind, word: value.word("decision"), [name, value.word("rejection_reason")])
    }
}
