package import RPCContract

/// A button that answers with its id.
package struct ReplyButton: Codable, Sendable, Equatable {
    package struct Reply: Codable, Sendable, Equatable {
        package var id: String
        package var title: String
    }

    package var type = "reply"
    package var reply: Reply

    package init(id: String, title: String) { reply = Reply(id: id, title: title) }

    static func check(_ buttons: [ReplyButton], _ path: String) throws(ContentProblem) {
        try ContentProblem.check((1...3).contains(buttons.count), "\(path).buttons", "holds 1 to 3 buttons")
        for (index, button) in buttons.enumerated() {
            let place = "\(path).buttons[\(index)]"
            try ContentProblem.check(button.type == "reply", "\(place).type", "is reply")
            try ContentProblem.check(button.reply.title, 1...20, "\(place).reply.title")
            try ContentProblem.check(button.reply.id, 1...256, "\(place).reply.id")
            let hasOuterSpace = button.reply.id.first?.isWhitespace == true || button.reply.id.last?.isWhitespace == true
            try ContentProblem.check(!hasOuterSpace, "\(place).reply.id", "neither begins nor ends with a space")
        }
        let isUnique = Set(buttons.map(\.reply.title)).count == buttons.count && Set(buttons.map(\.reply.id)).count == buttons.count
        try ContentProblem.check(isUnique, "\(path).buttons", "has each title and each id once")
    }
}

/// A part of a list, with rows to choose one from.
package struct ListSection: Codable, Sendable, Equatable {
    package struct Row: Codable, Sendable, Equatable {
        package var id: String
        package var title: String
        package var description: String?

        package init(id: String, title: String, description: String? = nil) {
            self.id = id
            self.title = title
            self.description = description
        }
    }

    /// Required where there are several sections.
    package var title: String?
    package var rows: [Row]

    package init(title: String? = nil, rows: [Row]) {
        self.title = title
        self.rows = rows
    }

    static func check(_ sections: [ListSection], _ path: String) throws(ContentProblem) {
        try ContentProblem.check((1...10).contains(sections.count), path, "holds 1 to 10 sections")
        try ContentProblem.check(
            (1...10).contains(sections.map(\.rows.count).reduce(0, +)), path, "holds 1 to 10 rows in all sections together")
        var ids: Set<String> = []
        for (index, section) in sections.enumerated() {
            let place = "\(path)[\(index)]"
            if let title = section.title { try ContentProblem.check(title, 1...24, "\(place).title") }
            try ContentProblem.check(section.title != nil || sections.count == 1, "\(place).title", "is required where there are several")
            try ContentProblem.check(!section.rows.isEmpty, "\(place).rows", "holds at least one row")
            for (number, row) in section.rows.enumerated() {
                let rowPlace = "\(place).rows[\(number)]"
                try ContentProblem.check(row.id, 1...200, "\(rowPlace).id")
                try ContentProblem.check(row.title, 1...24, "\(rowPlace).title")
                if let description = row.description { try ContentProblem.check(description, 1...72, "\(rowPlace).description") }
                try ContentProblem.check(ids.insert(row.id).inserted, "\(rowPlace).id", "is there twice")
            }
        }
    }
}

/// A button that opens a web address.
package struct LinkButton: Codable, Sendable, Equatable {
    package var displayText: String
    package var url: String

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
package struct FlowButton: Codable, Sendable, Equatable {
    package struct Payload: Codable, Sendable, Equatable {
        package var screen: String
        package var data: JSONValue?

        package init(screen: String, data: JSONValue? = nil) {
            self.screen = screen
            self.data = data
        }
    }

    package var version = "3"
    package var flowID: String?
    package var flowName: String?
    /// The button's label.
    package var callToAction: String
    package var token: String?
    /// `draft` or `published`.
    package var mode: String?
    /// `navigate` or `data_exchange`.
    package var action: String?
    package var payload: Payload?

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
package struct ProductSection: Codable, Sendable, Equatable {
    package struct Item: Codable, Sendable, Equatable {
        package var retailerID: String

        private enum CodingKeys: String, CodingKey { case retailerID = "product_retailer_id" }

        package init(_ retailerID: String) { self.retailerID = retailerID }
    }

    package var title: String?
    package var items: [Item]

    package init(title: String?, items: [String]) {
        self.title = title
        self.items = items.map { Item($0) }
    }

    private enum CodingKeys: String, CodingKey {
        case title
        case items = "product_items"
    }

    static func check(_ sections: [ProductSection], _ path: String) throws(ContentProblem) {
        try ContentProblem.check((1...10).contains(sections.count), path, "holds 1 to 10 sections")
        try ContentProblem.check((1...30).contains(sections.map(\.items.count).reduce(0, +)), path, "holds 1 to 30 products in all")
        for (index, section) in sections.enumerated() {
            if let title = section.title { try ContentProblem.check(title, 1...24, "\(path)[\(index)].title") }
            try ContentProblem.check(
                section.title != nil || sections.count == 1, "\(path)[\(index)].title", "is required where there are several")
            try ContentProblem.check(!section.items.isEmpty, "\(path)[\(index)].product_items", "holds at least one product")
        }
    }
}

/// A form for a postal address (India and Singapore).
package struct AddressRequest: Codable, Sendable, Equatable {
    /// ISO code.
    package var country: String
    package var values: JSONValue?
    package var savedAddresses: JSONValue?
    package var validationErrors: JSONValue?

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
package struct VoiceCallButton: Codable, Sendable, Equatable {
    package var displayText: String?
    /// Minutes that the button works, at most 43,200.
    package var ttlMinutes: Int?

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
package struct CarouselCard: Codable, Sendable, Equatable {
    package struct LinkAction: Codable, Sendable, Equatable {
        package var name = "cta_url"
        package var parameters: LinkButton

        package init(_ button: LinkButton) { parameters = button }
    }

    package var index: Int
    package var type = "cta_url"
    package var header: InteractiveMessage.Header
    package var body: InteractiveMessage.Body?
    package var action: LinkAction

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
        try ContentProblem.check((2...10).contains(cards.count), path, "holds 2 to 10 cards")
        for (index, card) in cards.enumerated() {
            let place = "\(path)[\(index)]"
            try ContentProblem.check(card.index == index, "\(place).card_index", "counts the cards from 0")
            try ContentProblem.check(card.type == "cta_url", "\(place).type", "is cta_url")
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
