import Coordination
import Crypto
import Foundation
import GRDB
import GatewayContract
import RPCContract
import Storage
import Synchronization
import Vocabulary

/// Owns the keys of the HTTP API: digests in the database, those in force in memory.
///
/// A secret is 256 bits of chance, so a plain digest is enough: nobody finds it by trying.
final class APIKeys: Sendable {
    /// The key that a secret belongs to, and until when it counts.
    private struct Use: Sendable {
        var key: String
        var until: Timestamp?
    }

    private struct Memory {
        var keys: [String: APIKey] = [:]
        /// By digest.
        var secrets: [Data: Use] = [:]
        /// Used since it was last written down.
        var used: [String: Timestamp] = [:]
    }

    private let pool: DatabasePool
    private let events: EventLog
    private let clock: WallClock
    private let chance: Chance
    private let memory = Mutex(Memory())
    /// A key was used, and nobody has written it down.
    let used = Wakeup()

    private static let listed = 1000

    init(_ pool: DatabasePool, events: EventLog, clock: WallClock, chance: Chance) throws {
        self.pool = pool
        self.events = events
        self.clock = clock
        self.chance = chance
        take(try pool.read { try Self.known($0, at: clock.now) })
    }

    /// The key that a secret belongs to; nil where it is in force no more, or never was.
    func key(with secret: String) -> APIKey? {
        let now = clock.now
        let digest = Self.digest(secret)
        return memory.withLock { memory in
            guard let found = memory.secrets[digest], found.until.map({ now < $0 }) ?? true, let key = memory.keys[found.key],
                Self.isInForce(key, at: now)
            else { return nil }
            // To the minute is enough, and costs no write for each request.
            if key.lastUsedAt.map({ now - $0 >= .minutes(1) || now < $0 }) ?? true {
                memory.keys[key.id]?.lastUsedAt = now
                memory.used[key.id] = now
                used.set()
            }
            return key
        }
    }

    /// Whether a key counts now.
    func isInForce(_ id: String) -> Bool {
        let now = clock.now
        return memory.withLock { memory in memory.keys[id].map { Self.isInForce($0, at: now) } ?? false }
    }

