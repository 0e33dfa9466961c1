import AccountContract
import RPCContract
import RPCTransport
import Vocabulary

/// Follows a campaign with a progress line.
struct Watching {
    let client: RPCClient
    let meta: CallMeta

    func planned(_ id: String) async throws(Fault) -> CampaignProgress {
        var bar: ProgressBar?
        while true {
            let progress = try await status(id)
            let skipped = progress.counts["skipped"] ?? 0
            guard progress.campaign.state == .planning else {
                bar?.finish("\(progress.total) recipients\(skipped > 0 ? ", \(skipped) left out" : "")")
                return progress
            }
            bar = bar ?? ProgressBar("planning", total: 0)
            bar?.show(progress.total + skipped)
            await pause()
        }
    }

    /// How it has ended, or where it stands, and what is told of it above the bar as it stands now.
    func ended(_ id: String) async throws(Fault) -> (progress: CampaignProgress, told: [String]) {
        var progress = try await watched(id)
        // Another of its name may be planned meanwhile.
        let id = progress.campaign.id
        var bar = ProgressBar(progress.campaign.name, total: progress.total)
        if let choice = ReportPrinter.choice(progress) { bar.say(choice) }
        var told: [String] = []
        var looked = ContinuousClock.now - .seconds(60)
        // One that is planned and not started moves no more; one that stands is told once it has stood for a while.
        var standsSince: ContinuousClock.Instant?
        var counts = progress.counts
        while [.planning, .scheduled, .running].contains(progress.campaign.state) {
            standsSince = ReportPrinter.stands(progress) && counts == progress.counts ? standsSince ?? .now : nil
            counts = progress.counts
            if let standsSince, ContinuousClock.now - standsSince > Self.patience { break }
            // Trouble first: what a number has is why it goes no faster.
            if ContinuousClock.now - looked > .seconds(5) {
                looked = .now
                let numbers = try await client.call(ListAccounts.self, Nothing(), meta: meta).items.compactMap { item in
                    item.trouble.map { "\(item.account.displayPhoneNumber) \($0)" }
                }
                // What Meta alone can say stands beside the bar.
                let own = Self.isWaitingForMeta(progress) ? nil : progress.campaign.standing
                for line in Self.news(numbers, standing: own, told: &told) { bar.say("! \(Spoken.text(line))") }
            }
            bar.show(progress.done, Self.detail(progress), at: Self.pace(progress))
            await pause()
            progress = try await status(id.rawValue)
        }
        bar.say("\(TerminalText.plain(progress.campaign.name)) \(Self.outcome(progress))")
        return (progress, told)
    }

    /// What the last look has not found; what a number has may be all that is in the campaign's way, and is told once.
    ///
    /// - Parameter told: what the last look has found: trouble that has gone and returns is told again.
    static func news(_ numbers: [String], standing: String?, told: inout [String]) -> [String] {
        let own = standing.map { [numbers.contains($0) ? $0 : "\(stands)\($0)"] } ?? []
        let current = (numbers + own).reduce(into: [String]()) { lines, line in
            if !lines.contains(line) { lines.append(line) }
        }
        defer { told = current }
        return current.filter { !told.contains($0) }
    }

    static func isTold(_ standing: String, _ told: [String]) -> Bool { told.contains(standing) || told.contains("\(stands)\(standing)") }

    private static let stands = "it does not move: "

    /// The campaign that is meant: who watches waits for something, so what is to come goes before what has ended.
    private func watched(_ id: String) async throws(Fault) -> CampaignProgress {
        let found = try await status(id)
        guard let others = found.namesakes, others > 0, found.campaign.state.hasEnded else { return found }
        let all = try await client.call(ListCampaigns.self, ListCampaigns.Params(limit: 500), meta: meta).items
        guard let coming = Self.coming(found.campaign.name, among: all) else { return found }
        var progress = try await status(coming.id.rawValue)
        progress.namesakes = others
        return progress
    }

    /// - Parameter all: the newest first.
    static func coming(_ name: String, among all: [Campaign]) -> Campaign? { all.first { $0.name == name && !$0.state.hasEnded } }

    /// How many of everybody it was for, whatever became of the others.
    static func outcome(_ progress: CampaignProgress) -> String {
        guard progress.campaign.state != .planned else { return "is planned and has not been started" }
        let (skipped, cancelled) = (progress.skips.map(\.count).reduce(0, +), progress.counts["cancelled"] ?? 0)
        let left = skipped > 0 ? ", \(skipped) left out" : ""
        let time = duration(progress.campaign).map { " in \($0)" } ?? ""
        return "\(progress.done) of \(progress.total + skipped + cancelled) done, \(progress.campaign.state.rawValue)\(time)\(left)"
    }

    /// How long it took from its start to its end, however long somebody watched; nil where it has not ended or was ended by hand.
    private static func duration(_ campaign: Campaign) -> String? {
        guard campaign.state == .finished, let start = campaign.startedAt, let end = campaign.finishedAt, end >= start else { return nil }
        return Spoken.time(end - start)
    }

    /// What stands for longer, and in which nothing moves meanwhile, is not waited for.
    private static let patience = Duration.seconds(60)

    /// Whether all that is left is with Meta, whose word alone ends it.
    static func isWaitingForMeta(_ progress: CampaignProgress) -> Bool {
        let counts = progress.counts
        return progress.total > progress.done && (counts["planned"] ?? 0) + (counts["queued"] ?? 0) == 0
    }

    /// As account-router has measured it: it knows who is not due yet.
    ///
    /// Nil where nothing moves, or all that is left is up to Meta.
    static func pace(_ progress: CampaignProgress) -> ProgressBar.Pace? {
        guard !isWaitingForMeta(progress), let left = progress.timeLeft else { return nil }
        return ProgressBar.Pace(rate: progress.rate, left: left)
    }

    static func detail(_ progress: CampaignProgress) -> String {
        let failed = progress.counts["failed"] ?? 0
        var words = [progress.campaign.state.rawValue]
        if failed > 0 { words.append("\(failed) failed") }
        // In the words of every other surface.
        if isWaitingForMeta(progress), let standing = progress.campaign.standing { words.append(Spoken.text(standing)) }
        return words.joined(separator: ", ")
    }

    private func status(_ id: String) async throws(Fault) -> CampaignProgress {
        try await client.call(CampaignStatus.self, CampaignReference(id), meta: meta)
    }

    private func pause() async {
        try? await Task.sleep(for: .milliseconds(500))  // cut short, the next question ends it
    }
}
