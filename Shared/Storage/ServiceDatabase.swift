import Foundation
package import GRDB

/// Opens a process's one database in the one way that this system does.
package enum ServiceDatabase {
    /// Connections that read beside each other; those that nobody needs are not opened.
    package static let readers = 6

    /// Why a database was not opened; the process refuses to start.
    package enum Refusal: Error, CustomStringConvertible, Sendable {
        case newerSchema(path: String, unknown: String)
        case unusable(path: String, reason: String)

        package var description: String {
            switch self {
            case .newerSchema(let path, let unknown):
                "\(path): the database was written by a newer version (migration \(unknown)); install that version again"
            case .unusable(let path, let reason):
                "\(path): the database cannot be opened: \(reason)"
            }
        }
    }

    /// Opens, migrates and returns the pool.
    ///
    /// WAL, `synchronous=FULL` (an acknowledgement depends on it), foreign keys,
    /// no trust in the schema's own functions, file mode 0600.
    ///
    /// - Parameter onConnection: told of each connection as it is opened, for whoever watches its statements.
    package static func open(
        path: String, migrator: DatabaseMigrator, readers: Int = readers, onConnection: (@Sendable (Database) -> Void)? = nil
    ) throws(Refusal) -> DatabasePool {
        var configuration = Configuration()
        configuration.maximumReaderCount = readers
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = true
        configuration.label = (path as NSString).lastPathComponent
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA trusted_schema = OFF")
            try db.execute(sql: "PRAGMA cache_size = -2000")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 2000")
            onConnection?(db)
        }
        do {
            if !FileManager.default.fileExists(atPath: path) {
                // SQLite gives -wal and -shm the mode of the database itself.
                guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
                    throw Refusal.unusable(path: path, reason: "the file cannot be created")
                }
            }
            let pool = try DatabasePool(path: path, configuration: configuration)
            // The pool itself relaxes this to NORMAL when it turns WAL on, so it is set afterwards, on the one writer.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            let known = Set(migrator.migrations)
            let applied = try pool.read { try migrator.appliedIdentifiers($0) }
            if let unknown = applied.subtracting(known).sorted().first {
                throw Refusal.newerSchema(path: path, unknown: unknown)
            }
            try migrator.migrate(pool)
            // Each write of a group commit is a savepoint, whose journal SQLite otherwise puts into a file of /var/tmp as soon as
            // it has 64 KiB. Set after migrations: what these sort may be large.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA temp_store = MEMORY") }
            return pool
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw .unusable(path: path, reason: "\(error)")
        }
    }

    /// The name of the last migration applied.
    package static func schema(_ pool: DatabasePool, _ migrator: DatabaseMigrator) throws -> String? {
        try pool.read { db in try migrator.completedMigrations(db).last }
    }
}
