import AccountContract
import RPCContract
import Testing

@testable import AccountCampaigns

/// Files that no person has written: each row is told, and none ends the process.
@Suite struct RecipientCSVExtremeTests {
    private func read(_ text: String) throws -> RecipientCSV { try RecipientCSV(text, countryCode: "91", firstLine: 1) }

    @Test func aNumberThatIsNoneIsToldByItsRow() throws {
        let numbers = [
            "1e308", "-1", "0", "NaN", "9223372036854775808", "-9223372036854775808", "98765\u{0}43210",
            String(repeating: "9", count: 20_000),
        ]
        let rows = try read("phone,name\n" + numbers.map { "\($0),A\n" }.joined() + "+919876543210,B\n").recipients
        #expect(rows.map(\.line) == Array(2...2 + numbers.count))
        #expect(rows.dropLast().allSatisfy { $0.problem?.hasPrefix("phone ") == true }, "\(rows.map(\.problem))")
        #expect(rows.last?.problem == nil && rows.last?.recipient.contact == "+919876543210")
    }

    /// How long a variable may be is the template's matter; a number in one is a text.
    @Test func aVariableIsTakenAsItWasWritten() throws {
        let long = String(repeating: "x", count: 200_000)
        for value in ["1e308", "9223372036854775808", "A\u{0}B", long] {
            let rows = try read("phone,amount\n+919876543210,\(value)\n").recipients
            #expect(rows.map(\.recipient.variables) == [["amount": value]], "\(value.prefix(20))")
            #expect(rows.allSatisfy { $0.problem == nil })
        }
    }

    @Test(arguments: ["\"", "\"\"", "phone\n\"", "phone,name\n+919876543210,\"\n", "phone\n+91\"9876543210\n", "\u{0}"])
    func aLoneQuoteIsTold(text: String) {
        let fault = #expect(throws: Fault.self) { try read(text) }
        #expect(fault?.code == .csvUnreadable && fault?.path == "csv", "\(String(describing: fault))")
    }
}
