import Foundation
import GRDB
import GatewayContract
import RPCContract
import Storage
import Synchronization
import Vocabulary

/// Owns the users: rows with the hashes of their passwords, and in memory who they are.
final class Users: Sendable {
    /// A user's row as a login reads it.
    struct Kept: Sendable {
        var user: User
        var hash: PasswordHash
    }

    /// Users of the host; each is in memory.
    static let most = 5000
    static let mostOfWorkspace = 1000
    /// Of all, those that only users of the whole host may be.
    static let keptForHost = 100
    private static let listed = 100

    private let pool: DatabasePool
    private let events: EventLog
    private let clock: WallClock
    private let chance: Chance
    private let line: PasswordLine
    private let sessions: Sessions
    private let known: Mutex<[String: User]>
    /// Wrong old passwords of each user, from whatever session.
    private let wrong = WrongKeys()

    init(_ pool: DatabasePool, events: EventLog, clock: WallClock, chance: Chance, line: PasswordLine, sessions: Sessions) throws {
        self.pool = pool
        self.events = events
        self.clock = clock
        self.chance = chance
        self.line = line
        self.sessions = sessions
        let rows = try pool.read { db in try Row.fetchAll(db, sql: "SELECT * FROM apiUser").map(Self.user) }
        known = Mutex(Dictionary(rows.map { ($0.id, $0) }) { first, _ in first })
    }

    /// Who a session's user is now; nil where they may not use it any more.
    func user(_ id: String) -> User? { known.withLock { $0[id] }.flatMap { $0.state == .active ? $0 : nil } }

    /// Who is logged in with a token; nil where it is over.
    func user(with token: String) -> User? { sessions.session(with: token).flatMap { user($0.user) } }

    /// Whether somebody of the whole host may log in.
    var areOfHost: Bool { known.withLock { $0.values.contains { $0.workspace == nil && $0.state == .active } } }

