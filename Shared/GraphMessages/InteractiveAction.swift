package import RPCContract

/// What can be tapped in an interactive message.
package enum InteractiveAction: HasFields, Equatable {
    package static let fields: Fields = [
        "name": .words(
            "Meta's name of the action; button, list, product, product_list and carousel have none.",
            Kind.allCases.compactMap { name(of: $0) }),
        "buttons": .list("The reply buttons of a button message; each title and each id occurs once.", 1...3),
        "button": .text("The label of the button that opens a list.", 1...20),
        "sections": .list(
            "The sections of a list or of a product_list. All sections of a list have 10 rows together at most, and those of a product_list 30 products.",
            1...10),
        "catalog_id": .text("Meta's id of the catalogue, for product and product_list.", 1...256),
        "product_retailer_id": .text("Your own id of the product in the catalogue, for product.", 1...256),
        "parameters": .json(
            "What the action needs, in the form that type requires. cta_url, flow, address_message, order_details and order_status require it, and catalog_message and voice_call may have it."
        ),
        "cards": .list("The cards of a carousel, in the order in which they are shown.", 2...10),
    ]

    /// Meta's `interactive.type`.
    package enum Kind: String, Sendable, CaseIterable {
        case button, list, flow, product, carousel
        case ctaURL = "cta_url"
        case productList = "product_list"
        case catalogMessage = "catalog_message"
        case locationRequest = "location_request_message"
        case addressMessage = "address_message"
        case voiceCall = "voice_call"
        case callPermissionRequest = "call_permission_request"
        case requestContactInfo = "request_contact_info"
        case orderDetails = "order_details"
        case orderStatus = "order_status"
    }

    case buttons([ReplyButton])
    case list(button: String, sections: [ListSection])
    case ctaURL(LinkButton)
    case flow(FlowButton)
    case product(catalogID: String, retailerID: String)
    case productList(catalogID: String, sections: [ProductSection])
    case catalogMessage(thumbnailRetailerID: String?)
    case locationRequest
    case address(AddressRequest)
    case voiceCall(VoiceCallButton)
    case callPermissionRequest
    case requestContactInfo
    case carousel([CarouselCard])
    /// Payments in India and Brazil; the parameters are Meta's own.
    case orderDetails(JSONValue)
    case orderStatus(JSONValue)

    enum HeaderRule { case any, none, textOnly, textRequired }

    var kind: Kind {
        switch self {
        case .buttons: .button
        case .list: .list
        case .ctaURL: .ctaURL
        case .flow: .flow
        case .product: .product
        case .productList: .productList
        case .catalogMessage: .catalogMessage
        case .locationRequest: .locationRequest
        case .address: .addressMessage
        case .voiceCall: .voiceCall
        case .callPermissionRequest: .callPermissionRequest
        case .requestContactInfo: .requestContactInfo
        case .carousel: .carousel
        case .orderDetails: .orderDetails
        case .orderStatus: .orderStatus
        }
    }

    package var type: String { kind.rawValue }

    var needsBody: Bool {
        if case .product = self { return false }
        return true
    }

    var header: HeaderRule {
        switch self {
        case .product, .catalogMessage, .locationRequest, .callPermissionRequest, .requestContactInfo, .voiceCall, .carousel: .none
        case .productList: .textRequired
        case .list: .textOnly
        case .buttons, .ctaURL, .flow, .address, .orderDetails, .orderStatus: .any
        }
    }

    func check(_ path: String) throws(ContentProblem) {
        switch self {
        case .buttons(let buttons): try ReplyButton.check(buttons, path)
        case .list(_, let sections):
            try ListSection.check(sections, "\(path).sections")
        case .ctaURL(let button): try button.check("\(path).parameters")
        case .flow(let flow): try flow.check("\(path).parameters")
        case .productList(_, let sections):
            try ProductSection.check(sections, "\(path).sections")
        case .address(let request): try request.check("\(path).parameters")
        case .voiceCall(let button): try button.check("\(path).parameters")
        case .carousel(let cards): try CarouselCard.check(cards, "\(path).cards")
        case .orderDetails(let parameters), .orderStatus(let parameters):
            let reference = parameters["reference_id"]?.string
            try ContentProblem.check(reference?.isEmpty == false, "\(path).parameters.reference_id", "is required")
        case .product, .catalogMessage, .locationRequest, .callPermissionRequest, .requestContactInfo: break
        }
    }
}

