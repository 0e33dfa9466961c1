import ArgumentParser
import PosterContract
import RPCContract

/// What may be said of an endpoint beside its URL.
struct EndpointWishes: ParsableArguments {
    @Option(name: .customLong("type"), help: ArgumentHelp("Only events of this type; repeatable. All if left out.", valueName: "type"))
    var givenTypes: [String] = []
    @Option(help: ArgumentHelp("What it is for.", valueName: "text")) var description: String?
    @Option(
        name: .customLong("header"),
        help: ArgumentHelp("A header of each request besides, such as \"X-Shop: berlin\"; repeatable.", valueName: "line"))
    var headers: [String] = []
    @Option(parsing: .unconditional, help: ArgumentHelp("The most requests a second; 0 for no limit.", valueName: "n")) var rate: Int?
    @Flag(inversion: .prefixedNo, help: "Post what is about the same subject one after the other.") var order: Bool?

    var types: [String]? { givenTypes.isEmpty ? nil : givenTypes }

    /// The headers by name; nil where none was given.
    func fields() throws(Trouble) -> [String: String]? {
        var fields: [String: String] = [:]
        for line in headers {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw Trouble("--header \(TerminalText.plain(line)): write it as \"Name: value\".") }
            let (name, value) = (String(parts[0]), String(parts[1].drop { $0 == " " }))
            guard fields.updateValue(value, forKey: name) == nil else {
                throw Trouble("--header \(TerminalText.plain(name)) is given twice.")
            }
        }
        return fields.isEmpty ? nil : fields
    }
}

extension Connection {
    /// An endpoint's id by its URL, or as it is.
    func endpoint(_ text: String) async throws -> String {
        guard text.contains("/") else { return text }
        let endpoints = try await call(PosterContract.self, ListEndpoints.self, .init()).items
        guard let found = endpoints.first(where: { $0.url == text }) else {
            throw Trouble("No endpoint has the URL \(TerminalText.plain(text)); linda webhooks lists all.")
        }
        return found.id
    }
}
