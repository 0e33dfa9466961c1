import Foundation
package import GRDB
import Storage
import Synchronization
package import Vocabulary

/// The database of a process as its migrations leave it: they run once, and every test has a copy of its own.
package enum MigratedDatabase {
    private static let files = Mutex<[ProcessName: Data]>([:])

    /// Opens the file as the process does; what is there already is left as it is.
    package static func open(
        _ process: ProcessName, path: String, migrator: DatabaseMigrator, onConnection: (@Sendable (Database) -> Void)? = nil
    ) throws -> DatabasePool {
        if !FileManager.default.fileExists(atPath: path) {
            try file(of: process, migrator).write(to: URL(filePath: path))
        }
        return try ServiceDatabase.open(path: path, migrator: migrator, onConnection: onConnection)
    }

    private static func file(of process: ProcessName, _ migrator: DatabaseMigrator) throws -> Data {
        try files.withLock { files in
            if let file = files[process] { return file }
            let folder = try Machine.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let pool = try ServiceDatabase.open(path: "\(folder)/t.sqlite", migrator: migrator)
            // A reader that closes last would leave everything in the log.
            try pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
            try pool.close()
            let file = try Data(contentsOf: URL(filePath: "\(folder)/t.sqlite"))
            files[process] = file
            return file
        }
    }
}
