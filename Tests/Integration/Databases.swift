import GRDB

/// Makes a database look as if a later version had written it.
func markNewer(_ path: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('v999-from-the-future')") }
    try queue.close()
}
