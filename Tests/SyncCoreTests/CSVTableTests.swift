import CSVTable
import Testing

/// A file takes as long as it is large, however wide its header and however short its rows are.
@Suite struct CSVTableTests {
    @Test(arguments: [",", ";", "\t"]) func aTableHasSoManyColumns(separator: String) throws {
        let header = { (count: Int) in (1...count).map { "\"c\($0)\(separator)\"" }.joined(separator: separator) }
        #expect(try CSVTable(header(1000) + "\n").header.count == 1000)
        let trouble = #expect(throws: CSVTable.Unreadable.self) { try CSVTable(header(1001) + "\nx\n") }
        #expect(trouble?.reason == "The header names 1001 columns; a table has up to 1,000.")
        let commas = #expect(throws: CSVTable.Unreadable.self) { try CSVTable(String(repeating: separator, count: 1_000_000) + "\nx\n") }
        #expect(commas?.reason.hasPrefix("The header names 1000001 columns") == true)
    }

    /// Each row is looked through as far as it goes, and none is made as long as another.
    @Test(.timeLimit(.minutes(1))) func shortRowsUnderAWideHeaderAreReadAtOnce() throws {
        let header = (0..<1000).map { $0 == 0 ? "phone" : $0 < 500 ? "twin" : "Phone \($0) - Value" }.joined(separator: ",")
        let rows = String(repeating: "1\n", count: 5000)
        let table = try CSVTable("\(header)\n\(rows)2,,,,x\n3\(String(repeating: ",", count: 100_000))\n")
        let phones = try PhoneColumns(of: table)
        #expect(table.rows.count == 5002 && table.rows.allSatisfy { $0.problem == nil })
        #expect(table.others(than: phones.places) == ["twin"])
        #expect(table.rows.reduce(0) { $0 + phones.all(in: $1).count } == 5002)
    }

    @Test func whatIsSaidOfAColumnIsShort() throws {
        let name = String(repeating: "e" + String(repeating: "\u{301}", count: 500), count: 400)
        let twice = try CSVTable("x,\(name),\(name)\n,1,2\n")
        #expect(twice.rows.first?.problem.map { $0.unicodeScalars.count <= 256 } == true)
        #expect(twice.others(than: []).allSatisfy { (1...64).contains($0.unicodeScalars.count) })
        let trouble = #expect(throws: CSVTable.Unreadable.self) { try PhoneColumns(of: twice) }
        #expect(trouble.map { $0.reason.unicodeScalars.count < 512 } == true)
    }
}
