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

extension Database {
    /// Adds to a counter, which inside `GroupCommit` is written once for all the writes of the transaction, at its end.
    ///
    /// A hundred messages that move in one transaction change the same few counters. A write that is rolled back alone
    /// takes what it counted with it, and so does a part of it (`isolated`). What reads the counter in the same transaction may not
    /// see it yet.
    package func count(_ counter: RowCounter, by n: Int) throws {
        guard n != 0, !CommitWork.count(counter, by: n, self) else { return }
        try counter.write(self, n)
    }
}

/// A counter in a row: the statement that adds to it, whose last parameter is how many, and the parameters before that.
package struct RowCounter: Hashable, Sendable {
    private let sql: String
    private let key: [DatabaseValue]

    package init(sql: String, key: [any DatabaseValueConvertible]) {
        self.sql = sql
        self.key = key.map(\.databaseValue)
    }

    func write(_ db: Database, _ n: Int) throws {
        try db.cachedStatement(sql: sql).execute(arguments: StatementArguments(key) + [n])
    }
}

/// Work that waits for the commit of the write under way, by database connection.
enum CommitWork {
    /// What one write asked to be done once it is known what became of it.
    struct Work {
        var afterCommit: [@Sendable () -> Void] = []
        var afterRollback: [@Sendable () -> Void] = []
        /// What is to be added to counters before the commit.
        var counts: [RowCounter: Int] = [:]

        /// The same, and what a part of the write has asked for.
        func joined(with part: Work?) -> Work {
            guard let part else { return self }
            var work = self
            work.afterCommit += part.afterCommit
            work.afterRollback += part.afterRollback
            work.counts.merge(part.counts, uniquingKeysWith: +)
            return work
        }
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

    /// Runs a part of a write; where it throws, what it asked for goes with it, and the rest of the write keeps its own.
    static func part<T>(of db: Database, _ part: () throws -> T) throws -> T {
        let id = ObjectIdentifier(db)
        let outer = waiting.withLock { $0.updateValue(Work(), forKey: id) }
        do {
            let value = try part()
            let inner = waiting.withLock { waiting in
                defer { waiting[id] = outer?.joined(with: waiting[id]) }
                return waiting[id]
            }
            if outer == nil, let inner {
                try write([inner], to: db)
                for work in inner.afterCommit { db.afterCommit(work) }
            }
            return value
        } catch {
            let inner = waiting.withLock { waiting in
                defer { waiting[id] = outer }
                return waiting[id]
            }
            for work in inner?.afterRollback ?? [] { work() }
            throw error
        }
    }

    /// Whether a write of a group commit is under way on the connection, and has taken the count.
    fileprivate static func count(_ counter: RowCounter, by n: Int, _ db: Database) -> Bool {
        waiting.withLock { $0[ObjectIdentifier(db)]?.counts[counter, default: 0] += n } != nil
    }

    /// Writes what the writes of a transaction have counted.
    static func write(_ works: [Work], to db: Database) throws {
        var counts: [RowCounter: Int] = [:]
        for work in works { counts.merge(work.counts, uniquingKeysWith: +) }
        for (counter, n) in counts where n != 0 { try counter.write(db, n) }
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
