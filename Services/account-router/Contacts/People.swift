package import GRDB
import RPCContract
package import Storage
package import Vocabulary

/// A keeper of facts about people, which brings them together when two people turn out to be one.
package protocol PeopleListener: Sendable {
    /// Whether anything is kept of a person: an SQL condition on the workspace `?1` and the person `?2`.
    ///
    /// Most names that are learnt are new, and one statement asks for all listeners. Nil where it is not kept in tables.
    var keeps: String? { get }
    /// Two people are one: what is kept of the first belongs to the second from now on.
    func merge(_ db: Database, _ person: PersonID, into other: PersonID, workspace: String) throws
}

extension PeopleListener {
    package var keeps: String? { nil }
}

/// Owns who is who: the phone numbers and BSUIDs under which a workspace's people are known.
///
/// Meta's webhooks and answers give both names; a username may hide the number, and a change of number changes the BSUID
/// too. Source: Meta, business-scoped user ids; system messages.
package struct People: Sendable {
    private let store: Store
    private let listeners: [any PeopleListener]
    /// Asks whether a person has other names, and what each listener keeps of them.
    private let question: String

    package init(store: Store, listeners: [any PeopleListener]) {
        self.store = store
        self.listeners = listeners
        let names = "EXISTS (SELECT 1 FROM contactAlias INDEXED BY contactAliasByPerson WHERE workspace = ?1 AND person = ?2)"
        question = "SELECT " + ([names] + listeners.map { $0.keeps ?? "1" }).joined(separator: ", ")
    }

    /// The person behind a name; the name itself where nothing else is known of it.
    package static func person(_ db: Database, _ name: ContactID, workspace: String) throws -> PersonID {
        try alias(db, name, workspace: workspace)?.person ?? PersonID(name)
    }

    /// The other names of a person, at most so many.
    package static func names(_ db: Database, of person: PersonID, workspace: String, limit: Int = 100) throws -> [ContactID] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT alias FROM contactAlias INDEXED BY contactAliasByPerson WHERE workspace = ? AND person = ? ORDER BY at DESC LIMIT ?
                """)
        return try ContactID.fetchAll(statement, arguments: [workspace, person, limit])
    }

    /// Names that their owner has left, of all workspaces.
    package static func formerNames(_ db: Database) throws -> Set<ContactID> {
        try ContactID.fetchSet(db.cachedStatement(sql: "SELECT alias FROM contactAlias INDEXED BY contactAliasFormer WHERE isFormer = 1"))
    }

    /// The person behind a name, and where to write to them: their present number, if they have left the one that was named.
    package static func found(_ db: Database, _ name: ContactID, workspace: String) throws -> (person: PersonID, address: ContactID) {
        guard let alias = try alias(db, name, workspace: workspace) else { return (PersonID(name), name) }
        return (alias.person, alias.isFormer ? alias.person.name : name)
    }

    /// Takes in that one person has these names, and says who it is.
    ///
    /// - Parameters:
    ///   - ids: BSUIDs.
    ///   - isSpeaking: whether the person has written from the phone number, which they then had.
    ///   - time: when that was; what is older than what is known moves nobody.
    @discardableResult
    package func learn(
        _ db: Database, phone: ContactID?, ids: [ContactID], isSpeaking: Bool = false, at time: Timestamp, source: String,
        workspace: String
    ) throws -> PersonID {
        guard let phone else { return try learn(db, ids, at: time, source: source, workspace: workspace) }
        if let alias = try Self.alias(db, phone, workspace: workspace) {
            // What is said of a number that its owner has left may be said of whoever has it now; and what was written
            // from it before they left it, by them.
            guard isSpeaking, time > alias.at else { return alias.person }
            // The one who writes from it is another person than the one who left it.
            try db.cachedStatement(sql: "DELETE FROM contactAlias WHERE workspace = ? AND alias = ?").execute(arguments: [workspace, phone])
        }
        let person = PersonID(phone)
        for id in ids where id != phone {
            let alias = try Self.alias(db, id, workspace: workspace)
            let known = alias?.person ?? PersonID(id)
            // News that is older than what is known, and comes late or again, moves nobody back.
            guard known != person, known.name.isBSUID || time >= alias?.at ?? .zero else { continue }
            // Under a number: the person has another one now, and took the id along.
            try merge(db, known, into: person, isFormer: !known.name.isBSUID, at: time, source: source, workspace: workspace)
            // Under its own name it has just been named.
            if known.name != id || !id.isBSUID {
                try name(db, id, person, isFormer: false, at: time, source: source, workspace: workspace)
            }
        }
        return person
    }

    /// A person has another phone number; everything that is kept of them follows.
    package func change(
        _ db: Database, from old: ContactID, to new: ContactID, ids: [ContactID], at time: Timestamp, workspace: String
    ) throws {
        if let alias = try Self.alias(db, old, workspace: workspace), alias.at >= time { return }
        let former = try Self.person(db, old, workspace: workspace)
        let person = try learn(db, phone: new, ids: ids, isSpeaking: true, at: time, source: "system", workspace: workspace)
        guard former != person else { return }
        try merge(db, former, into: person, isFormer: true, at: time, source: "system", workspace: workspace)
        try name(db, old, person, isFormer: true, at: time, source: "system", workspace: workspace)
    }

    /// Meta calls a person by another BSUID: the one before leads nowhere any more.
    package func rename(_ db: Database, from old: ContactID, to new: ContactID, at time: Timestamp, workspace: String) throws {
        let (left, reached) = (try Self.alias(db, old, workspace: workspace), try Self.alias(db, new, workspace: workspace))
        guard old != new, left.map({ !$0.isFormer || $0.at < time }) ?? true else { return }
        // This was told late: the person has left the new one, too, since.
        let isLeftSince = reached.map { $0.isFormer && $0.at >= time } ?? false
        let (former, other) = (left?.person ?? PersonID(old), reached?.person ?? PersonID(new))
        // A phone number stands for its person whatever else they are called, and the newer one for who has had two.
        let person = !other.name.isBSUID || former.name == old ? other : former
        if former != person {
            // A name beside the one that was left is still theirs.
            let isGone = former.name == old || !former.name.isBSUID
            try merge(db, former, into: person, isFormer: isGone, at: time, source: "system", workspace: workspace)
        }
        if other != person { try merge(db, other, into: person, isFormer: false, at: time, source: "system", workspace: workspace) }
        if !isLeftSince { try name(db, new, person, isFormer: false, at: time, source: "system", workspace: workspace) }
        try name(db, old, person, isFormer: true, at: time, source: "system", workspace: workspace)
    }

    /// Names without a phone number: the first that is known tells whose they are.
    private func learn(_ db: Database, _ ids: [ContactID], at time: Timestamp, source: String, workspace: String) throws -> PersonID {
        guard let first = ids.first else { throw Fault(.internal, "A person without a name was to be learnt.") }
        let persons = try ids.map { try Self.person(db, $0, workspace: workspace) }
        // A phone number stands for its person whatever else they are called.
        let person = persons.first { !$0.name.isBSUID } ?? zip(ids, persons).first { PersonID($0) != $1 }?.1 ?? PersonID(first)
        for (id, known) in zip(ids, persons) where known != person && known.name.isBSUID {
            try merge(db, known, into: person, isFormer: false, at: time, source: source, workspace: workspace)
            try name(db, id, person, isFormer: false, at: time, source: source, workspace: workspace)
        }
        return person
    }

    private func merge(
        _ db: Database, _ person: PersonID, into other: PersonID, isFormer: Bool, at time: Timestamp, source: String,
        workspace: String
    ) throws {
        let kept = try Row.fetchOne(db.cachedStatement(sql: question), arguments: [workspace, person])
        for (index, listener) in listeners.enumerated() where kept?[index + 1] == true {
            try listener.merge(db, person, into: other, workspace: workspace)
        }
        if kept?[0] == true {
            // Without statistics SQLite prefers the primary key, which is every alias of the workspace.
            let statement = try db.cachedStatement(
                sql: "UPDATE contactAlias INDEXED BY contactAliasByPerson SET person = ? WHERE workspace = ? AND person = ?")
            try statement.execute(arguments: [other, workspace, person])
        }
        try name(db, person.name, other, isFormer: isFormer, at: time, source: source, workspace: workspace)
        if isFormer {
            try store.append(
                db, "contact.changed", workspace: workspace, subject: other.name.rawValue, data: ["from": .string(person.name.rawValue)])
        }
    }

    private func name(
        _ db: Database, _ name: ContactID, _ person: PersonID, isFormer: Bool, at time: Timestamp, source: String, workspace: String
    ) throws {
        guard name != person.name else { return }
        try db.cachedStatement(
            sql: """
                INSERT INTO contactAlias (workspace, alias, person, isFormer, at, source) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET person = excluded.person, isFormer = excluded.isFormer, at = max(at, excluded.at)
                """
        )
        .execute(arguments: [workspace, name, person, isFormer, min(time, store.now), source])
    }

    private static func alias(_ db: Database, _ name: ContactID, workspace: String) throws -> (
        person: PersonID, isFormer: Bool, at: Timestamp
    )? {
        let statement = try db.cachedStatement(sql: "SELECT person, isFormer, at FROM contactAlias WHERE workspace = ? AND alias = ?")
        return try Row.fetchOne(statement, arguments: [workspace, name]).map { ($0[0], $0[1], $0[2]) }
    }
}
