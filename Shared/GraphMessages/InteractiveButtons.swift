package import RPCContract

/// A button that answers with its id.
package struct ReplyButton: Described, Equatable {
    package struct Reply: Described, Equatable {
        package var id: String
        package var title: String

        package static let fields: Fields = [
            "id": .text("What comes back if the button is tapped. It neither begins nor ends with a space.", 1...256),
            "title": .text("The label of the button.", 1...20),
        ]
    }

    package var type = "reply"
    package var reply: Reply

    package static let fields: Fields = [
        "type": .words("Always reply.", ["reply"]),
        "reply": "The label of the button, and what comes back if it is tapped.",
    ]

    package init(id: String, title: String) { reply = Reply(id: id, title: title) }

    static func check(_ buttons: [ReplyButton], _ path: String) throws(ContentProblem) {
        for (index, button) in buttons.enumerated() {
            let place = "\(path).buttons[\(index)]"
            let hasOuterSpace = button.reply.id.first?.isWhitespace == true || button.reply.id.last?.isWhitespace == true
            try ContentProblem.check(!hasOuterSpace, "\(place).reply.id", "neither begins nor ends with a space")
        }
        let isUnique = Set(buttons.map(\.reply.title)).count == buttons.count && Set(buttons.map(\.reply.id)).count == buttons.count
        try ContentProblem.check(isUnique, "\(path).buttons", "has each title and each id once")
    }
}

/// A part of a list, with rows to choose one from.
package struct ListSection: Described, Equatable {
    package struct Row: Described, Equatable {
        package var id: String
        package var title: String
        package var description: String?

        package static let fields: Fields = [
            "id": .text("What comes back if the row is chosen; each id occurs once in the whole list.", 1...200),
            "title": .text("The name of the row.", 1...24),
            "description": .text("A second line under the name of the row.", 1...72),
        ]

        package init(id: String, title: String, description: String? = nil) {
            self.id = id
            self.title = title
            self.description = description
        }
    }

    package var title: String?
    package var rows: [Row]

    package static let fields: Fields = [
        "title": .text("The heading of the section; it is required if there are several sections.", 1...24),
        "rows": .list("The rows that the recipient can choose from.", 1...10),
    ]

    package init(title: String? = nil, rows: [Row]) {
        self.title = title
        self.rows = rows
    }

    static func check(_ sections: [ListSection], _ path: String) throws(ContentProblem) {
        try ContentProblem.check(
            (1...10).contains(sections.map(\.rows.count).reduce(0, +)), path, "holds 1 to 10 rows in all sections together")
        var ids: Set<String> = []
        for (index, section) in sections.enumerated() {
            let place = "\(path)[\(index)]"
            try ContentProblem.check(section.title != nil || sections.count == 1, "\(place).title", "is required where there are several")
            for (number, row) in section.rows.enumerated() {
                let rowPlace = "\(place).rows[\(number)]"
                try ContentProblem.check(ids.insert(row.id).inserted, "\(rowPlace).id", "is there twice")
            }
        }
    }
}

/// A button that opens a web address.
package struct LinkButton: Described, Equatable {
    package var displayText: String
    package var url: String

    package static let fields: Fields = [
        "display_text": .text("The label of the button.", 1...20),
        "url": .url("The http or https address that the button opens."),
    ]

    package init(displayText: String, url: String) {
        self.displayText = displayText
        self.url = url
    }

    private enum CodingKeys: String, CodingKey {
        case displayText = "display_text"
        case url
    }

    func check(_ path: String) throws(ContentProblem) {
        try ContentProblem.check(displayText, 1...20, "\(path).display_text")
        try Link.check(url, "\(path).url")
    }
}

