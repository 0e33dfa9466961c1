import Testing

@testable import TemplateCore

/// Headers, footers and buttons' labels are one line of plain text.
@Suite struct PlainPartTests {
    @Test(arguments: ["Order 66", "snake_case_name", "© Lucky Shrub", "a_b and c_d"])
    func plainTextIsTaken(text: String) {
        for part in [PlainPart.header, .footer, .button] { #expect(part.problems(text).isEmpty, "\(part): \(part.problems(text))") }
    }

    @Test(arguments: [
        ("Two\nlines", "more than one line"), ("Sale 🎉", "🎉"), ("*Bold*", "formatting mark *"), ("_so_ it is", "formatting mark _"),
        ("Hello {{name}}", "variables"),
    ])
    func theRestSaysWhatIsWrong(text: String, words: String) {
        #expect(PlainPart.button.problems(text).contains { $0.contains(words) }, "\(PlainPart.button.problems(text))")
    }

    /// A header takes a variable, and a footer takes marks as they are.
    @Test func partsDiffer() {
        #expect(PlainPart.header.problems("Hello {{name|there}}").isEmpty)
        #expect(PlainPart.footer.problems("*Bold*").isEmpty)
        #expect(!PlainPart.footer.problems("Hello {{name}}").isEmpty)
    }
}
