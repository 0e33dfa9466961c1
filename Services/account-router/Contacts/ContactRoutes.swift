package import AccountContract
package import GRDB
import RPCContract
package import Storage
package import Vocabulary

/// Owns the customer service windows, and which number each person is used to or is to be written to from.
///
/// Source: Meta, customer service window: 24 hours from each message of the customer, on the number it was written to.
package struct ContactRoutes: Sendable {
    private let store: Store

    /// 24 hours.
    private static let window = Milliseconds.hours(24)

    package init(store: Store) {
        self.store = store
    }

    /// The numbers that a person's messages go out from, where nothing else decides.
    package struct Habit: Sendable, Equatable {
        /// The number that an operator has chosen for the person.
        package var preferred: PhoneNumberID?
        /// The number that wrote to the person last, or that the person wrote to.
        package var sticky: PhoneNumberID?
    }

    /// The person behind a name, with their habit and preference, empty for somebody new: one question, as every message asks it.
    package static func habit(_ db: Database, of name: ContactID, workspace: String) throws -> (person: PersonID, habit: Habit) {
        let statement = try db.cachedStatement(
            sql: """
                SELECT p.person, r.preferred, r.sticky
                FROM (SELECT (SELECT person FROM contactAlias WHERE workspace = ?1 AND alias = ?2) AS person) p
                LEFT JOIN contactRoute r ON r.workspace = ?1 AND r.contact = coalesce(p.person, ?2)
                """)
        guard let row = try Row.fetchOne(statement, arguments: [workspace, name]) else { return (PersonID(name), Habit()) }
        let habit = Habit(
            preferred: (row[1] as String?).map { PhoneNumberID($0) }, sticky: (row[2] as String?).map { PhoneNumberID($0) })
        let person: PersonID? = row[0]
        return (person ?? PersonID(name), habit)
    }

    /// The number of the workspace whose window with a person is open, and closes last.
    ///
    /// - Parameter isKnown: whether the number is still the workspace's.
    package func openNumber(_ db: Database, _ contact: PersonID, workspace: String, where isKnown: (PhoneNumberID) -> Bool) throws
        -> PhoneNumberID?
    {
        let statement = try db.cachedStatement(
            sql: """
                SELECT account FROM conversationWindow WHERE workspace = ? AND contact = ? AND expiresAt > ?
                ORDER BY expiresAt DESC LIMIT 100
                """)
        return try PhoneNumberID.fetchAll(statement, arguments: [workspace, contact, store.now]).first(where: isKnown)
    }

    /// Whether free-form messages may go to a person from a number now.
    package func isOpen(_ db: Database, _ contact: PersonID, on number: PhoneNumberID, workspace: String) throws -> Bool {
        (try Self.end(db, contact, on: number, workspace: workspace) ?? .zero) > store.now
    }

    private static func end(_ db: Database, _ contact: PersonID, on number: PhoneNumberID, workspace: String) throws -> Timestamp? {
        let statement = try db.cachedStatement(
            sql: "SELECT expiresAt FROM conversationWindow WHERE workspace = ? AND contact = ? AND account = ?")
        return try Timestamp.fetchOne(statement, arguments: [workspace, contact, number])
    }

    /// A person has written: their window opens, and they are used to the number.
    ///
    /// - Returns: when the window closes.
    package func heard(_ db: Database, _ contact: PersonID, on number: PhoneNumberID, at time: Timestamp, workspace: String) throws
        -> Timestamp
    {
        let expiresAt = time + Self.window
        try db.cachedStatement(
            sql: """
                INSERT INTO conversationWindow (workspace, contact, account, expiresAt) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET expiresAt = max(expiresAt, excluded.expiresAt)
                """
        )
        .execute(arguments: [workspace, contact, number, expiresAt])
        try db.cachedStatement(
            sql: """
                INSERT INTO contactRoute (workspace, contact, sticky, at) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET sticky = excluded.sticky, at = excluded.at WHERE excluded.at >= at
                """
        )
        .execute(arguments: [workspace, contact, number, time])
        return expiresAt
    }

    /// A person is written to from a number.
    ///
    /// - Parameter isHabit: whether they are used to it from now on; else only who has no habit yet.
    package func wrote(_ db: Database, _ contact: PersonID, from number: PhoneNumberID, isHabit: Bool, workspace: String) throws {
        let habit = isHabit ? "DO UPDATE SET sticky = excluded.sticky, at = excluded.at" : "DO NOTHING"
        try db.cachedStatement(
            sql: "INSERT INTO contactRoute (workspace, contact, sticky, at) VALUES (?, ?, ?, ?) ON CONFLICT \(habit)"
        )
        .execute(arguments: [workspace, contact, number, store.now])
    }

    /// - Parameter number: nil takes the preference back.
    package func prefer(_ contact: ContactID, _ number: PhoneNumberID?, workspace: String) async throws {
        let now = store.now
        try await store.write { db in
            let contact = try People.person(db, contact, workspace: workspace)
            try db.cachedStatement(
                sql: """
                    INSERT INTO contactRoute (workspace, contact, preferred, at) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET preferred = excluded.preferred
                    """
            )
            .execute(arguments: [workspace, contact, number, now])
        }
    }

    /// Moves people who are used to one number to another; returns how many they are.
    package func move(from number: PhoneNumberID, to other: PhoneNumberID, workspace: String) async throws -> Int {
        try await store.write { db in
            try db.execute(
                sql: "UPDATE contactRoute SET sticky = ? WHERE workspace = ? AND sticky = ?",
                arguments: [other, workspace, number])
            return db.changesCount
        }
    }

    /// - Parameter params: of a number of the workspace that asks.
    package func window(_ params: GetConversationWindow.Params, workspace: String) async throws -> GetConversationWindow.Reply {
        let now = store.now
        return try await store.read { db in
            let person = try People.person(db, ContactID(written: params.contact.rawValue), workspace: workspace)
            let expiresAt = try Self.end(db, person, on: params.account, workspace: workspace)
            return GetConversationWindow.Reply(open: (expiresAt ?? .zero) > now, expiresAt: expiresAt)
        }
    }
}