/// A button that opens a Flow.
package struct FlowButton: Described, Equatable {
    package struct Payload: Described, Equatable {
        package var screen: String
        package var data: JSONValue?

        package static let fields: Fields = [
            "screen": .text("The screen of the Flow that opens first.", 1...256),
            "data": .json("The data that this screen is given."),
        ]

        package init(screen: String, data: JSONValue? = nil) {
            self.screen = screen
            self.data = data
        }
    }

    package var version = "3"
    package var flowID: String?
    package var flowName: String?
    package var callToAction: String
    package var token: String?
    package var mode: String?
    package var action: String?
    package var payload: Payload?

    package static let fields: Fields = [
        "flow_message_version": .words("The version of Meta's Flow messages, always 3.", ["3"]),
        "flow_id": .text("Meta's id of the Flow. Give either this or flow_name.", 1...256),
        "flow_name": .text("The name of the Flow. Give either this or flow_id.", 1...256),
        "flow_cta": .text("The label of the button that opens the Flow.", 1...30),
        "flow_token": .text(
            "A text of your own that comes back with the answers, to tell one Flow from another. Meta uses the word unused if absent.",
            1...1024),
        "mode": .words("Whether the draft or the published Flow opens; Meta opens the published one if absent.", ["draft", "published"]),
        "flow_action": .words(
            "Whether the Flow opens a screen at once or asks your server first; Meta opens a screen if absent.",
            ["navigate", "data_exchange"]),
        "flow_action_payload": "The screen that opens first, and its data.",
    ]

    package init(
        flowID: String? = nil,
        flowName: String? = nil,
        callToAction: String,
        token: String? = nil,
        mode: String? = nil,
        action: String? = nil,
        payload: Payload? = nil
    ) {
        self.flowID = flowID
        self.flowName = flowName
        self.callToAction = callToAction
        self.token = token
        self.mode = mode
        self.action = action
        self.payload = payload
    }

    private enum CodingKeys: String, CodingKey {
        case version = "flow_message_version"
        case flowID = "flow_id"
        case flowName = "flow_name"
        case callToAction = "flow_cta"
        case token = "flow_token"
        case mode
        case action = "flow_action"
        case payload = "flow_action_payload"
    }

    func check(_ path: String) throws(ContentProblem) {
        try ContentProblem.check(version == "3", "\(path).flow_message_version", "is 3")
        try ContentProblem.check((flowID == nil) != (flowName == nil), path, "has either flow_id or flow_name")
        try ContentProblem.check(callToAction, 1...30, "\(path).flow_cta")
        try ContentProblem.check(["draft", "published", nil].contains(mode), "\(path).mode", "is draft or published")
        try ContentProblem.check(
            ["navigate", "data_exchange", nil].contains(action), "\(path).flow_action", "is navigate or data_exchange")
    }
}

/// Products of a catalogue under a title.
package struct ProductSection: Described, Equatable {
    package struct Item: Described, Equatable {
        package var retailerID: String

        package static let fields: Fields = [
            "product_retailer_id": .text("Your own id of the product in the catalogue.", 1...256)
        ]

        private enum CodingKeys: String, CodingKey { case retailerID = "product_retailer_id" }

        package init(_ retailerID: String) { self.retailerID = retailerID }
    }

    package var title: String?
    package var items: [Item]

    package static let fields: Fields = [
        "title": .text("The heading of the section; it is required if there are several sections.", 1...24),
        "product_items": .list("The products of the section; all sections have 30 products together at most.", 1...30),
    ]

    package init(title: String?, items: [String]) {
        self.title = title
        self.items = items.map { Item($0) }
    }

    private enum CodingKeys: String, CodingKey {
        case title
        case items = "product_items"
    }

    static func check(_ sections: [ProductSection], _ path: String) throws(ContentProblem) {
        try ContentProblem.check((1...30).contains(sections.map(\.items.count).reduce(0, +)), path, "holds 1 to 30 products in all")
        for (index, section) in sections.enumerated() {
            try ContentProblem.check(
                section.title != nil || sections.count == 1, "\(path)[\(index)].title", "is required where there are several")
        }
    }
}

