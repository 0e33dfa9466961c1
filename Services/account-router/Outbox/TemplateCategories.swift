package import AccountContract
import Foundation
import GRDB
import RPCContract
package import Storage
import Synchronization
package import Vocabulary

/// Templates that Meta has moved to another category, by account (WABA).
///
/// Waiting messages were planned under the old category; the one that holds when they go decides whether they may.
package final class TemplateCategories: Sendable {
    /// A template within its account.
    private struct Key: Hashable {
        var name: String
        var language: String
    }

    private let moved = Mutex<[WABAID: [Key: Message.Category]]>([:])

    package init() {}

    /// Reads what is known.
    package func restore(_ store: Store) throws {
        let rows = try store.readNow { db in try Row.fetchAll(db, sql: "SELECT wabaID, name, language, category FROM templateCategory") }
        for row in rows {
            let (waba, key) = (row["wabaID"] as WABAID, Key(name: row["name"], language: row["language"]))
            let category: Message.Category = try row.word("category", in: "templateCategory")
            moved.withLock { $0[waba, default: [:]][key] = category }
        }
    }

    /// Meta has moved a template; what goes out from now on goes by it.
    func move(_ db: Database, _ params: RecordTemplateCategory.Params) throws {
        guard let category = Message.Category(rawValue: params.category.rawValue) else { return }
        let (waba, key) = (params.wabaID, Key(name: params.name, language: Self.plain(params.language)))
        // A review's word on a template that nobody has moved is the category that it was made with.
        if params.isMove == false, moved.withLock({ $0[waba]?[key] == nil }) { return }
        try db.execute(
            sql: """
                INSERT INTO templateCategory (wabaID, name, language, category, movedAt) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET category = excluded.category, movedAt = excluded.movedAt WHERE excluded.movedAt >= movedAt
                """,
            arguments: [waba, params.name, key.language, category.rawValue, params.at])
        // An event that was handled late says nothing new.
        guard db.changesCount == 1 else { return }
        db.afterCommit { [self] in moved.withLock { $0[waba, default: [:]][key] = category } }
    }

    func hasMoved(in waba: WABAID) -> Bool { moved.withLock { $0[waba] != nil } }

    /// The category that a template message goes by now; nil where Meta has not moved its template.
    package func category(of object: String, in waba: WABAID) throws -> Message.Category? {
        // Most accounts have none: their messages are not read for it.
        guard hasMoved(in: waba) else { return nil }
        let template = try JSON.decode(Named.self, from: object)
        let key = Key(name: template.name, language: Self.plain(template.language.code))
        return moved.withLock { $0[waba]?[key] }
    }

    /// Meta writes a language both as en_US and en-US.
    private static func plain(_ language: String) -> String { language.replacing("-", with: "_") }

    private struct Named: Decodable {
        struct Language: Decodable { var code: String }

        var name: String
        var language: Language
    }
}
