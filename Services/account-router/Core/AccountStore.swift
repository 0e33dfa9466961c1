import AccountContract
import GRDB
import JobQueue
import RPCContract
import Storage
import Synchronization
import Vocabulary

/// Owns the numbers; a copy is kept at hand for routing.
final class AccountStore: Sendable {
    private let pool: DatabasePool
    private let commits: GroupCommit
    private let events: EventLog
    private let clock: WallClock
    private let pacer: Pacer
    /// The numbers, and which reading of them it is.
    private let current: Mutex<(accounts: [Account], at: Int)>
    /// Counts the readings made in the one writer, and so in the order of the commits.
    private let readings = Mutex(0)
    private let changes = Mutex<AsyncStream<[Account]>.Continuation?>(nil)

    init(pool: DatabasePool, commits: GroupCommit, events: EventLog, clock: WallClock, pacer: Pacer) throws {
        self.pool = pool
        self.commits = commits
        self.events = events
        self.clock = clock
        self.pacer = pacer
        current = Mutex(([], -1))
        use(try pool.read { try Self.all($0) }, at: 0)
    }

    /// The numbers now and after each change; one listener, the senders.
    func follow() -> AsyncStream<[Account]> {
        let (stream, continuation) = AsyncStream.makeStream(of: [Account].self, bufferingPolicy: .bufferingNewest(1))
        changes.withLock { $0 = continuation }
        continuation.yield(current.withLock { $0.accounts })
        return stream
    }

    func accounts(of workspace: String) -> [Account] { current.withLock { $0.accounts.filter { $0.workspace == workspace } } }

    func account(_ id: PhoneNumberID) -> Account? { current.withLock { $0.accounts.first { $0.phoneNumberID == id } } }

    func add(_ params: AddAccount.Params, workspace: String) async throws -> Account {
        let (accounts, at) = try await commits.write { [self] db in
            let known = try Self.all(db)
            let account = Account(
                phoneNumberID: params.phoneNumberID,
                wabaID: params.wabaID,
                displayPhoneNumber: params.displayPhoneNumber,
                displayName: params.displayName,
                role: params.role ?? (known.contains { $0.workspace == workspace } ? .secondary : .master),
                weight: params.weight ?? 1,
                enabled: true,
                workspace: workspace,
                messagesPerSecond: params.messagesPerSecond ?? 80
            )
            if let same = known.first(where: { $0.phoneNumberID == params.phoneNumberID }) {
                guard same.wabaID == account.wabaID, same.workspace == workspace, same.displayName == account.displayName else {
                    throw Fault(
                        .accountTaken, "The number \(params.phoneNumberID) is configured already; account.update changes it.",
                        path: "phoneNumberID")
                }
                return (known, reading())
            }
            if account.role == .master { try Self.demote(db, workspace) }
            try db.execute(
                sql: """
                    INSERT INTO account (phoneNumberID, wabaID, displayPhoneNumber, displayName, role, weight, enabled, workspace, messagesPerSecond)
                    VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)
                    """,
                arguments: [
                    account.phoneNumberID.rawValue, account.wabaID.rawValue, account.displayPhoneNumber, account.displayName,
                    account.role.rawValue, account.weight, workspace, account.messagesPerSecond,
                ]
            )
            try append(db, "account.added", account)
            return (try Self.all(db), reading())
        }
        use(accounts, at: at)
        return try found(params.phoneNumberID)
    }

    func update(_ params: UpdateAccount.Params) async throws -> Account {
        let (accounts, at) = try await commits.write { [self] db in
            guard var account = try Self.all(db).first(where: { $0.phoneNumberID == params.phoneNumberID }) else {
                throw Self.unknown(params.phoneNumberID)
            }
            if params.role == .master, account.role != .master { try Self.demote(db, account.workspace) }
            account.displayName = params.displayName ?? account.displayName
            account.role = params.role ?? account.role
            account.weight = params.weight ?? account.weight
            account.enabled = params.enabled ?? account.enabled
            account.messagesPerSecond = params.messagesPerSecond ?? account.messagesPerSecond
            try db.execute(
                sql: "UPDATE account SET displayName = ?, role = ?, weight = ?, enabled = ?, messagesPerSecond = ? WHERE phoneNumberID = ?",
                arguments: [
                    account.displayName, account.role.rawValue, account.weight, account.enabled ? 1 : 0, account.messagesPerSecond,
                    account.phoneNumberID.rawValue,
                ]
            )
            try append(db, "account.updated", account)
            return (try Self.all(db), reading())
        }
        use(accounts, at: at)
        return try found(params.phoneNumberID)
    }

