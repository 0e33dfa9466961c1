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
        /// Used since it was last written down.
        var used: [String: Timestamp] = [:]

        mutating func remove(_ gone: Set<String>) {
            guard !gone.isEmpty else { return }
            for id in gone { (sessions[id], used[id]) = (nil, nil) }
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
        memory.withLock { memory in
            for row in rows where isOpen(row.session, at: now) {
                memory.sessions[row.session.id] = row.session
                memory.ids[row.digest] = row.session.id
            }
        }
    }

    /// The session that a token belongs to; nil where it is over, or never was.
    func session(with token: String) -> UserSession? {
        let now = clock.now
        let digest = Self.digest(token)
        return memory.withLock { memory in
            guard let id = memory.ids[digest], var session = memory.sessions[id], isOpen(session, at: now) else { return nil }
            // To the minute is enough, and costs no write for each request.
            if now - session.lastUsedAt >= .minutes(1) || now < session.lastUsedAt {
                session.lastUsedAt = now
                session.endsAt = end(of: session)
                memory.sessions[id] = session
                memory.used[id] = now
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
        let gone = Set(latest.sorted { $0.lastUsedAt > $1.lastUsedAt }.dropFirst(Self.mostOfUser - 1).map(\.id))
        for id in gone { try db.execute(sql: "DELETE FROM session WHERE id = ?", arguments: [id]) }
        let digest = Self.digest(token)
        try db.execute(
            sql: "INSERT INTO session (id, digest, user, createdAt, lastUsedAt, endsAt, address) VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [session.id, digest, user, now, now, session.endsAt, address])
        db.afterCommit { [self, session] in
            memory.withLock { memory in
                memory.remove(gone)
                memory.sessions[session.id] = session
                memory.ids[digest] = session.id
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

    /// Ends one session of a user.
    func end(_ id: String, of user: String) async throws -> UserSession {
        let now = clock.now
        return try await pool.write { [self] db in
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM session WHERE id = ?", arguments: [id]), case let kept = session(row),
                kept.user == user, isOpen(kept, at: now)
            else { throw Fault(.sessionUnknown, "There is no session \(id.prefix(64)) of this user; session.list shows all.", path: "id") }
            try db.execute(sql: "DELETE FROM session WHERE id = ?", arguments: [id])
            db.afterCommit { [self] in memory.withLock { $0.remove([id]) } }
            return kept
        }
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
            memory.used = [:]
            return (used, used.keys.compactMap { memory.sessions[$0] })
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
            memory.withLock { memory in
                memory.used.merge(used.filter { memory.sessions[$0.key] != nil }) { newer, _ in newer }
            }
            throw error
        }
    }

    /// Forgets sessions that are over.
    func prune() async throws {
        // One that was used since ends later than its row says.
        try await flush()
        let now = clock.now
        memory.withLock { memory in
            memory.remove(Set(memory.sessions.values.lazy.filter { [self] in end(of: $0) <= now }.map(\.id)))
        }
        var count = Self.pruned
        while count == Self.pruned {
            try Task.checkCancellation()
            count = try await pool.write { db in
                try db.execute(
                    sql: "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE endsAt <= ? ORDER BY endsAt LIMIT ?)",
                    arguments: [now, Self.pruned])
                return db.changesCount
            }
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
