import Vocabulary

/// How far the logs of all processes have been read: one place for all of them.
///
/// Each process keeps its own log, so a place is one cursor for each; it outlasts a restart of any of them, as the logs do.
struct LogPosition: Sendable, Equatable {
    /// The processes that keep a log, in the order in which a place names them; a new one is appended.
    static let sources: [ProcessName] = [.gateway, .templateService, .accountRouter, .intelligenceService, .syncService, .poster]

    /// One for each of `sources`.
    private(set) var cursors: [Int64]

    /// Before the first event of every log.
    static let beginning = LogPosition(cursors: sources.map { _ in 0 })

    private init(cursors: [Int64]) { self.cursors = cursors }

    /// - Parameter place: what `place` gave; nil where it is none.
    init?(place: String) {
        let parts = place.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...Self.sources.count).contains(parts.count) else { return nil }
        // A process that came since is read from its beginning.
        var cursors = Self.beginning.cursors
        for (index, part) in parts.enumerated() {
            guard let cursor = Int64(part), (0...9_007_199_254_740_991).contains(cursor) else { return nil }
            cursors[index] = cursor
        }
        self.cursors = cursors
    }

    var place: String { cursors.map(String.init).joined(separator: ".") }

    subscript(source: Int) -> Int64 {
        get { cursors[source] }
        set { cursors[source] = newValue }
    }

    /// Whether everything up to another place has been read.
    func covers(_ other: LogPosition) -> Bool { zip(cursors, other.cursors).allSatisfy { $0 >= $1 } }
}
