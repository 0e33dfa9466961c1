import Coordination
import Foundation
import GRDB
import GatewayContract
import JobQueue
import Metrics
import RPCContract
import Storage
import Vocabulary

/// Owns what was received and could not be handled.
struct DeadLetters: Sendable {
    let inbox: Inbox

    /// Whether an event was put aside before.
    static func isKnown(_ db: Database, event id: Int64) throws -> Bool {
        try Int.fetchOne(
            db.cachedStatement(sql: "SELECT 1 FROM deadLetter WHERE source = 'event' AND reference = ?"), arguments: [id]) != nil
    }

    static func bury(
        _ db: Database,
        source: DeadLetter.Source,
        reference: Int64,
        lane: DeadLetter.Lane = .payload,
        kind: String,
        reason: String,
        error: String,
        attempts: Int,
        firstAt: Timestamp,
        lastAt: Timestamp
    ) throws {
        try db.execute(
            sql: """
                INSERT INTO deadLetter (source, reference, lane, kind, state, reason, error, attempts, firstAt, lastAt)
                VALUES (?, ?, ?, ?, 'open', ?, ?, ?, ?, ?)
                ON CONFLICT (source, reference) DO UPDATE SET
                  state = 'open', reason = excluded.reason, error = excluded.error,
                  attempts = attempts + excluded.attempts, lastAt = excluded.lastAt
                """,
            arguments: [source.rawValue, reference, lane.rawValue, kind, reason, error, attempts, firstAt, lastAt]
        )
        let counter = Counter(label: "linda_dead_letters_total", dimensions: [("lane", lane.rawValue), ("reason", reason)])
        db.afterCommit { counter.increment() }
    }

    /// Bytes of a payload that a list shows.
    private static let shown = 4096
    /// Letters that one call acts on.
    private static let some = 500

