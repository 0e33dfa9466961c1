import RPCContract
import TemplateContract

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
        if text.metaText.unicodeScalars.count > 1024 { report("The body has more than 1,024 characters.") }
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
        return problems
    }

    /// What is wrong with a template, and where.
    struct Mistake: Equatable {
        var path: String
        var message: String
    }

    /// All mistakes of a template, in the order of its parts.
    static func mistakes(_ params: CreateTemplate.Params) -> [Mistake] {
        var found: [Mistake] = []
        func report(_ path: String, _ message: String) { found.append(Mistake(path: path, message: message)) }
        if let problem = TemplateLanguages.problem(params.language) { report("language", problem) }
        for problem in header(params.header) { report("header", problem) }
        for problem in problems(body: params.body) {
            report("body", "Line \(problem.line), column \(problem.column): \(problem.message)")
        }
        if let footer = params.footer {
            if footer.unicodeScalars.count > 60 { report("footer", "The footer has more than 60 characters.") }
            if footer.contains("{{") { report("footer", "The footer cannot have variables.") }
        }
        let buttons = params.buttons ?? []
        if buttons.count > 10 { report("buttons", "There are more than 10 buttons.") }
        for (index, label) in buttons.enumerated() where !(1...25).contains(label.unicodeScalars.count) {
            report("buttons[\(index)]", "A button's label has 1 to 25 characters.")
        }
        return found
    }

    private static func header(_ header: String?) -> [String] {
        guard let header else { return [] }
        let (text, problems) = TemplateText.parse(header)
        var found = problems.map { "Column \($0.column): \($0.message)" }
        if text.metaText.unicodeScalars.count > 60 { found.append("The header has more than 60 characters.") }
        if text.variables.count > 1 { found.append("The header has more than one variable.") }
        if header.contains(where: \.isNewline) { found.append("The header has more than one line.") }
        return found
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
