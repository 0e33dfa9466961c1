import CSVTable
import Foundation
import RPCContract
import SyncContract
import Vocabulary

/// Contacts out of CSV; a row that is wrong is told with its line and left out.
struct ContactCSV {
    struct Row: Equatable {
        var phone: ContactID
        /// What the file says; nil where it does not.
        var name: String?
        var firstName: String?
        /// Whether the first name is the first word of the name, as no column has it.
        var isFirstNameGuessed = false
        var email: String?
        var language: String?
    }

    private(set) var rows: [Row] = []
    private(set) var problems: [ImportContacts.RowProblem] = []
    private(set) var notes: [ImportContacts.RowNote] = []

    /// Names of the columns that were left out with what they hold.
    private(set) var unused: [String] = []

    /// So many names of columns are told.
    private static let most = 256

    init(_ params: ImportContacts.Params) throws(Fault) {
        try PhoneNumber.check(countryCode: params.countryCode)
        do throws(CSVTable.Unreadable) {
            let table = try CSVTable(params.csv, firstLine: params.firstLine ?? 1)
            let columns = try ContactColumns(of: table)
            unused = columns.others
            if unused.count > Self.most {
                unused = unused.prefix(Self.most - 1) + ["and \(unused.count - Self.most + 1) more"]
            }
            var lines: [ContactID: Int] = [:]
            for row in table.rows {
                if let problem = row.problem {
                    report(row.line, problem)
                    continue
                }
                let written = columns.phones.all(in: row)
                let phone: ContactID
                do throws(PhoneNumber.Problem) { phone = try PhoneNumber.readFirst(of: written, countryCode: params.countryCode) } catch {
                    report(row.line, "phone \(error.wordsInFile)")
                    continue
                }
                guard let contact = contact(phone, row, columns) else { continue }
                // A row that was refused replaces nothing.
                if let first = lines.updateValue(row.line, forKey: phone) {
                    report(row.line, "is the same contact as line \(first), whose values it replaces")
                }
                note(row.line, written, beside: phone, params.countryCode)
                rows.append(contact)
            }
        } catch { throw Fault(.csvInvalid, error.reason, path: "csv") }
    }

    /// A row's contact; nil where its name is no name, which is told.
    private mutating func contact(_ phone: ContactID, _ row: CSVTable.Row, _ columns: ContactColumns) -> Row? {
        let (name, firstName) = columns.names(in: row)
        if let problem = name.flatMap(Contact.nameRule.problem) {
            report(row.line, "name \(problem)")
            return nil
        }
        if let problem = firstName.flatMap(Contact.nameRule.problem) {
            report(row.line, "first name \(problem)")
            return nil
        }
        let emails = columns.emails(in: row)
        let email = emails.first { Rule.email.problem(with: $0) == nil } ?? emails.first
        note(row.line, "e-mail address", plural: "e-mail addresses", emails.filter { $0 != email })
        let guess = name == phone.rawValue ? nil : name?.split(separator: " ").first.map(String.init)
        return Row(
            phone: phone, name: name, firstName: firstName ?? guess, isFirstNameGuessed: firstName == nil && guess != nil,
            email: kept(email, "e-mail address", by: .email, line: row.line),
            language: language(columns.language(in: row), line: row.line))
    }

    /// A contact has one number: which others its row has is told.
    private mutating func note(_ line: Int, _ texts: [String], beside phone: ContactID, _ countryCode: String?) {
        var others: [String] = []
        for text in texts {
            let number = PhoneNumber.normalise(text, countryCode: countryCode)
            let shown = number?.spelled ?? "one that cannot be read"
            if number != phone, !others.contains(shown) { others.append(shown) }
        }
        note(line, "number", plural: "numbers", others)
    }

    /// - Parameter what: of which a contact has one.
    private mutating func note(_ line: Int, _ what: String, plural: String, _ others: [String]) {
        guard !others.isEmpty else { return }
        let more = others.count > 3 ? " and \(others.count - 3) more" : ""
        // In scalars, as one character may have any number of marks on it.
        let shown = others.prefix(3).map { other in
            let scalars = other.unicodeScalars
            return (scalars.count > 40 ? "\(String(scalars.prefix(20)))…" : other).plain
        }
        let list = shown.joined(separator: ", ")
        tell(line, "a contact has one \(what), so the row's other \(plural) are left out: \(list)\(more)")
    }

    /// A text by the rule that it has in every other way in; of any other it is told that it was left out.
    private mutating func kept(_ text: String?, _ what: String, by rule: Rule, line: Int) -> String? {
        guard let text, let problem = rule.problem(with: text) else { return text }
        tell(line, "the \(what) is left out: it \(problem)")
        return nil
    }

    /// A language's code, also of its name; where there is no such language, it is told that it was left out.
    private mutating func language(_ text: String?, line: Int) -> String? {
        guard let text else { return nil }
        if let language = LanguageTag(written: text) { return language.code }
        tell(line, "the language is left out: it \(LanguageTag.problem(with: text))")
        return nil
    }

    private mutating func tell(_ line: Int, _ note: String) {
        if notes.count < 1000 { notes.append(ImportContacts.RowNote(line: line, note: Self.fitting(note))) }
    }

    private mutating func report(_ line: Int, _ problem: String) {
        if problems.count < 1000 { problems.append(ImportContacts.RowProblem(line: line, problem: Self.fitting(problem))) }
    }

    /// A sentence as long as the contract lets it be, whatever somebody's file has put into it.
    private static func fitting(_ text: String) -> String {
        text.unicodeScalars.count > 256 ? "\(String(text.unicodeScalars.prefix(255)))…" : text
    }
}
