import RPCContract
import TemplateContract
import Vocabulary

/// What Meta's review refuses for form, told before it is asked.
///
/// Source: Meta, templates: components and limits; error codes 2388047, 2388072, 2388073, 2388293, 2388299.
enum TemplateRules {
    static func problems(body: String) -> [ValidateTemplate.Problem] {
        let (text, found) = TemplateText.parse(body)
        var problems = found
        func report(_ message: String, line: Int = 1, column: Int = 1) {
            problems.append(ValidateTemplate.Problem(line: line, column: column, message: message))
        }
        if body.isEmpty { report("The body is empty.") }
        if let problem = Template.bodyAtMeta.problem(with: text.metaText) { report("Without the defaults the body \(problem).") }
        if case .variable = text.pieces.first { report("The body begins with a variable; Meta refuses that.") }
        if case .variable = text.pieces.last {
            let end = place(ofEnd: body)
            report("The body ends with a variable; Meta refuses that.", line: end.line, column: end.column)
        }
        if text.isPositional {
            let numbers = text.variables.compactMap { Int($0) }.sorted()
            if let missing = (1...(numbers.last ?? 1)).first(where: { !numbers.contains($0) }) {
                report("Numbered variables leave out {{\(missing)}}.")
            }
        }
        // While a variable is not closed, nobody knows which words stand beside it.
        if found.isEmpty, let lack = VariableRoom.lack(text.metaText, variables: text.variables.count) {
            let (count, words) = (text.variables.count, lack.words)
            report(
                "The body has \(count) variable\(count == 1 ? "" : "s") and \(words) word\(words == 1 ? "" : "s") beside \(count == 1 ? "it" : "them"). Meta refuses too many variables for the length: write \(lack.needed) words or more, or leave out variables."
            )
        }
        return problems
    }

    /// All that is wrong with a template, in the order of its parts.
    ///
    /// - Parameter hasBounds: whether what the table of a new template's fields refuses by itself is told, too.
    static func problems(of params: ValidateTemplate.Params, hasBounds: Bool = true) -> [ValidateTemplate.Problem] {
        var found: [ValidateTemplate.Problem] = []
        func report(_ part: String, _ message: String) {
            found.append(ValidateTemplate.Problem(part: part, line: 1, column: 1, message: message))
        }
        if hasBounds { for problem in name(params.name) { report("name", problem) } }
        let isTag = params.language.map { Rule.language.problem(with: $0) == nil }
        if hasBounds || isTag == true, let problem = params.language.flatMap(TemplateLanguages.problem) { report("language", problem) }
        found += header(params.header)
        if hasBounds || !params.body.isEmpty { found += problems(body: params.body) }
        if let footer = params.footer {
            if hasBounds, let problem = Template.footerRule.problem(with: footer) { report("footer", "The footer \(problem).") }
            for problem in PlainPart.footer.problems(footer) { report("footer", problem) }
        }
        let buttons = params.buttons ?? []
        if hasBounds, let violation = Template.buttonsRule.violation(by: .array(buttons.map { .string($0) })), violation.path.isEmpty {
            report("buttons", "The list of buttons \(violation.problem).")
        }
        for (index, label) in buttons.prefix(100).enumerated() {
            if hasBounds, let problem = Template.buttonRule.problem(with: label) {
                report("buttons[\(index)]", "The button's label \(problem).")
            }
            for problem in PlainPart.button.problems(label) { report("buttons[\(index)]", problem) }
        }
        return found
    }

    private static func name(_ name: String?) -> [String] {
        guard let problem = name.flatMap(Template.nameRule.problem) else { return [] }
        return ["The name \(problem)."]
    }

    private static func header(_ header: String?) -> [ValidateTemplate.Problem] {
        guard let header else { return [] }
        let (text, problems) = TemplateText.parse(header)
        var found = problems
        func report(_ message: String) { found.append(ValidateTemplate.Problem(line: 1, column: 1, message: message)) }
        if let problem = Template.headerAtMeta.problem(with: text.metaText) { report("Without the default the header \(problem).") }
        if text.variables.count > 1 { report("The header has more than one variable.") }
        for problem in PlainPart.header.problems(header) { report(problem) }
        for index in found.indices { found[index].part = "header" }
        return found
    }

    /// What is wrong with a template, and where.
    struct Mistake: Equatable {
        var path: String
        var message: String

        /// A body's place is of use, and a header's where it is not its beginning.
        init(_ problem: ValidateTemplate.Problem) {
            path = problem.part
            switch problem.part {
            case "body": message = "Line \(problem.line), column \(problem.column): \(problem.message)"
            case "header" where problem.column > 1: message = "Column \(problem.column): \(problem.message)"
            default: message = problem.message
            }
        }
    }

    /// All mistakes of a new template, in the order of its parts.
    static func mistakes(_ params: CreateTemplate.Params, hasBounds: Bool = true) -> [Mistake] {
        let parts = ValidateTemplate.Params(
            name: params.name, language: params.language, header: params.header, body: params.body, footer: params.footer,
            buttons: params.buttons)
        return problems(of: parts, hasBounds: hasBounds).map(Mistake.init)
    }

    /// What is to be told together with broken bounds; a text that is far too long is not read.
    static func beyondBounds(_ params: CreateTemplate.Params) -> [RPCContract.Mistake] {
        guard params.body.utf8.count + (params.header?.utf8.count ?? 0) <= 400_000 else { return [] }
        return mistakes(params, hasBounds: false).map { RPCContract.Mistake(path: $0.path, words: "\($0.path): \($0.message)") }
    }

    /// All mistakes in one fault: whoever mends the first is not told the next only afterwards.
    static func fault(_ mistakes: [Mistake]) -> Fault? {
        guard let first = mistakes.first else { return nil }
        guard mistakes.count > 1 else { return Fault(.templateInvalid, first.message, path: first.path) }
        let told = mistakes.prefix(20).map { "\($0.path): \($0.message)" }.joined(separator: " ")
        let more = mistakes.count > 20 ? " … and \(mistakes.count - 20) more." : ""
        let isOnePlace = mistakes.allSatisfy { $0.path == first.path }
        return Fault(
            .templateInvalid, "There are \(mistakes.count) mistakes. \(told)\(more)", path: isOnePlace ? first.path : nil)
    }

    private static func place(ofEnd text: String) -> (line: Int, column: Int) {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        return (lines.count, max(1, lines.last?.count ?? 1))
    }
}
