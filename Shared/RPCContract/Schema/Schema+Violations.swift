extension Schema {
    /// All places in which params break the schema, in the order of the tables; so many at most.
    ///
    /// Looked for once something is wrong: what is sound is only checked.
    func violations(params: JSONValue, atMost limit: Int) -> [Violation] {
        var found: [Violation] = []
        collect(params, envelope: "_meta", atMost: limit, into: &found)
        return found
    }

    private func collect(_ value: JSONValue, envelope: String? = nil, atMost limit: Int, into found: inout [Violation]) {
        switch (kind, value) {
        case (.list(let count, let item), .array(let items)):
            if !count.contains(items.count) { found.append(Self.wrongCount(items.count, count)) }
            for (index, value) in items.enumerated() {
                guard found.count < limit else { return }
                item.collect(value, at: "[\(index)]", atMost: limit, into: &found)
            }
        case (.object(let members), .object(let given)):
            collect(given, members, envelope: envelope, atMost: limit, into: &found)
        default:
            do throws(Violation) { try check(value) } catch { found.append(error) }
        }
    }

    private func collect(_ value: JSONValue, at place: String, atMost limit: Int, into found: inout [Violation]) {
        var inner: [Violation] = []
        collect(value, atMost: limit - found.count, into: &inner)
        found += inner.map { $0.inside(place) }
    }

    private func collect(
        _ given: [String: JSONValue], _ members: [Member], envelope: String?, atMost limit: Int, into found: inout [Violation]
    ) {
        // A member that another was misspelt for is not missing, too.
        var meant: Set<String> = []
        // Of a million that nobody knows only as many are put in order as are told.
        for name in given.keys.lazy.filter({ index[$0] == nil && $0 != envelope }).prefix(limit).sorted() {
            found.append(Self.unknownMember(name, members))
            if let near = NearestName.of(name, among: members.map(\.name)) { meant.insert(near) }
        }
        for member in members {
            guard found.count < limit else { return }
            guard let value = given[member.name] else {
                if member.isRequired, !meant.contains(member.name) { found.append(Self.missing(member)) }
                continue
            }
            if value == .null {
                if member.null == nil { found.append(Self.wrongNull(member)) }
            } else {
                member.schema.collect(value, at: member.name, atMost: limit, into: &found)
            }
        }
    }
}
