package import AccountContract
package import AccountPacing
import Coordination
package import GRDB
package import RPCContract
package import Storage
import Synchronization
package import Vocabulary

/// Owns the numbers; a copy is kept at hand for routing.
package final class Numbers: Sendable {
    struct Copy {
        var accounts: [Account] = []
        var tables: [String: RoutingTable] = [:]
        /// Tables of some numbers only, as campaigns want them.
        var selections: [Set<PhoneNumberID>: RoutingTable] = [:]
        /// Tables of the numbers of one account (WABA), by workspace.
        var ofAccounts: [WABAID: [String: RoutingTable]] = [:]
        /// Portfolios whose limit Meta, or an operator, has said.
        var known: Set<String> = []
        /// Meta's last word on a portfolio's limit, where that word is not known.
        var words: [String: String] = [:]
        /// Which reading of the database it is.
        var at = -1
    }

    let store: Store
    let pacer: Pacer
    let loads: Loads
    /// Told, in the same transaction, of numbers whose portfolio has another limit now.
    private let relimited: @Sendable (Database, [PhoneNumberID], Timestamp) throws -> Void
    let current = Mutex(Copy())
    /// Counts the readings made in the one writer, and so in the order of the commits.
    private let readings = Mutex(0)
    private let changes = Mutex<AsyncStream<[Account]>.Continuation?>(nil)
    let tickets = Mutex(UInt64(0))
    /// Numbers about which Meta is to be asked at once, since something has changed.
    let questions = Mutexed<Set<PhoneNumberID>>([])
    let asked = Wakeup()

    /// - Parameter relimited: told, in the same transaction, of numbers whose portfolio has another limit now.
    package init(
        store: Store,
        pacer: Pacer,
        loads: Loads,
        relimited: @escaping @Sendable (Database, [PhoneNumberID], Timestamp) throws -> Void = { _, _, _ in }
    ) throws {
        self.store = store
        self.pacer = pacer
        self.loads = loads
        self.relimited = relimited
        use(try store.readNow { try State($0, at: 0) })
        let learned = try store.readNow { db in
            try Row.fetchAll(db, sql: "SELECT phoneNumberID, learnedShare FROM account WHERE learnedShare < 1")
        }
        for row in learned { pacer.restore((row["phoneNumberID"] as PhoneNumberID), share: row["learnedShare"]) }
    }

    /// The numbers now and after each change; one listener, the senders.
    package func follow() -> AsyncStream<[Account]> {
        let (stream, continuation) = AsyncStream.makeStream(of: [Account].self, bufferingPolicy: .bufferingNewest(1))
        changes.withLock { $0 = continuation }
        tell()
        return stream
    }

    /// Every number of all workspaces, out of memory.
    package func all() -> [Account] { current.withLock { $0.accounts } }
    /// The numbers of a workspace, out of memory.
    package func accounts(of workspace: String) -> [Account] { table(workspace).accounts }
    /// A number of any workspace; nil where it is not configured.
    package func account(_ id: PhoneNumberID) -> Account? { current.withLock { $0.accounts.first { $0.phoneNumberID == id } } }

    /// A number of the caller's own workspace; another's is as unknown as one that is not there.
    package func found(_ id: PhoneNumberID, workspace: String) throws(Fault) -> Account {
        guard let account = account(id), account.workspace == workspace else { throw Self.unknown(id) }
        return account
    }

    /// A number of any workspace; a fault where it is not configured.
    package func found(_ id: PhoneNumberID) throws(Fault) -> Account {
        guard let account = account(id) else { throw Self.unknown(id) }
        return account
    }

    /// Why a number cannot be added as another than it is; nil where it is the same.
    ///
    /// What another workspace has set is not told.
    static func taken(_ known: Account, by asked: Account) -> Fault? {
        func digits(_ account: Account) -> String { account.displayPhoneNumber.filter(\.isNumber) }
        guard known.workspace == asked.workspace else {
            return Fault(
                .accountTaken,
                "The number \(asked.phoneNumberID) is another workspace's, and a number has one; use it there, or add another.",
                path: "phoneNumberID")
        }
        let different = [
            digits(known) == digits(asked) ? nil : "the phone number \(known.displayPhoneNumber)",
            known.displayName == asked.displayName ? nil : "the name \(known.displayName)",
            known.wabaID == asked.wabaID ? nil : "the account (WABA) \(known.wabaID)",
        ].compactMap(\.self)
        guard !different.isEmpty else { return nil }
        return Fault(
            .accountTaken,
            "The number \(asked.phoneNumberID) is configured already, with \(different.joined(separator: ", ")); give the same. Its name alone can be changed afterwards.",
            path: "phoneNumberID")
    }

    func add(_ params: AddAccount.Params, workspace: String) async throws -> Account {
        let isNew = account(params.phoneNumberID) == nil
        try await change { [self] db in
            let known = try Self.read(db)
            let account = Account(
                phoneNumberID: params.phoneNumberID,
                wabaID: params.wabaID,
                portfolio: params.portfolio ?? params.wabaID.rawValue,
                displayPhoneNumber: params.displayPhoneNumber,
                displayName: params.displayName,
                role: params.role ?? (known.contains { $0.workspace == workspace } ? .secondary : .master),
                duty: params.duty ?? .active,
                weight: params.weight ?? 1,
                enabled: true,
                workspace: workspace,
                messagesPerSecond: params.messagesPerSecond ?? 80,
                link: params.link ?? .registered
            )
            if let same = known.first(where: { $0.phoneNumberID == params.phoneNumberID }) {
                if let taken = Self.taken(same, by: account) { throw taken }
                return
            }
            if let portfolio = params.portfolio { try Self.check(portfolio, of: workspace, among: known) }
            if account.role == .master { try Self.demote(db, workspace) }
            try db.execute(sql: "DELETE FROM formerNumber WHERE phoneNumberID = ?", arguments: [params.phoneNumberID])
            try db.execute(
                sql: """
                    INSERT INTO account (phoneNumberID, wabaID, portfolio, displayPhoneNumber, displayName, role, duty, weight, enabled,
                      workspace, messagesPerSecond, link, quality, health, marketingShare)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, 'unknown', 'ready', 100)
                    """,
                arguments: [
                    account.phoneNumberID, account.wabaID, account.portfolio, account.displayPhoneNumber,
                    account.displayName, account.role.rawValue, account.duty.rawValue, account.weight, workspace, account.messagesPerSecond,
                    account.link.rawValue,
                ]
            )
            try append(db, "account.added", account)
        }
        // An obstacle from before it was removed says nothing of it now.
        if isNew { unblock(params.phoneNumberID) }
        ask(about: params.phoneNumberID)
        return try found(params.phoneNumberID)
    }

    /// Limits and holds of a portfolio are those of all its numbers: nobody joins another workspace's.
    private static func check(_ portfolio: String, of workspace: String, among known: [Account]) throws(Fault) {
        guard known.allSatisfy({ $0.portfolio != portfolio || $0.workspace == workspace }) else {
            throw Fault(.accountUnknown, "The portfolio \(portfolio) is another workspace's.", path: "portfolio")
        }
    }

    func update(_ params: UpdateAccount.Params) async throws -> Account {
        try await change { [self] db in
            var account = try Self.account(db, params.phoneNumberID)
            if params.role == .master, account.role != .master { try Self.demote(db, account.workspace) }
            account.displayName = params.displayName ?? account.displayName
            account.role = params.role ?? account.role
            account.duty = params.duty ?? account.duty
            account.weight = params.weight ?? account.weight
            account.enabled = params.enabled ?? account.enabled
            if let rate = params.messagesPerSecond {
                // Below what the number has, it is a cap; at it or above, what Meta gives.
                try db.execute(
                    sql: "UPDATE account SET isCapped = ? WHERE phoneNumberID = ?",
                    arguments: [rate < account.messagesPerSecond ? 1 : 0, params.phoneNumberID])
                account.messagesPerSecond = rate
            }
            if let portfolio = params.portfolio { try Self.check(portfolio, of: account.workspace, among: Self.read(db)) }
            account.portfolio = params.portfolio ?? account.portfolio
            try write(db, account)
            try append(db, "account.updated", account)
        }
        // An operator who enables it, again too, has mended what Meta refused it for.
        if params.enabled == true { unblock(params.phoneNumberID) }
        return try found(params.phoneNumberID)
    }

    /// Meta is asked about a number at once, since something has changed.
    package func ask(about number: PhoneNumberID) {
        questions.with { _ = $0.insert(number) }
        asked.set()
    }

    /// The caller fails the messages that wait on it, a few at a time.
    package func delete(_ id: PhoneNumberID) async throws {
        try await change { [self] db in
            let account = try Self.account(db, id)
            try db.execute(sql: "DELETE FROM account WHERE phoneNumberID = ?", arguments: [id])
            try db.execute(sql: "DELETE FROM accountLoad WHERE account = ?", arguments: [id])
            try endBars(db, of: id)
            try db.execute(
                sql: """
                    INSERT INTO formerNumber (phoneNumberID, workspace, displayName, wabaID, removedAt) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET workspace = excluded.workspace, displayName = excluded.displayName, wabaID = excluded.wabaID,
                      removedAt = excluded.removedAt
                    """,
                arguments: [id, account.workspace, account.displayName, account.wabaID, store.now])
            try append(db, "account.deleted", account, data: ["role": .string(account.role.rawValue)])
        }
    }

    /// Writes, and brings the copy up to date with what has been written.
    package func change(_ body: @escaping @Sendable (Database) throws -> Void) async throws {
        try await store.write { [self] db in
            try body(db)
            try refresh(db)
        }
    }

    /// Numbers were changed in a transaction that is not `change`'s own: the copy follows once it has committed.
    package func refresh(_ db: Database) throws {
        let state = try State(db, at: reading())
        db.afterCommit { [self] in use(state) }
    }

    /// The workspace and the name of a number that has been removed.
    package static func former(_ db: Database, _ id: PhoneNumberID) throws -> (workspace: String, displayName: String)? {
        try Row.fetchOne(db, sql: "SELECT workspace, displayName FROM formerNumber WHERE phoneNumberID = ?", arguments: [id])
            .map { ($0["workspace"], $0["displayName"]) }
    }

    /// The workspaces that have, or had before they removed them, numbers of an account (WABA).
    package func workspaces(_ db: Database, of waba: WABAID) throws -> Set<String> {
        let statement = try db.cachedStatement(sql: "SELECT workspace FROM formerNumber WHERE wabaID = ?")
        return try Set(all().filter { $0.wabaID == waba }.map(\.workspace)).union(String.fetchAll(statement, arguments: [waba]))
    }

    func write(_ db: Database, _ account: Account) throws {
        try db.execute(
            sql: """
                UPDATE account SET portfolio = ?, displayName = ?, role = ?, duty = ?, weight = ?, enabled = ?, messagesPerSecond = ?, link = ?,
                  quality = ?, health = ?, marketingShare = ? WHERE phoneNumberID = ?
                """,
            arguments: [
                account.portfolio, account.displayName, account.role.rawValue, account.duty.rawValue, account.weight,
                account.enabled ? 1 : 0,
                account.messagesPerSecond, account.link.rawValue, account.quality.rawValue, account.health.rawValue, account.marketingShare,
                account.phoneNumberID,
            ]
        )
    }

    /// The fault for a number that is not configured.
    package static func unknown(_ id: PhoneNumberID) -> Fault {
        Fault(.accountUnknown, "The number \(id) is not configured; account.add adds it.", path: "phoneNumberID")
    }

    static func account(_ db: Database, _ id: PhoneNumberID) throws -> Account {
        guard let account = try read(db).first(where: { $0.phoneNumberID == id }) else { throw unknown(id) }
        return account
    }

    /// Tells of a number in the event log.
    package func append(_ db: Database, _ type: String, _ account: Account, data more: [String: JSONValue] = [:]) throws {
        let data: [String: JSONValue] = ["displayName": .string(account.displayName), "enabled": .bool(account.enabled)]
        try store.append(
            db, type, workspace: account.workspace, subject: account.phoneNumberID.rawValue,
            data: .object(data.merging(more) { _, new in new }))
    }

    /// Sets how many people a portfolio may write to first in 24 hours; what waited for the old limit is looked at again.
    ///
    /// - Parameter limit: nil where Meta has lifted it.
    package func set(_ db: Database, portfolio: String, limit: Int?) throws {
        try db.execute(
            sql:
                """
                INSERT INTO portfolio (id, messagingLimit, isKnown, word) VALUES (?, ?, 1, NULL)
                ON CONFLICT DO UPDATE SET messagingLimit = excluded.messagingLimit, isKnown = 1, word = NULL
                """,
            arguments: [portfolio, limit]
        )
        try relimited(db, Self.read(db).filter { $0.portfolio == portfolio }.map(\.phoneNumberID), store.now)
    }

    /// Meta gives a limit in a word that is not known: it changes nothing and is shown.
    package func note(_ db: Database, portfolio: String, word: String) throws {
        try db.execute(
            sql: """
                INSERT INTO portfolio (id, messagingLimit, isKnown, word) VALUES (?, ?, 0, ?)
                ON CONFLICT DO UPDATE SET word = excluded.word
                """,
            arguments: [portfolio, PortfolioLedger.smallest, word])
    }

    /// Whether a portfolio's limit is another than the one that is known.
    func isNews(_ db: Database, portfolio: String, limit: Int?) throws -> Bool {
        let known = try Row.fetchOne(
            db, sql: "SELECT messagingLimit FROM portfolio WHERE id = ? AND isKnown = 1 AND word IS NULL", arguments: [portfolio])
        return known.map { $0["messagingLimit"] as Int? != limit } ?? true
    }

    private func reading() -> Int {
        readings.withLock { count in
            count += 1
            return count
        }
    }

    /// Two changes may come back from the writer in either order: the older is ignored.
    private func use(_ state: State) {
        let isNews = current.withLock { current in
            guard state.at > current.at else { return false }
            var tables: [String: RoutingTable] = [:]
            for (workspace, accounts) in Dictionary(grouping: state.accounts, by: \.workspace) {
                let strategy = state.strategies[workspace]
                tables[workspace] = RoutingTable(
                    accounts, strategy: strategy?.name ?? .weighted, isGeographic: strategy?.geographic ?? false)
            }
            current = Copy(accounts: state.accounts, tables: tables, at: state.at)
            current.words = state.words
            current.known = Set(state.limits.keys).subtracting(state.assumed)
            for (portfolio, limit) in state.limits { pacer.configure(portfolio: portfolio, limit: limit) }
            for account in state.accounts { pacer.configure(account) }
            return true
        }
        if isNews { tell() }
    }

    /// Wakes the senders, and tells them how the numbers are now.
    ///
    /// Read under the lock: of two that tell at once, the later one tells the newer.
    func tell() { changes.withLock { changes in _ = changes?.yield(all()) } }

    private static func demote(_ db: Database, _ workspace: String) throws {
        try db.execute(sql: "UPDATE account SET role = 'secondary' WHERE workspace = ? AND role = 'master'", arguments: [workspace])
    }

    /// Reads every number out of the database, main ones first.
    package static func read(_ db: Database) throws -> [Account] {
        try Row.fetchAll(db, sql: "SELECT * FROM account ORDER BY role, phoneNumberID").map { row in
            Account(
                phoneNumberID: row["phoneNumberID"],
                wabaID: row["wabaID"],
                portfolio: row["portfolio"],
                displayPhoneNumber: row["displayPhoneNumber"],
                displayName: row["displayName"],
                role: try row.word("role", in: "account"),
                duty: try row.word("duty", in: "account"),
                weight: row["weight"],
                enabled: row["enabled"] == 1,
                workspace: row["workspace"],
                messagesPerSecond: row["messagesPerSecond"],
                link: try row.word("link", in: "account"),
                quality: try row.word("quality", in: "account"),
                health: try row.word("health", in: "account"),
                marketingShare: row["marketingShare"]
            )
        }
    }

    /// The rows that the copy in memory is made from.
    private struct State: Sendable {
        var accounts: [Account]
        var strategies: [String: GetStrategy.Reply] = [:]
        var limits: [String: Int?] = [:]
        var words: [String: String] = [:]
        var assumed: Set<String> = []
        var at: Int

        init(_ db: Database, at: Int) throws {
            self.at = at
            accounts = try Numbers.read(db)
            for row in try Row.fetchAll(db, sql: "SELECT * FROM strategy") {
                strategies[row["workspace"]] = GetStrategy.Reply(
                    name: try row.word("name", in: "strategy"), geographic: row["isGeographic"] == 1)
            }
            for row in try Row.fetchAll(db, sql: "SELECT * FROM portfolio") {
                let id: String = row["id"]
                limits.updateValue(row["messagingLimit"], forKey: id)
                words[id] = row["word"]
                if row["isKnown"] == 0 { assumed.insert(id) }
            }
        }
    }
}
