extension String {
    /// The text as it stands in a page: nothing in it is markup.
    var html: String {
        var text = ""
        for character in unicodeScalars {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }

    /// The same, with what stands between grave accents as code.
    var htmlWithCode: String {
        let parts = split(separator: "`", omittingEmptySubsequences: false)
        // One that is not closed is a sign like any other.
        guard parts.count % 2 == 1 else { return html }
        return parts.enumerated().map { $0 % 2 == 1 ? "<code>\(String($1).html)</code>" : String($1).html }.joined()
    }
}
