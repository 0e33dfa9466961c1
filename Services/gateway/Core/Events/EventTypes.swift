import AccountContract
import RPCContract
import TemplateContract

/// The names of events: somebody who asks for a type that does not exist would wait for it in vain.
enum EventTypes {
    /// Every type but those that bear the name of one of Meta's fields, which Meta adds to.
    static let known: Set<String> = {
        var words: [String: [String]] = [
            "account": ["added", "updated", "deleted", "link", "health", "saturated", "relaxed", "history"],
            "clock": ["setBack"],
            "contact": ["created", "updated", "deleted", "changed", "identityChanged"],
            "contacts": ["imported"],
            "conversation": ["messageReceived", "answerFailed"],
            "experiment": ["created", "stopped"],
            "key": ["created", "rotated", "revoked"],
            "message": ["doubled"],
            "order": ["created"],
            "sla": ["atRisk", "safe", "kept", "missed"],
            "template": ["created", "deleted", "category", "categoryAnnounced", "categoryDetected", "status", "quality", "changed"],
            "user": ["created", "updated", "passwordSet", "deleted"],
            "webhook": ["created", "updated", "deleted", "paused", "resumed", "rotated", "disabled", "gap"],
        ]
        words["campaign"] = Campaign.State.allCases.map(\.rawValue)
        words["consent"] = Consent.State.allCases.map(\.rawValue)
        words["message", default: []] += Message.State.allCases.map(\.rawValue)
        words["template", default: []] += Template.Review.allCases.map(\.rawValue)
        return Set(words.flatMap { kind, words in words.map { "\(kind).\($0)" } })
    }()

    /// How types begin that go on with the name of one of Meta's fields.
    static let meta = "meta."

    /// - Throws: where one of the types is none, with the one that was probably meant.
    static func check(_ types: [String]?) throws(Fault) {
        for (index, type) in (types ?? []).enumerated() where !known.contains(type) && !type.hasPrefix(meta) {
            let kind = type.prefix { $0 != "." }
            let ofKind = known.filter { $0.hasPrefix("\(kind).") }.sorted()
            let kinds = Set(known.compactMap { $0.split(separator: ".").first }).sorted().joined(separator: ", ")
            let hint =
                NearestName.of(type, among: known).map { "did you mean \($0)?" }
                ?? (ofKind.isEmpty
                    ? "types are a kind and a word, such as message.failed; the kinds are \(kinds), meta."
                    : "there are \(ofKind.joined(separator: ", ")).")
            throw Fault(.params, "No event is called \(type.prefix(64)); \(hint)", path: "types[\(index)]")
        }
    }
}
