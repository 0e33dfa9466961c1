import RPCContract

/// A template with its parameters, as Meta takes it.
package struct TemplateMessage: Codable, Sendable, Equatable {
    package struct Language: Codable, Sendable, Equatable {
        package var code: String

        package init(code: String) { self.code = code }
    }

    package var name: String
    package var language: Language
    package var components: [TemplateComponent]?

    package init(name: String, language: String, components: [TemplateComponent]? = nil) {
        self.name = name
        self.language = Language(code: language)
        self.components = components
    }

    func check(_ path: String) throws(ContentProblem) {
        try ContentProblem.check(name, 1...512, "\(path).name")
        try ContentProblem.check(language.code, 2...15, "\(path).language.code")
        for (index, component) in (components ?? []).enumerated() { try component.check("\(path).components[\(index)]") }
    }
}

/// The parameters of one part of a template.
package enum TemplateComponent: Sendable, Equatable {
    case header(TemplateParameter)
    case body([TemplateParameter])
    case button(index: Int, TemplateButton)
    /// Unix milliseconds at which the offer ends.
    case limitedTimeOffer(expiresAt: Int64)
    case carousel([TemplateCard])
    case tapTarget(url: String, title: String)

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
        case .limitedTimeOffer(let expiresAt):
            try ContentProblem.check(expiresAt > 0, "\(path).parameters[0].limited_time_offer.expiration_time_ms", "is a time")
        case .carousel(let cards):
            try ContentProblem.check((1...10).contains(cards.count), "\(path).cards", "holds 1 to 10 cards")
            for (index, card) in cards.enumerated() {
                for (number, component) in card.components.enumerated() {
                    try component.check("\(path).cards[\(index)].components[\(number)]")
                }
            }
        case .tapTarget(let url, let title):
            try Link.check(url, "\(path).parameters[0].tap_target_configuration[0].url")
            try ContentProblem.check(title, 1...256, "\(path).parameters[0].tap_target_configuration[0].title")
        }
    }
}

/// One card of a carousel template.
package struct TemplateCard: Codable, Sendable, Equatable {
    package var index: Int
    package var components: [TemplateComponent]

    package init(index: Int, components: [TemplateComponent]) {
        self.index = index
        self.components = components
    }

    private enum CodingKeys: String, CodingKey {
        case index = "card_index"
        case components
    }
}

extension TemplateComponent: Codable {
    private enum Key: String, CodingKey {
        case type, index, parameters, cards
        case subType = "sub_type"
    }

    private struct Offer: Codable {
        struct Expiry: Codable {
            var expiresAt: Int64

            enum CodingKeys: String, CodingKey { case expiresAt = "expiration_time_ms" }
        }

        var type = "limited_time_offer"
        var offer: Expiry

        enum CodingKeys: String, CodingKey {
            case type
            case offer = "limited_time_offer"
        }
    }

    private struct TapTarget: Codable {
        struct Target: Codable {
            var url: String
            var title: String
        }

        var type = "tap_target_configuration"
        var targets: [Target]

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
