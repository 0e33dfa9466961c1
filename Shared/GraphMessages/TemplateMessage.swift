package import RPCContract
package import Vocabulary

/// A template with its parameters, as Meta takes it.
package struct TemplateMessage: Described, Equatable {
    package struct Language: Described, Equatable {
        package var code: String

        package static let fields: Fields = [
            "code": .language("The template's language, as Meta writes it.")
        ]

        package init(code: String) { self.code = code }
    }

    package var name: String
    package var language: Language
    package var components: [TemplateComponent]?

    package static let fields: Fields = [
        "name": .text("The template's name at Meta.", 1...512),
        "language": "The language in which the template is sent.",
        "components": .list(
            "The values for the template's variables, part by part. They may be absent if the template has no variables.", 0...20),
    ]

    package init(name: String, language: String, components: [TemplateComponent]? = nil) {
        self.name = name
        self.language = Language(code: language)
        self.components = components
    }

    func check(_ path: String) throws(ContentProblem) {
        for (index, component) in (components ?? []).enumerated() { try component.check("\(path).components[\(index)]") }
    }
}

/// The parameters of one part of a template.
package enum TemplateComponent: Sendable, Equatable {
    case header(TemplateParameter)
    case body([TemplateParameter])
    case button(index: Int, TemplateButton)
    /// When the offer ends.
    case limitedTimeOffer(expiresAt: Timestamp)
    case carousel([TemplateCard])
    case tapTarget(url: String, title: String)

    /// Checks what Meta would refuse; a problem names its path below the given one.
    package func check(_ path: String) throws(ContentProblem) {
        switch self {
        case .header(let parameter): try parameter.check("\(path).parameters[0]")
        case .body(let parameters):
            for (index, parameter) in parameters.enumerated() {
                guard parameter.isText else {
                    throw ContentProblem(path: "\(path).parameters[\(index)]", problem: "is text, currency or date_time")
                }
                try parameter.check("\(path).parameters[\(index)]")
            }
        case .button(let index, let button):
            try ContentProblem.check((0...9).contains(index), "\(path).index", "is 0 to 9")
            try button.check(path)
        case .limitedTimeOffer: break
        case .carousel(let cards):
            for (index, card) in cards.enumerated() {
                for (number, component) in card.components.enumerated() {
                    try component.check("\(path).cards[\(index)].components[\(number)]")
                }
            }
        case .tapTarget(let url, _):
            try Link.check(url, "\(path).parameters[0].tap_target_configuration[0].url")
        }
    }
}

/// One card of a carousel template.
package struct TemplateCard: Described, Equatable {
    package var index: Int
    package var components: [TemplateComponent]

    package static let fields: Fields = [
        "card_index": .whole("The place of the card, counted from 0.", 0...9),
        "components": .list("The values for the variables of this card, part by part.", 0...20),
    ]

    package init(index: Int, components: [TemplateComponent]) {
        self.index = index
        self.components = components
    }

    private enum CodingKeys: String, CodingKey {
        case index = "card_index"
        case components
    }
}

extension TemplateComponent: Described {
    package static let fields: Fields = [
        "type": .text(
            "Which part of the template the values are for: header, body, button, limited_time_offer, carousel or tap_target_configuration, in capital or small letters.",
            4...32),
        "sub_type": .text(
            "The kind of the button: quick_reply, url, copy_code, flow, catalog or mpm, in capital or small letters.", 3...32),
        "index": .json("The place of the button in the template, 0 to 9, as a number or as text; only a button has it."),
        "parameters": .list(
            "The values of this part. A body takes as many as it has variables, a carousel has none, and every other part takes one.",
            0...256),
        "cards": .list("The cards of a carousel, in the order in which they are shown; only a carousel has them.", 1...10),
    ]

    private enum Key: String, CodingKey {
        case type, index, parameters, cards
        case subType = "sub_type"
    }

    private struct Offer: Described {
        struct Expiry: Described {
            var expiresAt: Timestamp

