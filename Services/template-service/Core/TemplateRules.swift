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
        for (left, right) in zip(text.pieces, text.pieces.dropFirst()) {
            if case .variable(let name, _) = left, case .variable = right {
                report("Another variable follows {{\(name)}} at once; Meta's review refuses that.")
            }
        }
        if text.isPositional {
            let numbers = text.variables.compactMap { Int($0) }.sorted()
            if let missing = (1...(numbers.last ?? 1)).first(where: { !numbers.contains($0) }) {
                report("Numbered variables leave out {{\(missing)}}.")
            }
        }
        return problems
    }

    /// Problems of the parts besides the body; the path of the first.
    static func problem(_ params: CreateTemplate.Params) -> (path: String, message: String)? {
        if let header = params.header {
            let (text, problems) = TemplateText.parse(header)
            if let first = problems.first { return ("header", "Column \(first.column): \(first.message)") }
            if text.metaText.unicodeScalars.count > 60 { return ("header", "The header has more than 60 characters.") }
            if text.variables.count > 1 { return ("header", "The header has more than one variable.") }
            if header.contains("\n") { return ("header", "The header has more than one line.") }
        }
        if let footer = params.footer {
            if footer.unicodeScalars.count > 60 { return ("footer", "The footer has more than 60 characters.") }
            if footer.contains("{{") { return ("footer", "The footer cannot have variables.") }
        }
        let buttons = params.buttons ?? []
        if buttons.count > 10 { return ("buttons", "There are more than 10 buttons.") }
        for (index, label) in buttons.enumerated() where !(1...25).contains(label.unicodeScalars.count) {
            return ("buttons[\(index)]", "A button's label has 1 to 25 characters.")
        }
        return nil
    }

    private static func place(ofEnd text: String) -> (line: Int, column: Int) {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        return (lines.count, max(1, lines.last?.count ?? 1))
    }
}
