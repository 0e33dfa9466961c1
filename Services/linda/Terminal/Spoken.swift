import Foundation
import RPCContract
import Vocabulary

/// Texts of the processes in this program's words: who reads them here types commands, not methods.
enum Spoken {
    /// By method, as far as texts speak of them.
    static let commands = [
        "account.add": "linda accounts add", "account.confirmLink": "linda accounts link",
        "account.health": "linda accounts health", "account.list": "linda accounts list",
        "account.link": "linda accounts link", "account.unlink": "linda accounts unlink", "account.update": "linda accounts enable",
        "account.release": "linda accounts release", "broadcastList.list": "linda lists", "campaign.cancel": "linda campaigns cancel",
        "campaign.list": "linda campaigns", "campaign.resume": "linda campaigns resume", "campaign.retry": "linda campaigns retry",
        "campaign.setBudget": "linda campaigns budget",
        "campaign.start": "linda campaigns start",
        "consent.record": "linda consent record", "contact.create": "linda contacts add", "contact.search": "linda contacts search",
        "deadLetter.list": "linda dead-letters", "experiment.list": "linda experiments",
        "inbox.list": "linda inbox", "key.list": "linda keys", "key.rotate": "linda keys rotate", "message.list": "linda messages",
        "message.retry": "linda messages retry",
        "recurrence.list": "linda campaigns recurring",
        "recurrence.skip": "linda campaigns recurring skip", "recurrence.stop": "linda campaigns recurring stop",
        "recurrence.unskip": "linda campaigns recurring unskip", "review.status": "linda templates list",
        "review.submit": "linda templates submit",
        "session.list": "linda sessions list",
        "template.create": "linda templates create", "template.delete": "linda templates delete",
        "tariff.import": "linda analytics rates --import", "template.list": "linda templates",
        "user.list": "linda users", "user.setPassword": "linda users password", "user.update": "linda users update",
        "webhook.list": "linda webhooks", "webhook.listDeliveries": "linda webhooks deliveries",
        "webhook.recover": "linda webhooks recover",
        "webhook.resume": "linda webhooks resume", "webhook.rotateSecret": "linda webhooks rotate",
        "webhook.update": "linda webhooks update",
        "window.list": "linda windows",
    ]

    /// By field, as far as a command has an option for it.
    static let options = [
        "countryCode": "--country-code", "requestKey": "--request-key", "startAt": "--at", "timeZone": "--zone", "quietHours": "--quiet",
        "spreadFrom": "--spread's beginning", "spreadTo": "--spread's end", "phoneNumberID": "the number's id", "wabaID": "--waba",
        "displayPhoneNumber": "--number", "displayName": "--name", "messagesPerSecond": "--per-second", "replyTo": "--reply-to",
    ]

    /// Methods become commands and fields options where there are such, and times those of this terminal's zone.
    ///
    /// What a terminal would obey is taken out: names and words in these texts are other people's.
    static func text(_ text: String) -> String { methods(in: fields(in: times(in: TerminalText.plain(text)))) }

    /// The option that a field was given with: in a sentence `next` is a word like others, as the place of a fault it is a field.
    static func field(_ path: String) -> String { path == "next" ? "--at" : text(path) }

    /// How long something takes, in the unit that people would take.
    static func time(_ span: Milliseconds) -> String {
        span < .minutes(2)
            ? "\(Int(span.seconds.rounded(.up))) s" : span < .hours(2) ? "\(span.count / 60_000) min" : "\(span.count / 3_600_000) h"
    }

    /// How fast something goes, by the second, the minute or the hour: what is slow does not look as if it stood.
    static func rate(_ perSecond: Double) -> String {
        let units = [(1.0, "s"), (60, "min"), (3600, "h")]
        guard let (factor, unit) = units.first(where: { perSecond * $0.0 >= 0.1 }) else { return "0/s" }
        let (rate, tenths) = (perSecond * factor, (perSecond * factor * 10).rounded() / 10)
        return "\(rate >= 10 || tenths == tenths.rounded() ? String(Int(rate.rounded())) : String(tenths))/\(unit)"
    }

    /// How many of something there are: `1 member`, `2 members`.
    static func count(_ count: Int, _ name: String) -> String { "\(count) \(name)\(count == 1 ? "" : "s")" }

    private static func times(in text: String) -> String {
        text.replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z/) { match in
            (try? Date(String(match.output), strategy: .iso8601))?.timestamp.asTime ?? String(match.output)  // else it is no time
        }
    }

    private static func fields(in text: String) -> String {
        text.replacing("late: true", with: "--late").replacing("unclear: true", with: "--unclear")
            .replacing("give `at`", with: "give --at").replacing("`language` says", with: "--language says").replacing(
                "`wabaID` says", with: "--waba says"
            )
            .replacing(/\b[a-z]+[A-Z][A-Za-z]*\b/) { match in options[String(match.output)] ?? String(match.output) }
    }

    private static func methods(in text: String) -> String {
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
