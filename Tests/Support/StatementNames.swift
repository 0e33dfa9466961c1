/// The names by which a statement calls its tables.
struct StatementNames {
    /// Tables that it reads or writes.
    private(set) var tables: Set<String> = []
    /// What brackets are called: the rows of an inner statement.
    private(set) var derived: Set<String> = []
    private var aliases: [String: String] = [:]

    init(_ sql: String) {
        let tokens = Self.tokens(sql)
        func token(_ n: Int) -> String { tokens.indices.contains(n) ? tokens[n] : "" }
        /// The name that is given at a place, with AS or without.
        func name(_ n: Int) -> String? {
            let word = token(n).uppercased() == "AS" ? token(n + 1) : token(n)
            return Self.isName(word) ? word : nil
        }
        for (n, word) in tokens.enumerated() {
            if word == ")" {
                if let name = name(n + 1) { derived.insert(name) }
            } else if ["FROM", "JOIN", "INTO", "UPDATE"].contains(word.uppercased()), Self.isName(token(n + 1)) {
                tables.insert(token(n + 1))
                if let name = name(n + 2) { aliases[name] = token(n + 1) }
            }
        }
    }

    /// The table that a plan means; nil where it is none of the statement's.
    func table(_ name: String) -> String? { aliases[name] ?? (tables.contains(name) ? name : nil) }

    private static func tokens(_ sql: String) -> [String] {
        var tokens: [String] = []
        var word = ""
        for character in sql + " " {
            if character.isLetter || character.isNumber || character == "_" {
                word.append(character)
                continue
            }
            if !word.isEmpty { tokens.append(word) }
            word = ""
            // A quoted name stands for itself.
            if !character.isWhitespace, character != "\"" { tokens.append(String(character)) }
        }
        return tokens
    }

    private static let keywords: Set<String> = [
        "AND", "AS", "CROSS", "DEFAULT", "EXCEPT", "GROUP", "HAVING", "INDEXED", "INNER", "INTERSECT", "JOIN", "LEFT", "LIMIT", "NATURAL",
        "NOT", "ON", "OR", "ORDER", "RETURNING", "SELECT", "SET", "UNION", "USING", "VALUES", "WHERE",
    ]

    private static func isName(_ word: String) -> Bool {
        word.first.map { $0.isLetter || $0 == "_" } == true && !keywords.contains(word.uppercased())
    }
}
