import RPCContract
import SyncContract
import Testing
import Vocabulary

@testable import SyncCore

/// Files that no person has written: each row is told, and none ends the process.
@Suite struct ContactCSVExtremeTests {
    private func read(_ csv: String, code: String? = nil) throws -> ContactCSV { try ContactCSV(.init(csv: csv, countryCode: code)) }

    private static let numbers = [
        "1e308", "1E+308", "-1", "0", "NaN", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "98765\u{0}43210",
        "\u{0}", String(repeating: "9", count: 20_000), String(repeating: "+", count: 20_000),
    ]

    @Test(arguments: [nil, "91"] as [String?]) func aNumberThatIsNoneIsToldByItsRow(code: String?) throws {
        let rows = Self.numbers.map { "\($0),A\n" }.joined()
        let csv = try read("phone,name\n\(rows)+919876543210,B\n", code: code)
        #expect(csv.rows.map(\.phone.rawValue) == ["919876543210"])
        #expect(csv.problems.map(\.line) == Array(2..<2 + Self.numbers.count), "\(csv.problems)")
        #expect(csv.problems.allSatisfy { $0.problem.hasPrefix("phone ") && $0.problem.count < 200 }, "\(csv.problems)")
    }

    @Test func aCellOfAnySizeIsToldByItsRow() throws {
        let long = String(repeating: "x", count: 200_000)
        let csv = try read("phone,name\n+919876543210,\(long)\n+919876543211,\"\(long)\"\n+919876543212,C\n")
        #expect(csv.rows.map(\.phone.rawValue) == ["919876543212"])
        #expect(csv.problems.map(\.line) == [2, 3])
        #expect(
            csv.problems.allSatisfy { $0.problem == "name has 200000 characters; it has 1 to 256" },
            "\(csv.problems.map { $0.problem.prefix(80) })")
    }

    @Test func aNumberInAnotherColumnIsAText() throws {
        let csv = try read("phone,name,language\n+919876543210,1e308,9223372036854775808\n+919876543211,A\u{0}B,\n")
        #expect(csv.problems.isEmpty, "\(csv.problems)")
        #expect(csv.rows.map(\.name) == ["1e308", "A\u{0}B"])
        #expect(csv.rows.first?.language == nil && csv.notes.map(\.line) == [2], "\(csv.notes)")
    }

    @Test func aLanguageOfAnySizeIsToldByItsRow() throws {
        let csv = try read("phone,language\n+919876543210,\(String(repeating: "x", count: 200_000))\n+919876543211,\u{1B}[2J\n")
        #expect(csv.rows.map(\.language) == [nil, nil] && csv.notes.map(\.line) == [2, 3])
        #expect(csv.notes.allSatisfy { $0.note.count < 256 && !$0.note.unicodeScalars.contains("\u{1B}") }, "\(csv.notes)")
    }

    /// However long a value is, and however many marks stand on one letter.
    @Test func whatIsToldKeepsItsContract() throws {
        let marks = "e" + String(repeating: "\u{301}", count: 5000)
        let values = [
            String(repeating: "x", count: 40) + "@x.com", marks, String(repeating: marks, count: 3), "\u{1B}[2J@x.com",
            String(repeating: "😀", count: 64), String(repeating: "a", count: 39),
        ]
        let addresses = ([String](repeating: String(repeating: "y", count: 40), count: 5) + values).joined(separator: " ::: ")
        let rows = values.map { "+919876543210,\($0),\($0),a@x.com ::: \($0) ::: \(addresses),\($0),\($0)\n" }.joined()
        let csv = try read("phone,name,first name,email,language,mobile 2\n\(rows)")
        #expect(!csv.notes.isEmpty && !csv.problems.isEmpty)
        for text in csv.notes.map(\.note) + csv.problems.map(\.problem) + csv.unused {
            #expect((1...256).contains(text.unicodeScalars.count) && !text.unicodeScalars.contains("\u{1B}"), "\(text.prefix(80))")
        }
        let last = ", \(String(repeating: "y", count: 40)) and 9 more"
        #expect(csv.notes.contains { $0.note.hasSuffix(last) }, "\(csv.notes.map(\.note))")
    }

    @Test(arguments: [
        "\"", "\"\"", "\"\"\"", "phone\n\"", "phone,name\n+919876543210,\"\n", "phone\n+91\"9876543210\n", "phone,name\n\",\",\"\n",
        "phone,name\n+919876543210,a\"b\"c\n", "\u{0}", "\u{0}\n\u{0}\n", String(repeating: "\"", count: 20_001),
    ])
    func aLoneQuoteIsTold(text: String) {
        let fault = #expect(throws: Fault.self) { try read(text) }
        #expect(fault?.code == .csvInvalid && fault?.path == "csv", "\(String(describing: fault))")
        #expect(fault?.message.count ?? 0 < 500, "a file is not told at length")
    }
}
