package import GRDB
package import Vocabulary

// Moments and lengths of time are INTEGER columns of milliseconds.

extension Timestamp: DatabaseValueConvertible, StatementColumnConvertible {
    package var databaseValue: DatabaseValue { milliseconds.databaseValue }

    package static func fromDatabaseValue(_ value: DatabaseValue) -> Timestamp? {
        Int64.fromDatabaseValue(value).map { Timestamp(milliseconds: $0) }
    }

    package init(sqliteStatement: SQLiteStatement, index: CInt) {
        let count = Int64(sqliteStatement: sqliteStatement, index: index)
        self.init(milliseconds: count)
    }
}

extension Milliseconds: DatabaseValueConvertible, StatementColumnConvertible {
    package var databaseValue: DatabaseValue { count.databaseValue }

    package static func fromDatabaseValue(_ value: DatabaseValue) -> Milliseconds? {
        Int64.fromDatabaseValue(value).map { Milliseconds($0) }
    }

    package init(sqliteStatement: SQLiteStatement, index: CInt) {
        let count = Int64(sqliteStatement: sqliteStatement, index: index)
        self.init(count)
    }
}
