import Foundation
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
        let terms = restrictions?.compactMap { term($0) }.prefix(64)
        event.terms = terms.map { Array($0) }
        event.restrictions = terms?.map(\.restriction)
        event.restrictedUntil = terms?.compactMap(\.until).max()
        let told = (terms ?? []).map(sentence) + [value.told(omitting: ["restriction_info"])].compactMap(\.self)
        event.details = told.isEmpty ? nil : told.joined(separator: "; ").cut(to: 2048)
    }

    private static func term(_ value: JSONValue) -> AccountEvent.Term? {
        guard let word = value["restriction_type"]?.text, !word.isEmpty else { return nil }
        return AccountEvent.Term(
            restriction: MetaWord(word.cut(to: 128)), until: .meta(value["expiration"]), remedy: value.word("remediation")?.cut(to: 256))
    }

    private static func sentence(_ term: AccountEvent.Term) -> String {
        let end = term.until.map { " until \(Date($0).ISO8601Format())" } ?? ""
        return "\(term.restriction)\(end)\(term.remedy.map { " (\($0))" } ?? "")"
    }
}
