import Coordination
import Foundation
import GRDB
import GatewayContract
import JobQueue
import RPCContract
import Storage
import Vocabulary

/// Owns what was received and could not be handled.
struct DeadLetters: Sendable {
    let inbox: Inbox

    static func bury(
        _ db: Database,
        source: DeadLetter.Source,
        reference: Int64,
        kind: String,
        reason: String,
        error: String,
        attempts: Int,
        firstAt: Timestamp,
        lastAt: Timestamp
    ) throws {
        try db.execute(
            sql: """
                INSERT INTO deadLetter (source, reference, kind, state, reason, error, attempts, firstAt, lastAt)
                VALUES (?, ?, ?, 'open', ?, ?, ?, ?, ?)
                ON CONFLICT (source, reference) DO UPDATE SET
                  state = 'open', reason = excluded.reason, error = excluded.error,
                  attempts = attempts + excluded.attempts, lastAt = excluded.lastAt
                """,
            arguments: [source.rawValue, reference, kind, reason, error, attempts, firstAt, lastAt]
        )
    }

    func list(_ params: ListDeadLetters.Params) async throws -> ListDeadLetters.Reply {
        try await inbox.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: "SELECT * FROM deadLetter WHERE state = ? ORDER BY id DESC LIMIT ?",
                arguments: [(params.state ?? .open).rawValue, params.limit ?? 50]
            )
            return ListDeadLetters.Reply(items: try rows.map { try Self.letter($0, db) })
        }
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
                    try db.inSavepoint {
                        try inbox.split(db, [(payload, payload.parts)])
                        return .commit
                    }
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

    private static func letter(_ row: Row, _ db: Database) throws -> DeadLetter {
        let source: DeadLetter.Source = try row.word("source", in: "deadLetter")
        let sql =
            switch source {
            case .payload: "SELECT body FROM payload WHERE id = ?"
            case .event: "SELECT raw FROM inboundEvent WHERE id = ?"
            }
        let content = try Row.fetchOne(db, sql: sql, arguments: [row["reference"] as Int64])
        let bytes: Data = content.map { $0[0] } ?? Data()
        return DeadLetter(
            id: row["id"],
            source: source,
            kind: row["kind"],
            state: try row.word("state", in: "deadLetter"),
            reason: row["reason"],
            error: row["error"],
            attempts: row["attempts"],
            firstAt: row["firstAt"],
            lastAt: row["lastAt"],
            payload: String(data: bytes, encoding: .utf8) ?? bytes.base64EncodedString()
        )
    }
}
