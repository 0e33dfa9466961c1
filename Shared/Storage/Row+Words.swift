package import GRDB
import RPCContract

extension Row {
    /// The word in a column, as the type that knows all words.
    ///
    /// - Errors: internal, naming table, row and column, where the word is not known: a default would hide that a
    ///   message has another category or a number another state than the one that was decided upon.
    package func word<Word: RawRepresentable>(_ column: String, in table: String) throws -> Word where Word.RawValue == String {
        guard let word: Word = try wordIfPresent(column, in: table) else { throw unreadable("NULL", column, table) }
        return word
    }

    /// The same for a column that may be NULL.
    package func wordIfPresent<Word: RawRepresentable>(_ column: String, in table: String) throws -> Word? where Word.RawValue == String {
        guard let text = self[column] as String? else { return nil }
        guard let word = Word(rawValue: text) else { throw unreadable("\"\(text.prefix(40))\"", column, table) }
        return word
    }

    /// What is never NULL in the rows that are read here, such as an id.
    ///
    /// - Errors: internal, naming table, row and column, where it is missing: a default would be another row's, or nobody's.
    package func value<Value: DatabaseValueConvertible>(_ column: String, in table: String) throws -> Value {
        guard let value = self[column] as Value? else { throw unreadable("NULL", column, table) }
        return value
    }

    /// A text that people read, empty where there is none; never a word that something is decided by, nor an id.
    package func text(_ column: String) -> String {
        let text: String? = self[column]
        return text ?? ""
    }

    private func unreadable(_ value: String, _ column: String, _ table: String) -> Fault {
        let key = columnNames.first { ["id", "phoneNumberID", "n", "contact"].contains($0) }
        let place = key.map { ", \($0) \(self[$0] as DatabaseValue)" } ?? ""
        return Fault(.internal, "Table \(table)\(place): \(column) holds \(value), which this version does not know.")
    }
}
