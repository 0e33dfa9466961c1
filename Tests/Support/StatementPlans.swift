package import GRDB

/// Records the statements that a database runs, and says which of them get slower as its tables grow.
///
/// A plan has to search whatever it reads, and to find it in order: no scan, no sorting aside, no index that is made for
/// one statement. The names in a plan are those that the statement gives, so they are looked up in it.
package final class StatementPlans: Sendable {
    /// A step of some statements that is right all the same.
    package struct Exception: Sendable {
        /// What the statement has in it, blanks aside.
        let part: String
        /// How the step begins.
        let step: String
        let reason: String

        package init(_ part: String, _ step: String, because reason: String) {
            (self.part, self.step, self.reason) = (part, step, reason)
        }
    }

    private struct State {
        var isRecording = false
        var statements: Set<String> = []
    }

    private let bounded: [String: String]
    private let exceptions: [Exception]
    private let state = MutexBox(State())

    /// - Parameters:
    ///   - bounded: tables and indexes that stay small, each with the reason: they may be scanned, and what reads nothing
    ///     else may sort.
    ///   - exceptions: what else may be as it is.
    package init(bounded: [String: String], exceptions: [Exception]) {
        self.bounded = bounded
        self.exceptions = exceptions
    }

    /// How many different statements have been recorded.
    package var count: Int { state.value.statements.count }

    /// Watches a connection, for as long as it is open.
    package func watch(_ db: Database) {
        db.trace(options: .statement) { [state] event in
            guard case .statement(let statement) = event else { return }
            let sql = statement.sql
            guard Self.words.contains(where: { sql.hasPrefix($0) }), !sql.contains("sqlite_") else { return }
            state.update { if $0.isRecording { $0.statements.insert(sql) } }
        }
    }

    private static let words = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"]

    /// What is wrong with the plans of all that a body runs; nothing, one hopes.
    package func problems(of pool: DatabasePool, _ body: () async throws -> Void) async throws -> [String] {
        state.update { $0.isRecording = true }
        try await body()
        let statements = state.update { state in
            state.isRecording = false
            return state.statements
        }
        return try await pool.read { [self] db in
            try statements.sorted().flatMap { try problems(db, $0) }
        }
    }

    /// What is wrong with the plan of one statement.
    package func problems(_ db: Database, _ sql: String) throws -> [String] {
        let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN \(sql)")
        // As it is compiled: what is bound later chooses no plan.
        statement.setUncheckedArguments([])
        let names = StatementNames(sql)
        let text = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return try Row.fetchAll(statement).map { $0["detail"] as String }
            .filter { step in isWrong(step, names) && !exceptions.contains { text.contains($0.part) && step.hasPrefix($0.step) } }
            .map { "\($0): \(text)" }
    }

    private func isWrong(_ step: String, _ names: StatementNames) -> Bool {
        if step.hasPrefix("USE TEMP B-TREE") { return !names.tables.allSatisfy { bounded[$0] != nil } }
        if step.contains(" AUTOMATIC ") { return true }
        let words = step.split(separator: " ").map(String.init)
        // A row of constants, a list in brackets, and a table that a function makes.
        guard words.count > 1, words[0] == "SCAN", !step.contains("CONSTANT ROW"), !words[1].hasPrefix("("), !step.contains("VIRTUAL TABLE")
        else { return false }
        let index = words.firstIndex(of: "INDEX").flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
        if let table = names.table(words[1]) { return bounded[table] == nil && index.flatMap { bounded[$0] } == nil }
        return !names.derived.contains(words[1])
    }

    /// References between tables that no index serves: whoever deletes the row that is referred to looks through all that refer.
    package static func unservedReferences(_ db: Database) throws -> [String] {
        let tables = try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return try tables.sorted().flatMap { table in
            let indexes = try db.indexes(on: table).map(\.columns) + [db.primaryKey(table).columns]
            return try db.foreignKeys(on: table).map(\.originColumns).filter { columns in
                !indexes.contains { Set($0.prefix(columns.count)) == Set(columns) }
            }
            .map { "\(table): \($0.joined(separator: ", "))" }
        }
    }
}
