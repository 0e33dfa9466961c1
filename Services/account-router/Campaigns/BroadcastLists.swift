import AccountContacts
import AccountContract
import Foundation
import GRDB
import RPCContract
import Storage
import Vocabulary

/// Owns the lists of recipients.
struct BroadcastLists: Sendable {
    /// Somebody who comes into a list.
    struct Member: Sendable {
        var contact: ContactID
        var recipient: Recipient
        /// Of the file; nil where there was none.
        var line: Int?
    }

    private let store: Store
    /// Rows of one transaction.
    private static let batch = 2000

    init(store: Store) {
        self.store = store
    }

    func create(_ name: String, workspace: String, isHidden: Bool = false) async throws -> BroadcastList {
        let now = store.now
        return try await store.write { [store] db in
            let known = try Row.fetchOne(
                db, sql: "SELECT * FROM broadcastList WHERE workspace = ? AND name = ? AND isHidden = ?",
                arguments: [workspace, name, isHidden ? 1 : 0])
            if let row = known {
                return Self.list(row)
            }
            let list = BroadcastList(id: store.newID(at: now), name: name, members: 0, createdAt: now)
            try db.execute(
                sql: "INSERT INTO broadcastList (id, workspace, name, members, isHidden, createdAt) VALUES (?, ?, ?, 0, ?, ?)",
                arguments: [list.id, workspace, name, isHidden ? 1 : 0, now])
            return list
        }
    }

    func add(_ params: AddToBroadcastList.Params, workspace: String) async throws -> AddToBroadcastList.Reply {
        let id = try await get(params.id, workspace: workspace).id
        let isFile = params.csv != nil
        var reply = AddToBroadcastList.Reply(added: 0, updated: 0, problems: [], members: 0)
        var rows: [(line: Int, recipient: Recipient, problem: String?)] = []
        if let text = params.csv {
            let csv = try RecipientCSV(text, countryCode: params.countryCode, firstLine: params.firstLine ?? 1)
            rows = csv.recipients
            reply.variables = Self.shown(csv.variables)
            reply.unused = csv.unused.isEmpty ? nil : Self.shown(csv.unused)
        } else {
            rows = (params.recipients ?? []).enumerated().map { ($0 + 1, $1, nil) }
        }
        var sound: [(line: Int, contact: ContactID, recipient: Recipient)] = []
        var lines: [ContactID: Int] = [:]
        for (line, recipient, known) in rows {
            if let problem = known ?? Self.problem(recipient) {
                if reply.problems.count < 1000 { reply.problems.append(RowProblem(line: line, problem: problem)) }
                continue
            }
            let contact = ContactID(written: recipient.contact)
            if let first = lines.updateValue(line, forKey: contact), reply.problems.count < 1000 {
                reply.problems.append(RowProblem(line: line, problem: "is the same recipient as line \(first), whose values it replaces"))
            }
            sound.append((line, contact, recipient))
        }
        for start in stride(from: 0, to: sound.count, by: Self.batch) {
            let part = Array(sound[start..<min(start + Self.batch, sound.count)])
            let (added, updated) = try await store.write { db in
                try Self.insert(db, id, part.map { Member(contact: $0.contact, recipient: $0.recipient, line: isFile ? $0.line : nil) })
            }
            reply.added += added
            reply.updated += updated
        }
        reply.members = try await get(id.rawValue, workspace: workspace).members
        return reply
    }

    /// Names of columns as far as people read them.
    private static func shown(_ names: [String]) -> [String] { names.prefix(64).map { String($0.unicodeScalars.prefix(64)).plain } }

    /// Whether a member is in the list under another name, too, which comes before this one: one message is enough.
    static func hasNamesake(_ db: Database, _ contact: ContactID, in list: ListID, workspace: String) throws -> Bool {
        let person = try People.person(db, contact, workspace: workspace)
        let names = try People.names(db, of: person, workspace: workspace)
        guard !names.isEmpty else { return false }
        let member = try db.cachedStatement(sql: "SELECT 1 FROM broadcastListMember WHERE list = ? AND contact = ?")
        return try ([person.name] + names).contains { name in
            try name.rawValue < contact.rawValue && Int.fetchOne(member, arguments: [list, name]) != nil
        }
    }

