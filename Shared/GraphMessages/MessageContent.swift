import RPCContract

/// What one message says, as Meta's messages endpoint takes it: a type and the object of that name.
///
/// Source: Meta, Cloud API messages reference. Every value encodes to Meta's own JSON and checks Meta's limits itself.
package enum MessageContent: Sendable, Equatable {
    case text(TextMessage)
    case image(MediaMessage)
    case video(MediaMessage)
    case audio(MediaMessage)
    case document(MediaMessage)
    case sticker(MediaMessage)
    case location(Location)
    case contacts([ContactCard])
    case reaction(Reaction)
    case interactive(InteractiveMessage)
    case template(TemplateMessage)

    /// Meta's `type`.
    package var type: String {
        switch self {
        case .text: "text"
        case .image: "image"
        case .video: "video"
        case .audio: "audio"
        case .document: "document"
        case .sticker: "sticker"
        case .location: "location"
        case .contacts: "contacts"
        case .reaction: "reaction"
        case .interactive: "interactive"
        case .template: "template"
        }
    }

    /// The object of that name, as JSON text.
    package func object() throws -> String {
        switch self {
        case .text(let value): try JSON.text(value)
        case .image(let value), .video(let value), .audio(let value), .document(let value), .sticker(let value): try JSON.text(value)
        case .location(let value): try JSON.text(value)
        case .contacts(let value): try JSON.text(value)
        case .reaction(let value): try JSON.text(value)
        case .interactive(let value): try JSON.text(value)
        case .template(let value): try JSON.text(value)
        }
    }

    /// Holds it against those of Meta's limits that no single field can say; the tables have the others.
    package func check() throws(ContentProblem) {
        switch self {
        case .image(let value): try value.check(.image, "image")
        case .video(let value): try value.check(.video, "video")
        case .audio(let value): try value.check(.audio, "audio")
        case .document(let value): try value.check(.document, "document")
        case .sticker(let value): try value.check(.sticker, "sticker")
        case .contacts(let values):
            for (index, value) in values.enumerated() { try value.check("contacts[\(index)]") }
        case .reaction(let value): try value.check("reaction")
        case .interactive(let value): try value.check("interactive")
        case .template(let value): try value.check("template")
        case .text, .location: break
        }
    }
}

/// What Meta would refuse, and where.
package struct ContentProblem: Error, Equatable {
    package var path: String
    package var problem: String

    /// Throws unless `condition` holds.
    static func check(_ condition: Bool, _ path: String, _ problem: String) throws(ContentProblem) {
        guard condition else { throw ContentProblem(path: path, problem: problem) }
    }

    /// Meta counts characters as Unicode code points.
    static func check(_ text: String, _ lengths: ClosedRange<Int>, _ path: String) throws(ContentProblem) {
        let least = lengths.lowerBound == 0 ? "at most" : "\(lengths.lowerBound) to"
        try check(lengths.contains(text.unicodeScalars.count), path, "has \(least) \(lengths.upperBound) characters")
    }
}
