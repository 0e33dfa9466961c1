import CSVTable

/// A CSV file of people that was read: the line that names its columns, and the records below it.
///
/// What no process would take is refused at once, before anything is made for it.
struct PeopleFile {
    let header: Substring
    let records: [CSVRecord]
    /// What the columns are called, besides the one of phone numbers.
    let columns: [String]

    /// So many records are read beforehand: what is wrong further down is told with its line when it is handed over.
    private static let sample = 1000

    /// - Parameters:
    ///   - file: what the text is called where something is wrong with it.
    ///   - phones: further names that the column of phone numbers may have.
    init(_ text: String, named file: String, or phones: Set<String> = []) throws(Trouble) {
        do throws(CSVTable.Unreadable) {
            let all = try CSVRecord.all(of: text)
            guard let header = all.first?.text, all.contains(where: { Self.hasText($0.text) }) else {
                throw CSVTable.Unreadable.empty(such: "phone,name")
            }
            (self.header, records) = (header, Array(all.dropFirst()))
            let start = all.prefix(Self.sample).last.map { text[..<$0.text.endIndex] } ?? header
            let table = try CSVTable(String(start))
            let phone = try PhoneColumns(of: table, or: phones).first
            columns = table.header.enumerated().filter { $0.offset != phone && !$0.element.isEmpty }.map(\.element)
            guard records.contains(where: { Self.hasText($0.text) }) else {
                throw CSVTable.Unreadable(reason: "names columns and has nobody below them")
            }
        } catch { throw Trouble("\(file): \(error.reason)") }
    }

    private static func hasText(_ record: Substring) -> Bool { record.contains { !$0.isWhitespace && !",;\"".contains($0) } }
}
