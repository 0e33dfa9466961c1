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

extension Database {
    /// Runs work where the caller's write is rolled back, alone or with all of its transaction.
    ///
    /// What was taken in memory on its behalf is given back. Outside of `GroupCommit` nothing is rolled back alone, and
    /// the work is dropped: such writes are the caller's own to undo.
    package func afterRollback(_ work: @escaping @Sendable () -> Void) { CommitWork.undo(work, self) }
}

/// Work that waits for the commit of the write under way, by database connection.
enum CommitWork {
    /// What one write asked to be done once it is known what became of it.
    struct Work {
        var afterCommit: [@Sendable () -> Void] = []
        var afterRollback: [@Sendable () -> Void] = []
    }

    private static let waiting = Mutex<[ObjectIdentifier: Work]>([:])

    /// Runs one write and gives what it asked for; where it throws, what is to be undone is undone.
    static func collect(_ db: Database, _ write: () throws -> Void) throws -> Work {
        let id = ObjectIdentifier(db)
        waiting.withLock { $0[id] = Work() }
        defer { waiting.withLock { _ = $0.removeValue(forKey: id) } }
        do { try write() } catch {
            for work in waiting.withLock({ $0[id]?.afterRollback ?? [] }) { work() }
            throw error
        }
        return waiting.withLock { $0[id] } ?? Work()
    }

    fileprivate static func undo(_ work: @escaping @Sendable () -> Void, _ db: Database) {
        waiting.withLock { $0[ObjectIdentifier(db)]?.afterRollback.append(work) }
    }

    /// Whether a write of a group commit is under way on the connection, and has taken the work.
    fileprivate static func add(_ work: @escaping @Sendable () -> Void, _ db: Database) -> Bool {
        waiting.withLock { waiting in
            guard waiting[ObjectIdentifier(db)] != nil else { return false }
            waiting[ObjectIdentifier(db)]?.afterCommit.append(work)
            return true
        }
    }
}
