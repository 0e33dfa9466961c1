package import GRDB
package import RPCContract
package import Vocabulary

/// What one part of a process keeps its tables with: reads beside each other, one writer, events, the time, and chance.
package struct Store: Sendable {
    private let pool: DatabasePool
    private let reads: Reads
    package let commits: GroupCommit
    private let events: EventLog
    package let clock: WallClock
    private let chance: Chance

    package init(reads: Reads, commits: GroupCommit, events: EventLog, clock: WallClock, chance: Chance) {
        pool = reads.pool
        self.reads = reads
        self.commits = commits
        self.events = events
        self.clock = clock
        self.chance = chance
    }

    package var now: Timestamp { clock.now }

    /// A new id of ours.
    package func newID<ID: Identifier>(at time: Timestamp) -> ID { ID(rawValue: ULID.make(at: time, using: chance)) }

    /// Reads one state of the database; no writer waits for it.
    package func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await reads.read(body)
    }

    /// Reads where nothing else goes on yet: while the process starts.
    package func readNow<T>(_ body: (Database) throws -> T) throws -> T { try pool.read(body) }

    /// Writes where nothing else goes on yet.
    package func writeNow<T>(_ body: (Database) throws -> T) throws -> T { try pool.write(body) }

    /// Writes in the next transaction; returns when it is on disk.
    package func write<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await commits.write(body)
    }

    /// Tells of what the caller's transaction does.
    package func append(_ db: Database, _ type: String, workspace: String, subject: String, data: JSONValue = [:]) throws {
        try events.append(db, at: now, type: type, workspace: workspace, subject: subject, data: data)
    }

    /// Tells of what the caller's transaction does with what the id names.
    package func append(_ db: Database, _ type: String, workspace: String, subject: some Identifier, data: JSONValue = [:]) throws {
        try append(db, type, workspace: workspace, subject: subject.rawValue, data: data)
    }
}
