package import RPCContract

/// An error that Meta names, in its own words.
///
/// Source: Meta, webhooks, errors object.
package struct MetaFault: Described, Equatable {
    package var code: Int?
    package var title: String?
    package var message: String?
    package var details: String?

    package static let fields: Fields = [
        "code": .whole("Meta's error code; absent if Meta gave none.", 0...2_147_483_647),
        "title": .text("Meta's title of the error, in one line.", 1...512),
        "message": .text("Meta's message, in one line. It is absent if it says the same as the title.", 1...512),
        "details": .text("Meta's details of the error, in one line.", 1...2048),
    ]

    /// As many errors of one event are kept.
    package static let most = 10

    /// nil where nothing is said.
    package init?(code: Int? = nil, title: String? = nil, message: String? = nil, details: String? = nil) {
        self.code = code.flatMap { (0...Int(Int32.max)).contains($0) ? $0 : nil }
        self.title = title?.line(to: 512)
        self.message = message?.line(to: 512)
        self.details = details?.line(to: 2048)
        if self.message == self.title { self.message = nil }
        guard self != Self.nothing else { return nil }
    }

    private init() {}

    private static let nothing = MetaFault()

    /// The errors of an event, the first ones; nil where it has none.
    package static func all(_ raw: JSONValue) -> [MetaFault]? {
        let faults = (raw["errors"]?.array ?? []).prefix(most).compactMap { MetaFault($0) }
        return faults.isEmpty ? nil : faults
    }

    /// - Parameter raw: Meta's errors object.
    package init?(_ raw: JSONValue) {
        self.init(
            code: raw["code"]?.integer.flatMap { Int(exactly: $0) }, title: raw["title"]?.text, message: raw["message"]?.text,
            details: raw["error_data"]?["details"]?.text)
    }

    /// In one line, as far as Meta says anything.
    package var text: String {
        let words = [title, message, details].compactMap(\.self).joined(separator: ": ")
        guard let code else { return words }
        return words.isEmpty ? "\(code)" : "\(words) (\(code))"
    }

    package static let example: MetaFault = {
        var fault = MetaFault()
        fault.code = 131026
        fault.title = "Message undeliverable"
        fault.message = "Message could not be delivered"
        fault.details = "Message Undeliverable."
        return fault
    }()
}
