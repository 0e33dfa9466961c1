import AccountContract
import AccountNumbers
import GRDB
import Storage

/// Campaigns that nothing can send, as the last number of their workspace was removed.
extension Campaigns {
    private static let shown = 5

    /// One sentence with the trouble and its remedy; nil where every campaign has a number.
    func withoutNumbers() async throws -> String? {
        let manned = Set(numbers.all().map(\.workspace))
        let names = try await store.read { db in
            // In the order of the index.
            try Row.fetchAll(
                db,
                sql: """
                    SELECT workspace, name FROM campaign WHERE state IN ('paused', 'running', 'scheduled') ORDER BY state, priority, id
                    """
            )
            .filter { !manned.contains($0["workspace"]) }.map { $0["name"] as String }
        }
        guard !names.isEmpty else { return nil }
        let more = names.count > Self.shown ? " and \(names.count - Self.shown) more" : ""
        return "no number is left to send \(names.prefix(Self.shown).joined(separator: ", "))\(more); account.add configures one"
    }
}
