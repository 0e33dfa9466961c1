import CSVTable

extension String {
    /// The records of a file that was read.
    func csvRecords() throws(Trouble) -> [CSVRecord] {
        do throws(CSVTable.Unreadable) { return try CSVRecord.all(of: self) } catch { throw Trouble(error.reason) }
    }
}