    func create(_ params: CreateAPIKey.Params, workspace: String) async throws -> NewAPIKey {
        let (now, secret) = (clock.now, Self.secret())
        if let end = params.expiresAt, end <= now {
            throw Fault(.params, "The key would have ended already; give a moment that is to come.", path: "expiresAt")
        }
        let key = APIKey(
            id: ULID.make(at: now, using: chance), name: params.name, role: params.role, workspace: params.ofHost == true ? nil : workspace,
            numbers: params.numbers, createdAt: now, expiresAt: params.expiresAt)
        try await write { [self] db in
            let others = try Row.fetchAll(
                db, sql: "SELECT * FROM apiKey WHERE workspace IS ? AND name = ?", arguments: [key.workspace, key.name])
            guard try !others.contains(where: { try Self.isInForce(Self.key($0), at: now) }) else {
                throw Fault(.keyTaken, "There is a key \(key.name) already; key.rotate gives it a new secret.", path: "name")
            }
            try db.execute(
                sql: "INSERT INTO apiKey (id, workspace, name, role, numbers, createdAt, expiresAt) VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    key.id, key.workspace, key.name, key.role.rawValue, try key.numbers.map { try JSON.text($0) }, now, key.expiresAt,
                ])
            try Self.insert(db, secret, of: key.id)
            try tell(db, "created", key, at: now)
        }
        return NewAPIKey(key: key, secret: secret)
    }

    /// Events about a key are told in its workspace; a key of the whole host has none.
    private func tell(_ db: Database, _ word: String, _ key: APIKey, at now: Timestamp) throws {
        guard let workspace = key.workspace else { return }
        try events.append(
            db, at: now, type: "key.\(word)", workspace: workspace, subject: key.id,
            data: ["name": .string(key.name), "role": .string(key.role.rawValue)])
    }

    /// - Parameter workspace: nil for the keys of the whole host.
    func list(_ params: ListAPIKeys.Params, of workspace: String?) async throws -> ListAPIKeys.Reply {
        try await flush()
        let limit = params.limit ?? Self.listed
        // Whether the last key of the page before was taken back, and its id.
        let (isRevoked, last) = (params.cursor.map { $0.place.hasPrefix("1") ? 1 : 0 }, params.cursor.map { String($0.place.dropFirst()) })
        return try await pool.read { db in
            let items = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM apiKey WHERE workspace IS ?1
                      AND (?2 IS NULL OR (revokedAt IS NOT NULL) > ?2 OR (revokedAt IS NOT NULL) = ?2 AND id < ?3)
                    ORDER BY revokedAt IS NOT NULL, id DESC LIMIT ?4
                    """,
                arguments: [workspace, isRevoked, last, limit]
            ).map(Self.key)
            let next = items.count == limit ? items.last.map { "\($0.revokedAt == nil ? 0 : 1)\($0.id)" } : nil
            return ListAPIKeys.Reply(items: items, next: next.map { PageCursor($0) })
        }
    }

    /// - Parameter workspace: nil for a key of the whole host.
    func rotate(_ params: RotateAPIKey.Params, of workspace: String?) async throws -> NewAPIKey {
        let (now, secret) = (clock.now, Self.secret())
        let until = now + (params.overlap ?? .days(1))
        let key = try await write { [self] db in
            let key = try Self.find(db, params.id, of: workspace)
            guard Self.isInForce(key, at: now) else {
                throw Fault(.keyRevoked, "\(key.name) is not in force any more; make a new one.", path: "id")
            }
            // A caller who has lost the answer asks again: what counted before that counts as long as it would have.
            try db.execute(
                sql: "UPDATE apiSecret SET until = ? WHERE key = ? AND (until IS NULL OR until > ?)", arguments: [until, key.id, until])
            try db.execute(sql: "DELETE FROM apiSecret WHERE key = ? AND until <= ?", arguments: [key.id, now])
            try Self.insert(db, secret, of: key.id)
            try db.execute(
                sql: "UPDATE apiKey SET rotatedAt = ?, formerUntil = ? WHERE id = ?", arguments: [now, until > now ? until : nil, key.id])
            try tell(db, "rotated", key, at: now)
            return try Self.find(db, params.id, of: workspace)
        }
        return NewAPIKey(key: key, secret: secret)
    }

    func revoke(_ id: String, of workspace: String?) async throws -> APIKey {
        let now = clock.now
        return try await write { [self] db in
            let key = try Self.find(db, id, of: workspace)
            if key.revokedAt == nil { try tell(db, "revoked", key, at: now) }
            try db.execute(sql: "UPDATE apiKey SET revokedAt = coalesce(revokedAt, ?) WHERE id = ?", arguments: [now, key.id])
            try db.execute(sql: "DELETE FROM apiSecret WHERE key = ?", arguments: [key.id])
            return try Self.find(db, id, of: workspace)
        }
    }

    /// Writes down which keys were used.
    func flush() async throws {
        let used = memory.withLock { memory in
            let used = memory.used
            memory.used = [:]
            return used
        }
        guard !used.isEmpty else { return }
        do {
            try await pool.write { db in
                for (id, at) in used { try db.execute(sql: "UPDATE apiKey SET lastUsedAt = ? WHERE id = ?", arguments: [at, id]) }
            }
        } catch {
            memory.withLock { memory in memory.used.merge(used) { newer, _ in newer } }
            throw error
        }
    }

    /// Forgets keys that have ended long ago.
    func prune(before time: Timestamp) async throws {
        try await write { db in
            try db.execute(
                sql: "DELETE FROM apiKey WHERE revokedAt < ? OR expiresAt < ?", arguments: [time, time])
        }
    }

    private func write<Value: Sendable>(_ change: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await pool.write { [self] db in
            let value = try change(db)
            let known = try Self.known(db, at: clock.now)
            db.afterCommit { [self] in take(known) }
            return value
        }
    }

    /// The keys in force, as the database has them.
    private struct Known: Sendable {
        var keys: [String: APIKey]
        var secrets: [Data: Use]
    }

    private static func known(_ db: Database, at now: Timestamp) throws -> Known {
        let keys = try Row.fetchAll(db, sql: "SELECT * FROM apiKey WHERE revokedAt IS NULL").map(key).filter { isInForce($0, at: now) }
        let secrets = try Row.fetchAll(db, sql: "SELECT digest, key, until FROM apiSecret").map { row -> (Data, Use) in
            (row["digest"], Use(key: row["key"], until: row["until"]))
        }
        return Known(
            keys: Dictionary(keys.map { ($0.id, $0) }) { first, _ in first }, secrets: Dictionary(secrets) { first, _ in first })
    }

    private func take(_ known: Known) {
        memory.withLock { memory in
            memory.keys = known.keys
            memory.secrets = known.secrets
            for (id, at) in memory.used { memory.keys[id]?.lastUsedAt = at }
        }
    }

    private static func insert(_ db: Database, _ secret: String, of key: String) throws {
        try db.execute(sql: "INSERT INTO apiSecret (digest, key) VALUES (?, ?)", arguments: [digest(secret), key])
    }

    private static func find(_ db: Database, _ id: String, of workspace: String?) throws -> APIKey {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM apiKey WHERE id = ?", arguments: [id]),
            case let key = try key(row), key.workspace == workspace
        else { throw Fault(.keyUnknown, "There is no key \(id.prefix(64)); key.list shows all.", path: "id") }
        return key
    }

    private static func key(_ row: Row) throws -> APIKey {
        APIKey(
            id: row["id"], name: row["name"], role: try row.word("role", in: "apiKey"), workspace: row["workspace"],
            numbers: try (row["numbers"] as String?).map { try JSON.decode([PhoneNumberID].self, from: $0) }, createdAt: row["createdAt"],
            expiresAt: row["expiresAt"], rotatedAt: row["rotatedAt"], formerUntil: row["formerUntil"], lastUsedAt: row["lastUsedAt"],
            revokedAt: row["revokedAt"])
    }

    private static func isInForce(_ key: APIKey, at now: Timestamp) -> Bool {
        key.revokedAt == nil && key.expiresAt.map { now < $0 } ?? true
    }

    private static func digest(_ secret: String) -> Data { Data(SHA256.hash(data: Data(secret.utf8))) }

    /// The first letters tell people, and programs that look for leaked secrets, what it is.
    private static func secret() -> String {
        // Secure chance: whoever knows the seed of a run knows no key of it.
        let chance = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let letters = chance.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return "linda_\(letters)"
    }
}
