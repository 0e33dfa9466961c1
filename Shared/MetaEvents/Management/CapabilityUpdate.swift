import RPCContract

/// A portfolio may write to more people, or to fewer.
///
/// Source: Meta, webhook business_capability_update.
enum CapabilityUpdate: AccountEventKind {
    static let kinds: Set<AccountEvent.Kind> = [.capability]

    static func read(_ value: JSONValue, into event: inout AccountEvent) {
        event.details = value.told()
        guard let told = value.said("max_daily_conversations_per_business") else { return }
        if let limit = MessagingLimit(told) {
            event.capability = AccountEvent.Capability(people: limit.people)
        } else {
            let word = (told.text ?? JSON.text(told)).cut(to: 64)
            event.limitWord = word.isEmpty ? nil : word
        }
    }
}