    func delete(_ id: PhoneNumberID) async throws {
        let now = clock.now
        let (accounts, at) = try await commits.write { [self] db in
            guard let account = try Self.all(db).first(where: { $0.phoneNumberID == id }) else { throw Self.unknown(id) }
            try db.execute(sql: "DELETE FROM account WHERE phoneNumberID = ?", arguments: [id.rawValue])
            try db.execute(
                sql:
                    "UPDATE message SET state = 'failed', error = 'The number was removed.', updatedAt = ? WHERE account = ? AND state = 'queued'",
                arguments: [now, id.rawValue]
            )
            try db.execute(sql: "DELETE FROM job WHERE queue = ? AND state <> 'leased'", arguments: [Outbox.queue(id)])
            try append(db, "account.deleted", account)
            return (try Self.all(db), reading())
        }
        use(accounts, at: at)
    }

    func list(_ workspace: String) async throws -> ListAccounts.Reply {
        let counts = try await pool.read { db in
            try Row.fetchAll(
                db, sql: "SELECT account, state, count(*) AS n FROM message WHERE state IN ('queued', 'sending') GROUP BY account, state"
            )
            .map { (account: $0["account"] as String, state: $0["state"] as String, count: $0["n"] as Int) }
        }
        func count(_ id: PhoneNumberID, _ state: String) -> Int {
            counts.first { $0.account == id.rawValue && $0.state == state }?.count ?? 0
        }
        return ListAccounts.Reply(
            items: accounts(of: workspace).map {
                ListAccounts.Item(account: $0, queued: count($0.phoneNumberID, "queued"), sending: count($0.phoneNumberID, "sending"))
            }
        )
    }

    func found(_ id: PhoneNumberID) throws(Fault) -> Account {
        guard let account = account(id) else { throw Self.unknown(id) }
        return account
    }

    private static func unknown(_ id: PhoneNumberID) -> Fault {
        Fault(.accountUnknown, "The number \(id) is not configured; account.add adds it.", path: "phoneNumberID")
    }

    private func reading() -> Int {
        readings.withLock { count in
            count += 1
            return count
        }
    }

    /// Two changes may come back from the writer in either order: the older is ignored.
    private func use(_ accounts: [Account], at: Int) {
        let isNews = current.withLock { current in
            guard at > current.at else { return false }
            current = (accounts, at)
            for account in accounts { pacer.configure(account.phoneNumberID, perSecond: account.messagesPerSecond) }
            return true
        }
        if isNews { changes.withLock { _ = $0?.yield(self.current.withLock { $0.accounts }) } }
    }

    private func append(_ db: Database, _ type: String, _ account: Account) throws {
        try events.append(
            db, at: clock.now, type: type, workspace: account.workspace, subject: account.phoneNumberID.rawValue,
            data: ["displayName": .string(account.displayName), "enabled": .bool(account.enabled)]
        )
    }

    private static func demote(_ db: Database, _ workspace: String) throws {
        try db.execute(sql: "UPDATE account SET role = 'secondary' WHERE workspace = ? AND role = 'master'", arguments: [workspace])
    }

    private static func all(_ db: Database) throws -> [Account] {
        try Row.fetchAll(db, sql: "SELECT * FROM account ORDER BY role, phoneNumberID").map { row in
            Account(
                phoneNumberID: PhoneNumberID(row["phoneNumberID"]),
                wabaID: WABAID(row["wabaID"]),
                displayPhoneNumber: row["displayPhoneNumber"],
                displayName: row["displayName"],
                role: Account.Role(rawValue: row["role"]) ?? .secondary,
                weight: row["weight"],
                enabled: row["enabled"] == 1,
                workspace: row["workspace"],
                messagesPerSecond: row["messagesPerSecond"]
            )
        }
    }
}
