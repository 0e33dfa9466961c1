import AccountContract
import CSVTable
import RPCContract
import Vocabulary

/// Recipients out of CSV: the phone, perhaps a time zone, and every other column a variable.
struct RecipientCSV {
    /// Each with what is wrong with it, if anything is known already.
    private(set) var recipients: [(line: Int, recipient: Recipient, problem: String?)] = []

    /// Names of the columns that are variables, as they are spelt.
    private(set) var variables: [String] = []
    /// Names of the columns that fill nothing: no template has a variable of such a name.
    private(set) var unused: [String] = []

    private static let zoneNames: Set<String> = ["timezone", "time zone", "tz"]

    init(_ text: String, countryCode: String?, firstLine: Int) throws(Fault) {
        try PhoneNumber.check(countryCode: countryCode)
        do throws(CSVTable.Unreadable) {
            let table = try CSVTable(text, firstLine: firstLine)
            let phones = try PhoneColumns(of: table, or: PhoneColumns.ofRecipients)
            let zone = table.column(Self.zoneNames)
            let others = table.header.enumerated().filter { $0.offset != phones.first && $0.offset != zone && !$0.element.isEmpty }
            let numbers = phones.places
            var seen: Set<String> = []
            for (column, name) in others where seen.insert(name).inserted {
                if name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*|[1-9][0-9]*/) != nil {
                    variables.append(name)
                } else if !numbers.contains(column) {
                    unused.append(name)
                }
            }
            unused += table.others(than: Set(table.header.indices.filter { !table.header[$0].isEmpty }))
            let names = Dictionary(uniqueKeysWithValues: others.map { ($0.offset, $0.element) })
            for row in table.rows {
                let texts = phones.all(in: row)
                var (contact, problem) = (texts.first ?? "", String?.none)
                do throws(PhoneNumber.Problem) {
                    contact = try PhoneNumber.readFirst(of: texts, countryCode: countryCode, orBSUID: true).written
                } catch { problem = "phone \(error.wordsInFile)" }
                problem = row.problem ?? problem
                var values: [String: String] = [:]
                for (column, text) in row.filled {
                    if let name = names[column] { values[name] = text }
                }
                let recipient = Recipient(contact: contact, variables: values, timeZone: row.text(zone))
                recipients.append((row.line, recipient, problem))
            }
        } catch { throw Fault(.csvUnreadable, error.reason, path: "csv") }
    }
}
