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

    @Test(arguments: ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\u{A0}=1", "\u{200B}=1", "＝1", "=\u{301}1", "+91 98A", "+"])
    func nothingIsAFormula(text: String) { #expect(CSVCell.text(text) == "'\(text)") }

    @Test func whatIsBothIsBoth() {
        #expect(CSVCell.text("=HYPERLINK(\"x\",1)") == "\"'=HYPERLINK(\"\"x\"\",1)\"" && CSVCell.text("\r\n=1") == "\"'\r\n'=1\"")
    }

    /// What takes a control's place is a space, before which a formula is none the less.
    @Test(arguments: ["\u{1}=1+1", "\u{7F}@SUM(A1)", "\u{85}-1"])
    func aControlHidesNoFormula(text: String) { #expect(CSVCell.text(text) == "' \(text.dropFirst())") }

    /// Many a spreadsheet separates cells by semicolons, and sees no quote that stands behind a comma.
    @Test(arguments: [
        ("x;=1+1", "\"x;'=1+1\""), ("x\t=1+1", "\"x\t'=1+1\""), ("x; +1", "\"x;' +1\""), ("x\n=1+1", "\"x\n'=1+1\""),
        ("\t=1", "\"'\t'=1\""), ("a; b", "\"a; b\""), ("a\tb", "\"a\tb\""), ("x;+91 98765", "\"x;+91 98765\""),
    ])
    func aSemicolonBeginsNoFormula(text: String, cell: String) { #expect(CSVCell.text(text) == cell) }

    @Test(arguments: ["+91 9876543210", "+1 2025550123", "IN.13491208655302741918", "919876543210"])
    func aNumberStaysOne(text: String) { #expect(CSVCell.text(text) == text) }
}
