import Foundation
import GRDB
import RPCContract
import Storage
import SyncContract
import Vocabulary

/// Owns the contacts, looked up by phone number or BSUID.
struct ContactMirror: Sendable {
    let pool: DatabasePool
    let reads: Reads
    let events: EventLog
    let clock: WallClock
    let chance: Chance

    func lookup(_ params: LookupContact.Params, workspace: String) async throws -> Contact {
        try await reads.read { db in
            let (column, value) =
                params.phone.map { ("phone", PhoneNumber.normalise($0)?.rawValue ?? "") } ?? ("bsuid", params.bsuid ?? "")
            let statement = try db.cachedStatement(sql: "SELECT * FROM contact WHERE workspace = ? AND \(column) = ?")
            guard let row = try Row.fetchOne(statement, arguments: [workspace, value]) else {
                throw Fault(
                    .contactUnknown,
                    "There is no such contact in the mirror; contact.search finds by a part of the name or number, contact.create adds one.",
                    path: column)
            }
            return Self.contact(row)
        }
    }

    func create(_ params: CreateContact.Params, workspace: String) async throws -> Contact {
        let now = clock.now
        let phone = params.phone.flatMap { PhoneNumber.normalise($0) }
        let language = try Self.language(params.language)
        return try await pool.write { db in
            let known = try Row.fetchOne(
                db,
                sql: "SELECT * FROM contact WHERE workspace = ? AND (phone = ? OR bsuid = ?)",
                arguments: [workspace, phone, params.bsuid]
            )
            if let row = known {
                let known = Self.contact(row)
                guard known.name == params.name, known.phone == phone, known.bsuid?.rawValue == params.bsuid else {
                    throw Fault(.contactTaken, "The number or BSUID belongs to the contact \(known.id).", path: "phone")
                }
                guard row["isFromApp"] as Bool else { return known }
                // A person has given it, too, from now on, with what the app does not know.
                var given = known
                given.firstName = params.firstName ?? given.firstName
                given.email = params.email ?? given.email
                given.language = language ?? given.language
                let search = ContactSearch.key(
                    name: given.name, firstName: given.firstName, email: given.email, phone: given.phone?.rawValue)
                try db.execute(
                    sql: """
                        UPDATE contact SET isFromApp = 0, firstName = ?, email = ?, language = ?, updatedAt = ?, search = ?
                        WHERE id = ? AND workspace = ?
                        """,
                    arguments: [given.firstName, given.email, given.language, now, search, given.id, workspace])
                return try Row.fetchOne(db, sql: "SELECT * FROM contact WHERE id = ?", arguments: [given.id]).map(Self.contact) ?? given
            }
            let id = ULID.make(at: now, using: chance)
            try db.execute(
                sql: """
                    INSERT INTO contact (id, workspace, phone, bsuid, name, firstName, email, language, updatedAt, search)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, workspace, phone, params.bsuid, params.name, params.firstName, params.email, language, now,
                    ContactSearch.key(name: params.name, firstName: params.firstName, email: params.email, phone: phone?.rawValue),
                ]
            )
            if let contact = phone ?? params.bsuid.map({ ContactID($0) }) {
                try AppContacts.adopt(db, contact, workspace: workspace, at: now)
            }
            try events.append(db, at: now, type: "contact.created", workspace: workspace, subject: id, data: .object([:]))
            return try Self.found(db, id, workspace)
        }
    }

    func update(_ params: UpdateContact.Params, workspace: String) async throws -> Contact {
        let now = clock.now
        let language = try Self.language(params.language)
        return try await pool.write { db in
            let search = try Self.words(
                Self.row(db, params.id, workspace), name: params.name, firstName: params.firstName, email: params.email)
            try db.execute(
                sql: """
                    UPDATE contact SET name = coalesce(?, name), firstName = coalesce(?, firstName), email = coalesce(?, email),
                      language = coalesce(?, language), updatedAt = ?, search = ?, isFromApp = 0 WHERE id = ? AND workspace = ?
                    """,
                arguments: [params.name, params.firstName, params.email, language, now, search, params.id, workspace]
            )
            try events.append(db, at: now, type: "contact.updated", workspace: workspace, subject: params.id, data: .object([:]))
            return try Self.found(db, params.id, workspace)
        }
    }

    func delete(_ id: String, workspace: String) async throws {
        let now = clock.now
        try await pool.write { db in
            let contact = try Self.found(db, id, workspace)
            for name in [contact.phone, contact.bsuid].compactMap(\.self) {
                try AppContacts.forget(db, name, workspace: workspace, at: now)
            }
            try db.execute(sql: "DELETE FROM contact WHERE id = ? AND workspace = ?", arguments: [id, workspace])
            try events.append(db, at: now, type: "contact.deleted", workspace: workspace, subject: id, data: .object([:]))
        }
    }

    func list(_ params: ListContacts.Params, workspace: String) async throws -> ContactPage {
        let limit = params.limit ?? 100
        return try await reads.read { db in
            let items = try Row.fetchAll(
                db,
                sql: "SELECT * FROM contact WHERE workspace = ? AND id > ? ORDER BY id LIMIT ?",
                arguments: [workspace, params.cursor?.place ?? "", limit]
            )
            .map(Self.contact)
            return ContactPage(items: items, next: items.count == limit ? items.last.map { PageCursor($0.id) } : nil)
        }
    }

    func search(_ params: SearchContacts.Params, workspace: String) async throws -> ContactPage {
        let limit = params.limit ?? 50
        let alternatives = ContactSearch(params.query, isPhrase: params.asPhrase == true).alternatives
        guard !alternatives.isEmpty else { return ContactPage(items: [], next: nil) }
        let condition = alternatives.map { texts in
            texts.isEmpty ? "1" : texts.map { _ in "instr(search, ?) > 0" }.joined(separator: " AND ")
        }
        .joined(separator: " OR ")
        return try await reads.read { db in
            var arguments: StatementArguments = [workspace, params.cursor?.place ?? ""]
            for text in alternatives.joined() { arguments += [text] }
            arguments += [limit]
            // Contacts that do not match are read from the index alone.
            let items = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM contact WHERE id IN (
                      SELECT id FROM contact WHERE workspace = ? AND id > ? AND (\(condition)) ORDER BY id LIMIT ?
                    ) ORDER BY id
                    """,
                arguments: arguments
            )
            .map(Self.contact)
            return ContactPage(items: items, next: items.count == limit ? items.last.map { PageCursor($0.id) } : nil)
        }
    }

