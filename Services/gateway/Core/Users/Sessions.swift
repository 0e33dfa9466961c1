import Coordination
import Crypto
import Foundation
import GRDB
import GatewayContract
import RPCContract
import Storage
import Synchronization
import Vocabulary

/// Owns the sessions of users: digests of their tokens in the database, those that are open in memory too.
///
/// A token is 256 bits of chance, so a plain digest is enough: nobody finds it by trying.
final class Sessions: Sendable {
    /// How long a session lasts.
    struct Limits: Sendable {
        /// After its last use.
        var idle: Milliseconds
        /// However often it is used.
        var longest: Milliseconds
    }

    private struct Memory {
        var sessions: [String: UserSession] = [:]
        /// By digest of the token, the session's id.
        var ids: [Data: String] = [:]
        /// The use of each that was last given to be written down.
        var noted: [String: Timestamp] = [:]
        /// Those whose use is to be written down.
        var used: Set<String> = []

        mutating func insert(_ session: UserSession, _ digest: Data) {
            sessions[session.id] = session
            ids[digest] = session.id
            noted[session.id] = session.lastUsedAt
        }

        mutating func remove(_ gone: Set<String>) {
            guard !gone.isEmpty else { return }
            for id in gone { (sessions[id], noted[id]) = (nil, nil) }
            used.subtract(gone)
            ids = ids.filter { !gone.contains($0.value) }
        }
    }

    /// Open sessions of one user.
    static let mostOfUser = 20
    /// How far a clock may be set back before what began after its present time has not begun.
    private static let slack = Milliseconds.minutes(5)
    private static let pruned = 500
    static let prefix = "linda_session_"

    private let pool: DatabasePool
    private let clock: WallClock
    private let chance: Chance
    private let limits: Limits
    private let memory = Mutex(Memory())
    /// A session was used, and nobody has written it down.
    let used = Wakeup()

