package import RPCContract

/// The parameter of a template's button.
package enum TemplateButton: Sendable, Equatable {
    /// Comes back when it is tapped.
    case quickReply(payload: String)
    /// The end of the button's address; of an authentication template, the code.
    case url(suffix: String)
    case copyCode(String)
    case flow(token: String?, data: JSONValue?)
    case catalog(thumbnailRetailerID: String?)
    case multiProduct(thumbnailRetailerID: String?, sections: [ProductSection])

    func check(_ path: String) throws(ContentProblem) {
        switch self {
        case .multiProduct(_, let sections): try ProductSection.check(sections, "\(path).parameters[0].action.sections")
        // The table of this place allows what a text parameter may have, which is more.
        case .url(let suffix): try ContentProblem.check(suffix, 1...2000, "\(path).parameters[0].text")
        case .quickReply, .copyCode, .flow, .catalog: break
        }
    }

    var subType: String {
        switch self {
        case .quickReply: "quick_reply"
        case .url: "url"
        case .copyCode: "copy_code"
        case .flow: "flow"
        case .catalog: "catalog"
        case .multiProduct: "mpm"
        }
    }

    /// As it stands in `parameters`.
    struct Parameter: Described {
        struct Action: Described {
            var token: String?
            var data: JSONValue?
            var thumbnailRetailerID: String?
            var sections: [ProductSection]?

            package static let fields: Fields = [
                "flow_token": .text(
                    "A text of your own that comes back with the answers to a Flow. Meta uses the word unused if absent.", 1...1024),
                "flow_action_data": .json("The data that the first screen of a Flow is given."),
                "thumbnail_product_retailer_id": .text("Your own id of the product whose picture is shown, for catalog and mpm.", 1...256),
                "sections": .list("The products to show, for mpm; all sections have 30 products together at most.", 1...10),
            ]

            enum CodingKeys: String, CodingKey {
                case token = "flow_token"
                case data = "flow_action_data"
                case thumbnailRetailerID = "thumbnail_product_retailer_id"
                case sections
            }
        }

        var type: String
        var payload: String?
        var text: String?
        var couponCode: String?
        var action: Action?

        package static let fields: Fields = [
            "type": .words(
                "Which kind of value it is: payload for quick_reply, text for url, coupon_code for copy_code, action for the others.",
                ["payload", "text", "coupon_code", "action"]),
            "payload": .text("What comes back if a quick_reply button is tapped.", 1...256),
            "text": .text("The end of the address that a url button opens. In an authentication template it is the code.", 1...2000),
            "coupon_code": .text("The code that a copy_code button copies.", 1...15),
            "action": "What a flow, catalog or mpm button opens.",
        ]

        enum CodingKeys: String, CodingKey {
            case type, payload, text, action
            case couponCode = "coupon_code"
        }
    }

    var parameter: Parameter {
        switch self {
        case .quickReply(let payload): Parameter(type: "payload", payload: payload)
        case .url(let suffix): Parameter(type: "text", text: suffix)
        case .copyCode(let code): Parameter(type: "coupon_code", couponCode: code)
        case .flow(let token, let data): Parameter(type: "action", action: Parameter.Action(token: token, data: data))
        case .catalog(let thumbnail): Parameter(type: "action", action: Parameter.Action(thumbnailRetailerID: thumbnail))
        case .multiProduct(let thumbnail, let sections):
            Parameter(type: "action", action: Parameter.Action(thumbnailRetailerID: thumbnail, sections: sections))
        }
    }

    init(_ subType: String, _ parameter: Parameter, _ path: [any CodingKey]) throws {
        func missing(_ what: String) -> DecodingError {
            .dataCorrupted(.init(codingPath: path, debugDescription: "a \(subType) button has \(what)"))
        }
        switch subType {
        case "quick_reply":
            guard let payload = parameter.payload else { throw missing("a payload") }
            self = .quickReply(payload: payload)
        case "url":
            guard let text = parameter.text else { throw missing("a text") }
            self = .url(suffix: text)
        case "copy_code":
            guard let code = parameter.couponCode else { throw missing("a coupon_code") }
            self = .copyCode(code)
        case "flow": self = .flow(token: parameter.action?.token, data: parameter.action?.data)
        case "catalog": self = .catalog(thumbnailRetailerID: parameter.action?.thumbnailRetailerID)
        case "mpm":
            guard let sections = parameter.action?.sections else { throw missing("sections") }
            self = .multiProduct(thumbnailRetailerID: parameter.action?.thumbnailRetailerID, sections: sections)
        default: throw missing("one of the sub types quick_reply, url, copy_code, flow, catalog, mpm")
        }
    }
}
