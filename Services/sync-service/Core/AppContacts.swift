import Foundation
import GRDB
import RPCContract
import Storage
import SyncContract
import Vocabulary

/// Owns what the address books of WhatsApp Business apps say, beside what people and files have given.
///
/// A name that a person or a file gave stays. A contact that only apps gave follows them, and goes with the last entry.
struct AppContacts: Sendable {
    let pool: DatabasePool
    let events: EventLog
    let clock: WallClock
    let chance: Chance

    /// For how long it is remembered that a contact was removed: older news of it does not come later than that.
    static let memory = Milliseconds.days(30)

    private enum Outcome { case created, updated, deleted, unchanged }

    func record(_ params: RecordAppContacts.Params, workspace: String) async throws -> RecordAppContacts.Reply {
        let now = clock.now
        for (index, change) in params.changes.enumerated() {
            guard change.contact.isBSUID || (7...15).contains(change.contact.rawValue.count) else {
                throw Fault(.params, "A phone number has 7 to 15 digits.", path: "changes[\(index)].contact")
            }
        }
        return try await pool.write { db in
            var reply = RecordAppContacts.Reply(created: 0, updated: 0, deleted: 0, unchanged: 0)
            for change in params.changes {
                switch try record(db, change, of: params.account, workspace: workspace, at: now) {
                case .created: reply.created += 1
                case .updated: reply.updated += 1
                case .deleted: reply.deleted += 1
                case .unchanged: reply.unchanged += 1
                }
            }
            guard reply.created + reply.updated + reply.deleted > 0 else { return reply }
            try events.append(
                db, at: now, type: "contacts.imported", workspace: workspace, subject: "app",
                data: [
                    "created": .integer(Int64(reply.created)), "updated": .integer(Int64(reply.updated)),
                    "deleted": .integer(Int64(reply.deleted)),
                ])
            return reply
        }
    }

    /// Forgets contacts that were removed from an app so long ago, a thousand in one transaction.
    func prune(before time: Timestamp) async throws {
        var removed = 1000
        while removed == 1000, !Task.isCancelled {
            removed = try await pool.write { db in
                try db.execute(
                    sql: """
                        DELETE FROM appContact WHERE (workspace, contact, account) IN (
                          SELECT workspace, contact, account FROM appContact INDEXED BY appContactRemoved
                          WHERE isRemoved = 1 AND at < ? LIMIT 1000)
                        """, arguments: [time])
                return db.changesCount
            }
        }
    }

    private func record(
        _ db: Database, _ change: RecordAppContacts.Change, of account: PhoneNumberID, workspace: String, at now: Timestamp
    ) throws -> Outcome {
        guard try !Self.isForgotten(db, change.contact, after: change.entry.at, workspace: workspace) else { return .unchanged }
        // Of who was removed no name stays.
        let isRemoved = change.isRemoved == true
        // Of two changes in one second the one that is told later holds.
        try db.cachedStatement(
            sql: """
                INSERT INTO appContact (workspace, contact, account, name, firstName, isRemoved, at) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET name = excluded.name, firstName = excluded.firstName, isRemoved = excluded.isRemoved,
                  at = excluded.at
                WHERE excluded.at > at OR excluded.at = at
                  AND (excluded.name IS NOT name OR excluded.firstName IS NOT firstName OR excluded.isRemoved IS NOT isRemoved)
                """
        )
        .execute(arguments: [
            workspace, change.contact, account, isRemoved ? nil : change.entry.name, isRemoved ? nil : change.entry.firstName,
            isRemoved ? 1 : 0, change.entry.at,
        ])
        guard db.changesCount == 1 else { return .unchanged }
        let entry = try Self.entry(db, change.contact, workspace: workspace)
        guard let row = try Self.row(db, change.contact, workspace: workspace) else {
            guard let entry else { return .unchanged }
            try create(db, change.contact, entry, workspace: workspace, at: now)
            return .created
        }
        if entry == nil, row["isFromApp"] == 1 {
            let id: String = row["id"]
            try db.cachedStatement(sql: "DELETE FROM contact WHERE id = ?").execute(arguments: [id])
            try events.append(db, at: now, type: "contact.deleted", workspace: workspace, subject: id, data: .object([:]))
            return .deleted
        }
        return try Self.apply(db, entry, of: change.contact, to: row, at: now) ? .updated : .unchanged
    }

