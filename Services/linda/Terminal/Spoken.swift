import RPCContract

/// Texts of the processes in this program's words: who reads them here types commands, not methods.
enum Spoken {
    /// By method.
    static let commands = [
        "account.add": "linda accounts add", "account.confirmLink": "linda accounts link", "account.health": "linda accounts health",
        "account.link": "linda accounts link", "account.release": "linda accounts release", "account.switch": "linda accounts switch",
        "account.update": "linda accounts duty", "batch.resume": "linda campaigns resume", "broadcastList.create": "linda lists create",
        "campaign.cancel": "linda campaigns cancel", "campaign.resume": "linda campaigns resume", "campaign.retry": "linda campaigns retry",
        "campaign.setBudget": "linda campaigns budget", "campaign.start": "linda campaigns start",
        "consent.record": "linda consent record", "message.retry": "linda messages retry", "message.why": "linda messages why",
        "portfolio.set": "linda accounts limits", "quality.revert": "linda accounts revert", "review.submit": "linda templates submit",
        "route.prefer": "linda accounts route --prefer", "rpc.discover": "linda rpc discover",
        "tariff.import": "linda analytics rates --import",
        "template.create": "linda templates create", "window.create": "linda windows create", "window.list": "linda windows",
    ]

    /// Methods become commands where there is one.
    static func text(_ text: String) -> String {
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
