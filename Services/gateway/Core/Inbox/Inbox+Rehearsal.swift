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
        /// How many starts in a row were left without an end, eight at most: the search is as thorough.
        var unended: Int64 = 0
    }

    /// Deaths with the same event alone in hand after which it is put aside.
    private static let deaths: Int64 = 3
    /// The same, where only a receiver's answer was waited for: what killed the process may as well have come from elsewhere.
    private static let waitingDeaths: Int64 = 8
    /// Starts without an end up to which the search grows wider.
    private static let widest: Int64 = 8

    /// Notes that the process has begun.
    ///
    /// Where the one before it has not ended by itself, an event that was in hand may have been its death. Those that come
    /// next are about the same as those that were in hand; if the one that was to be found is not among them, the
    /// process dies again, and more of them are looked at. The one that was alone in hand comes first, and after three
    /// such deaths it becomes a dead letter. One that only waited for its receiver comes last instead, and is put aside
    /// after eight.
    /// - Parameter reach: how many events of each lane may be in hand at once.
    func noteBeginning(_ reach: [Payload.Lane: Int]) async throws -> Beginning {
        let now = clock.now
        return try await write { [self] db in
            let unended = try value(db, "unendedStarts")
            try set(db, "unendedStarts", unended + 1)
            guard unended > 0 else { return Beginning() }
            var beginning = Beginning(unended: min(unended, Self.widest))
            let alone = try alone(db)
            if let event = alone { try blame(db, event, in: &beginning, at: now) }
            for (lane, count) in reach.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                let ids = try next(db, lane, limit: count * Int(beginning.unended), at: now)
                let known = beginning.suspects.map(\.id)
                beginning.suspects += ids.filter { !known.contains($0) && $0 != beginning.buried }.map { Suspect(id: $0, lane: lane) }
            }
            try putLast(db, &beginning.suspects)
            return beginning
        }
    }

    /// Counts a death with the event alone in hand.
    private func blame(_ db: Database, _ event: EventHead, in beginning: inout Beginning, at now: Timestamp) throws {
        let isWaiting = try value(db, "aloneWaits") == 1
        let name = isWaiting ? Self.waitingDeath(event.id) : "aloneDeaths"
        let deaths = try value(db, name) + 1
        try set(db, name, deaths)
        if deaths >= (isWaiting ? Self.waitingDeaths : Self.deaths) {
            let part = isWaiting ? "waited for an answer about" : "handed over"
            let error = "The gateway ended \(deaths) times while it \(part) this event alone."
            try bury(db, event, reason: "gateway_lost", error: error, attempts: Int(deaths), at: now)
            // Put back by somebody, it counts anew.
            try clearAlone(db)
            try db.execute(sql: "DELETE FROM counter WHERE name = ?", arguments: [name])
            beginning.buried = event.id
        } else if !isWaiting {
            beginning.suspects.append(Suspect(id: event.id, lane: event.lane))
        }
    }

    /// Puts those with which the process has died while it waited behind the others; in a strict lane all that follow them, too.
    private func putLast(_ db: Database, _ suspects: inout [Suspect]) throws {
        var (ranked, most): ([(rank: Int64, suspect: Suspect)], Int64) = ([], 0)
        for suspect in suspects {
            var rank = try value(db, Self.waitingDeath(suspect.id))
            if suspect.lane == .status {
                most = max(most, rank)
                rank = most
            }
            ranked.append((rank, suspect))
        }
        suspects = ranked.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(\.element.suspect)
    }

    /// The counter of the deaths with an event that waited for its receiver.
    private static func waitingDeath(_ event: Int64) -> String { "waitingDeaths:\(event)" }

    private func clearWaitingDeaths(_ db: Database) throws {
        try db.execute(sql: "DELETE FROM counter WHERE name >= 'waitingDeaths:' AND name < 'waitingDeaths;'")
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
            try set(db, "aloneWaits", 0)
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

    /// Notes that only the receiver of what is alone in hand is waited for.
    func noteWaiting() async throws { try await write { [self] db in try set(db, "aloneWaits", 1) } }

    /// Notes that nothing is alone in hand any more.
    func endAlone() async throws { try await write { [self] db in try clearAlone(db) } }

    private func clearAlone(_ db: Database) throws {
        try set(db, "aloneEvent", 0)
        try set(db, "aloneDeaths", 0)
        try set(db, "aloneWaits", 0)
    }

    /// Notes that the process has lived for a while: what it may die of from now on is among the next events again.
    func noteLife() async throws {
        try await write { [self] db in
            if try value(db, "unendedStarts") > 1 { try set(db, "unendedStarts", 1) }
            try clearWaitingDeaths(db)
        }
    }

    /// Notes that the process ends by itself: the next one suspects nothing.
    func noteEnd() async throws {
        try await write { [self] db in
            try clearAlone(db)
            try clearWaitingDeaths(db)
            try set(db, "unendedStarts", 0)
        }
    }
}
