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
        case .text(let text, _): try ContentProblem.check(text, 1...32_768, "\(path).text")
        case .currency(let fallback, let code, _, _):
            try ContentProblem.check(fallback, 1...256, "\(path).currency.fallback_value")
            try ContentProblem.check(code.wholeMatch(of: /[A-Z]{3}/) != nil, "\(path).currency.code", "is an ISO 4217 code such as INR")
        case .dateTime(let fallback, _): try ContentProblem.check(fallback, 1...256, "\(path).date_time.fallback_value")
        case .image(let media): try media.check(.image, "\(path).image", isParameter: true)
        case .video(let media): try media.check(.video, "\(path).video", isParameter: true)
        case .gif(let media): try media.check(.gif, "\(path).gif", isParameter: true)
        case .document(let media): try media.check(.document, "\(path).document", isParameter: true)
        case .location(let location): try location.check("\(path).location")
        case .product(let catalog, let product):
            try ContentProblem.check(catalog, 1...256, "\(path).product.catalog_id")
            try ContentProblem.check(product, 1...256, "\(path).product.product_retailer_id")
        }
    }
}

extension TemplateParameter: Codable {
    private enum Key: String, CodingKey {
        case type, text, currency, image, video, gif, document, location, product
        case dateTime = "date_time"
        case name = "parameter_name"
    }

    private struct Currency: Codable {
        var fallback: String
        var code: String
        var amount1000: Int64

        enum CodingKeys: String, CodingKey {
            case fallback = "fallback_value"
            case code
            case amount1000 = "amount_1000"
        }
    }

    private struct DateTime: Codable {
        var fallback: String

        enum CodingKeys: String, CodingKey { case fallback = "fallback_value" }
    }

    private struct Product: Codable {
        var catalogID: String
        var retailerID: String

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