    func list(_ params: ListDeadLetters.Params) async throws -> ListDeadLetters.Reply {
        var filter = params.filter ?? DeadLetterFilter()
        filter.state = filter.state ?? params.state ?? .open
        let (wanted, limit) = (filter, params.limit ?? 50)
        return try await inbox.read { db in
            let (condition, arguments) = Self.condition(wanted)
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM deadLetter WHERE \(condition) AND id < ? ORDER BY id DESC LIMIT ?",
                arguments: arguments + [params.cursor?.number ?? Int64.max, limit])
            let items = try rows.map { try Self.letter($0, db, shown: Self.shown) }
            return ListDeadLetters.Reply(items: items, next: items.count == limit ? items.last.map { PageCursor($0.id) } : nil)
        }
    }

    func get(_ id: Int64) async throws -> DeadLetter { try await inbox.read { try Self.find($0, id) } }

    /// Does the same with all that a filter names, some in one call.
    func act(_ params: ActOnDeadLetters.Params) async throws -> ActOnDeadLetters.Reply {
        var filter = params.filter ?? DeadLetterFilter()
        if params.action == .purge {
            guard filter.state != .open else {
                throw Fault(.params, "Open dead letters are not purged: retry or resolve them first.", path: "filter.state")
            }
        } else {
            guard filter.state ?? .open == .open else {
                throw Fault(.params, "Only open dead letters can be acted on so.", path: "filter.state")
            }
            filter.state = .open
        }
        let (wanted, now) = (filter, inbox.clock.now)
        let ids = try await inbox.read { db in
            var (condition, arguments) = Self.condition(wanted)
            if wanted.state == nil { condition += " AND state IN ('resolved', 'retried')" }
            return try Int64.fetchAll(
                db, sql: "SELECT id FROM deadLetter WHERE \(condition) ORDER BY state, id LIMIT ?", arguments: arguments + [Self.some])
        }
        var count = 0
        switch params.action {
        case .retry:
            for id in ids {
                // One that still cannot be handled is open again.
                do { count += try await retry(id).state == .retried ? 1 : 0 } catch let fault as Fault
                    where [.deadLetterClosed, .deadLetterUnknown].contains(fault.code)
                {
                    continue  // somebody else was faster
                }
            }
        case .resolve, .purge:
            let statement =
                params.action == .purge
                ? "DELETE FROM deadLetter WHERE id = ?1 AND state != 'open' AND ?2 IS NOT NULL"
                : "UPDATE deadLetter SET state = 'resolved', lastAt = ?2 WHERE id = ?1 AND state = 'open'"
            count = try await inbox.write { db in
                try ids.reduce(0) { count, id in
                    try db.cachedStatement(sql: statement).execute(arguments: [id, now])
                    return count + db.changesCount
                }
            }
        }
        return ActOnDeadLetters.Reply(count: count, more: ids.count == Self.some)
    }

    private static func condition(_ filter: DeadLetterFilter) -> (String, StatementArguments) {
        var conditions = ["1"]
        var arguments = StatementArguments()
        if let state = filter.state {
            conditions.append("state = ?")
            arguments += [state.rawValue]
        }
        if let lane = filter.lane {
            conditions.append("lane = ?")
            arguments += [lane.rawValue]
        }
        if let reason = filter.reason {
            conditions.append("reason = ?")
            arguments += [reason]
        }
        if let before = filter.before {
            conditions.append("lastAt < ?")
            arguments += [before]
        }
        return (conditions.joined(separator: " AND "), arguments)
    }

    /// Puts it back where it came from.
    func retry(_ id: Int64) async throws -> DeadLetter {
        let now = inbox.clock.now
        let letter = try await inbox.write { db in
            let letter = try Self.find(db, id)
            guard letter.state == .open else { throw Fault(.deadLetterClosed, "Dead letter \(id) is \(letter.state.rawValue) already.") }
            try db.execute(sql: "UPDATE deadLetter SET state = 'retried', lastAt = ? WHERE id = ?", arguments: [now, id])
            switch letter.source {
            case .payload:
                let sql = "SELECT id, receivedAt, body FROM payload WHERE id = (SELECT reference FROM deadLetter WHERE id = ?)"
                guard let row = try Row.fetchOne(db, sql: sql, arguments: [id]) else { break }
                var payload = StoredPayload(row)
                // Its events come to be now: their ids and times go on growing together.
                payload.receivedAt = now
                do {
                    try db.isolated { try inbox.split(db, [(payload, payload.parts)]) }
                } catch let error as DatabaseError where error.blamesItsRow {
                    try inbox.split(db, [(payload, .failure(.notStored(error)))])
                }
            case .event:
                try db.execute(
                    sql: """
                        UPDATE inboundEvent SET state = 'pending', ready = orderKey IS NOT NULL, attempts = 0, nextAt = ?
                        WHERE id = (SELECT reference FROM deadLetter WHERE id = ?)
                        """,
                    arguments: [now, id]
                )
            }
            return try Self.find(db, id)
        }
        inbox.arrived.set()
        return letter
    }

    func resolve(_ id: Int64) async throws -> DeadLetter {
        let now = inbox.clock.now
        return try await inbox.write { db in
            _ = try Self.find(db, id)
            try db.execute(sql: "UPDATE deadLetter SET state = 'resolved', lastAt = ? WHERE id = ?", arguments: [now, id])
            return try Self.find(db, id)
        }
    }

    private static func find(_ db: Database, _ id: Int64) throws -> DeadLetter {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM deadLetter WHERE id = ?", arguments: [id]) else {
            throw Fault(.deadLetterUnknown, "There is no dead letter \(id).", path: "id")
        }
        return try letter(row, db)
    }

    /// - Parameter shown: bytes of the payload; all of them by default.
    private static func letter(_ row: Row, _ db: Database, shown: Int = 4_194_304) throws -> DeadLetter {
        let source: DeadLetter.Source = try row.word("source", in: "deadLetter")
        let sql =
            switch source {
            case .payload: "SELECT substr(body, 1, ?) FROM payload WHERE id = ?"
            case .event: "SELECT substr(raw, 1, ?) FROM inboundEvent WHERE id = ?"
            }
        let content = try Row.fetchOne(db, sql: sql, arguments: [shown, row["reference"] as Int64])
        let bytes: Data = content.map { $0[0] } ?? Data()
        return DeadLetter(
            id: row["id"],
            source: source,
            lane: try row.word("lane", in: "deadLetter"),
            kind: row["kind"],
            state: try row.word("state", in: "deadLetter"),
            reason: row["reason"],
            error: row["error"],
            attempts: row["attempts"],
            firstAt: row["firstAt"],
            lastAt: row["lastAt"],
            // A cut may go through a letter; what is no text at all is shown in Base64.
            payload: String(data: bytes, encoding: .utf8)
                ?? (bytes.count == shown ? String(decoding: bytes, as: UTF8.self) : bytes.base64EncodedString())
        )
    }
}
