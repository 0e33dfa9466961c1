extension Rule {
    /// What is wrong with a value by this rule; nil where nothing is.
    ///
    /// For what comes by another way than as params: a row of a file, a header of HTTP, a text inside a text.
    package func violation(by value: JSONValue) -> Violation? {
        do throws(Violation) { try schema.check(value) } catch { return error }
        return nil
    }

    /// The same of a text, in words that follow what it is called: "has 61 characters; it has 1 to 60".
    package func problem(with text: String) -> String? { violation(by: .string(text))?.problem }

    private var schema: Schema {
        switch self {
        case .text(let length, let alphabet, let format): Schema(.text(length, of: alphabet, format: format))
        case .words(let words): Schema(.words(words))
        case .whole(let range, let unit): Schema(.whole(range, unit: unit))
        case .number(let range, let unit): Schema(.number(range, unit: unit))
        case .flag: Schema(.flag)
        case .list(let count, let item): Schema(.list(count, of: item?.schema ?? Schema(.any)))
        case .map(let count, let value): Schema(.map(count, of: value?.schema ?? Schema(.any)))
        // The type's own decoder judges it.
        case .object, .any: Schema(.any)
        }
    }
}
