/// A message with something to tap: header, body, footer and an action.
package struct InteractiveMessage: Sendable, Equatable {
    package struct Body: Codable, Sendable, Equatable {
        package var text: String

        package init(text: String) { self.text = text }
    }

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
        case .text(let text): try ContentProblem.check(text, 1...60, "\(path).header.text")
        case .image(let media): try media.check(.image, "\(path).header.image", isParameter: true)
        case .video(let media): try media.check(.video, "\(path).header.video", isParameter: true)
        case .document(let media): try media.check(.document, "\(path).header.document", isParameter: true)
        case nil: break
        }
        if let body { try ContentProblem.check(body.text, 1...1024, "\(path).body.text") }
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

extension InteractiveMessage: Codable {
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

extension InteractiveMessage.Header: Codable {
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
