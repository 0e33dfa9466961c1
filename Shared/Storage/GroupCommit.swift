package import GRDB
import RPCContract
import Synchronization

/// Commits many waiting writes as one transaction: one fsync serves them all.
///
/// Whoever comes while a commit is under way joins the next one. A write that
/// throws is rolled back alone; if the commit itself fails (a full disk),
/// every write of that transaction fails and none has happened.
package final class GroupCommit: Sendable {
    private struct Item: Sendable {
        var perform: @Sendable (Database) throws -> Void
        var finish: @Sendable ((any Error)?) -> Void
        /// Whether it is rolled back alone if it throws; else its whole transaction is, which is cheaper.
        var isIsolated = true
    }

    private struct State {
        var waiting: [Item] = []
        /// Of these, the appended ones.
        var appended = 0
        var isWriting = false
    }

    private let pool: DatabasePool
    private let limit: Int
    private let appendLimit: Int
    private let batch: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: writes that may wait; one more is refused as overloaded.
    ///   - appendLimit: the same for those of `append`, counted by themselves.
    ///   - batch: writes of one transaction.
    package init(_ pool: DatabasePool, limit: Int = 8192, appendLimit: Int = 8192, batch: Int = 512) {
        self.pool = pool
        self.limit = limit
        self.appendLimit = appendLimit
        self.batch = batch
    }

    /// Performs a write in the next transaction; returns when it is on disk.
    package func write<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<T, any Error>) in
            let box = ResultBox<T>()
            let item = Item(
                perform: { db in box.store(try body(db)) },
                finish: { error in continuation.resume(with: box.result(or: error)) }
            )
            enqueue(item)
        }
    }

    /// The same for a caller that is no task and for a write that fails only where all do (a full disk).
    ///
    /// `then` is called on the database's queue, or at once where the write is refused, and must not block.
    package func append(_ body: @escaping @Sendable (Database) throws -> Void, then: @escaping @Sendable ((any Error)?) -> Void) {
        enqueue(Item(perform: body, finish: then, isIsolated: false))
    }

    private func enqueue(_ item: Item) {
        let admission: (admitted: Bool, leads: Bool) = state.withLock { state in
            guard item.isIsolated ? state.waiting.count - state.appended < limit : state.appended < appendLimit else {
                return (false, false)
            }
            state.waiting.append(item)
            if !item.isIsolated { state.appended += 1 }
            let leads = !state.isWriting
            state.isWriting = true
            return (true, leads)
        }
        guard admission.admitted else {
            return item.finish(
                Fault(.overloaded, "Too many writes wait for the disk; retry later.", retry: .after(.seconds(1)))
            )
        }
        if admission.leads { schedule() }
    }

    private func schedule() {
        pool.asyncWriteWithoutTransaction { [self] db in
            let items = state.withLock { state in
                let items = Array(state.waiting.prefix(batch))
                state.waiting.removeFirst(items.count)
                state.appended -= items.count { !$0.isIsolated }
                return items
            }
            commit(items, on: db)
            let hasMore = state.withLock { state in
                state.isWriting = !state.waiting.isEmpty
                return state.isWriting
            }
            if hasMore { schedule() }
        }
    }

    private func commit(_ items: [Item], on db: Database) {
        var failures: [Int: any Error] = [:]
        var work: [CommitWork.Work] = []
        do {
            try db.inTransaction(.immediate) {
                for (index, item) in items.enumerated() {
                    guard item.isIsolated else {
                        work.append(try CommitWork.collect(db) { try item.perform(db) })
                        continue
                    }
                    do {
                        work.append(
                            try CommitWork.collect(db) { try db.savepoint { try item.perform(db) } })
                    } catch {
                        failures[index] = error
                        // A full disk may have ended the transaction itself.
                        guard db.isInsideTransaction else { throw error }
                    }
                }
                try CommitWork.write(work, to: db)
                return .commit
            }
            for work in work.flatMap(\.afterCommit) { work() }
            for (index, item) in items.enumerated() { item.finish(failures[index]) }
        } catch {
            for work in work.flatMap(\.afterRollback) { work() }
            for item in items { item.finish(error) }
        }
    }
}

/// The value of one write, kept until its transaction has committed.
///
/// Touched by the database queue alone.
private final class ResultBox<T: Sendable>: Sendable {
    private let value = Mutex<T?>(nil)

    func store(_ value: T) { self.value.withLock { $0 = value } }

    func result(or error: (any Error)?) -> Result<T, any Error> {
        if let error { return .failure(error) }
        guard let value = value.withLock({ $0 }) else { return .failure(CancellationError()) }
        return .success(value)
    }
}