            package static let fields: Fields = [
                "expiration_time_ms": "The moment at which the offer ends."
            ]

            enum CodingKeys: String, CodingKey { case expiresAt = "expiration_time_ms" }
        }

        var type = "limited_time_offer"
        var offer: Expiry

        static let fields: Fields = [
            "type": .words("Always limited_time_offer.", ["limited_time_offer"]),
            "limited_time_offer": "When the offer ends.",
        ]

        enum CodingKeys: String, CodingKey {
            case type
            case offer = "limited_time_offer"
        }
    }

    private struct TapTarget: Described {
        struct Target: Described {
            var url: String
            var title: String

            package static let fields: Fields = [
                "url": .url("The http or https address that opens."),
                "title": .text("The title that is shown with the address.", 1...256),
            ]
        }

        var type = "tap_target_configuration"
        var targets: [Target]

        static let fields: Fields = [
            "type": .words("Always tap_target_configuration.", ["tap_target_configuration"]),
            "tap_target_configuration": .list("The one address that opens if the message is tapped.", 1...1),
        ]

        enum CodingKeys: String, CodingKey {
            case type
            case targets = "tap_target_configuration"
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func first<T: Decodable>(_ type: T.Type) throws -> T {
            let all = try container.decode([T].self, forKey: .parameters)
            guard let only = all.first, all.count == 1 else {
                throw DecodingError.dataCorruptedError(forKey: .parameters, in: container, debugDescription: "holds one parameter")
            }
            return only
        }
        // Meta's own samples write these in either case.
        switch try container.decode(String.self, forKey: .type).lowercased() {
        case "header": self = .header(try first(TemplateParameter.self))
        case "body": self = .body(try container.decode([TemplateParameter].self, forKey: .parameters))
        case "button":
            let value = try container.decode(JSONValue.self, forKey: .index)
            guard let index = value.integer.flatMap({ Int(exactly: $0) }) else {
                throw DecodingError.dataCorruptedError(forKey: .index, in: container, debugDescription: "is a number")
            }
            let kind = try container.decode(String.self, forKey: .subType)
            self = .button(index: index, try TemplateButton(kind.lowercased(), first(TemplateButton.Parameter.self), container.codingPath))
        case "limited_time_offer": self = .limitedTimeOffer(expiresAt: try first(Offer.self).offer.expiresAt)
        case "carousel": self = .carousel(try container.decode([TemplateCard].self, forKey: .cards))
        case "tap_target_configuration":
            guard let target = try first(TapTarget.self).targets.first else {
                throw DecodingError.dataCorruptedError(forKey: .parameters, in: container, debugDescription: "names no target")
            }
            self = .tapTarget(url: target.url, title: target.title)
        case let other: throw DecodingError.dataCorruptedError(forKey: .type, in: container, debugDescription: "no component \(other)")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .header(let parameter):
            try container.encode("header", forKey: .type)
            try container.encode([parameter], forKey: .parameters)
        case .body(let parameters):
            try container.encode("body", forKey: .type)
            try container.encode(parameters, forKey: .parameters)
        case .button(let index, let button):
            try container.encode("button", forKey: .type)
            try container.encode(button.subType, forKey: .subType)
            try container.encode(JSONValue.string(String(index)), forKey: .index)
            try container.encode([button.parameter], forKey: .parameters)
        case .limitedTimeOffer(let expiresAt):
            try container.encode("limited_time_offer", forKey: .type)
            try container.encode([Offer(offer: Offer.Expiry(expiresAt: expiresAt))], forKey: .parameters)
        case .carousel(let cards):
            try container.encode("carousel", forKey: .type)
            try container.encode(cards, forKey: .cards)
        case .tapTarget(let url, let title):
            try container.encode("tap_target_configuration", forKey: .type)
            try container.encode([TapTarget(targets: [TapTarget.Target(url: url, title: title)])], forKey: .parameters)
        }
    }
}
