import AccountContract
import Foundation
import Observability
import RPCContract
import Vocabulary

/// A campaign as an operator reads it.
enum ReportPrinter {
    /// - Parameters:
    ///   - zone: whose clocks show its times.
    ///   - told: what has just been said of it on the same screen.
    ///   - shown: how a business number is written.
    static func print(_ progress: CampaignProgress, in zone: TimeZone, told: [String] = [], _ shown: (PhoneNumberID) -> String) {
        let campaign = progress.campaign
        TerminalText.print(
            "\(campaign.name)  \(campaign.state.rawValue)\(campaign.reason.map { ": \(Spoken.text($0))" } ?? "")  \(campaign.id)")
        // Before its start the pre-flight report says what is in its way.
        if campaign.state != .planned, let standing = campaign.standing, !Watching.isTold(standing, told) {
            TerminalText.print("! \(Spoken.text(standing))")
        }
        if let times = times(campaign, in: zone) { TerminalText.print(times) }
        if let people = people(progress) { TerminalText.print(people) }
        if progress.numbers.count > 1 {
            for number in progress.numbers { TerminalText.print("  \(shown(number.account))  \(Self.line(number.counts))") }
        }
        for skip in progress.skips { TerminalText.print("  left out since: \(skip.count) × \(Spoken.text(skip.reason))") }
        for line in promise(progress) { TerminalText.print(line) }
        // What is on its way is counted, too: it is given back where a message fails.
        for cost in progress.spent { TerminalText.print("spent or on its way: about \(cost)") }
        guard let report = progress.report else { return }
        TerminalText.print("\npre-flight: \(Self.headline(report))")
        if let content = content(campaign) { TerminalText.print("  \(campaign.template == nil ? "experiment" : "template") \(content)") }
        for number in report.numbers {
            let pace = number.rate > 0 ? "at \(Spoken.rate(number.rate))" : "wait: it could not send when this was planned"
            TerminalText.print("  \(shown(number.account))  \(number.recipients) \(pace)")
        }
        for cost in report.cost { TerminalText.print("  costs about \(cost)") }
        if let budget = progress.budget { TerminalText.print("  budget \(budget)") }
        if let headroom = report.headroom { TerminalText.print("  the portfolio may write to \(headroom) more people today") }
        for skip in report.skipped { TerminalText.print("  left out: \(skip.count) × \(Spoken.text(skip.reason))") }
        for warning in report.warnings { TerminalText.print("  note: \(Spoken.text(warning))") }
        for obstacle in obstacles(progress) { TerminalText.print("  \(obstacle)") }
        if campaign.state == .planned, report.blockers.isEmpty { TerminalText.print("\nlinda campaigns start \(campaign.id)") }
    }

    /// When it begins, and by when it is due; nil where it begins when it is started.
    static func times(_ campaign: Campaign, in zone: TimeZone) -> String? {
        campaign.beginning(in: zone).map { "begins \($0)\(campaign.deadline.map { ", due by \($0.asTime(in: zone))" } ?? "")" }
    }

    /// Where its people are; nil where there is nobody of whom there is something to say.
    static func people(_ progress: CampaignProgress) -> String? {
        let cancelled = progress.counts["cancelled"] ?? 0
        let places = line(progress.counts.filter { $0.key != "cancelled" })
        guard progress.total + cancelled > 0 else {
            // Of what nobody would get the pre-flight report says why.
            return places.isEmpty || progress.report?.recipients == 0 ? nil : "nobody is written to: \(places)"
        }
        let done =
            cancelled > 0
            ? "\(progress.total + cancelled) recipients, \(progress.done) done, \(cancelled) cancelled"
            : "\(progress.done) of \(progress.total) done"
        return places.isEmpty ? done : "\(done): \(places)"
    }

    /// How its promise stands, and why it was missed; empty where there is nothing of it to say yet.
    static func promise(_ progress: CampaignProgress) -> [String] {
        guard progress.inside + progress.outside > 0 || progress.verdict != nil else { return [] }
        let verdict = progress.verdict.map { "; the promise is \($0)" } ?? ""
        let share = "\(progress.inside) of \(progress.promised) by the deadline, \(progress.outside) after it\(verdict)"
        guard !progress.missing.isEmpty else { return [share] }
        let reasons = progress.missing.map { "\($0.count) × \(Spoken.text($0.reason))" }.joined(separator: ", ")
        return [share, "  \(max(0, progress.promised - progress.inside)) were not reached in time: \(reasons)"]
    }

