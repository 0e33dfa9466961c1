import RPCContract

/// A portfolio may write to more people, or to fewer.
///
/// Source: Meta, webhook business_capability_update.
enum CapabilityUpdate: AccountEventKind {
    static let kinds: Set<AccountEvent.Kind> = [.capability]

    static func read(_ value: JSONValue, into event: inout AccountEvent) {
        let told = value["max_daily_conversations_per_business"].flatMap { MessagingLimit($0) }
        event.capability = told.map { AccountEvent.Capability(people: $0.people) }
    }
}
