package import AccountContract
package import GRDB
import RPCContract
import Storage
package import Vocabulary

/// Owns what Meta charges, with the day from which each price holds.
package struct Tariffs: Sendable {
    private let store: Store

    init(store: Store) {
        self.store = store
    }

    /// The prices of one moment, for looking up many messages.
    package struct Table: Sendable {
        fileprivate var prices: [String: Money] = [:]

        /// The price of a message to somebody; nil where none is known.
        package func price(_ contact: ContactID, _ category: Message.Category) -> Money? {
            price(in: CallingCode.country(of: contact), category)
        }

        /// The price of a message to a country; nil where none is known.
        package func price(in country: String, _ category: Message.Category) -> Money? {
            prices["\(country) \(category.rawValue)"] ?? prices["* \(category.rawValue)"]
        }
    }

    /// The prices that hold at a moment.
    package func table(_ db: Database, workspace: String, at time: Timestamp) throws -> Table {
        var table = Table()
        let rows = try Row.fetchAll(
            db, sql: "SELECT * FROM tariff WHERE workspace = ? AND validFrom <= ? ORDER BY validFrom", arguments: [workspace, time])
        // The latest that holds comes last.
        for row in rows {
            table.prices["\(row["country"] as String) \(row["category"] as String)"] = Money(
                currency: row["currency"], micros: row["amount"])
        }
        return table
    }

    func add(_ items: [Tariff], workspace: String) async throws -> ImportTariffs.Reply {
        try await store.write { db in
            for item in items {
                try db.cachedStatement(
                    sql: """
                        INSERT INTO tariff (workspace, country, category, validFrom, currency, amount) VALUES (?, ?, ?, ?, ?, ?)
                        ON CONFLICT DO UPDATE SET currency = excluded.currency, amount = excluded.amount
                        """
                )
                .execute(arguments: [
                    workspace, item.country, item.category.rawValue, item.from, item.price.currency, item.price.micros,
                ])
            }
            let known = try Int.fetchOne(db, sql: "SELECT count(*) FROM tariff WHERE workspace = ?", arguments: [workspace]) ?? 0
            return ImportTariffs.Reply(known: known)
        }
    }

    /// Those that hold now.
    func list(workspace: String) async throws -> ListTariffs.Reply {
        let now = store.now
        return try await store.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT *, max(validFrom) FROM tariff WHERE workspace = ? AND validFrom <= ? GROUP BY country, category ORDER BY country, category
                    """,
                arguments: [workspace, now])
            return ListTariffs.Reply(
                items: try rows.map { row in
                    Tariff(
                        country: row["country"], category: try row.word("category", in: "tariff"),
                        price: Money(currency: row["currency"], micros: row["amount"]), from: row["validFrom"])
                })
        }
    }
}
