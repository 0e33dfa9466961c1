import RPCContract

/// Texts of the processes in this program's words: who reads them here types commands, not methods.
enum Spoken {
    /// By method, as far as texts speak of them.
    static let commands = [
        "account.add": "linda accounts add", "account.confirmLink": "linda accounts link", "account.list": "linda accounts list",
        "account.release": "linda accounts release", "broadcastList.list": "linda lists", "campaign.cancel": "linda campaigns cancel",
        "campaign.list": "linda campaigns", "campaign.resume": "linda campaigns resume", "campaign.setBudget": "linda campaigns budget",
        "consent.record": "linda consent record", "deadLetter.list": "linda dead-letters", "experiment.list": "linda experiments",
        "message.list": "linda messages", "recurrence.list": "linda campaigns recurring", "review.status": "linda templates list",
        "review.submit": "linda templates submit",
        "template.delete": "linda templates delete", "tariff.import": "linda analytics rates --import", "template.list": "linda templates",
        "window.list": "linda windows",
    ]

    /// Methods become commands where there is one.
    static func text(_ text: String) -> String {
        let text = text.replacing("(countryCode)", with: "(--country-code)")
        guard text.contains(".") else { return text }
        var spoken = ""
        var rest = text[...]
        while let match = rest.firstMatch(of: /[a-z][A-Za-z]*\.[a-z][A-Za-z]*/) {
            spoken += rest[..<match.range.lowerBound]
            // Part of an address or a longer name, it is no method.
            let isAlone = spoken.last.map { !"./-_@:".contains($0) && !$0.isLetter && !$0.isNumber } ?? true
            spoken += isAlone ? commands[String(match.output)] ?? String(match.output) : String(match.output)
            rest = rest[match.range.upperBound...]
        }
        return spoken + rest
    }
}
