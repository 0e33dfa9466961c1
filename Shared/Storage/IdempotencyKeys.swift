package import GRDB
package import Vocabulary

/// Keys that have had their effect, each with an expiry: the same key again has none.
package enum IdempotencyKeys {
    /// For how long a receiver remembers what it has done; replay reaches no further back.
    package static let lifetime = Milliseconds.days(30)

    /// Creates the table; called in a migration, once.
    package static func createTable(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE processedKey (
                  key TEXT NOT NULL PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 1024),
                  expiresAt INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX processedKeyByExpiry ON processedKey (expiresAt);
                """
        )
    }

    /// Takes a key inside the caller's transaction.
    ///
    /// - Returns: whether it was new; false means the effect has happened.
    package static func take(_ db: Database, _ key: String, expiresAt: Timestamp) throws -> Bool {
        try db.cachedStatement(sql: "INSERT INTO processedKey (key, expiresAt) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .execute(arguments: [key, expiresAt])
        return db.changesCount == 1
    }

    /// Forgets keys that expired before `now`, a thousand in one transaction.
    package static func prune(_ pool: DatabasePool, now: Timestamp) async throws {
        var removed = 1000
        while removed == 1000, !Task.isCancelled {
            removed = try await pool.write { db in
                try db.execute(
                    sql: "DELETE FROM processedKey WHERE key IN (SELECT key FROM processedKey WHERE expiresAt < ? LIMIT 1000)",
                    arguments: [now]
                )
                return db.changesCount
            }
        }
    }
}
