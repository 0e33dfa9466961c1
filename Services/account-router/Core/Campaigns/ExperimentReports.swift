import AccountContract
import GRDB
import JobQueue
import Logging
import RPCContract
import RPCTransport
import ServiceLifecycle
import Storage
import TemplateContract
import Vocabulary

/// Tells template-service what comes of the templates of an experiment: often while a campaign runs, then ever more rarely for a week.
struct ExperimentReports: Service {
    let campaigns: Campaigns
    let templates: RPCClient
    let logger: Logger

    /// Milliseconds between two looks.
    private static let interval: Int64 = 10_000
    /// Reads trickle in for days.
    private static let period: Int64 = 7 * 86_400_000

    func run() async throws {
        let pause = Signal()
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    for (campaign, workspace) in try await due() {
                        try await report(campaign, workspace)
                        if Task.isCancelled { return }
                    }
                } catch {
                    logger.warning("an experiment's results could not be told, retrying", metadata: ["error": "\(error)"])
                }
                await pause.wait(atMost: campaigns.clock.pause(until: campaigns.clock.now + Self.interval))
            }
        }
    }

    /// Running campaigns each time; ended ones after a quarter of the time that has passed since.
    private func due() async throws -> [(Campaign, String)] {
        let now = campaigns.clock.now
        return try await campaigns.pool.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM campaign INDEXED BY campaignByExperiment WHERE experiment IS NOT NULL AND startedAt IS NOT NULL
                      AND (finishedAt IS NULL OR finishedAt > ?1 - ?2 AND reportedAt < finishedAt + (?1 - finishedAt) * 3 / 4)
                    """,
                arguments: [now, Self.period]
            )
            .map { (try CampaignRow($0).campaign, $0["workspace"]) }
        }
    }

    private func report(_ campaign: Campaign, _ workspace: String) async throws {
        guard let experiment = campaign.experiment else { return }
        let now = campaigns.clock.now
        let results = try await campaigns.pool.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT m.object ->> 'name' AS template, sum(m.state NOT IN ('queued', 'sending', 'unknown')) AS messages,
                      sum(m.deliveredAt IS NOT NULL OR m.readAt IS NOT NULL) AS delivered, count(m.readAt) AS "read",
                      sum(m.state = 'failed') AS failed
                    FROM campaignRecipient r JOIN message m ON m.id = r.message WHERE r.campaign = ? GROUP BY 1
                    """,
                arguments: [campaign.id]
            )
            .map {
                Experiment.Result(
                    template: $0["template"], messages: $0["messages"], delivered: $0["delivered"], read: $0["read"], failed: $0["failed"])
            }
        }
        let params = RecordExperiment.Params(name: experiment, source: campaign.id, results: results)
        do throws(Fault) { _ = try await templates.call(RecordExperiment.self, params, meta: CallMeta(workspace: workspace)) } catch {
            // Its database was put back to an older day: there is nobody to tell.
            guard error.code == .experimentUnknown else { throw error }
            logger.notice("an experiment is not known any more", metadata: ["campaign": "\(campaign.id)"])
        }
        try await campaigns.commits.write { db in
            try db.execute(sql: "UPDATE campaign SET reportedAt = ? WHERE id = ?", arguments: [now, campaign.id])
        }
    }
}
