import Coordination
import Foundation
import GRDB
import Storage
import Testing

@Suite struct SavepointJournalTests {
    /// A write that changes more pages than SQLite keeps in memory by itself puts no file beside the database's own.
    @Test func aWriteNeedsNoTemporaryFile() async throws {
        let store = try TemporaryDatabase()
        try await store.pool.write { db in
            try db.execute(sql: "CREATE TABLE page (n INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")
            for n in 0..<200 {
                try db.execute(sql: "INSERT INTO page VALUES (?, ?)", arguments: [n, String(repeating: "a", count: 3000)])
            }
        }
        let files = try await GroupCommit(store.pool).write { db in
            try db.execute(sql: "UPDATE page SET body = upper(body)")
            let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
            // Gone meanwhile, as other tests open and close theirs.
            return descriptors.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
        }
        #expect(files.contains { $0.hasSuffix("t.sqlite-wal") })
        #expect(files.filter { $0.contains("etilqs_") } == [])
        try store.end()
    }
}
