package import RPCContract

/// What Meta could not do about a message or a call, such as hand on a poll or take in a file.
///
/// Source: Meta, webhooks, errors of the messages object.
package struct ReceivedError: Described, Equatable {
    package var code: Int
    package var title: String?
    package var message: String?
    package var details: String?

    package static let fields: Fields = [
        "code": .whole("Meta's number of the error.", 0...2_147_483_647),
        "title": .text("What the error is called.", 0...1024),
        "message": .text("What the error says; mostly the same as its title.", 0...4096),
        "details": .text("What more is known of this one.", 0...4096),
    ]

    init?(_ value: JSONValue) {
        guard let code = value["code"]?.integer, (0...Int64(Int32.max)).contains(code) else { return nil }
        self.code = Int(code)
        title = value["title"]?.string?.cut(to: 1024)
        message = value["message"]?.string?.cut(to: 4096)
        details = value["error_data"]?["details"]?.string?.cut(to: 4096)
    }

    /// The first ten of a list; none where it is no list.
    static func all(_ value: JSONValue?) -> [ReceivedError] { (value?.array ?? []).prefix(10).compactMap { ReceivedError($0) } }
}
