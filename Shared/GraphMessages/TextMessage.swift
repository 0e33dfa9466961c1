package import RPCContract

/// Free text; only inside an open customer service window.
package struct TextMessage: Described, Equatable {
    package var body: String
    package var previewURL: Bool?

    package static let fields: Fields = [
        "body": .text("The text that the recipient reads.", 1...4096),
        "preview_url": "Whether WhatsApp shows a preview of the first link in the text; Meta shows none if absent.",
    ]

    package init(body: String, previewURL: Bool? = nil) {
        self.body = body
        self.previewURL = previewURL
    }

    private enum CodingKeys: String, CodingKey {
        case body
        case previewURL = "preview_url"
    }
}
