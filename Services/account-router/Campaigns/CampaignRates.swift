import Coordination
import Vocabulary

/// How fast each campaign has gone over the last ten seconds.
final class CampaignRates: Sendable {
    private let samples = Mutexed<[CampaignID: [(at: Timestamp, done: Int)]]>([:])

    /// Messages a second; 0 where nothing is known.
    func rate(_ campaign: CampaignID) -> Double {
        samples.with { samples in
            guard let known = samples[campaign], let first = known.first, let last = known.last, last.at > first.at else { return 0 }
            return Double(max(0, last.done - first.done)) * 1000 / Double((last.at - first.at).count)
        }
    }

    /// - Parameter done: recipients whose message is with Meta, or has failed.
    func sample(_ campaign: CampaignID, done: Int, at now: Timestamp) {
        samples.with { samples in
            var known = samples[campaign] ?? []
            // The clock was set back: what was sampled later has not happened yet.
            known.removeAll { $0.at > now }
            if let last = known.last, now - last.at < 500 { return }
            known.append((now, done))
            known.removeAll { $0.at < now - 10_000 }
            samples[campaign] = known
        }
    }

    /// Forgets all but some campaigns.
    func keep(_ campaigns: Set<CampaignID>) {
        samples.with { samples in samples = samples.filter { campaigns.contains($0.key) } }
    }
}
