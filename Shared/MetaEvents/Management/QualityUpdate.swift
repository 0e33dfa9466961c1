import RPCContract

/// A number's throughput was raised, or Meta has marked the number: the event's word says it.
///
/// Source: Meta, webhook phone_number_quality_update.
enum QualityUpdate: AccountEventKind {
    static let kinds: Set<AccountEvent.Kind> = [.quality]

    static func read(_ value: JSONValue, into event: inout AccountEvent) { event.details = value.told() }
}
