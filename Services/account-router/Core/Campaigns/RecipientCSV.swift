import AccountContract
import RPCContract
import SwiftCSV
import Vocabulary

/// Recipients out of CSV; a row that is wrong is told with its line and left out.
struct RecipientCSV {
    private(set) var recipients: [(line: Int, recipient: Recipient)] = []
    private(set) var problems: [RowProblem] = []

    private static let phoneNames: Set<String> = [
        "phone", "phone number", "phone_number", "mobile", "number", "whatsapp", "contact", "to", "bsuid",
    ]
    private static let zoneNames: Set<String> = ["timezone", "time_zone", "time zone", "tz"]

    init(_ text: String, countryCode: String?, firstLine: Int) throws(Fault) {
        let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        // What was no UTF-8 has become this mark on its way into JSON.
        guard !text.unicodeScalars.contains("\u{FFFD}") else {
            throw Fault(.csvUnreadable, "The CSV is not UTF-8; convert it first, such as by iconv -f WINDOWS-1252 -t UTF-8.", path: "csv")
        }
        // The parser takes an open quote as closed at the end, which would swallow rows in silence.
        guard text.count(where: { $0 == "\"" }).isMultiple(of: 2) else {
            throw Fault(.csvUnreadable, "A quote is opened and never closed; inside quotes a quote is doubled.", path: "csv")
        }
        let csv: CSV<Enumerated>
        do {
            let header = text.prefix { !$0.isNewline }
            let delimiter: CSVDelimiter = header.contains(";") && !header.contains(",") ? .semicolon : header.contains("\t") ? .tab : .comma
            csv = try CSV<Enumerated>(string: text, delimiter: delimiter, loadColumns: false)
        } catch {
            throw Fault(.csvUnreadable, "The CSV cannot be read: \(error)", path: "csv")
        }
        let header = csv.header.map { $0.trimmed }
        guard let phone = header.firstIndex(where: { Self.phoneNames.contains($0.lowercased()) }) else {
            throw Fault(
                .csvUnreadable, "The header names no phone column; it has: \(header.joined(separator: ", ").prefix(200)).", path: "csv")
        }
        let zone = header.firstIndex { Self.zoneNames.contains($0.lowercased()) }
        for (index, cells) in csv.rows.enumerated() {
            if cells.allSatisfy({ $0.trimmed.isEmpty }) { continue }
            let line = index + 1 + firstLine
            let written = cells.indices.contains(phone) ? cells[phone].trimmed : ""
            var contact = written
            if !ContactID(written).isBSUID, let digits = PhoneNumber.normalise(written, countryCode: countryCode) {
                contact = "+\(digits.rawValue)"
            }
            var variables: [String: String] = [:]
            for (column, name) in header.enumerated() where column != phone && column != zone && cells.indices.contains(column) {
                let value = cells[column].trimmed
                if !value.isEmpty, !name.isEmpty { variables[name] = value }
            }
            let zoneName = zone.flatMap { cells.indices.contains($0) ? cells[$0].trimmed : nil }.flatMap { $0.isEmpty ? nil : $0 }
            recipients.append((line, Recipient(contact: contact, variables: variables, timeZone: zoneName)))
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
