import CSVTable
import Foundation
import RPCContract
import SyncContract
import Vocabulary

/// Contacts out of CSV; a row that is wrong is told with its line and left out.
struct ContactCSV {
    struct Row: Equatable {
        var phone: ContactID
        var name: String
        var firstName: String?
        var email: String?
        var language: String?
    }

    private(set) var rows: [Row] = []
    private(set) var problems: [ImportContacts.RowProblem] = []
    private(set) var notes: [ImportContacts.RowNote] = []

    /// Header names as people and exports write them.
    private static let nameNames: Set = [
        "name", "full name", "display name", "customer name", "nombre", "nombre completo", "nome", "nome completo", "nom", "nom complet",
        "नाम", "नाव",
    ]
    private static let firstNameNames: Set = ["first name", "firstname", "given name", "vorname", "primer nombre", "prénom"]
    private static let lastNameNames: Set = ["last name", "lastname", "surname", "family name"]
    private static let emailNames: Set = ["email", "e mail", "email address", "e mail address", "email id", "e mail 1 value"]
    private static let languageNames: Set = ["language", "lang", "locale"]

    init(_ params: ImportContacts.Params) throws(Fault) {
        try PhoneNumber.check(countryCode: params.countryCode)
        do throws(CSVTable.Unreadable) {
            let table = try CSVTable(params.csv, firstLine: params.firstLine ?? 1)
            let phones = try PhoneColumns(of: table)
            let (name, firstName) = (table.column(Self.nameNames), table.column(Self.firstNameNames))
            let lastName = table.column(Self.lastNameNames)
            let (email, language) = (table.column(Self.emailNames), table.column(Self.languageNames))
            var lines: [ContactID: Int] = [:]
            for row in table.rows {
                if let problem = row.problem {
                    report(row.line, problem)
                    continue
                }
                let written = phones.all(in: row)
                let phone: ContactID
                do throws(PhoneNumber.Problem) { phone = try PhoneNumber.readFirst(of: written, countryCode: params.countryCode) } catch {
                    report(row.line, "phone \(error.wordsInFile)")
                    continue
                }
                if let first = lines.updateValue(row.line, forKey: phone) {
                    report(row.line, "is the same contact as line \(first), whose values it replaces")
                }
                let firstName = row.text(firstName)
                let parts = [firstName, row.text(lastName)].compactMap(\.self).joined(separator: " ")
                let name = row.text(name) ?? (parts.isEmpty ? phone.rawValue : parts)
                if let problem = Contact.nameRule.problem(with: name) {
                    report(row.line, "name \(problem)")
                    continue
                }
                if let problem = firstName.flatMap(Contact.nameRule.problem) {
                    report(row.line, "first name \(problem)")
                    continue
                }
                let emails = (row.text(email) ?? "").components(separatedBy: ":::").map { $0.trimmingCharacters(in: .whitespaces) }
                    .filter { !$0.isEmpty }
                note(row.line, written, beside: phone, params.countryCode)
                note(row.line, "e-mail address", plural: "e-mail addresses", emails.dropFirst().filter { $0 != emails[0] })
                let fallback = name == phone.rawValue ? nil : name.split(separator: " ").first.map(String.init)
                rows.append(
                    Row(
                        phone: phone, name: name, firstName: firstName ?? fallback,
                        email: kept(emails.first, "e-mail address", by: .email, line: row.line),
                        language: kept(row.text(language), "language", by: .language, line: row.line)))
            }
        } catch { throw Fault(.csvInvalid, error.reason, path: "csv") }
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
        guard !others.isEmpty, notes.count < 1000 else { return }
        let more = others.count > 4 ? " and \(others.count - 4) more" : ""
        let shown = others.prefix(4).map { $0.unicodeScalars.count > 40 ? "\($0.prefix(20))…" : $0 }.joined(separator: ", ")
        notes.append(
            ImportContacts.RowNote(
                line: line, note: "a contact has one \(what), so the row's other \(plural) are left out: \(shown)\(more)"))
    }

    /// A text by the rule that it has in every other way in; of any other it is told that it was left out.
    private mutating func kept(_ text: String?, _ what: String, by rule: Rule, line: Int) -> String? {
        guard let text, let problem = rule.problem(with: text) else { return text }
        if notes.count < 1000 {
            notes.append(ImportContacts.RowNote(line: line, note: "the \(what) is left out: it \(problem)"))
        }
        return nil
    }

    private mutating func report(_ line: Int, _ problem: String) {
        if problems.count < 1000 { problems.append(ImportContacts.RowProblem(line: line, problem: problem)) }
    }
}
