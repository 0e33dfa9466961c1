/// Free text; only inside an open customer service window.
package struct TextMessage: Codable, Sendable, Equatable {
    /// 1 to 4,096 characters.
    package var body: String
    /// Shows a preview of the first link in the text.
    package var previewURL: Bool?

    package init(body: String, previewURL: Bool? = nil) {
        self.body = body
        self.previewURL = previewURL
    }

    private enum CodingKeys: String, CodingKey {
        case body
        case previewURL = "preview_url"
    }

    func check(_ path: String) throws(ContentProblem) { try ContentProblem.check(body, 1...4096, "\(path).body") }
}
