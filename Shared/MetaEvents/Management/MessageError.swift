import RPCContract

/// An error that Meta tells of beside messages; it is only kept, as it came, and told to whom the number belongs that stands beside it.
enum MessageError: AccountEventKind {
    static let kinds: Set<AccountEvent.Kind> = [.error]

    static func read(_ value: JSONValue, into event: inout AccountEvent) {}
}
