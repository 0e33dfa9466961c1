import IntelligenceContract
import MetaEvents
import Vocabulary

/// A conversation as people read it: one line for a call, and an emoji with what it was put on.
enum ConversationLines {
    static func of(_ items: [GetConversation.Item]) -> [(item: GetConversation.Item, words: String)] {
        var said: [WAMID: String] = [:]
        var lines: [(item: GetConversation.Item, words: String)] = []
        for (place, item) in items.enumerated() where !isEndedLater(item, in: items[(place + 1)...]) {
            let words = item.words(reactedTo: item.content?.reaction.flatMap { said[$0.message] })
            if let wamid = item.wamid, !words.isEmpty { said[wamid] = words }
            lines.append((item, words))
        }
        return lines
    }

    /// Whether it is the beginning of a call whose end stands further down: Meta tells of both.
    private static func isEndedLater(_ item: GetConversation.Item, in rest: ArraySlice<GetConversation.Item>) -> Bool {
        guard let call = item.content?.call, call.event != .known(.terminate) else { return false }
        if let id = call.id { return rest.contains { $0.content?.call?.id == id && $0.content?.call?.event == .known(.terminate) } }
        let next = rest.first { $0.content?.call != nil && $0.direction == item.direction }
        return next?.content?.call?.event == .known(.terminate)
    }
}

extension GetConversation.Item {
    /// What the screen shows of it: its words, or what stands for them.
    ///
    /// - Parameter reacted: the words that an emoji was put on, where they are shown as well.
    func words(reactedTo reacted: String?) -> String {
        if let text, !text.isEmpty, content?.order == nil { return text }
        guard let content else { return text ?? "" }
        if let media = content.media {
            return [media.filename, media.mimeType, media.id.map { "media \($0)" }, media.id == nil ? content.trouble : nil].compactMap {
                $0
            }
            .joined(separator: ", ")
        }
        if let place = content.location { return "\(place.name ?? "a place") (\(place.latitude), \(place.longitude))" }
        if let people = content.contacts {
            let more = content.furtherContacts.map { " and \($0) more" } ?? ""
            return people.map { "\($0.name ?? "?") \($0.phones.joined(separator: " "))" }.joined(separator: ", ") + more
        }
        if let reaction = content.reaction {
            let target = reacted.map { "“\($0.count > 40 ? "\($0.prefix(39))…" : $0)”" } ?? "an earlier message"
            return reaction.emoji.map { "\($0) on \(target)" } ?? "took the emoji back from \(target)"
        }
        if let order = content.order {
            let items = order.items.map { item in "\(item.quantity) × \(item.product)\(item.price.map { " at \($0)" } ?? "")" }
            return (items + [text].compactMap { $0.flatMap { $0.isEmpty ? nil : "“\($0)”" } }).joined(separator: ", ")
        }
        if let change = content.change { return change.isRevoked ? "took a message back" : "now: \(change.text ?? "")" }
        if let call = content.call {
            return words(of: call)
        }
        if let system = content.system { return system.text ?? system.type }
        if let reply = content.reply {
            return reply.kind == .callPermission ? "permission to call: \(reply.id)" : reply.response ?? reply.body ?? ""
        }
        return content.trouble ?? ""
    }

    private func words(of call: ReceivedCall) -> String {
        if let seconds = call.seconds { return "call of \(seconds)" }
        return switch call.event.known {
        case .terminate: direction == .inbound ? "missed call" : "call that was not taken"
        case .rejected: "call that was rejected"
        case .connect, .ringing, .accepted: "call, not ended yet"
        case nil: "call: \(call.event.text)"
        }
    }
}

extension ReceivedContent {
    /// What Meta has not handed on, and why; nil where nothing is missing.
    fileprivate var trouble: String? {
        let why = errors?.first.map { $0.details ?? $0.title ?? "Meta's error \($0.code)" }
        guard let unsupported else { return why }
        return "\(unsupported), not handed on by WhatsApp\(why.map { " (\($0))" } ?? "")"
    }
}
