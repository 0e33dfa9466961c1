package import GRDB
import Synchronization

extension Database {
    /// Runs work once what the caller writes is on disk; never where it was rolled back.
    ///
    /// Inside `GroupCommit` a write that is rolled back alone takes its work with it, and the others' runs. The work
    /// runs on the database's queue and must not block.
    package func afterCommit(_ work: @escaping @Sendable () -> Void) {
        guard !CommitWork.add(work, self) else { return }
        afterNextTransaction { _ in work() }
    }
}

/// Work that waits for the commit of the write under way, by database connection.
enum CommitWork {
    private static let waiting = Mutex<[ObjectIdentifier: [@Sendable () -> Void]]>([:])

    /// Runs one write and gives what it asked to be done after the commit; nothing where it throws.
    static func collect(_ db: Database, _ write: () throws -> Void) throws -> [@Sendable () -> Void] {
        let id = ObjectIdentifier(db)
        waiting.withLock { $0[id] = [] }
        defer { waiting.withLock { _ = $0.removeValue(forKey: id) } }
        try write()
        return waiting.withLock { $0[id] ?? [] }
    }

    /// Whether a write of a group commit is under way on the connection, and has taken the work.
    fileprivate static func add(_ work: @escaping @Sendable () -> Void, _ db: Database) -> Bool {
        waiting.withLock { waiting in
            guard waiting[ObjectIdentifier(db)] != nil else { return false }
            waiting[ObjectIdentifier(db)]?.append(work)
            return true
        }
    }
}
