import RPCContract
import Vocabulary

/// An account was banned, restricted, deleted, or given to a partner.
///
/// Source: Meta, webhook account_update.
enum AccountUpdate: AccountEventKind {
    static let kinds: Set<AccountEvent.Kind> = [.account]

    static func read(_ value: JSONValue, into event: inout AccountEvent) {
        event.account = value["waba_info"]?["waba_id"]?.text?.cut(to: 64)
        if let state = value["ban_info"]?["waba_ban_state"]?.text, !state.isEmpty {
            event.ban = AccountEvent.Ban(
                state: MetaWord(anyCase: state.cut(to: 64)), date: value["ban_info"]?["waba_ban_date"]?.text?.cut(to: 128))
        }
        event.violation = value["violation_info"]?["violation_type"]?.text?.cut(to: 128)
        let restrictions = value["restriction_info"]?.array
        let told = restrictions?.compactMap { $0["restriction_type"]?.text?.cut(to: 128) }
        event.restrictions = told.map { $0.filter { !$0.isEmpty }.prefix(64).map { MetaWord($0) } }
        event.restrictedUntil = restrictions?.compactMap { .meta($0["expiration"]) }.max()
    }
}
