import RPCContract

/// A kind of event about numbers and accounts, or a few that are told alike: where it comes in, and what is read of it.
protocol AccountEventKind: Sendable {
    static var kinds: Set<AccountEvent.Kind> { get }

    /// Reads what is the kind's own; what all have in common is read already.
    static func read(_ value: JSONValue, into event: inout AccountEvent)
}
