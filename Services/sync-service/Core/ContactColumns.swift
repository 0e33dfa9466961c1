import CSVTable
import Foundation
import Vocabulary

/// Which columns of a file hold what a contact has.
struct ContactColumns {
    let phones: PhoneColumns
    /// Names of the columns that hold something else, as far as a row has it.
    let others: [String]
    private let emails: [Int]
    private let language: Int?
    /// The column of names, and whether each is all of one.
    private let name: (column: Int, isWhole: Bool)?
    private let first: Int?
    /// The columns of families' names, each with what it is called.
    private let last: [Int: String]
    /// Whether the column of names has the family's, as `Nom` beside `Prénom` and `Name` beside `Vorname`.
    private let isFamilyName: Bool

    init(of table: CSVTable) throws(CSVTable.Unreadable) {
        phones = try PhoneColumns(of: table)
        emails = table.columns(.email)
        language = table.columns(.language).first
        first = table.columns(.firstName).first
        last = Dictionary(uniqueKeysWithValues: table.columns(.lastName).map { ($0, table.key($0)) })
        let (whole, plain) = (table.columns(.fullName).first, table.columns(.name).first)
        name = whole.map { ($0, true) } ?? plain.map { ($0, false) }
        let isVorname = first.map { table.header[$0].folded.hasPrefix("vorname") } ?? false
        isFamilyName = first != nil && last.isEmpty && (isVorname || plain.map { table.header[$0].folded == "nom" } ?? false)
        let read = [name?.column, first, language].compactMap(\.self) + emails + last.keys
        others = table.others(than: phones.places.union(read))
    }

    /// What a row's person is called, and by which first name; nil where the row does not say.
    func names(in row: CSVTable.Row) -> (name: String?, first: String?) {
        let given = row.text(first)
        let family = familyName(in: row)
        let parts = [given, family].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
        guard let name, let text = row.text(name.column) else { return (parts.isEmpty ? nil : parts, given) }
        guard !name.isWhole else { return (text, given) }
        if first == nil, !family.isEmpty, !Self.has(text, family) { return ("\(text) \(family)", text) }
        if isFamilyName, let given, !Self.has(text, given) { return ("\(given) \(text)", given) }
        return (text, given)
    }

    /// Spain and Latin America have two names of families, which may be the same; one column twice has one of them.
    private func familyName(in row: CSVTable.Row) -> String {
        guard !last.isEmpty else { return "" }
        var names: [(key: String, text: String)] = []
        for (column, text) in row.filled {
            guard let key = last[column], !names.contains(where: { $0 == (key, text) }) else { continue }
            names.append((key, text))
        }
        return names.map(\.text).joined(separator: " ")
    }

    /// A row's e-mail addresses as they were written; Google Contacts puts several of one kind into one cell.
    func emails(in row: CSVTable.Row) -> [String] {
        row.texts(emails).flatMap { $0.components(separatedBy: ":::") }.map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }

    func language(in row: CSVTable.Row) -> String? { row.text(language) }

    /// Whether a name has another in it already, word for word.
    private static func has(_ name: String, _ part: String) -> Bool { " \(name.folded) ".contains(" \(part.folded) ") }
}
