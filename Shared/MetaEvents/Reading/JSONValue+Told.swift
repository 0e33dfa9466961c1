import Foundation
import RPCContract
import Vocabulary

extension JSONValue {
    /// What a value says, name by name in Meta's own words, for people: `volume_tier_info.region India; volume_tier_info.tier 25000001`.
    ///
    /// Nothing depends on it: what something follows from is read as a value of its own.
    ///
    /// - Parameter names: members of the value itself that are told elsewhere, beside those that say only whose it is.
    /// - Returns: nil where nothing is left to be told.
    func told(omitting names: Set<String> = []) -> String? {
        guard let members = object else { return nil }
        let rest = members.filter { !names.contains($0.key) && !Self.frame.contains($0.key) }
        var parts: [String] = []
        JSONValue.object(rest).collect([], into: &parts)
        return parts.isEmpty ? nil : parts.joined(separator: "; ").cut(to: 2048)
    }

    /// Names of members that say only which product and number an event is of.
    private static let frame: Set<String> = ["messaging_product", "metadata", "contacts", "event", "display_phone_number", "phone_number"]

    /// - Parameter path: the names on the way to the value, the outermost first.
    private func collect(_ path: [String], into parts: inout [String]) {
        guard path.count < 8, parts.count < 64 else { return }
        let name = path.joined(separator: ".").cut(to: 128)
        switch self {
        case .null: break
        case .object(let members):
            for (name, member) in members.sorted(by: { $0.key < $1.key }) { member.collect(path + [name], into: &parts) }
        case .array(let items): for item in items.prefix(64) where item.array == nil { item.collect(path, into: &parts) }
        case .bool(let value): parts.append("\(name) \(value)")
        case .string, .integer, .number:
            guard let text = moment(of: path.last ?? "") ?? text, !text.isEmpty, text != "NONE" else { return }
            parts.append("\(name) \(text.cut(to: 512))")
        }
    }

    /// A moment that Meta gives as seconds since 1970, as people read it; nil where the name is not a moment's.
    private func moment(of name: String) -> String? {
        guard ["time", "timestamp", "date", "expiration"].contains(where: { name == $0 || name.hasSuffix("_\($0)") }) else { return nil }
        // A year or a day of a month is no moment.
        guard let seconds = integer, seconds >= 1_000_000_000 else { return nil }
        return Timestamp.meta(self).map { Date($0).ISO8601Format() }
    }
}
