import Foundation
import GRDB
import Supervision
import Support
import Testing

/// What is wrong with a template is told before a file of recipients is uploaded for it.
@Suite(.timeLimit(.minutes(3))) struct PlannedFileTests {
    @Test func aTemplateThatCannotBeSentIsToldBeforeTheFileIsUploaded() async throws {
        try await LindaFixture.run { fixture in
            try await fixture.addNumbers()
            try await fixture.addOffer()
            let file = "\(fixture.stack.options.directory)/people.csv"
            try "phone,Name\n+919876543210,Asha\n".write(toFile: file, atomically: true, encoding: .utf8)
            func plan(_ words: String...) throws -> CommandLineTests.Result {
                try CommandLineTests.Run(
                    ["campaigns", "plan", "C", "--csv", file] + words + ["--dir", fixture.stack.options.directory]
                ).end()
            }
            func lists() async throws -> Int? {
                try await DatabaseQueue(path: "\(fixture.stack.dataDirectory)/account-router/account-router.sqlite").read {
                    try Int.fetchOne($0, sql: "SELECT count(*) FROM broadcastList")
                }
            }
            let misspelt = try plan("--template", "spring_sael")
            #expect(misspelt.status == 1 && misspelt.error.contains("did you mean spring_sale?"), "\(misspelt)")
            #expect(misspelt.error.contains("(at template)"), "\(misspelt)")
            let language = try plan("--template", "spring_sale", "--language", "hi")
            #expect(language.status == 1 && language.error.contains("it exists in en"), "\(language)")
            let column = try plan("--template", "spring_sale")
            #expect(column.status == 1 && column.error.contains("variable name has no value; is it what Name was meant for?"), "\(column)")
            let variable = try plan("--template", "spring_sale", "--var", "nmae=you")
            #expect(variable.status == 1 && variable.error.contains("--var: spring_sale has no variable nmae"), "\(variable)")
            let experiment = try plan("--experiment", "none")
            #expect(experiment.status == 1 && experiment.error.contains("(at experiment)"), "\(experiment)")
            #expect(try await lists() == 0, "nothing was uploaded")
            let right = try plan("--template", "spring_sale", "--var", "name=you")
            #expect(right.error.contains("1 new"), "\(right)")
            #expect(try await lists() == 1)
        }
    }
}