    /// Adds or updates by phone number, all rows in one transaction.
    func merge(_ rows: [ContactCSV.Row], workspace: String) async throws -> (created: Int, updated: Int, unchanged: Int) {
        let now = clock.now
        return try await pool.write { db in
            var counts = (created: 0, updated: 0, unchanged: 0)
            for row in rows {
                let former = try Row.fetchOne(
                    db.cachedStatement(sql: "SELECT * FROM contact WHERE workspace = ? AND phone = ?"),
                    arguments: [workspace, row.phone]
                )
                if let former {
                    if try Self.renew(db, former, row, at: now) { counts.updated += 1 } else { counts.unchanged += 1 }
                } else {
                    try add(db, row, workspace: workspace, at: now)
                    counts.created += 1
                }
            }
            try events.append(
                db, at: now, type: "contacts.imported", workspace: workspace, subject: "csv",
                data: ["created": .integer(Int64(counts.created)), "updated": .integer(Int64(counts.updated))]
            )
            return counts
        }
    }

    /// Writes what a file says to a contact that is known, and leaves what it does not say; whether anything is another now.
    private static func renew(_ db: Database, _ former: Row, _ row: ContactCSV.Row, at now: Timestamp) throws -> Bool {
        let known = contact(former)
        // A guess is no better than what is known.
        let firstName = row.isFirstNameGuessed && known.firstName != nil ? nil : row.firstName
        let given: [String?] = [row.name, firstName, row.email, row.language]
        let has: [String?] = [known.name, known.firstName, known.email, known.language]
        guard zip(given, has).contains(where: { given, has in given != nil && given != has }) else {
            let isGiven = given.contains { $0 != nil }
            if isGiven, former["isFromApp"] == 1 {
                try db.cachedStatement(sql: "UPDATE contact SET isFromApp = 0 WHERE id = ?").execute(arguments: [known.id])
            }
            return false
        }
        try db.cachedStatement(
            sql: """
                UPDATE contact SET name = coalesce(?, name), firstName = coalesce(?, firstName), email = coalesce(?, email),
                  language = coalesce(?, language), updatedAt = ?, search = ?, isFromApp = 0 WHERE id = ?
                """
        )
        .execute(arguments: [
            row.name, firstName, row.email, row.language, now,
            words(former, name: row.name, firstName: firstName, email: row.email), known.id,
        ])
        return true
    }

