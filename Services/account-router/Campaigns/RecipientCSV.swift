import AccountContract
import CSVTable
import RPCContract
import Vocabulary

/// Recipients out of CSV: the phone, perhaps a time zone, and every other column a variable.
struct RecipientCSV {
    /// Each with what is wrong with it, if anything is known already.
    private(set) var recipients: [(line: Int, recipient: Recipient, problem: String?)] = []

    private static let phoneNames: Set<String> = [
        "phone", "phone number", "phone_number", "mobile", "number", "whatsapp", "contact", "to", "bsuid",
    ]
    private static let zoneNames: Set<String> = ["timezone", "time_zone", "time zone", "tz"]

    init(_ text: String, countryCode: String?, firstLine: Int) throws(Fault) {
        do throws(CSVTable.Unreadable) {
            let table = try CSVTable(text, firstLine: firstLine)
            let phone = try table.required(Self.phoneNames, called: "phone")
            let zone = table.column(Self.zoneNames)
            let variables = table.header.enumerated().filter { $0.offset != phone && $0.offset != zone && !$0.element.isEmpty }
            for row in table.rows {
                let written = row.text(phone) ?? ""
                var contact = written
                if !ContactID(written).isBSUID, let digits = PhoneNumber.normalise(written, countryCode: countryCode) {
                    contact = "+\(digits.rawValue)"
                }
                var values: [String: String] = [:]
                for (column, name) in variables {
                    if let text = row.text(column) { values[name] = text }
                }
                let recipient = Recipient(contact: contact, variables: values, timeZone: row.text(zone))
                recipients.append((row.line, recipient, countryCode == nil ? Self.ambiguity(written) : nil))
            }
        } catch { throw Fault(.csvUnreadable, error.reason, path: "csv") }
    }

    /// Ten digits or fewer without a sign may be a national number, which read as an international one is somebody else's.
    private static func ambiguity(_ written: String) -> String? {
        guard !ContactID(written).isBSUID, !written.hasPrefix("+"), !written.hasPrefix("00") else { return nil }
        let digits = written.count(where: \.isNumber)
        return (7...10).contains(digits)
            ? "phone may lack its country code; write it with +, or say which country's numbers these are (countryCode, --country-code)"
            : nil
    }
}
