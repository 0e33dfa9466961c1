import AccountContract
import Coordination
import GRDB
import Storage
import Vocabulary

/// Why messages of campaigns that have ended failed.
///
/// Whoever looks for it reads all recipients of a campaign. So it is kept, by campaign, until another message has failed or one
/// that had failed has not.
struct FailureReasons: Sendable {
    private struct Found {
        /// As long as these are the same, so are the reasons: each failure adds to one of the first two, and none takes from their sum.
        let counts: [Int]
        let reasons: [PreflightReport.Skip]
    }

    private let found = Mutexed<[CampaignID: Found]>([:])
    private static let limit = 1000

    /// By reason, the commonest first; who opted out in time is no failure.
    func of(_ db: Database, _ campaign: CampaignID, _ counts: CampaignCounts) throws -> [PreflightReport.Skip] {
        guard counts.failures > 0 else { return [] }
        let basis = [counts.failed, counts.failedBefore, counts.failedOptOuts]
        if let known = found.value[campaign], known.counts == basis { return known.reasons }
        let reasons = try Self.read(db, campaign)
        found.with { found in
            if found.count >= Self.limit { found.removeAll() }
            found[campaign] = Found(counts: basis, reasons: reasons)
        }
        return reasons
    }

    private static func read(_ db: Database, _ campaign: CampaignID) throws -> [PreflightReport.Skip] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT coalesce(m.error, 'it failed') AS reason, count(*) AS n FROM campaignRecipient r JOIN messageOutcome m ON m.id = r.message
                WHERE r.campaign = ? AND m.state = 'failed' AND r.problem IS NULL GROUP BY 1 ORDER BY n DESC LIMIT 50
                """, arguments: [campaign]
        )
        .map { PreflightReport.Skip(reason: $0.text("reason").plain, count: $0["n"]) }
    }
}
