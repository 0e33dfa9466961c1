import CSVTable
import Testing

@Suite struct CSVCellTests {
    @Test(arguments: [
        ("Asha Rao", "Asha Rao"), ("", ""), ("Rao, Asha", "\"Rao, Asha\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("a\nb", "\"a\nb\""),
        // Two letters that Swift takes for one, and marks that make another character of a comma or a quote.
        ("a\r\nb", "\"a\r\nb\""), ("a\rb", "\"a\rb\""), ("a,\u{301}b", "\"a,\u{301}b\""), ("a\"\u{301}b", "\"a\"\"\u{301}b\""),
        ("a\u{1B}[31mb\u{0}", "a [31mb "), ("नमस्ते", "नमस्ते"),
    ])
    func aCellIsQuotedWhereItHasToBe(text: String, cell: String) { #expect(CSVCell.text(text) == cell) }

    @Test(arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "=\u{301}1", "+91 98A", "+"])
    func nothingIsAFormula(text: String) { #expect(CSVCell.text(text) == "'\(text)") }

    @Test func whatIsBothIsBoth() {
        #expect(CSVCell.text("=HYPERLINK(\"x\",1)") == "\"'=HYPERLINK(\"\"x\"\",1)\"" && CSVCell.text("\r\n=1") == "\"'\r\n=1\"")
    }

    @Test(arguments: ["+91 9876543210", "+1 2025550123", "IN.13491208655302741918", "919876543210"])
    func aNumberStaysOne(text: String) { #expect(CSVCell.text(text) == text) }
}