extension InteractiveAction {
    private enum Key: String, CodingKey {
        case buttons, button, sections, name, parameters, cards
        case catalogID = "catalog_id"
        case retailerID = "product_retailer_id"
    }

    private struct Thumbnail: Described {
        var retailerID: String?

        static let fields: Fields = [
            "thumbnail_product_retailer_id": .text(
                "Your own id of the product whose picture is shown; Meta takes the first product of the catalogue if absent.", 1...256)
        ]

        enum CodingKeys: String, CodingKey { case retailerID = "thumbnail_product_retailer_id" }
    }

    init(_ kind: Kind, from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func parameters<T: Decodable>(_ type: T.Type) throws -> T { try container.decode(type, forKey: .parameters) }
        if let expected = Self.name(of: kind) {
            let name = try container.decode(String.self, forKey: .name)
            guard name == expected else {
                throw DecodingError.dataCorruptedError(
                    forKey: .name, in: container, debugDescription: "is \(expected) with \(kind.rawValue)")
            }
        }
        switch kind {
        case .button: self = .buttons(try container.decode([ReplyButton].self, forKey: .buttons))
        case .list:
            self = .list(
                button: try container.decode(String.self, forKey: .button),
                sections: try container.decode([ListSection].self, forKey: .sections)
            )
        case .ctaURL: self = .ctaURL(try parameters(LinkButton.self))
        case .flow: self = .flow(try parameters(FlowButton.self))
        case .product:
            self = .product(
                catalogID: try container.decode(String.self, forKey: .catalogID),
                retailerID: try container.decode(String.self, forKey: .retailerID)
            )
        case .productList:
            self = .productList(
                catalogID: try container.decode(String.self, forKey: .catalogID),
                sections: try container.decode([ProductSection].self, forKey: .sections)
            )
        case .catalogMessage:
            let thumbnail = try container.decodeIfPresent(Thumbnail.self, forKey: .parameters)
            self = .catalogMessage(thumbnailRetailerID: thumbnail?.retailerID)
        case .locationRequest: self = .locationRequest
        case .addressMessage: self = .address(try parameters(AddressRequest.self))
        case .voiceCall:
            self = .voiceCall(try container.decodeIfPresent(VoiceCallButton.self, forKey: .parameters) ?? VoiceCallButton())
        case .callPermissionRequest: self = .callPermissionRequest
        case .requestContactInfo: self = .requestContactInfo
        case .carousel: self = .carousel(try container.decode([CarouselCard].self, forKey: .cards))
        case .orderDetails: self = .orderDetails(try parameters(JSONValue.self))
        case .orderStatus: self = .orderStatus(try parameters(JSONValue.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(Self.name(of: kind), forKey: .name)
        switch self {
        case .buttons(let buttons): try container.encode(buttons, forKey: .buttons)
        case .list(let button, let sections):
            try container.encode(button, forKey: .button)
            try container.encode(sections, forKey: .sections)
        case .ctaURL(let value): try container.encode(value, forKey: .parameters)
        case .flow(let value): try container.encode(value, forKey: .parameters)
        case .product(let catalog, let product):
            try container.encode(catalog, forKey: .catalogID)
            try container.encode(product, forKey: .retailerID)
        case .productList(let catalog, let sections):
            try container.encode(catalog, forKey: .catalogID)
            try container.encode(sections, forKey: .sections)
        case .catalogMessage(let thumbnail):
            if thumbnail != nil { try container.encode(Thumbnail(retailerID: thumbnail), forKey: .parameters) }
        case .address(let value): try container.encode(value, forKey: .parameters)
        case .voiceCall(let value): try container.encode(value, forKey: .parameters)
        case .carousel(let cards): try container.encode(cards, forKey: .cards)
        case .orderDetails(let parameters), .orderStatus(let parameters): try container.encode(parameters, forKey: .parameters)
        case .locationRequest, .callPermissionRequest, .requestContactInfo: break
        }
    }

    /// `action.name`, where the kind has one.
    private static func name(of kind: Kind) -> String? {
        switch kind {
        case .button, .list, .product, .productList, .carousel: nil
        case .locationRequest: "send_location"
        case .orderDetails: "review_and_pay"
        case .orderStatus: "review_order"
        case .ctaURL, .flow, .catalogMessage, .addressMessage, .voiceCall, .callPermissionRequest, .requestContactInfo: kind.rawValue
        }
    }
}
