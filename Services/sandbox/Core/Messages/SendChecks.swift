import RPCContract

/// What Meta refuses in a send although its schema allows it.
///
/// Source: Meta, Cloud API, interactive messages and error codes; clients' recordings for the wording.
enum SendChecks {
    /// A recipient's digits, however they are set apart.
    static func digits(_ to: String) throws(MetaError) -> String {
        let digits = to.filter { !"+-(). ".contains($0) }
        guard (5...20).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            throw MetaError(code: 131009, details: "to is not a valid phone number")
        }
        return digits
    }

    /// Buttons and rows that Meta could not tell apart, and more rows than a list has.
    static func check(interactive: JSONValue) throws(MetaError) {
        let action = interactive["action"]
        let buttons = (action?["buttons"]?.array ?? []).compactMap { $0["reply"] }
        try check(buttons, "button")
        let rows = (action?["sections"]?.array ?? []).flatMap { $0["rows"]?.array ?? [] }
        guard rows.count <= 10 else { throw MetaError(code: 131009, details: "Total row count exceed max allowed count: 10") }
        try check(rows, "row", titles: false)
    }

    private static func check(_ items: [JSONValue], _ kind: String, titles: Bool = true) throws(MetaError) {
        for member in titles ? ["id", "title"] : ["id"] {
            let values = items.compactMap { $0[member]?.string }
            guard Set(values).count == values.count else {
                throw MetaError(code: 131009, details: "Duplicate \(kind) \(member): each \(kind) must have a unique \(member)")
            }
        }
    }

    /// The message that another one answers, reacts to or marks as read.
    static func check(wamid: JSONValue?, _ place: String, _ directions: Set<WAMIDs.Direction> = [.toCustomer, .toBusiness])
        throws(MetaError)
    {
        guard let text = wamid?.string else { return }
        guard let direction = WAMIDs.direction(of: text), directions.contains(direction) else {
            throw MetaError(code: 131009, details: "\(place) is not the id of a message of this number")
        }
    }

    /// Each picture, film, recording or file that a message carries.
    static func media(in body: JSONValue) -> [(kind: String, object: JSONValue)] {
        let type = body["type"]?.string ?? "text"
        var found: [(kind: String, object: JSONValue)] = []
        func look(_ kind: String?, in value: JSONValue?) {
            guard let kind, MediaShelf.types[kind] != nil, let object = value?[kind] else { return }
            found.append((kind, object))
        }
        look(type, in: body)
        let interactive = body["interactive"]
        look(interactive?["header"]?["type"]?.string, in: interactive?["header"])
        for card in interactive?["action"]?["cards"]?.array ?? [] { look(card["header"]?["type"]?.string, in: card["header"]) }
        var components = body["template"]?["components"]?.array ?? []
        components += components.flatMap { $0["cards"]?.array ?? [] }.flatMap { $0["components"]?.array ?? [] }
        for component in components {
            for parameter in component["parameters"]?.array ?? [] { look(parameter["type"]?.string, in: parameter) }
        }
        return found
    }
}
