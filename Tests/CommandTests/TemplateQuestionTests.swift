import CSVTable
import TemplateContract
import Testing

@testable import linda

/// What of a template and a file is told before the file is uploaded.
@Suite struct TemplateQuestionTests {
    private func reply(_ name: String, _ variables: [String], problem: String? = nil) -> ComposeTemplateBatch.Reply {
        ComposeTemplateBatch.Reply(
            name: name, language: "en", version: 1, category: .utility, wabaID: nil, variables: variables, components: [""],
            problems: problem.map { ["0": $0] } ?? [:])
    }

    @Test func aVariableThatNoColumnFillsIsTold() {
        let told = TemplateQuestion.problem(
            [reply("news", ["name"], problem: "variable name has no value; is it what Name was meant for?")], given: [:], file: "p.csv")
        #expect(
            told
                == "p.csv fills no news: variable name has no value; is it what Name was meant for? (a column fills the variable that is spelt as it is, and --var one for everybody)"
        )
        #expect(TemplateQuestion.problem([reply("news", ["name"])], given: ["name": "x"], file: "p.csv") == nil)
        #expect(TemplateQuestion.problem([], given: ["name": "x"], file: "p.csv") == nil, "nobody has answered")
    }

    @Test func anUnknownVariableForEverybodyIsToldItsNearest() {
        let news = reply("news", ["name"])
        let told = TemplateQuestion.problem([news], given: ["nmae": "x"], file: "p.csv")
        #expect(told == "--var: news has no variable nmae: it has name; did you mean name?")
        #expect(TemplateQuestion.problem([news, reply("calm", ["nmae"])], given: ["nmae": "x"], file: "p.csv") == nil, "the other has it")
    }

    /// The column of phone numbers and those without a name fill nothing.
    @Test func theFilesColumnsAreThoseThatMayFillSomething() throws {
        let file = try PeopleFile("to,name,,Order\n+919876543210,Asha,x,7\n", named: "p.csv", or: PhoneColumns.ofRecipients)
        #expect(file.columns == ["name", "Order"])
    }
}
