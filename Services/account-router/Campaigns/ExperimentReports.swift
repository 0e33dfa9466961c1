import AccountContract
import Coordination
import GRDB
import Logging
import RPCContract
import RPCTransport
import ServiceLifecycle
import Storage
import TemplateContract
import Vocabulary

/// Reports to template-service how the templates of an experiment do, less and less often for a week after start and end.
struct ExperimentReports: Service {
    let store: Store
    let templates: RPCClient
    let logger: Logger

    /// Between two looks.
    private static let interval = Milliseconds.seconds(10)
    /// Reads trickle in for days.
    private static let period = Milliseconds.days(7)

    func run() async throws {
        let pause = Wakeup()
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    for (campaign, workspace) in try await due() {
                        if Task.isCancelled { return }
                        // Its own trouble: the others are told all the same.
                        do { try await report(campaign, workspace) } catch {
                            logger.warning(
                                "an experiment's results could not be told, retrying",
                                metadata: ["campaign": "\(campaign.id)", "error": "\(error)"])
                        }
                    }
                } catch {
                    logger.warning("campaigns of experiments could not be read, retrying", metadata: ["error": "\(error)"])
                }
                await pause.wait(atMost: store.clock.pause(until: store.now + Self.interval))
            }
        }
    }

    /// Each after a quarter of the time that has passed since it started, or ended: it reads every recipient.
    func due() async throws -> [(Campaign, String)] {
        let now = store.now
        return try await store.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM campaign INDEXED BY campaignByExperiment
                    WHERE experiment IS NOT NULL AND coalesce(finishedAt, startedAt) > ?1 - ?2
                      AND reportedAt <= coalesce(finishedAt, startedAt) + (?1 - coalesce(finishedAt, startedAt)) * 3 / 4
                    """,
                arguments: [now, Self.period]
            )
            .map { (try CampaignRow($0).campaign, $0["workspace"]) }
        }
    }

    /// Tells what has come of one campaign so far.
    func report(_ campaign: Campaign, _ workspace: String) async throws {
        guard let experiment = campaign.experiment else { return }
        let now = store.now
        let results = try await store.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT r.template, sum(m.state NOT IN ('queued', 'sending', 'unknown')) AS messages,
                      sum(m.deliveredAt IS NOT NULL OR m.readAt IS NOT NULL) AS delivered, count(m.readAt) AS "read",
                      sum(m.state = 'failed') AS failed
                    FROM campaignRecipient r JOIN messageOutcome m ON m.id = r.message
                    WHERE r.campaign = ? AND m.object ->> 'name' = r.template GROUP BY 1
                    """,
                arguments: [campaign.id]
            )
            .map {
                Experiment.Result(
                    template: $0["template"], messages: $0["messages"], delivered: $0["delivered"], read: $0["read"], failed: $0["failed"])
            }
        }
        let params = RecordExperiment.Params(name: experiment, source: campaign.id.rawValue, results: results)
        do throws(Fault) { _ = try await templates.call(RecordExperiment.self, params, meta: CallMeta(workspace: workspace)) } catch {
            // Its database was put back to an older day: there is nobody to tell.
            guard error.code == .experimentUnknown else { throw error }
            logger.notice("an experiment is not known any more", metadata: ["campaign": "\(campaign.id)"])
        }
        try await store.write { db in
            try db.execute(sql: "UPDATE campaign SET reportedAt = ? WHERE id = ?", arguments: [now, campaign.id])
        }
    }
}