    /// - Parameters:
    ///   - applicant: who asks.
    ///   - onlyFirst: refuses where somebody of the whole host may log in by the time that the row is written.
    func create(
        _ params: CreateUser.Params, workspace: String, for applicant: Applicant, onlyFirst: Bool = false
    ) async throws -> User {
        let now = clock.now
        let user = User(
            id: ULID.make(at: now, using: chance), email: Self.folded(params.email), name: params.name, role: params.role,
            workspace: params.ofHost == true ? nil : workspace, createdAt: now)
        let hash = try await line.run(for: applicant) { [costs = line.costs] () throws(Fault) in
            try PasswordHash(of: params.password, costs)
        }
        try await pool.write { [self] db in
            if onlyFirst { try Self.checkFirst(db) }
            try Self.checkRoom(db, of: user.workspace)
            guard try Row.fetchOne(db, sql: "SELECT id FROM apiUser WHERE email = ?", arguments: [user.email]) == nil else {
                throw Fault(
                    .userTaken, "A user of this host has the address already; user.update and user.setPassword change them.", path: "email")
            }
            try db.execute(
                sql: """
                    INSERT INTO apiUser (id, workspace, email, name, role, hash, state, createdAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    user.id, user.workspace, user.email, user.name, user.role.rawValue, hash.text, user.state.rawValue, now,
                ])
            try tell(db, "created", user)
            remember(db, user)
        }
        return user
    }

    /// Two who show the admin key at a time make one owner, not two.
    private static func checkFirst(_ db: Database) throws {
        let isThere = try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM apiUser WHERE workspace IS NULL AND state = 'active')")
        guard isThere != true else {
            throw Fault(.userTaken, "The host has a user by now: log in as one; an owner makes others.")
        }
    }

    /// No workspace takes the room of others, nor that of the host's own users.
    private static func checkRoom(_ db: Database, of workspace: String?) throws {
        let all = try Int.fetchOne(db, sql: "SELECT count(*) FROM apiUser") ?? 0
        guard all < most - (workspace == nil ? 0 : keptForHost) else {
            throw Fault(.usersFull, "The host has \(all) users and takes no more; remove some that are not needed.")
        }
        guard workspace != nil else { return }
        let own = try Int.fetchOne(db, sql: "SELECT count(*) FROM apiUser WHERE workspace IS ?", arguments: [workspace]) ?? 0
        guard own < mostOfWorkspace else {
            throw Fault(.usersFull, "The workspace has \(own) users and may have no more; remove some that are not needed.")
        }
    }

    /// - Parameter workspace: nil for the users of the whole host.
    func list(_ params: ListUsers.Params, of workspace: String?) async throws -> ListUsers.Reply {
        let limit = params.limit ?? Self.listed
        return try await pool.read { db in
            let items = try Row.fetchAll(
                db, sql: "SELECT * FROM apiUser WHERE workspace IS ? AND id > ? ORDER BY id LIMIT ?",
                arguments: [workspace, params.cursor?.place ?? "", limit]
            ).map(Self.user)
            return ListUsers.Reply(items: items, next: items.count == limit ? items.last.map { PageCursor($0.id) } : nil)
        }
    }

    /// A user as whoever asks sees them.
    func get(_ asked: UserPlace) async throws -> User { try await pool.read { db in try Self.find(db, asked).user } }

    func update(_ params: UpdateUser.Params, _ asked: UserPlace) async throws -> User {
        try await pool.write { [self] db in
            let former = try Self.find(db, asked).user
            var user = former
            user.name = params.name ?? user.name
            user.role = params.role ?? user.role
            user.state = params.state ?? user.state
            guard user != former else { return user }
            try db.execute(
                sql: "UPDATE apiUser SET name = ?, role = ?, state = ? WHERE id = ?",
                arguments: [user.name, user.role.rawValue, user.state.rawValue, user.id])
            try Self.checkOwners(db, without: former)
            if user.state == .disabled { try sessions.end(db, of: user.id) }
            try tell(db, "updated", user)
            remember(db, user)
            return user
        }
    }

    func setPassword(_ params: SetPassword.Params, _ asked: UserPlace) async throws -> User {
        let kept = try await pool.read { db in try Self.find(db, asked) }
        if asked.isSelf, params.old == nil {
            throw Fault(.params, "old is missing: whoever changes their own password shows the old one.", path: "old")
        }
        // Whoever may set it need not know the old one.
        let (old, now) = (asked.isSelf ? params.old : nil, clock.now)
        let hash = try await line.run(for: asked.applicant) { [self] () throws(Fault) in
            if let old { try check(old, of: kept, at: now) }
            return try PasswordHash(of: params.password, line.costs)
        }
        return try await pool.write { [self] db in
            let latest = try Self.find(db, asked)
            // Another was set meanwhile: the old one that was shown is old no more.
            if old != nil, latest.hash != kept.hash { throw Self.wrongOld }
            try db.execute(sql: "UPDATE apiUser SET hash = ? WHERE id = ?", arguments: [hash.text, latest.user.id])
            try sessions.end(db, of: latest.user.id)
            try tell(db, "passwordSet", latest.user)
            return latest.user
        }
    }

    private func check(_ old: String, of kept: Kept, at now: Timestamp) throws(Fault) {
        if let wait = wrong.wait(kept.user.id, at: now) {
            throw Fault(.overloaded, "\(WrongKeys.tries) wrong passwords were shown for this user.", retry: .after(wait.duration))
        }
        guard try kept.hash.isOf(old) else {
            wrong.note(kept.user.id, at: now)
            throw Self.wrongOld
        }
    }

    private static let wrongOld = Fault(.params, "old is not the password so far.", path: "old")

    func delete(_ asked: UserPlace) async throws -> User {
        try await pool.write { [self] db in
            let user = try Self.find(db, asked).user
            try sessions.end(db, of: user.id)
            try db.execute(sql: "DELETE FROM apiUser WHERE id = ?", arguments: [user.id])
            try Self.checkOwners(db, without: user)
            try tell(db, "deleted", user)
            db.afterCommit { [self] in known.withLock { $0[user.id] = nil } }
            return user
        }
    }

    /// The user with an address, with the hash of their password; nil where nobody has it.
    func kept(email: String) async throws -> Kept? {
        try await pool.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM apiUser WHERE email = ?", arguments: [Self.folded(email)]).map(Self.kept)
        }
    }

    /// Opens a session for a user whose password was right.
    ///
    /// - Parameter renewed: the hash to keep from now on, where it costs something else.
    /// - Returns: nil where the user is disabled or removed by now, or has another hash.
    func logIn(_ kept: Kept, renewed: PasswordHash? = nil, from address: String?) async throws -> CreateSession.Reply? {
        let now = clock.now
        return try await pool.write { [self] db in
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM apiUser WHERE id = ?", arguments: [kept.user.id]),
                case let latest = try Self.kept(row), latest.hash == kept.hash, latest.user.state == .active
            else { return nil }
            var user = latest.user
            user.lastLoginAt = now
            try db.execute(
                sql: "UPDATE apiUser SET lastLoginAt = ?, hash = ? WHERE id = ?",
                arguments: [now, (renewed ?? latest.hash).text, user.id])
            let (session, token) = try sessions.begin(db, of: user.id, from: address)
            remember(db, user)
            return CreateSession.Reply(session: session, user: user, token: token)
        }
    }

    /// Each place keeps somebody who can make users there.
    ///
    /// - Parameter former: who has just been changed or removed.
    private static func checkOwners(_ db: Database, without former: User) throws {
        guard former.role == .owner, former.state == .active else { return }
        let isThere = try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (SELECT 1 FROM apiUser WHERE workspace IS ? AND role = 'owner' AND state = 'active')
                  OR EXISTS (SELECT 1 FROM apiUser WHERE workspace IS NULL AND role = 'owner' AND state = 'active')
                """, arguments: [former.workspace])
        guard isThere == true else {
            throw Fault(.userLast, "\(former.name) is the last owner that is active; make another one first.", path: "id")
        }
    }

    /// Events about a user are told in their workspace; a user of the whole host has none.
    private func tell(_ db: Database, _ word: String, _ user: User) throws {
        guard let workspace = user.workspace else { return }
        try events.append(
            db, at: clock.now, type: "user.\(word)", workspace: workspace, subject: user.id,
            data: ["name": .string(user.name), "role": .string(user.role.rawValue), "state": .string(user.state.rawValue)])
    }

    private func remember(_ db: Database, _ user: User) {
        db.afterCommit { [self] in known.withLock { $0[user.id] = user } }
    }

    private static func find(_ db: Database, _ asked: UserPlace) throws -> Kept {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM apiUser WHERE id = ?", arguments: [asked.id]),
            case let kept = try kept(row), asked.isSelf || kept.user.workspace == asked.workspace
        else {
            throw Fault(.userUnknown, "There is no user \(asked.id.prefix(64)); user.list shows all.", path: asked.member)
        }
        return kept
    }

    private static func kept(_ row: Row) throws -> Kept { Kept(user: try user(row), hash: PasswordHash(kept: row["hash"])) }

    private static func user(_ row: Row) throws -> User {
        User(
            id: row["id"], email: row["email"], name: row["name"], role: try row.word("role", in: "apiUser"), workspace: row["workspace"],
            state: try row.word("state", in: "apiUser"), createdAt: row["createdAt"], lastLoginAt: row["lastLoginAt"])
    }

    /// Capitals do not matter, nor how accents are put together.
    static func folded(_ email: String) -> String { email.precomposedStringWithCanonicalMapping.lowercased() }
}