    init(_ pool: DatabasePool, clock: WallClock, chance: Chance, limits: Limits) throws {
        self.pool = pool
        self.clock = clock
        self.chance = chance
        self.limits = limits
        let now = clock.now
        let rows = try pool.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM session WHERE endsAt > ?", arguments: [now]).map { row in
                (digest: row["digest"] as Data, session: self.session(row))
            }
        }
        // Those that have not begun, too: it may be this clock that is behind, and whoever uses one is judged then.
        memory.withLock { memory in
            for row in rows where now < row.session.endsAt { memory.insert(row.session, row.digest) }
        }
    }

    /// The session that a token belongs to; nil where it is over, or never was.
    func session(with token: String) -> UserSession? {
        let now = clock.now
        let digest = Self.digest(token)
        return memory.withLock { memory in
            guard let id = memory.ids[digest], var session = memory.sessions[id], isOpen(session, at: now) else { return nil }
            session.lastUsedAt = now
            session.endsAt = end(of: session)
            memory.sessions[id] = session
            // In the row it is to the minute, which costs no write for each request.
            let noted = memory.noted[id] ?? session.createdAt
            if now - noted >= .minutes(1) || now < noted {
                memory.noted[id] = now
                memory.used.insert(id)
                used.set()
            }
            return session
        }
    }

    /// Whether a session is open now.
    func isOpen(_ id: String) -> Bool {
        let now = clock.now
        return memory.withLock { memory in memory.sessions[id].map { isOpen($0, at: now) } ?? false }
    }

    /// Opens a session in the caller's transaction; where the user has as many as they may, the one that was used longest ago ends.
    func begin(_ db: Database, of user: String, from address: String?) throws -> (session: UserSession, token: String) {
        let (now, token) = (clock.now, Self.token())
        var session = UserSession(
            id: ULID.make(at: now, using: chance), user: user, createdAt: now, lastUsedAt: now, endsAt: now, address: address)
        session.endsAt = end(of: session)
        let others = try Row.fetchAll(db, sql: "SELECT * FROM session WHERE user = ?", arguments: [user]).map(self.session)
        // What was used since is known here alone.
        let latest = memory.withLock { memory in others.map { memory.sessions[$0.id] ?? $0 } }
        // Those that nobody can use go before those that somebody may be using.
        let kept = latest.map { (session: $0, isOpen: isOpen($0, at: now)) }
            .sorted { ($0.isOpen ? 1 : 0, $0.session.lastUsedAt) > ($1.isOpen ? 1 : 0, $1.session.lastUsedAt) }
        let gone = Set(kept.dropFirst(Self.mostOfUser - 1).map(\.session.id))
        for id in gone { try db.execute(sql: "DELETE FROM session WHERE id = ?", arguments: [id]) }
        let digest = Self.digest(token)
        try db.execute(
            sql: "INSERT INTO session (id, digest, user, createdAt, lastUsedAt, endsAt, address) VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [session.id, digest, user, now, now, session.endsAt, address])
        db.afterCommit { [self, session] in
            memory.withLock { memory in
                memory.remove(gone)
                memory.insert(session, digest)
            }
        }
        return (session, token)
    }

    /// Ends all sessions of a user, in the caller's transaction.
    func end(_ db: Database, of user: String) throws {
        try db.execute(sql: "DELETE FROM session WHERE user = ?", arguments: [user])
        db.afterCommit { [self] in
            memory.withLock { memory in memory.remove(Set(memory.sessions.values.lazy.filter { $0.user == user }.map(\.id))) }
        }
    }

    /// Ends one session of a user, whether it is open or not: one that has not begun may begin yet.
    func end(_ id: String, of user: String) async throws -> UserSession {
        try await pool.write { [self] db in
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM session WHERE id = ?", arguments: [id]), case let kept = session(row),
                kept.user == user
            else { throw Fault(.sessionUnknown, "There is no session \(id.prefix(64)) of this user; session.list shows all.", path: "id") }
            // What it was used since is known here alone.
            let latest = memory.withLock { $0.sessions[id] } ?? kept
            try remove(db, id)
            return latest
        }
    }

    /// Ends the session that a token belongs to, whether it is open or not; there may be none.
    func end(with token: String) async throws {
        let digest = Self.digest(token)
        try await pool.write { [self] db in
            guard let id = try String.fetchOne(db, sql: "SELECT id FROM session WHERE digest = ?", arguments: [digest]) else { return }
            try remove(db, id)
        }
    }

    private func remove(_ db: Database, _ id: String) throws {
        try db.execute(sql: "DELETE FROM session WHERE id = ?", arguments: [id])
        db.afterCommit { [self] in memory.withLock { $0.remove([id]) } }
    }

    /// The open sessions of a user, the latest login first.
    func list(of user: String) -> [UserSession] {
        let now = clock.now
        return memory.withLock { memory in memory.sessions.values.filter { $0.user == user && isOpen($0, at: now) } }
            .sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
    }

    /// Writes down which sessions were used.
    func flush() async throws {
        let (used, sessions) = memory.withLock { memory in
            let used = memory.used
            memory.used = []
            return (used, used.compactMap { memory.sessions[$0] })
        }
        guard !sessions.isEmpty else { return }
        do {
            try await pool.write { db in
                for session in sessions {
                    try db.execute(
                        sql: "UPDATE session SET lastUsedAt = ?, endsAt = ? WHERE id = ?",
                        arguments: [session.lastUsedAt, session.endsAt, session.id])
                }
            }
        } catch {
            memory.withLock { memory in memory.used.formUnion(used.filter { memory.sessions[$0] != nil }) }
            throw error
        }
    }

    /// Forgets sessions that are over.
    func prune() async throws {
        try await flush()
        let now = clock.now
        let gone = memory.withLock { memory in
            let gone = memory.sessions.values.filter { end(of: $0) <= now }.map(\.id)
            memory.remove(Set(gone))
            return gone
        }
        for first in stride(from: 0, to: gone.count, by: Self.pruned) {
            try await delete(gone[first..<min(first + Self.pruned, gone.count)])
        }
        // And those that were over before the process began. One that is known here ends later than its row says.
        var last: (endsAt: Timestamp, id: String)? = (Timestamp(milliseconds: 0), "")
        while let after = last {
            let rows = try await pool.read { db in
                try Row.fetchAll(
                    db, sql: "SELECT id, endsAt FROM session WHERE (endsAt, id) > (?, ?) AND endsAt <= ? ORDER BY endsAt, id LIMIT ?",
                    arguments: [after.endsAt, after.id, now, Self.pruned]
                ).map { row in (endsAt: row["endsAt"] as Timestamp, id: row["id"] as String) }
            }
            try await delete(rows.map(\.id)[...])
            last = rows.count == Self.pruned ? rows.last : nil
        }
    }

    /// Deletes rows of sessions that are not open, as far as memory knows when they are written.
    private func delete(_ ids: ArraySlice<String>) async throws {
        guard !ids.isEmpty else { return }
        try Task.checkCancellation()
        try await pool.write { [self] db in
            let over = memory.withLock { memory in ids.filter { memory.sessions[$0] == nil } }
            for id in over { try db.execute(sql: "DELETE FROM session WHERE id = ?", arguments: [id]) }
        }
    }

    private func end(of session: UserSession) -> Timestamp {
        min(session.createdAt + limits.longest, session.lastUsedAt + limits.idle)
    }

    /// A session that began after the present time is none: the clock was set back, and it would last too long.
    private func isOpen(_ session: UserSession, at now: Timestamp) -> Bool {
        now < end(of: session) && session.createdAt <= now + Self.slack
    }

    /// Ends as the present settings say, whatever they were when it was written.
    private func session(_ row: Row) -> UserSession {
        var session = UserSession(
            id: row["id"], user: row["user"], createdAt: row["createdAt"], lastUsedAt: row["lastUsedAt"], endsAt: row["endsAt"],
            address: row["address"])
        session.endsAt = end(of: session)
        return session
    }

    private static func digest(_ token: String) -> Data { Data(SHA256.hash(data: Data(token.utf8))) }

    private static func token() -> String {
        // Secure chance: whoever knows the seed of a run knows no token of it.
        let chance = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let letters = chance.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return prefix + letters
    }
}
