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

    func ended(_ id: String) async throws(Fault) -> CampaignProgress {
        var progress = try await watched(id)
        // Another of its name may be planned meanwhile.
        let id = progress.campaign.id
        var bar = ProgressBar(progress.campaign.name, total: progress.total)
        if let choice = ReportPrinter.choice(progress) { bar.say(choice) }
        var troubles: [String] = []
        var looked = ContinuousClock.now - .seconds(60)
        // One that is planned and not started moves no more; one that stands is told once it has stood for a while.
        var standsSince: ContinuousClock.Instant?
        var counts = progress.counts
        var isWatched = false
        while [.planning, .scheduled, .running].contains(progress.campaign.state) {
            isWatched = true
            standsSince = ReportPrinter.stands(progress) && counts == progress.counts ? standsSince ?? .now : nil
            counts = progress.counts
            if let standsSince, ContinuousClock.now - standsSince > Self.patience { break }
            // Trouble first: what a number has is why it goes no faster.
            if ContinuousClock.now - looked > .seconds(5) {
                looked = .now
                let numbers = try await client.call(ListAccounts.self, Nothing(), meta: meta).items.compactMap { item in
                    item.trouble.map { "! \(item.account.displayPhoneNumber) \(Spoken.text($0))" }
                }
                // What Meta alone can say stands beside the bar.
                let own = Self.isWaitingForMeta(progress) ? nil : progress.campaign.standing
                let now = numbers + (own.map { ["! it does not move: \(Spoken.text($0))"] } ?? [])
                for trouble in now where !troubles.contains(trouble) { bar.say(trouble) }
                troubles = now
            }
            bar.show(progress.done, Self.detail(progress), at: Self.pace(progress))
            await pause()
            progress = try await status(id.rawValue)
        }
        // What took no time was over, or has not begun.
        if isWatched {
            bar.finish(Self.outcome(progress))
        } else {
            bar.say("\(TerminalText.plain(progress.campaign.name)) \(Self.outcome(progress))")
        }
        return progress
    }

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
        return "\(progress.done) of \(progress.total + skipped + cancelled) done, \(progress.campaign.state.rawValue)\(left)"
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
