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

    /// A person's habit and preference; empty for somebody new.
    package static func habit(_ db: Database, _ contact: ContactID, workspace: String) throws -> Habit {
        let statement = try db.cachedStatement(sql: "SELECT preferred, sticky FROM contactRoute WHERE workspace = ? AND contact = ?")
        guard let row = try Row.fetchOne(statement, arguments: [workspace, contact]) else { return Habit() }
        return Habit(
            preferred: (row[0] as String?).map { PhoneNumberID($0) }, sticky: (row[1] as String?).map { PhoneNumberID($0) })
    }

    /// The number whose window with a person is open, and closes last.
    ///
    /// - Parameter isOwn: whether a number is of the workspace that asks; a person may write to several.
    package func openNumber(_ db: Database, _ contact: ContactID, where isOwn: (PhoneNumberID) -> Bool) throws -> PhoneNumberID? {
        let statement = try db.cachedStatement(
            sql: "SELECT account FROM conversationWindow WHERE contact = ? AND expiresAt > ? ORDER BY expiresAt DESC LIMIT 100")
        return try PhoneNumberID.fetchAll(statement, arguments: [contact, store.now]).first(where: isOwn)
    }

    /// Whether free-form messages may go to a person from a number now.
    package func isOpen(_ db: Database, _ contact: ContactID, on number: PhoneNumberID) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT expiresAt FROM conversationWindow WHERE contact = ? AND account = ?")
        return (try Timestamp.fetchOne(statement, arguments: [contact, number]) ?? .zero) > store.now
    }

    /// A person has written: their window opens, and they are used to the number.
    ///
    /// - Returns: when the window closes.
    package func heard(_ db: Database, _ contact: ContactID, on number: PhoneNumberID, at time: Timestamp, workspace: String) throws
        -> Timestamp
    {
        let expiresAt = time + Self.window
        try db.cachedStatement(
            sql: """
                INSERT INTO conversationWindow (contact, account, expiresAt) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET expiresAt = max(expiresAt, excluded.expiresAt)
                """
        )
        .execute(arguments: [contact, number, expiresAt])
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
    package func wrote(_ db: Database, _ contact: ContactID, from number: PhoneNumberID, isHabit: Bool, workspace: String) throws {
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
            try db.cachedStatement(
                sql: """
                    INSERT INTO contactRoute (workspace, contact, preferred, at) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET preferred = excluded.preferred
                    """
            )
            .execute(arguments: [workspace, contact, number, now])
        }
    }

    /// Whoever is used to one number is used to another from now on; how many they are.
    package func move(from number: PhoneNumberID, to other: PhoneNumberID, workspace: String) async throws -> Int {
        try await store.write { db in
            try db.execute(
                sql: "UPDATE contactRoute SET sticky = ? WHERE workspace = ? AND sticky = ?",
                arguments: [other, workspace, number])
            return db.changesCount
        }
    }

    /// - Parameter params: of a number of the workspace that asks.
    package func window(_ params: GetConversationWindow.Params) async throws -> GetConversationWindow.Reply {
        let now = store.now
        return try await store.read { db in
            let expiresAt = try Timestamp.fetchOne(
                db,
                sql: "SELECT expiresAt FROM conversationWindow WHERE contact = ? AND account = ?",
                arguments: [ContactID(written: params.contact.rawValue), params.account]
            )
            return GetConversationWindow.Reply(open: (expiresAt ?? .zero) > now, expiresAt: expiresAt)
        }
    }
}
