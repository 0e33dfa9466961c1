import AccountContract
import GRDB
import RPCContract
import Storage
import Support
import TemplateContract
import Testing
import Vocabulary

@testable import AccountCampaigns

/// When a promise is judged, and what counts against it.
@Suite struct VerdictTests {
    private func scene(
        deadline: Seconds, people: Int, _ body: (CampaignScene, Campaign, _ opening: Timestamp) async throws -> Void
    ) async throws {
        try await CampaignScene.run { scene in
            let window = CreateWindow.Params(
                name: "six", cron: "0 6 * * *", timeZone: "UTC", spreadFrom: 0, spreadTo: 0, deadline: deadline)
            _ = try await scene.desk.windows.create(window, workspace: "w")
            let plan = PlanCampaign.Params(
                name: "C", template: "t", recipients: CampaignScene.people(people), window: "six", start: true, requestKey: "k")
            let campaign = try await scene.desk.campaigns.plan(plan, workspace: "w")
            try await body(scene, campaign, try #require(campaign.startAt))
        }
    }

    private func events(_ scene: CampaignScene) async throws -> [String] {
        try await scene.desk.pool.read {
            try String.fetchAll($0, sql: "SELECT type FROM event WHERE type LIKE 'sla.%' ORDER BY rowid")
        }
    }

    // MARK: Who was never planned

    /// Its template goes while the second chunk is planned: whoever is left waits in vain, and so do the others.
    @Test func whatCouldBePlannedOnlyInPartIsMissed() async throws {
        try await scene(deadline: 60, people: 2500) { scene, campaign, _ in
            let (calls, fault) = (MutexBox(0), scene.templates.fault)
            scene.templates.composing.set({
                let call = calls.update { count in
                    count += 1
                    return count
                }
                if call == 2 { fault.set(Fault(.templateUnknown, "There is no template t.")) }
            })
            try await scene.planner.plan(scene.row(campaign.id))
            let row = try await scene.row(campaign.id)
            #expect(try await scene.counts(campaign.id) == ["planned": 2000])
            #expect(row.campaign.state == .refused && row.verdict == "missed")
            #expect(try await events(scene) == ["sla.missed"])
        }
    }

    /// The deadline comes while the second chunk is planned: nothing goes out late, and the promise is broken.
    @Test func whatIsStillPlannedAtItsDeadlineIsMissed() async throws {
        try await scene(deadline: 60, people: 2500) { scene, campaign, opening in
            let (calls, now) = (MutexBox(0), scene.desk.now)
            scene.templates.composing.set({
                let call = calls.update { count in
                    count += 1
                    return count
                }
                if call == 2 { now.set(opening + .minutes(2)) }
            })
            try await scene.planner.plan(scene.row(campaign.id))
            let row = try await scene.row(campaign.id)
            #expect(row.campaign.state == .refused && row.verdict == "missed")
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            #expect(try await events(scene) == ["sla.missed"])
        }
    }

    /// Nobody of it is planned at all: it is told at risk once it should have begun, and missed at its deadline.
    @Test func whatWasNeverPlannedIsMissedAtItsDeadline() async throws {
        try await scene(deadline: 60, people: 5) { scene, campaign, opening in
            scene.desk.now.set(opening + .seconds(10))
            _ = try await scene.feeder.look()
            #expect(try await events(scene) == ["sla.atRisk"])
            scene.desk.now.set(opening + .minutes(2))
            _ = try await scene.feeder.look()
            let row = try await scene.row(campaign.id)
            #expect(row.campaign.state == .planning && row.verdict == "missed")
            try await scene.planner.plan(scene.row(campaign.id))
            #expect(try await scene.row(campaign.id).campaign.state == .refused)
            #expect(try await events(scene) == ["sla.atRisk", "sla.missed"], "judged once")
        }
    }

    // MARK: Paused

    /// Nothing of it moves: that is told while somebody can still resume it.
    @Test func aPausedCampaignIsToldAtRiskBeforeItsDeadline() async throws {
        try await scene(deadline: 3600, people: 10) { scene, campaign, opening in
            try await scene.planner.plan(scene.row(campaign.id))
            scene.desk.now.set(opening)
            _ = try await scene.feeder.look()
            _ = try await scene.desk.campaigns.pause(campaign.id, workspace: "w")
            for _ in 0..<12 {
                scene.pass(.seconds(5))
                _ = try await scene.feeder.look()
            }
            #expect(try await events(scene) == ["sla.atRisk"], "once, and fifty-nine minutes before")
            #expect(try await scene.row(campaign.id).verdict == nil)
        }
    }

    // MARK: One commit

    /// Looks after every commit for campaigns that have ended and have no verdict.
    private final class Reader: TransactionObserver, Sendable {
        let unjudged = MutexBox(0)
        let judged = MutexBox(0)

        func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
        func databaseDidChange(with event: DatabaseEvent) {}
        func databaseDidRollback(_ db: Database) {}
        func databaseDidCommit(_ db: Database) {
            let ended = "SELECT count(*) FROM campaign WHERE state IN ('finished', 'cancelled', 'refused') AND deadline IS NOT NULL"
            do {
                let count = try Int.fetchOne(db, sql: "\(ended) AND verdict IS NULL") ?? 0
                unjudged.update { $0 += count }
                judged.set(try Int.fetchOne(db, sql: "\(ended) AND verdict IS NOT NULL") ?? 0)
            } catch {
                Issue.record(error)
            }
        }
    }

    enum End: CaseIterable { case finished, cancelled, refused }

    /// Whoever reads a campaign that has ended reads its verdict, whatever the moment.
    @Test(arguments: End.allCases) func theEndAndItsVerdictAreOneCommit(_ end: End) async throws {
        try await scene(deadline: 3600, people: 10) { scene, campaign, opening in
            let reader = Reader()
            scene.desk.pool.add(transactionObserver: reader, extent: .databaseLifetime)
            if end == .refused { scene.desk.now.set(opening + .hours(2)) }
            try await scene.planner.plan(scene.row(campaign.id))
            if end != .refused {
                scene.desk.now.set(opening)
                for _ in 0..<2 { _ = try await scene.feeder.look() }
            }
            switch end {
            case .finished:
                try await scene.send()
                _ = try await scene.feeder.look()
            case .cancelled: _ = try await scene.desk.campaigns.cancel(campaign.id, workspace: "w")
            case .refused: break
            }
            let row = try await scene.row(campaign.id)
            #expect("\(row.campaign.state)" == "\(end)" && row.verdict == (end == .finished ? "kept" : "missed"))
            #expect(reader.unjudged.value == 0 && reader.judged.value == 1)
        }
    }
}