    /// Adds or replaces rows; how many were new.
    static func insert(_ db: Database, _ list: ListID, _ rows: [Member]) throws -> (added: Int, updated: Int) {
        let exists = try db.cachedStatement(sql: "SELECT 1 FROM broadcastList WHERE id = ?")
        guard try Int.fetchOne(exists, arguments: [list]) != nil else {
            throw Fault(.listUnknown, "The list \(list) was deleted.", path: "id")
        }
        var added = 0
        let known = try db.cachedStatement(sql: "SELECT 1 FROM broadcastListMember WHERE list = ? AND contact = ?")
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO broadcastListMember (list, contact, variables, timeZone, line) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET variables = excluded.variables, timeZone = excluded.timeZone, line = excluded.line
                """)
        for row in rows {
            let (contact, recipient) = (row.contact, row.recipient)
            if try Int.fetchOne(known, arguments: [list, contact]) == nil { added += 1 }
            let variables = recipient.variables ?? [:]
            let text = variables.isEmpty ? nil : JSON.text(.object(variables.mapValues { .string($0) }))
            try statement.execute(arguments: [list, contact, text, recipient.timeZone, row.line])
        }
        try db.execute(sql: "UPDATE broadcastList SET members = members + ? WHERE id = ?", arguments: [added, list])
        return (added, rows.count - added)
    }

    /// Why a recipient cannot be written to at all.
    static func problem(_ recipient: Recipient) -> String? {
        do throws(PhoneNumber.Problem) { _ = try ContactID(reading: recipient.contact) } catch { return "phone \(error.words)" }
        if let problem = recipient.timeZone.flatMap(WrittenZone.problem) { return problem }
        let violation = Recipient.variablesRule.violation(by: .object((recipient.variables ?? [:]).mapValues { .string($0) }))
        return violation.map { $0.path.isEmpty ? "variables \($0.problem)" : "the variable \($0.path.prefix(40)) \($0.problem)" }
    }

    func remove(_ params: RemoveFromBroadcastList.Params, workspace: String) async throws -> BroadcastList {
        let id = try await get(params.id, workspace: workspace).id
        let contacts = params.contacts.prefix(20_000).map { ContactID(written: $0).rawValue }
        try await store.write { db in
            var removed = 0
            for contact in contacts {
                try db.cachedStatement(sql: "DELETE FROM broadcastListMember WHERE list = ? AND contact = ?")
                    .execute(arguments: [id, contact])
                removed += db.changesCount
            }
            try db.execute(sql: "UPDATE broadcastList SET members = members - ? WHERE id = ?", arguments: [removed, id])
        }
        return try await get(id.rawValue, workspace: workspace)
    }

    func get(_ reference: String, workspace: String) async throws -> BroadcastList {
        try await store.read { db in
            // A name is the list's own where it is not hidden.
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT * FROM broadcastList WHERE id = ?1 AND workspace = ?2
                    UNION ALL SELECT * FROM broadcastList WHERE workspace = ?2 AND name = ?1 AND isHidden = 0 LIMIT 1
                    """,
                arguments: [reference, workspace])
            guard let row else {
                let hint = try KnownNames.broadcastList.hint(db, reference, workspace: workspace)
                throw Fault(.listUnknown, "There is no list \(reference.prefix(64))\(hint) broadcastList.list shows all.", path: "id")
            }
            return Self.list(row)
        }
    }

    func all(workspace: String) async throws -> ListBroadcastLists.Reply {
        try await store.read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM broadcastList WHERE workspace = ? AND isHidden = 0 ORDER BY id DESC LIMIT 1000",
                arguments: [workspace])
            return ListBroadcastLists.Reply(items: rows.map(Self.list))
        }
    }

    func delete(_ reference: String, workspace: String) async throws {
        let list = try await get(reference, workspace: workspace)
        let id = list.id
        // A million rows in pieces, so that nothing waits behind them.
        while true {
            let count = try await store.write { db in
                // Asked anew each time: something that recurs may have been planned from it since.
                try Self.checkRecurring(db, list)
                try db.execute(
                    sql:
                        "DELETE FROM broadcastListMember WHERE list = ?1 AND contact IN (SELECT contact FROM broadcastListMember WHERE list = ?1 LIMIT 5000)",
                    arguments: [id])
                let count = db.changesCount
                // The list may stay after all, so its members are counted down.
                try db.execute(sql: "UPDATE broadcastList SET members = members - ? WHERE id = ?", arguments: [count, id])
                return count
            }
            if count == 0 { break }
        }
        try await store.write { db in
            try Self.checkRecurring(db, list)
            // People who were added in between go with it.
            try db.execute(sql: "DELETE FROM broadcastListMember WHERE list = ?", arguments: [id])
            try db.execute(sql: "DELETE FROM broadcastList WHERE id = ?", arguments: [id])
        }
    }

    /// Without its list nothing that recurs could be planned any more, and at every opening a campaign would be refused instead.
    private static func checkRecurring(_ db: Database, _ list: BroadcastList) throws {
        let names = try String.fetchAll(db, sql: "SELECT name FROM recurrence WHERE list = ? ORDER BY name LIMIT 6", arguments: [list.id])
        guard !names.isEmpty else { return }
        let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and others" : "")
        let (verb, them) = names.count == 1 ? ("recurs and is", "it") : ("recur and are", "them")
        throw Fault(
            .listBusy, "\(shown) \(verb) planned from the list \(list.name): end \(them) first with recurrence.stop, then delete the list.",
            path: "id")
    }

    private static func list(_ row: Row) -> BroadcastList {
        BroadcastList(id: row["id"], name: row["name"], members: row["members"], createdAt: row["createdAt"])
    }
}
