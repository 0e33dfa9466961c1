import GRDB
import Storage
import Vocabulary

/// What a start knows of the end before it. Counters keep it, so that a process that runs writes nothing for it.
extension Inbox {
    /// An event that may have been in hand when the process died.
    struct Suspect: Sendable, Equatable {
        var id: Int64
        var lane: Payload.Lane
    }

    /// What a start begins with.
    struct Beginning: Sendable, Equatable {
        /// The events to hand over alone, in this order.
        var suspects: [Suspect] = []
        /// The event of which the process has died too often, now a dead letter.
        var buried: Int64?
    }

    /// Deaths with the same event alone in hand after which it is put aside.
    private static let deaths: Int64 = 3
    /// Starts without an end up to which the search grows wider.
    private static let widest: Int64 = 8

    /// Notes that the process has begun.
    ///
    /// Where the one before it has not ended by itself, an event that was in hand may have been its death. Those that come
    /// next are about the same as those that were in hand; if the one that was to be found is not among them, the
    /// process dies again, and more of them are looked at. The one that was alone in hand comes first, and after three
    /// such deaths it becomes a dead letter.
    /// - Parameter reach: how many events of each lane may be in hand at once.
    func noteBeginning(_ reach: [Payload.Lane: Int]) async throws -> Beginning {
        let now = clock.now
        return try await write { [self] db in
            let unended = try value(db, "unendedStarts")
            try set(db, "unendedStarts", unended + 1)
            guard unended > 0 else { return Beginning() }
            var (suspects, buried): ([Suspect], Int64?) = ([], nil)
            let alone = try alone(db)
            if let event = alone {
                let deaths = try value(db, "aloneDeaths") + 1
                try set(db, "aloneDeaths", deaths)
                if deaths < Self.deaths {
                    suspects.append(Suspect(id: event.id, lane: event.lane))
                } else {
                    let error = "The gateway ended \(deaths) times while it handed over this event alone."
                    try bury(db, event, reason: "gateway_lost", error: error, attempts: Int(deaths), at: now)
                    // Put back by somebody, it counts anew.
                    try clearAlone(db)
                    buried = event.id
                }
            }
            for (lane, count) in reach.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                let ids = try next(db, lane, limit: count * Int(min(unended, Self.widest)), at: now)
                suspects += ids.filter { $0 != alone?.id }.map { Suspect(id: $0, lane: lane) }
            }
            return Beginning(suspects: suspects, buried: buried)
        }
    }

    /// The event that was alone in hand, and is pending still.
    private func alone(_ db: Database) throws -> EventHead? {
        try Row.fetchOne(
            db,
            sql: """
                SELECT \(EventHead.columns) FROM inboundEvent
                WHERE id = (SELECT value FROM counter WHERE name = 'aloneEvent') AND state = 'pending'
                """
        ).map(EventHead.init)
    }

    /// The ids of a lane's next events, without reading what is in them.
    private func next(_ db: Database, _ lane: Payload.Lane, limit: Int, at now: Timestamp) throws -> [Int64] {
        guard lane != .status else {
            return try Int64.fetchAll(
                db,
                sql: "SELECT id FROM inboundEvent INDEXED BY inboundStatus WHERE lane = 'status' AND state = 'pending' ORDER BY id LIMIT ?",
                arguments: [limit])
        }
        return try Int64.fetchAll(
            db,
            sql: """
                SELECT id FROM inboundEvent INDEXED BY inboundReady
                WHERE lane = '\(lane.rawValue)' AND ready = 1 AND state = 'pending' AND nextAt <= ? ORDER BY nextAt, id LIMIT ?
                """,
            arguments: [now, limit])
    }

    /// Notes that an event is the only one in hand, then reads it; nil where it does not wait any more.
    func takeAlone(_ id: Int64) async throws -> StoredEvent? {
        try await write { [self] db in
            guard try value(db, "aloneEvent") != id else { return }
            try set(db, "aloneEvent", id)
            try set(db, "aloneDeaths", 0)
        }
        // Only now: reading it may be what the process dies of.
        return try await read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM inboundEvent WHERE id = ? AND state = 'pending'", arguments: [id])
                .map(StoredEvent.init)
        }
    }

    /// Notes that nothing is alone in hand any more.
    func endAlone() async throws { try await write { [self] db in try clearAlone(db) } }

    private func clearAlone(_ db: Database) throws {
        try set(db, "aloneEvent", 0)
        try set(db, "aloneDeaths", 0)
    }

    /// Notes that the process has lived for a while: what it may die of from now on is among the next events again.
    func noteLife() async throws {
        try await write { [self] db in
            if try value(db, "unendedStarts") > 1 { try set(db, "unendedStarts", 1) }
        }
    }

    /// Notes that the process ends by itself: the next one suspects nothing.
    func noteEnd() async throws {
        try await write { [self] db in
            try clearAlone(db)
            try set(db, "unendedStarts", 0)
        }
    }
}
