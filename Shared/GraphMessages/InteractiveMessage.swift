package import RPCContract

/// A message with something to tap: header, body, footer and an action.
package struct InteractiveMessage: Sendable, Equatable {
    package struct Body: Described, Equatable {
        package var text: String

        package static let fields: Fields = [
            "text": .text("The text that is shown. A footer has 60 characters at most and the body of a card 160.", 1...1024)
        ]

        package init(text: String) { self.text = text }
    }

    /// What stands above the body.
    package enum Header: Sendable, Equatable {
        case text(String)
        case image(MediaMessage)
        case video(MediaMessage)
        case document(MediaMessage)
    }

    package var header: Header?
    package var body: Body?
    package var footer: Body?
    package var action: InteractiveAction

    package init(header: Header? = nil, body: String? = nil, footer: String? = nil, action: InteractiveAction) {
        self.header = header
        self.body = body.map { Body(text: $0) }
        self.footer = footer.map { Body(text: $0) }
        self.action = action
    }

    /// Source: Meta's schema and messages reference.
    func check(_ path: String) throws(ContentProblem) {
        switch header {
        case .image(let media): try media.check(.image, "\(path).header.image", isParameter: true)
        case .video(let media): try media.check(.video, "\(path).header.video", isParameter: true)
        case .document(let media): try media.check(.document, "\(path).header.document", isParameter: true)
        // A text that is left out reads as an empty one.
        case .text(let text): try ContentProblem.check(text, 1...60, "\(path).header.text")
        case nil: break
        }
        if let footer { try ContentProblem.check(footer.text, 1...60, "\(path).footer.text") }
        try ContentProblem.check(body != nil || !action.needsBody, "\(path).body", "is required")
        switch action.header {
        case .any: break
        case .none: try ContentProblem.check(header == nil, "\(path).header", "is not possible with \(action.type)")
        case .textOnly:
            if let header, case .text = header { break }
            try ContentProblem.check(header == nil, "\(path).header", "is a text with \(action.type)")
        case .textRequired:
            guard let header, case .text = header else {
                throw ContentProblem(path: "\(path).header", problem: "is a text, and required with \(action.type)")
            }
        }
        try action.check("\(path).action")
    }
}

extension InteractiveMessage: Described {
    package static let fields: Fields = [
        "type": .words("What can be tapped in the message; it decides what action holds.", InteractiveAction.Kind.allCases.map(\.rawValue)),
        "header": "What stands above the body. Some types allow none or only a text, and product_list requires a text.",
        "body": "The main text; every type but product requires it.",
        "footer": "A small text under the body.",
        "action": .object("What can be tapped, in the form that type requires.", InteractiveAction.self),
    ]

    private enum Key: String, CodingKey { case type, header, body, footer, action }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let type = try container.decode(String.self, forKey: .type)
        header = try container.decodeIfPresent(Header.self, forKey: .header)
        body = try container.decodeIfPresent(Body.self, forKey: .body)
        footer = try container.decodeIfPresent(Body.self, forKey: .footer)
        guard let kind = InteractiveAction.Kind(rawValue: type) else {
            throw DecodingError.dataCorruptedError(forKey: .type, in: container, debugDescription: "no interactive type \(type)")
        }
        action = try InteractiveAction(kind, from: container.superDecoder(forKey: .action))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(action.type, forKey: .type)
        try container.encodeIfPresent(header, forKey: .header)
        try container.encodeIfPresent(body, forKey: .body)
        try container.encodeIfPresent(footer, forKey: .footer)
        try action.encode(to: container.superEncoder(forKey: .action))
    }
}

extension InteractiveMessage.Header: Described {
    package static let fields: Fields = [
        "type": .words(
            "Which kind of header it is; the member of the same name holds its content.", ["text", "image", "video", "document"]),
        "text": .text("The text of a text header.", 1...60),
        "image": "The image of an image header.",
        "video": "The video of a video header.",
        "document": "The document of a document header.",
    ]

    private enum Key: String, CodingKey { case type, text, image, video, document }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(String.self, forKey: .type) {
        case "text": self = .text(try container.decodeIfPresent(String.self, forKey: .text) ?? "")
        case "image": self = .image(try container.decodeIfPresent(MediaMessage.self, forKey: .image) ?? MediaMessage())
        case "video": self = .video(try container.decodeIfPresent(MediaMessage.self, forKey: .video) ?? MediaMessage())
        case "document": self = .document(try container.decodeIfPresent(MediaMessage.self, forKey: .document) ?? MediaMessage())
        case let other: throw DecodingError.dataCorruptedError(forKey: .type, in: container, debugDescription: "no header type \(other)")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .text(let text):
            try container.encode("text", forKey: .type)
            try container.encode(text, forKey: .text)
        case .image(let media):
            try container.encode("image", forKey: .type)
            try container.encode(media, forKey: .image)
        case .video(let media):
            try container.encode("video", forKey: .type)
            try container.encode(media, forKey: .video)
        case .document(let media):
            try container.encode("document", forKey: .type)
            try container.encode(media, forKey: .document)
        }
    }
}