/// A form for a postal address (India and Singapore).
package struct AddressRequest: Described, Equatable {
    package var country: String
    package var values: JSONValue?
    package var savedAddresses: JSONValue?
    package var validationErrors: JSONValue?

    package static let fields: Fields = [
        "country": .words("The country of the address; Meta offers the form in India and Singapore only.", ["IN", "SG"]),
        "values": .json("What the form is filled with when it opens, by Meta's field names."),
        "saved_addresses": .json("Addresses of the recipient to choose from, in Meta's form."),
        "validation_errors": .json("What is wrong with the values, by Meta's field names; shown at the fields."),
    ]

    package init(country: String, values: JSONValue? = nil, savedAddresses: JSONValue? = nil, validationErrors: JSONValue? = nil) {
        self.country = country
        self.values = values
        self.savedAddresses = savedAddresses
        self.validationErrors = validationErrors
    }

    private enum CodingKeys: String, CodingKey {
        case country, values
        case savedAddresses = "saved_addresses"
        case validationErrors = "validation_errors"
    }

    func check(_ path: String) throws(ContentProblem) {
        try ContentProblem.check(["IN", "SG"].contains(country), "\(path).country", "is IN or SG")
    }
}

/// A button that calls the business.
package struct VoiceCallButton: Described, Equatable {
    package var displayText: String?
    package var ttlMinutes: Int?

    package static let fields: Fields = [
        "display_text": .text("The label of the button; Meta chooses one if absent.", 1...20),
        "ttl_minutes": .whole("How long the button works; 7 days by Meta's rule if absent.", 1...43_200, unit: "minutes"),
    ]

    package init(displayText: String? = nil, ttlMinutes: Int? = nil) {
        self.displayText = displayText
        self.ttlMinutes = ttlMinutes
    }

    private enum CodingKeys: String, CodingKey {
        case displayText = "display_text"
        case ttlMinutes = "ttl_minutes"
    }

    func check(_ path: String) throws(ContentProblem) {
        if let displayText { try ContentProblem.check(displayText, 1...20, "\(path).display_text") }
        try ContentProblem.check((1...43_200).contains(ttlMinutes ?? 1), "\(path).ttl_minutes", "is 1 to 43,200 minutes")
    }
}

/// One card of a carousel: a picture or video, a text and a link.
package struct CarouselCard: Described, Equatable {
    package struct LinkAction: Described, Equatable {
        package var name = "cta_url"
        package var parameters: LinkButton

        package static let fields: Fields = [
            "name": .words("Always cta_url.", ["cta_url"]),
            "parameters": "The label of the card's button and the address that it opens.",
        ]

        package init(_ button: LinkButton) { parameters = button }
    }

    package var index: Int
    package var type = "cta_url"
    package var header: InteractiveMessage.Header
    package var body: InteractiveMessage.Body?
    package var action: LinkAction

    package static let fields: Fields = [
        "card_index": .whole("The place of the card, counted from 0 without gaps.", 0...9),
        "type": .words("Always cta_url.", ["cta_url"]),
        "header": "The image or video of the card.",
        "body": "The text of the card; it has 2 line breaks at most.",
        "action": "The button of the card.",
    ]

    package init(index: Int, header: InteractiveMessage.Header, body: String? = nil, link: LinkButton) {
        self.index = index
        self.header = header
        self.body = body.map { InteractiveMessage.Body(text: $0) }
        action = LinkAction(link)
    }

    private enum CodingKeys: String, CodingKey {
        case index = "card_index"
        case type, header, body, action
    }

    static func check(_ cards: [CarouselCard], _ path: String) throws(ContentProblem) {
        for (index, card) in cards.enumerated() {
            let place = "\(path)[\(index)]"
            try ContentProblem.check(card.index == index, "\(place).card_index", "counts the cards from 0")
            switch card.header {
            case .image(let media): try media.check(.image, "\(place).header.image", isParameter: true)
            case .video(let media): try media.check(.video, "\(place).header.video", isParameter: true)
            case .text, .document: throw ContentProblem(path: "\(place).header", problem: "is an image or a video")
            }
            if let body = card.body {
                try ContentProblem.check(body.text, 1...160, "\(place).body.text")
                try ContentProblem.check(body.text.count { $0.isNewline } <= 2, "\(place).body.text", "has at most 2 line breaks")
            }
            try card.action.parameters.check("\(place).action.parameters")
        }
    }
}