extension ContactRoutes {
    /// Forgets windows that closed more than 30 days ago, a thousand in one transaction.
    package func pruneWindows() async throws {
        let before = store.now - .days(30)
        var removed = 1000
        while removed == 1000, !Task.isCancelled {
            removed = try await store.write { db in
                try db.execute(
                    sql: """
                        DELETE FROM conversationWindow WHERE (workspace, contact, account) IN (
                          SELECT workspace, contact, account FROM conversationWindow INDEXED BY conversationWindowByEnd
                          WHERE expiresAt < ? LIMIT 1000)
                        """, arguments: [before])
                return db.changesCount
            }
        }
    }

    /// Forgets from which number people were written to so long ago; what an operator has chosen stays.
    ///
    /// They are looked for beside the writer, a thousand at a time: of a million people few are old.
    package func pruneHabits(after span: Milliseconds) async throws {
        let before = store.now - span
        var from = (workspace: "", contact: "")
        while !Task.isCancelled {
            let old = try await store.read { [from] db in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT workspace, contact FROM contactRoute WHERE (workspace, contact) > (?, ?) AND at < ? AND preferred IS NULL
                        ORDER BY workspace, contact LIMIT 1000
                        """, arguments: [from.workspace, from.contact, before]
                )
                .map { (workspace: $0["workspace"] as String, contact: $0["contact"] as String) }
            }
            guard let last = old.last else { return }
            try await store.write { db in
                for person in old {
                    try db.cachedStatement(
                        sql: "DELETE FROM contactRoute WHERE workspace = ? AND contact = ? AND at < ? AND preferred IS NULL"
                    )
                    .execute(arguments: [person.workspace, person.contact, before])
                }
            }
            guard old.count == 1000 else { return }
            from = last
        }
    }
}

extension ContactRoutes: PeopleListener {
    package var keeps: String? {
        """
        EXISTS (SELECT 1 FROM conversationWindow WHERE workspace = ?1 AND contact = ?2)
          OR EXISTS (SELECT 1 FROM contactRoute WHERE workspace = ?1 AND contact = ?2)
        """
    }

    /// Windows stay open as long as under either name; the later habit holds.
    package func merge(_ db: Database, _ person: PersonID, into other: PersonID, workspace: String) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO conversationWindow (workspace, contact, account, expiresAt)
                SELECT workspace, ?, account, expiresAt FROM conversationWindow WHERE workspace = ? AND contact = ?
                ON CONFLICT DO UPDATE SET expiresAt = max(expiresAt, excluded.expiresAt)
                """
        )
        .execute(arguments: [other, workspace, person])
        try db.cachedStatement(
            sql: """
                INSERT INTO contactRoute (workspace, contact, sticky, preferred, at)
                SELECT workspace, ?, sticky, preferred, at FROM contactRoute WHERE workspace = ? AND contact = ?
                ON CONFLICT DO UPDATE SET sticky = CASE WHEN excluded.at > at THEN coalesce(excluded.sticky, sticky) ELSE sticky END,
                  preferred = coalesce(preferred, excluded.preferred), at = max(at, excluded.at)
                """
        )
        .execute(arguments: [other, workspace, person])
        for table in ["conversationWindow", "contactRoute"] {
            try db.cachedStatement(sql: "DELETE FROM \(table) WHERE workspace = ? AND contact = ?").execute(arguments: [workspace, person])
        }
    }
}
