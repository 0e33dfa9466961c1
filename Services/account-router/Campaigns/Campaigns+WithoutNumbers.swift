import GRDB
import Storage

/// Campaigns that nothing can send, as the last number of their workspace was removed.
extension Campaigns {
    private static let shown = 5

    /// What is the matter and what is to be done, in a sentence; nil where there are none.
    func withoutNumbers() async throws -> String? {
        let names = try await store.read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT name FROM campaign WHERE state IN ('scheduled', 'running', 'paused')
                      AND workspace NOT IN (SELECT workspace FROM account) ORDER BY id
                    """)
        }
        guard !names.isEmpty else { return nil }
        let more = names.count > Self.shown ? " and \(names.count - Self.shown) more" : ""
        return "no number is left to send \(names.prefix(Self.shown).joined(separator: ", "))\(more); account.add configures one"
    }
}
