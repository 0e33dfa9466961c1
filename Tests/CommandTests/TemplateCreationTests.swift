import TemplateContract
import Testing

@testable import linda

/// A new template's mistakes stand on lines of their own, as those of one that is checked.
@Suite struct TemplateCreationTests {
    private let problems = [
        ValidateTemplate.Problem(part: "name", line: 1, column: 1, message: "The name is too long."),
        .init(part: "header", line: 1, column: 6, message: "{{ is not closed by }}."),
        .init(line: 2, column: 4, message: "{{ is not closed by }}."),
        .init(part: "buttons[1]", line: 1, column: 1, message: "The button's label cannot have variables."),
    ]

    @Test func eachHasItsLine() {
        #expect(
            Templates.Create.trouble(problems).description == """
                name: The name is too long.
                header: 1:6: {{ is not closed by }}.
                2:4: {{ is not closed by }}.
                buttons[1]: The button's label cannot have variables.
                There are 4 mistakes; the template was not created.
                """)
        let one = Templates.Create.trouble([problems[2]]).description
        #expect(one == "2:4: {{ is not closed by }}.\nThere is 1 mistake; the template was not created.")
    }
}