    private func create(_ db: Database, _ contact: ContactID, _ entry: AppEntry, workspace: String, at now: Timestamp) throws {
        let phone = contact.isBSUID ? nil : contact
        let name = entry.name ?? entry.firstName ?? contact.rawValue
        try db.cachedStatement(
            sql: """
                INSERT INTO contact (id, workspace, phone, bsuid, name, firstName, updatedAt, search, isFromApp, appName, appFirstName, appAt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)
                """
        )
        .execute(arguments: [
            ULID.make(at: now, using: chance), workspace, phone, contact.isBSUID ? contact : nil, name, entry.firstName, now,
            ContactSearch.key(name: name, firstName: entry.firstName, email: nil, phone: phone?.rawValue), entry.name, entry.firstName,
            entry.at,
        ])
    }

    /// What is known of a contact that was just added by a person or a file.
    static func adopt(_ db: Database, _ contact: ContactID, workspace: String, at now: Timestamp) throws {
        guard let entry = try entry(db, contact, workspace: workspace), let row = try row(db, contact, workspace: workspace) else {
            return
        }
        _ = try apply(db, entry, of: contact, to: row, at: now)
    }

    /// A person has deleted a contact: nothing stays that apps call them, and only what an app says later brings them back.
    ///
    /// What apps have said before may still be on its way, of whatever number: the deletion is remembered under none.
    static func forget(_ db: Database, _ contact: ContactID, workspace: String, at now: Timestamp) throws {
        try db.execute(
            sql: """
                INSERT INTO appContact (workspace, contact, account, isRemoved, at) VALUES (?, ?, '', 1, ?)
                ON CONFLICT DO UPDATE SET at = max(at, excluded.at)
                """,
            arguments: [workspace, contact, now])
        try db.execute(
            sql: """
                UPDATE appContact SET name = NULL, firstName = NULL, isRemoved = 1, at = max(at, ?) WHERE workspace = ? AND contact = ?
                """,
            arguments: [now, workspace, contact])
    }

    /// Whether a person has deleted a contact later than a moment.
    private static func isForgotten(_ db: Database, _ contact: ContactID, after time: Timestamp, workspace: String) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM appContact WHERE workspace = ? AND contact = ? AND account = '' AND at > ?)")
        return try Bool.fetchOne(statement, arguments: [workspace, contact, time]) ?? false
    }

    /// Writes what the app says to a contact, whose name is the app's where nobody else has given it; whether anything is another now.
    private static func apply(
        _ db: Database, _ entry: AppEntry?, of contact: ContactID, to row: Row, at now: Timestamp
    ) throws -> Bool {
        let isFromApp = row["isFromApp"] == 1
        let former = AppEntry(row)
        guard former != entry else { return false }
        let firstName: String? = isFromApp ? entry?.firstName : row["firstName"]
        let name: String = isFromApp ? entry?.name ?? entry?.firstName ?? contact.rawValue : row["name"]
        let search = ContactSearch.key(
            name: name, firstName: firstName, email: row["email"], phone: row["phone"], also: [entry?.name, entry?.firstName])
        try db.cachedStatement(
            sql: """
                UPDATE contact SET name = ?, firstName = ?, appName = ?, appFirstName = ?, appAt = ?, updatedAt = ?, search = ?
                WHERE id = ?
                """
        )
        .execute(arguments: [name, firstName, entry?.name, entry?.firstName, entry?.at, now, search, row["id"] as String])
        return true
    }

    /// The latest that any app of the workspace says; nil where none has the contact.
    private static func entry(_ db: Database, _ contact: ContactID, workspace: String) throws -> AppEntry? {
        let statement = try db.cachedStatement(
            sql: "SELECT name, firstName, at FROM appContact WHERE workspace = ? AND contact = ? AND isRemoved = 0")
        return try Row.fetchAll(statement, arguments: [workspace, contact])
            .map { AppEntry(name: $0["name"], firstName: $0["firstName"], at: $0["at"]) }
            .max { $0.at < $1.at }
    }

    private static func row(_ db: Database, _ contact: ContactID, workspace: String) throws -> Row? {
        let column = contact.isBSUID ? "bsuid" : "phone"
        return try Row.fetchOne(
            db.cachedStatement(sql: "SELECT * FROM contact WHERE workspace = ? AND \(column) = ?"), arguments: [workspace, contact])
    }
}

extension AppEntry {
    /// What a contact's row has of the app; nil where no app has the contact.
    init?(_ row: Row) {
        guard let at = row["appAt"] as Timestamp? else { return nil }
        self.init(name: row["appName"], firstName: row["appFirstName"], at: at)
    }
}
