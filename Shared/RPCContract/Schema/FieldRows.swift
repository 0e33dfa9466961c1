/// The members of a schema as rows for people, nested ones below the object that holds them.
package struct FieldRows {
    /// One member, in Markdown where it is more than words.
    package struct Row {
        /// With the path to it: `messages[].to`; marked * where it is required.
        package var name: String
        /// Which values it takes.
        package var bounds: String
        package var meaning: String
    }

    package private(set) var rows: [Row] = []

    package init(_ schema: Schema) { add(schema, "", depth: 0) }

    private mutating func add(_ schema: Schema, _ prefix: String, depth: Int) {
        for member in schema.members {
            let name = prefix + member.name
            var meaning = member.meaning
            if let absent = member.absent { meaning += " Default: \(JSON.text(absent))." }
            if let null = member.null { meaning += " Null: \(null)" }
            rows.append(Row(name: name + (member.isRequired ? "*" : ""), bounds: Self.bounds(member.schema), meaning: meaning))
            descend(member.schema, name, depth: depth)
        }
    }

    /// What lies deeper than three objects is Meta's own and described there.
    private mutating func descend(_ schema: Schema, _ name: String, depth: Int) {
        switch schema.kind {
        case .object: if depth < 3 { add(schema, "\(name).", depth: depth + 1) }
        case .list(_, let item): descend(item, "\(name)[]", depth: depth)
        case .map(_, let value): descend(value, "\(name).*", depth: depth)
        case .any, .flag, .text, .words, .whole, .number, .later: break
        }
    }

    private static func bounds(_ schema: Schema) -> String {
        switch schema.kind {
        case .any: "JSON"
        case .flag: "true or false"
        case .text(let length, let alphabet, let format):
            "text of \(length.lowerBound) to \(length.upperBound)\(alphabet.map { ", \($0.name)" } ?? "")\(format.map { ", \($0.name)" } ?? "")"
        case .words(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .whole(let range, let unit): "\(range.lowerBound) to \(range.upperBound)\(unit.map { " \($0)" } ?? "")"
        case .number(let range, let unit): "\(range.lowerBound) to \(range.upperBound), fractions too\(unit.map { ", \($0)" } ?? "")"
        case .list(let count, let item): "list of \(count.lowerBound) to \(count.upperBound): \(bounds(item))"
        case .map(let count, let value): "object of \(count.lowerBound) to \(count.upperBound) members: \(bounds(value))"
        case .object: "object"
        case .later: "object, as params of that method"
        }
    }
}
