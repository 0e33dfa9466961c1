package import RPCContract
package import Vocabulary

/// What can be sent to one recipient, as `POST /{phone-number-id}/messages` takes it.
///
/// Source: Meta, Cloud API messages reference.
package struct OutboundMessage: Codable, Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        case text(body: String, previewURL: Bool)
        case template(name: String, language: String, components: [JSONValue])
    }

    package var to: ContactID
    package var content: Content
    /// Comes back in every status of the message; our own id.
    package var callbackData: String
    /// The message it answers.
    package var replyTo: WAMID?

    package init(to: ContactID, content: Content, callbackData: String, replyTo: WAMID? = nil) {
        self.to = to
        self.content = content
        self.callbackData = callbackData
        self.replyTo = replyTo
    }

    /// Meta's envelope.
    package var body: JSONValue {
        var members: [String: JSONValue] = [
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "biz_opaque_callback_data": .string(callbackData),
        ]
        members[to.isBSUID ? "recipient" : "to"] = .string(to.rawValue)
        if let replyTo { members["context"] = ["message_id": .string(replyTo.rawValue)] }
        switch content {
        case .text(let text, let previewURL):
            members["type"] = "text"
            members["text"] = ["body": .string(text), "preview_url": .bool(previewURL)]
        case .template(let name, let language, let components):
            members["type"] = "template"
            var template: [String: JSONValue] = ["name": .string(name), "language": ["code": .string(language)]]
            if !components.isEmpty { template["components"] = .array(components) }
            members["template"] = .object(template)
        }
        return .object(members)
    }
}

extension OutboundMessage.Content: Codable {
    private enum Key: String, CodingKey { case type, body, previewURL, name, language, components }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(String.self, forKey: .type) {
        case "text":
            self = .text(
                body: try container.decode(String.self, forKey: .body),
                previewURL: try container.decodeIfPresent(Bool.self, forKey: .previewURL) ?? false
            )
        case "template":
            self = .template(
                name: try container.decode(String.self, forKey: .name),
                language: try container.decode(String.self, forKey: .language),
                components: try container.decodeIfPresent([JSONValue].self, forKey: .components) ?? []
            )
        case let other:
            throw DecodingError.dataCorruptedError(forKey: .type, in: container, debugDescription: "no message type \(other)")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .text(let body, let previewURL):
            try container.encode("text", forKey: .type)
            try container.encode(body, forKey: .body)
            try container.encode(previewURL, forKey: .previewURL)
        case .template(let name, let language, let components):
            try container.encode("template", forKey: .type)
            try container.encode(name, forKey: .name)
            try container.encode(language, forKey: .language)
            try container.encode(components, forKey: .components)
        }
    }
}
