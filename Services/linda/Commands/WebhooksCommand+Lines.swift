import PosterContract
import RPCContract
import Vocabulary

/// Endpoints and deliveries as people read them.
extension WebhooksCommand {
    /// The secret alone on its line, to be copied.
    static func lines(_ new: NewEndpoint) -> [String] {
        var lines = [
            "\(new.endpoint.url) is \(new.endpoint.state.rawValue), \(new.endpoint.id)", new.secret,
            "It is shown only this once. The receiver checks the header webhook-signature with it.",
        ]
        guard new.endpoint.rotatedAt != nil else { return lines }
        lines.append(
            new.endpoint.formerUntil.map { "The former secret signs, too, until \($0.asTime)." } ?? "The former secret signs no more.")
        return lines
    }

    static func lines(_ endpoint: WebhookEndpoint) -> [String] {
        let more: [String?] = [
            endpoint.description, endpoint.reason.map { "disabled: \($0)" }, "types: \(endpoint.types?.joined(separator: ", ") ?? "all")",
            endpoint.headerNames.map { "headers: \($0.joined(separator: ", "))" }, endpoint.rate.map { "at most \($0) a second" },
            endpoint.isOrdered ? "in order: what is about the same subject goes one after the other" : nil,
            "\(endpoint.waiting) waiting", endpoint.failingSince.map { "failing since \($0.asTime)" },
            endpoint.formerUntil.map { "signed with a former secret, too, until \($0.asTime)" },
        ]
        return ["\(endpoint.url) is \(endpoint.state.rawValue), \(endpoint.id)"] + more.compactMap(\.self).map(TerminalText.plain)
    }

    /// Why nothing is posted to an endpoint; nil where it is.
    static func standing(_ endpoint: WebhookEndpoint) -> String? {
        switch endpoint.state {
        case .enabled: nil
        case .paused: "The endpoint is paused: what waits is posted once it is resumed."
        case .disabled: "The endpoint is disabled: \(TerminalText.plain(endpoint.reason ?? ""))"
        }
    }

    static func lines(_ found: GetDelivery.Reply) -> [String] {
        let delivery = found.delivery
        let due = delivery.dueAt.map { ", again at \($0.asTime)" } ?? ""
        let attempts = found.attempts.map { attempt in
            let outcome = attempt.error ?? attempt.status.map { "answered \($0)" } ?? ""
            let answer = attempt.answer.map { ": \($0)" } ?? ""
            return "\(attempt.number)  \(attempt.at.asTime)  \(attempt.duration.count) ms  \(outcome)\(answer)"
        }
        return (["\(delivery.event) is \(delivery.state.rawValue)\(due)", JSON.text(found.payload, sorted: true)] + attempts)
            .map(TerminalText.plain)
    }

    static func lines(_ recovery: Recovery) -> [String] {
        let cut = recovery.isCut ? ["Some of what happened since then may have been removed for its age."] : []
        let stop = recovery.state == .stopped ? ["The endpoint was disabled meanwhile; resume it, and recover again."] : []
        return ["\(recovery.read) looked at, \(recovery.recovered) posted again: \(recovery.state.rawValue), \(recovery.job)"] + cut + stop
    }
}
