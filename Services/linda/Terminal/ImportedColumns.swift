import AccountContract

/// What the columns of a file are for, as whoever has just handed it over reads it.
enum ImportedColumns {
    static func lines(_ reply: AddToBroadcastList.Reply) -> [String] {
        var lines: [String] = []
        if let variables = reply.variables {
            let names = variables.map(TerminalText.plain).joined(separator: ", ")
            lines.append(names.isEmpty ? "variables: none" : "variables: \(names)\(hint(variables))")
        }
        if let unused = reply.unused {
            let names = unused.map(TerminalText.plain).joined(separator: ", ")
            lines.append("fill nothing: \(names) (a variable's name has letters, digits and underscore)")
        }
        return lines
    }

    /// That columns were left out with what they hold; nil where none was.
    static func leftOut(_ names: [String]?) -> String? {
        guard let names, !names.isEmpty else { return nil }
        return "left out: \(names.map(TerminalText.plain).joined(separator: ", "))"
    }

    /// Capitals are what people overlook.
    private static func hint(_ variables: [String]) -> String {
        guard let name = variables.first(where: { $0 != $0.lowercased() }).map(TerminalText.plain) else { return "" }
        return " (capitals count: \(name) fills {{\(name)}}, not {{\(name.lowercased())}})"
    }
}
