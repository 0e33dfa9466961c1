package import RPCContract

/// A value for a variable, or the media of a header.
package enum TemplateParameter: Sendable, Equatable {
    /// - name: the variable, in templates of the NAMED format.
    case text(String, name: String? = nil)
    /// - amount1000: a thousand times the amount.
    case currency(fallback: String, code: String, amount1000: Int64, name: String? = nil)
    /// The Cloud API always shows the fallback.
    case dateTime(fallback: String, name: String? = nil)
    case image(MediaMessage)
    case video(MediaMessage)
    case gif(MediaMessage)
    case document(MediaMessage)
    case location(Location)
    case product(catalogID: String, retailerID: String)

    var isText: Bool {
        switch self {
        case .text, .currency, .dateTime: true
        case .image, .video, .gif, .document, .location, .product: false
        }
    }

    func check(_ path: String) throws(ContentProblem) {
        switch self {
        case .image(let media): try media.check(.image, "\(path).image", isParameter: true)
        case .video(let media): try media.check(.video, "\(path).video", isParameter: true)
        case .gif(let media): try media.check(.gif, "\(path).gif", isParameter: true)
        case .document(let media): try media.check(.document, "\(path).document", isParameter: true)
        case .text, .currency, .dateTime, .location, .product: break
        }
    }
}

extension TemplateParameter: Described {
    package static let fields: Fields = [
        "type": .words(
            "Which kind of value it is; the member of the same name holds it.",
            ["text", "currency", "date_time", "image", "video", "gif", "document", "location", "product"]),
        "parameter_name": .text(
            "The variable that the value is for, in a template whose variables have names. The order of the values counts if absent.",
            1...512),
        "text": .text("The text that stands for the variable.", 1...32_768),
        "currency": "An amount of money that stands for the variable.",
        "date_time": "A date or time that stands for the variable.",
        "image": "The image of a header.",
        "video": "The video of a header.",
        "gif": "The animated image of a header.",
        "document": "The document of a header.",
        "location": "The place of a header.",
        "product": "The product of a header.",
    ]

    private enum Key: String, CodingKey {
        case type, text, currency, image, video, gif, document, location, product
        case dateTime = "date_time"
        case name = "parameter_name"
    }

    private struct Currency: Described {
        var fallback: String
        var code: String
        var amount1000: Int64

        static let fields: Fields = [
            "fallback_value": .text("The amount as text, which is shown if Meta cannot write it in the recipient's language.", 1...256),
            "code": .currency("The currency of the amount."),
            "amount_1000": .whole(
                "The amount, multiplied by 1,000.", -1_000_000_000_000_000...1_000_000_000_000_000, unit: "thousandths of the currency"),
        ]

        enum CodingKeys: String, CodingKey {
            case fallback = "fallback_value"
            case code
            case amount1000 = "amount_1000"
        }
    }

    private struct DateTime: Described {
        var fallback: String

        static let fields: Fields = [
            "fallback_value": .text("The date or time as text; the Cloud API always shows this text.", 1...256)
        ]

        enum CodingKeys: String, CodingKey { case fallback = "fallback_value" }
    }

    private struct Product: Described {
        var catalogID: String
        var retailerID: String

        static let fields: Fields = [
            "catalog_id": .text("Meta's id of the catalogue.", 1...256),
            "product_retailer_id": .text("Your own id of the product in the catalogue.", 1...256),
        ]

        enum CodingKeys: String, CodingKey {
            case catalogID = "catalog_id"
            case retailerID = "product_retailer_id"
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func name() throws -> String? { try container.decodeIfPresent(String.self, forKey: .name) }
        func value<T: Decodable>(_ type: T.Type, _ key: Key) throws -> T {
            guard let value = try container.decodeIfPresent(type, forKey: key) else {
                throw DecodingError.keyNotFound(key, .init(codingPath: container.codingPath, debugDescription: "is missing"))
            }
            return value
        }
        switch try container.decode(String.self, forKey: .type) {
        case "text": self = .text(try value(String.self, .text), name: try name())
        case "currency":
            let currency = try value(Currency.self, .currency)
            self = .currency(fallback: currency.fallback, code: currency.code, amount1000: currency.amount1000, name: try name())
        case "date_time": self = .dateTime(fallback: try value(DateTime.self, .dateTime).fallback, name: try name())
        case "image": self = .image(try value(MediaMessage.self, .image))
        case "video": self = .video(try value(MediaMessage.self, .video))
        case "gif": self = .gif(try value(MediaMessage.self, .gif))
        case "document": self = .document(try value(MediaMessage.self, .document))
        case "location": self = .location(try value(Location.self, .location))
        case "product":
            let product = try value(Product.self, .product)
            self = .product(catalogID: product.catalogID, retailerID: product.retailerID)
        case let other: throw DecodingError.dataCorruptedError(forKey: .type, in: container, debugDescription: "no parameter type \(other)")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .text(let text, let name):
            try container.encode("text", forKey: .type)
            try container.encode(text, forKey: .text)
            try container.encodeIfPresent(name, forKey: .name)
        case .currency(let fallback, let code, let amount, let name):
            try container.encode("currency", forKey: .type)
            try container.encode(Currency(fallback: fallback, code: code, amount1000: amount), forKey: .currency)
            try container.encodeIfPresent(name, forKey: .name)
        case .dateTime(let fallback, let name):
            try container.encode("date_time", forKey: .type)
            try container.encode(DateTime(fallback: fallback), forKey: .dateTime)
            try container.encodeIfPresent(name, forKey: .name)
        case .image(let media):
            try container.encode("image", forKey: .type)
            try container.encode(media, forKey: .image)
        case .video(let media):
            try container.encode("video", forKey: .type)
            try container.encode(media, forKey: .video)
        case .gif(let media):
            try container.encode("gif", forKey: .type)
            try container.encode(media, forKey: .gif)
        case .document(let media):
            try container.encode("document", forKey: .type)
            try container.encode(media, forKey: .document)
        case .location(let location):
            try container.encode("location", forKey: .type)
            try container.encode(location, forKey: .location)
        case .product(let catalog, let retailer):
            try container.encode("product", forKey: .type)
            try container.encode(Product(catalogID: catalog, retailerID: retailer), forKey: .product)
        }
    }
}
