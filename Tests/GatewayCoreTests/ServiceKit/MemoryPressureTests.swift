import Foundation
import GRDB
import GRDBSQLite
import Logging
import Storage
import Supervision
import Support
import Testing

@testable import ServiceKit

/// Told that memory is short, a process gives back what it can read again.
@Suite(.timeLimit(.minutes(1))) struct MemoryPressureTests {
    private func folder(_ body: (String) async throws -> Void) async throws {
        let folder = try Machine.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }  // what is left of it is the machine's to clean
        try await body(folder)
    }

    /// Bytes of the database's pages that the writer holds.
    private func held(_ db: Database) -> Int32 {
        var (current, highest): (Int32, Int32) = (0, 0)
        let status = sqlite3_db_status(db.sqliteConnection, SQLITE_DBSTATUS_CACHE_USED, &current, &highest, 0)
        #expect(status == SQLITE_OK)
        return current
    }

    /// A FIFO with a word in it, and a database whose pages have been read: the pages are gone, the rows are not.
    @Test func pressureEmptiesThePageCache() async throws {
        try await folder { folder in
            var migrator = DatabaseMigrator()
            migrator.registerMigration("v1") { db in try db.execute(sql: "CREATE TABLE item (n INTEGER PRIMARY KEY, body BLOB) STRICT") }
            let pool = try ServiceDatabase.open(path: "\(folder)/t.sqlite", migrator: migrator)
            let before = try await pool.write { db in
                for _ in 0..<200 { try db.execute(sql: "INSERT INTO item (body) VALUES (randomblob(4000))") }
                return held(db)
            }
            #expect(before > 500_000, "\(before) bytes are held")
            let fifo = open(try pipe(folder), O_RDWR | O_NONBLOCK)
            defer { close(fifo) }
            #expect(write(fifo, "x", 1) == 1)
            let count = MutexBox(0)
            let watch = MemoryPressureWatch(logger: quiet, environment: ["MEMORY_PRESSURE_WATCH": "\(folder)/pressure"]) {
                pool.releaseMemory()
                count.update { $0 += 1 }
            }
            let task = Task { try await watch.run() }
            try await eventually("the release") { count.value == 1 }
            task.cancel()
            try await task.value
            let after = try await pool.write { db in held(db) }
            #expect(after < before / 5, "\(before) bytes were held, \(after) still are")
            #expect(try await pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM item") } == 200)
            try pool.close()
        }
    }

    private var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    private func pipe(_ folder: String) throws -> String {
        try #require(mkfifo("\(folder)/pressure", 0o600) == 0)
        return "\(folder)/pressure"
    }

    @Test func aFIFOTellsOnceForWhatIsWritten() async throws {
        try await folder { folder in
            let path = try pipe(folder)
            let source = try #require(MemoryPressureSource(path, writing: nil))
            defer { source.close() }
            #expect(!source.hasPressure())
            let writer = open(path, O_RDWR | O_NONBLOCK)
            defer { close(writer) }
            #expect(write(writer, "many words", 10) == 10)
            #expect(source.hasPressure())
            #expect(!source.hasPressure(), "it has been read")
        }
    }

    @Test func aSocketTellsWhileSomebodyWritesIntoIt() async throws {
        try await folder { folder in
            let listening = try Listener.unix(path: "\(folder)/pressure")
            defer { close(listening) }
            let source = try #require(MemoryPressureSource("\(folder)/pressure", writing: Data("hello".utf8)))
            defer { source.close() }
            let other = accept(listening, nil, nil)
            var got = [UInt8](repeating: 0, count: 16)
            #expect(read(other, &got, got.count) == 5, "what was asked for is written first")
            #expect(!source.hasPressure())
            #expect(write(other, "x", 1) == 1)
            #expect(source.hasPressure())
            #expect(!source.hasPressure())
            close(other)
            #expect(!source.hasPressure(), "its end is no pressure")
        }
    }

    /// A pressure file is polled for what an ordinary file never tells; the threshold is in it.
    @Test func aPressureFileIsGivenItsThreshold() async throws {
        try await folder { folder in
            let path = "\(folder)/memory.pressure"
            try Data().write(to: URL(fileURLWithPath: path))
            let source = try #require(MemoryPressureSource(path, writing: Data("some 150000 2000000\0".utf8)))
            defer { source.close() }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "some 150000 2000000\0")
            #expect(!source.hasPressure(), "it can be read, and tells nothing")
            #expect(MemoryPressureSource("\(folder)/nothing", writing: nil) == nil)
        }
    }

    /// Without a file, or told not to watch, it waits for the stop and releases nothing.
    @Test(arguments: [[:], ["MEMORY_PRESSURE_WATCH": "/dev/null"], ["MEMORY_PRESSURE_WATCH": "/nowhere/at/all"]] as [[String: String]])
    func withoutAFileNothingIsWatched(environment: [String: String]) async throws {
        let count = MutexBox(0)
        let watch = MemoryPressureWatch(logger: quiet, environment: environment) { count.update { $0 += 1 } }
        let task = Task { try await watch.run() }
        task.cancel()
        _ = await task.result
        #expect(count.value == 0)
    }
}
