import RPCContract
import SwiftCSV
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

    /// Header names in lower case, as people and exports write them.
    private static let aliases: [String: [String]] = [
        "phone": ["phone", "phone number", "phone_number", "mobile", "number", "whatsapp"],
        "name": ["name", "full name", "full_name"],
        "firstName": ["first_name", "first name", "firstname", "given name"],
        "email": ["email", "e-mail", "email address"],
        "language": ["language", "lang", "locale"],
    ]

    init(_ params: ImportContacts.Params) throws(Fault) {
        let text = params.csv.hasPrefix("\u{FEFF}") ? String(params.csv.dropFirst()) : params.csv
        // The parser takes an open quote as closed at the end, which would swallow rows in silence.
        guard text.count(where: { $0 == "\"" }).isMultiple(of: 2) else {
            throw Fault(.csvInvalid, "A quote is opened and never closed; inside quotes a quote is doubled.", path: "csv")
        }
        let csv: CSV<Enumerated>
        do {
            let header = text.prefix { !$0.isNewline }
            let delimiter: CSVDelimiter = header.contains(";") && !header.contains(",") ? .semicolon : header.contains("\t") ? .tab : .comma
            csv = try CSV<Enumerated>(string: text, delimiter: delimiter, loadColumns: false)
        } catch {
            throw Fault(.csvInvalid, "The CSV cannot be read: \(error). A quote is doubled inside quotes.", path: "csv")
        }
        let header = csv.header.map { $0.trimmed.lowercased() }
        func column(_ name: String) -> Int? { header.firstIndex { (Self.aliases[name] ?? []).contains($0) } }
        guard let phoneColumn = column("phone") else {
            throw Fault(
                .csvInvalid, "The header names no phone column; it has: \(header.joined(separator: ", ").prefix(200)).", path: "csv")
        }
        let columns = (name: column("name"), firstName: column("firstName"), email: column("email"), language: column("language"))
        for (index, cells) in csv.rows.enumerated() {
            let line = index + 1 + (params.firstLine ?? 1)
            func cell(_ column: Int?) -> String? {
                guard let column, cells.indices.contains(column) else { return nil }
                let text = cells[column].trimmed
                return text.isEmpty ? nil : text
            }
            if cells.allSatisfy({ $0.trimmed.isEmpty }) { continue }
            guard let written = cell(phoneColumn) else {
                report(line, "phone is empty")
                continue
            }
            guard let phone = PhoneNumber.normalise(written, countryCode: params.countryCode) else {
                report(line, "phone is not a phone number")
                continue
            }
            let firstName = cell(columns.firstName)
            let name = cell(columns.name) ?? firstName ?? phone.rawValue
            guard name.count <= 256 else {
                report(line, "name has more than 256 characters")
                continue
            }
            let fallback = name == phone.rawValue ? nil : name.split(separator: " ").first.map(String.init)
            rows.append(
                Row(
                    phone: phone, name: name, firstName: firstName ?? fallback, email: cell(columns.email), language: cell(columns.language)
                ))
        }
    }

    private mutating func report(_ line: Int, _ problem: String) {
        if problems.count < 1000 { problems.append(ImportContacts.RowProblem(line: line, problem: problem)) }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