    /// Adds a contact of a file, under its number where the file has no name.
    private func add(_ db: Database, _ row: ContactCSV.Row, workspace: String, at now: Timestamp) throws {
        let name = row.name ?? row.phone.rawValue
        try db.cachedStatement(
            sql: """
                INSERT INTO contact (id, workspace, phone, bsuid, name, firstName, email, language, updatedAt, search)
                VALUES (?, ?, ?, NULL, ?, ?, ?, ?, ?, ?)
                """
        )
        .execute(arguments: [
            ULID.make(at: now, using: chance), workspace, row.phone, name, row.firstName, row.email, row.language, now,
            ContactSearch.key(name: name, firstName: row.firstName, email: row.email, phone: row.phone.rawValue),
        ])
        try AppContacts.adopt(db, row.phone, workspace: workspace, at: now)
    }

    /// The code of a language, however somebody has written it.
    private static func language(_ text: String?) throws(Fault) -> String? {
        guard let text else { return nil }
        guard let language = LanguageTag(written: text) else {
            throw Fault(.params, "language \(LanguageTag.problem(with: text)).", path: "language")
        }
        return language.code
    }

    private static func found(_ db: Database, _ id: String, _ workspace: String) throws -> Contact { try contact(row(db, id, workspace)) }

    private static func row(_ db: Database, _ id: String, _ workspace: String) throws -> Row {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM contact WHERE id = ? AND workspace = ?", arguments: [id, workspace]) else {
            throw Fault(.contactUnknown, "There is no contact \(id).", path: "id")
        }
        return row
    }

    /// The words by which a contact is found once it is changed; what is nil stays as its row has it.
    ///
    /// The row stands as it is, with what nobody is shown any more: people look for what they once wrote.
    private static func words(_ row: Row, name: String?, firstName: String?, email: String?) -> String {
        ContactSearch.key(
            name: name ?? row["name"], firstName: firstName ?? row["firstName"], email: email ?? row["email"], phone: row["phone"],
            also: [row["appName"], row["appFirstName"]])
    }

    /// Rows of a time when any text was taken have nothing in place of what their rule refuses.
    private static func contact(_ row: Row) -> Contact {
        func kept(_ column: String, _ rule: Rule) -> String? {
            (row[column] as String?).flatMap { rule.problem(with: $0) == nil ? $0 : nil }
        }
        return Contact(
            id: row["id"],
            phone: row["phone"] as ContactID?,
            bsuid: row["bsuid"] as ContactID?,
            name: row["name"],
            firstName: kept("firstName", Contact.nameRule.orEmpty),
            email: kept("email", Rule.email.orEmpty),
            language: kept("language", .language),
            workspace: row["workspace"],
            updatedAt: row["updatedAt"],
            app: AppEntry(row)
        )
    }
}
