import RPCContract
import TemplateContract
import Testing

@testable import TemplateCore

@Suite struct TemplateTextTests {
    @Test func variablesAreFilledWithValuesOrDefaults() throws {
        let text = TemplateText.parse("Hello {{name|there}}, order {{ order }} left.").text
        #expect(text.variables == ["name", "order"])
        #expect(try text.render(["name": "Asha", "order": "7"]) == "Hello Asha, order 7 left.")
        #expect(try text.render(["name": "", "order": "7"]) == "Hello there, order 7 left.")
        #expect(throws: MissingVariable(name: "order")) { try text.render(["name": "x"]) }
        #expect(text.metaText == "Hello {{name}}, order {{order}} left.")
    }

    /// A column that is called nearly so is told beside what is missing.
    @Test func whatMayHaveBeenMeantForAMissingVariableIsTold() {
        let missing = MissingVariable(name: "order")
        #expect(missing.words(given: ["name", "ordre"], of: .example) == "variable order has no value; is it what ordre was meant for?")
        #expect(missing.words(given: ["name", "city"], of: .example) == "variable order has no value; city is no variable of order_update")
        let many = ["x", "city", "b", "a"]
        #expect(missing.words(given: many, of: .example).hasSuffix("value; a, b, city and others are no variable of order_update"))
        // A column that is there and empty explains itself.
        #expect(missing.words(given: ["name", "city", "order"], of: .example) == "variable order has no value")
    }

    /// Cells of a spreadsheet have line breaks, which Meta refuses.
    @Test(arguments: [
        ("Sun\r\nday", "Sun day"), (" a\tb     c \n", "a b c"), ("a    b", "a    b"), ("a\u{2028}b", "a b"), ("नम\u{0}", "नम\u{0}"),
        (" a ", " a "),
    ])
    func aValueIsOneLine(given: String, filled: String) throws {
        let text = TemplateText.parse("Hi {{day}}!").text
        #expect(try text.render(["day": given]) == "Hi \(filled)!")
        #expect(try text.values(["day": given]).get() == ["day": filled])
        #expect(throws: MissingVariable(name: "day")) { try text.render(["day": "\n \t"]) }
    }

    @Test func valuesAreNotReadAsTemplates() throws {
        let text = TemplateText.parse("Hi {{name}}!").text
        #expect(try text.render(["name": "{{other}} {{name}}"]) == "Hi {{other}} {{name}}!")
    }

    @Test(arguments: [
        ("Hi {{name", 1, 4, "not closed"), ("a\nb }} c", 2, 3, "closes nothing"), ("x {{}} y", 1, 3, "no name"),
        ("x {{a b}} y", 1, 3, "no variable name"),
        ("x {{1}} {{name}} y", 1, 9, "cannot be mixed"), ("x {{0}} y", 1, 3, "begin at 1"), ("é👩‍👩‍👧 {{x", 1, 4, "not closed"),
    ])
    func problemsNameLineAndColumn(source: String, line: Int, column: Int, message: String) throws {
        let problem = try #require(TemplateText.parse(source).problems.first)
        #expect(problem.line == line)
        #expect(problem.column == column)
        #expect(problem.message.contains(message))
    }

    @Test(arguments: [
        ("", "empty"), ("{{name}} hello", "begins with"), ("hello {{name}}", "ends with"), ("a {{x}}{{y}} b", "follows"),
        ("a {{2}} b {{3}} c", "leave out {{1}}"),
        (String(repeating: "x", count: 1025), "has 1025 characters; it has 0 to 1024"),
    ])
    func whatReviewRefusesIsToldBefore(body: String, message: String) {
        #expect(TemplateRules.problems(body: body).contains { $0.message.contains(message) })
    }

    /// Any text parses without a trap, and what parses cleanly renders.
    @Test(arguments: [UInt64(7), 8, 9]) func anyTextIsSafe(seed: UInt64) throws {
        var state = seed
        let pieces = ["{{", "}}", "{", "}", "|", "name", "1", " ", "\n", "é", "👍🏽", "\u{0}", "नमस्ते", "if", "#"]
        for _ in 0..<400 {
            var source = ""
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                source += pieces[Int(state >> 33) % pieces.count]
            }
            let (text, problems) = TemplateText.parse(source)
            let values = Dictionary(uniqueKeysWithValues: text.variables.map { ($0, "v") })
            if problems.isEmpty { #expect(throws: Never.self, "seed \(seed): \(source)") { try text.render(values) } }
        }
    }
}

@Suite struct TemplateComposerTests {
    @Test func namedParametersCarryTheirNames() throws {
        let body = TemplateText.parse("Hello {{name|there}}, {{order}} and {{name}}.").text
        let components = try TemplateComposer.components(
            header: TemplateText.parse("News for {{name}}").text, body: body, variables: ["order": "7", "name": "Asha"]
        ).get()
        #expect(components.count == 2)
        #expect(components[1]["parameters"]?.array?.count == 2)
        #expect(components[1]["parameters"]?[0] == ["type": "text", "parameter_name": "name", "text": "Asha"])
    }

    @Test func numberedParametersGoByNumber() throws {
        let body = TemplateText.parse("Pay {{2}} by {{1}} please").text
        let components = try TemplateComposer.components(header: nil, body: body, variables: ["1": "Monday", "2": "5"]).get()
        #expect(components[0]["parameters"] == [["type": "text", "text": "Monday"], ["type": "text", "text": "5"]])
        #expect(TemplateComposer.components(header: nil, body: body, variables: ["1": "x"]) == .failure(MissingVariable(name: "2")))
    }
}
