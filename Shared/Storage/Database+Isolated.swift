package import GRDB

extension Database {
    /// Performs a part of a write that is rolled back alone if it throws, and with it the work and the counts that it asked for.
    ///
    /// The rest of the write goes on if the caller catches the error. A savepoint of GRDB's keeps the work of what it has
    /// rolled back: events would be told of that nobody finds.
    package func isolated<T>(_ part: () throws -> T) throws -> T {
        try CommitWork.part(of: self) { try savepoint(part) }
    }

    /// Performs what is rolled back alone if it throws.
    ///
    /// GRDB's own savepoint does the same and compiles its statements anew each time, which is a fortieth of what a message
    /// costs.
    func savepoint<T>(_ perform: () throws -> T) throws -> T {
        try cachedStatement(sql: "SAVEPOINT item").execute()
        do {
            let value = try perform()
            try cachedStatement(sql: "RELEASE SAVEPOINT item").execute()
            return value
        } catch {
            let problem = error
            // A full disk may have ended the transaction itself, and the savepoint with it.
            guard isInsideTransaction else { throw problem }
            do {
                // Of several of one name, the innermost is meant.
                try cachedStatement(sql: "ROLLBACK TO SAVEPOINT item").execute()
                try cachedStatement(sql: "RELEASE SAVEPOINT item").execute()
            } catch {
                // What cannot be undone alone is undone with all the others.
                try rollback()
            }
            throw problem
        }
    }
}
