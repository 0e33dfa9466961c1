import Foundation
import RPCContract

/// A request's body as Meta reads it, which is more lenient than its schemas.
enum GraphBody {
    /// Without members that are null, and with the words of a template's components in small letters: clients write both.
    static func lenient(_ body: JSONValue) -> JSONValue {
        guard case .object(var members) = withoutNulls(body) else { return body }
        guard case .object(var template)? = members["template"], case .array(let components)? = template["components"] else {
            return .object(members)
        }
        template["components"] = .array(components.map(component))
        members["template"] = .object(template)
        return .object(members)
    }

    /// A body with what a query or a form says beside it; the body's own word comes first.
    static func merged(_ body: JSONValue, query: String, form: String) -> JSONValue {
        guard case .object(var members) = body else { return body }
        for pair in [query, form].joined(separator: "&").split(separator: "&") {
            let words = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                $0.replacing("+", with: " ").removingPercentEncoding ?? String($0)
            }
            guard words.count == 2, words[0] != "access_token", members[words[0]] == nil else { continue }
            // Objects and lists are written as JSON there; any other value is a text.
            let isNested = words[1].hasPrefix("{") || words[1].hasPrefix("[")
            members[words[0]] = isNested ? (try? JSON.decode(JSONValue.self, from: words[1])) ?? .string(words[1]) : .string(words[1])
        }
        return .object(members)
    }

    private static func component(_ value: JSONValue) -> JSONValue {
        guard case .object(var members) = value else { return value }
        for name in ["type", "sub_type"] { members[name] = members[name].map(lowercased) }
        if case .array(let parameters)? = members["parameters"] { members["parameters"] = .array(parameters.map(component)) }
        // The cards of a carousel have components of their own.
        if case .array(let cards)? = members["cards"] {
            members["cards"] = .array(
                cards.map { card in
                    guard case .object(var members) = card, case .array(let components)? = members["components"] else { return card }
                    members["components"] = .array(components.map(component))
                    return .object(members)
                })
        }
        return .object(members)
    }

    private static func lowercased(_ value: JSONValue) -> JSONValue { value.string.map { .string($0.lowercased()) } ?? value }

    private static func withoutNulls(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members): .object(members.filter { $0.value != .null }.mapValues(withoutNulls))
        case .array(let items): .array(items.map(withoutNulls))
        default: value
        }
    }
}