    /// Which of several of one name it is; nil where only one is called so, or it was asked for by its id.
    static func choice(_ progress: CampaignProgress) -> String? {
        guard let others = progress.namesakes, others > 0 else { return nil }
        let campaign = progress.campaign
        let wasSent = progress.done + (progress.counts["unknown"] ?? 0) > 0
        let which =
            switch campaign.state {
            case .running: "the one that runs"
            case .paused where campaign.startedAt != nil: "the latest that is paused halfway"
            case let state where state.hasEnded && wasSent: "the latest that has sent something"
            case let state where state.hasEnded: "the latest"
            default: "the latest that has not ended"
            }
        return
            "\(campaign.name) is \(campaign.id), \(which) of \(others + 1) that are called so; linda campaigns --ids lists the others"
    }

    /// Says on standard error which of several of one name is shown: a file and a program get what they asked for.
    static func tellChoice(_ progress: CampaignProgress) {
        guard let choice = choice(progress) else { return }
        for line in TerminalText.lines(choice, width: TerminalWidth.columns(of: 2)) { StandardStream.error.write("\(line)\n") }
    }

    /// What is sent, with its language: `diwali_offer (hi)`; nil for a batch.
    static func content(_ campaign: Campaign) -> String? {
        (campaign.template ?? campaign.experiment).map { name in name + (campaign.language.map { " (\($0))" } ?? "") }
    }

    /// How many would get it, and how long that takes.
    static func headline(_ report: PreflightReport) -> String {
        let leftOut = report.skipped.map(\.count).reduce(0, +)
        guard report.recipients > 0 else { return "nobody would get it\(leftOut > 0 ? ", \(leftOut) left out" : "")" }
        // What nobody can send when it is planned takes so long only once somebody can.
        let isStuck = !report.numbers.isEmpty && report.numbers.allSatisfy { $0.rate == 0 }
        let people = report.recipients == 1 ? "recipient" : "recipients"
        return "\(report.recipients) \(people), about \(Spoken.time(report.duration))\(isStuck ? " once a number can send" : "")"
    }

    /// What stands in the way of its next step; of one that runs or has ended, what was said before is over.
    static func obstacles(_ progress: CampaignProgress) -> [String] {
        let what: String? =
            switch progress.campaign.state {
            case .planned: "cannot start"
            case .scheduled, .paused: "cannot go on"
            default: nil
            }
        guard let what else { return [] }
        return (progress.report?.blockers ?? []).map { "\(what): \(Spoken.text($0))" }
    }

    /// Whether it has ended, or stands, with less than was asked for: nobody got it, it broke its promise, or it cannot go on.
    static func fellShort(_ progress: CampaignProgress) -> Bool {
        let got = ["held", "accepted", "sent", "delivered", "read", "played"].map { progress.counts[$0] ?? 0 }.reduce(0, +)
        if [.refused, .cancelled, .paused].contains(progress.campaign.state) || progress.verdict == "missed" { return true }
        if progress.campaign.state == .finished, got == 0 { return true }
        return progress.campaign.state == .planned && progress.report?.blockers.isEmpty == false || stands(progress)
    }

    /// Whether it runs and does not move, for another reason than that nobody is due or that Meta has not answered.
    static func stands(_ progress: CampaignProgress) -> Bool {
        guard progress.campaign.state == .running, !Watching.isWaitingForMeta(progress) else { return false }
        return progress.campaign.standing?.hasPrefix("nobody is due") == false
    }

    /// Why messages of it have failed, the commonest first.
    static func printFailures(of progress: CampaignProgress, _ connection: Connection) async {
        guard progress.counts["failed"] ?? 0 > 0 else { return }
        let prefix = "campaign:\(progress.campaign.id):"
        let failures: [MessageStatistics.Failure]
        do {
            failures = try await connection.call(AccountContract.self, MessageStatistics.self, .init(requestKeyPrefix: prefix)).failures
        } catch { return TerminalText.print("\nwhy messages have failed could not be had: \(error)") }
        guard !failures.isEmpty else { return }
        TerminalText.print("\nfailed because")
        for failure in failures {
            TerminalText.print("  \(failure.count) × \(failure.code.map { "\($0): " } ?? "")\(Spoken.text(failure.reason))")
        }
    }

    private static func line(_ counts: [String: Int]) -> String {
        let order = [
            "planned", "queued", "unknown", "held", "accepted", "sent", "delivered", "read", "played", "failed", "skipped", "cancelled",
        ]
        return order.compactMap { name in counts[name].map { "\(name) \($0)" } }.joined(separator: ", ")
    }
}
