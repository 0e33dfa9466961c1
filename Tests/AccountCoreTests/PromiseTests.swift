import AccountContract
import GRDB
import JobQueue
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountOutbox

/// What a delivery window promises, held for whatever waits and not only when it is planned.
@Suite struct PromiseTests {
    /// People whose clocks show UTC, unless another zone is named.
    private func people(_ count: Int, zone: String = "UTC") -> [Recipient] {
        CampaignScene.people(count).map { Recipient(contact: $0.contact, variables: $0.variables, timeZone: zone) }
    }

    private func scene(
        _ window: CreateWindow.Params, _ plan: PlanCampaign.Params, _ body: (CampaignScene, Campaign, Timestamp) async throws -> Void
    ) async throws {
        try await CampaignScene.run { scene in
            _ = try await scene.desk.windows.create(window, workspace: "w")
            let campaign = try await scene.plan(plan)
            try await body(scene, campaign, try #require(try await scene.row(campaign.id).opening))
        }
    }

    private func verdicts(_ scene: CampaignScene) async throws -> [String] {
        try await scene.desk.pool.read {
            try String.fetchAll($0, sql: "SELECT type FROM event WHERE type IN ('sla.kept', 'sla.missed') ORDER BY 1")
        }
    }

    private func sent(_ scene: CampaignScene, _ id: CampaignID) async throws -> Int { try await scene.counts(id)["accepted"] ?? 0 }

    /// What the sender would be given now, looked at as it looks.
    private func admitted(_ scene: CampaignScene) async throws -> [String] {
        let (outbox, now) = (scene.desk.outbox, scene.desk.now.value)
        return try await scene.desk.store.write { db in
            try JobTable.claim(db, queue: Outbox.queue("1"), limit: 10, now: now) { db, job in
                try outbox.admit(db, job, on: "1") { _, _, _ in nil }
            }
            .map(\.key)
        }
    }

    // MARK: Quiet hours

    /// 240 people at one a second, and quiet hours that begin after two minutes: who still waits then is not written to
    /// until they end, whether planned, queued, paused or resumed.
    @Test func quietHoursHoldForWhoeverStillWaits() async throws {
        let window = CreateWindow.Params(
            name: "six", cron: "0 6 * * *", timeZone: "UTC", spreadFrom: 0, spreadTo: 0, deadline: 7200,
            quietHours: .init(from: "06:02", to: "06:30"))
        let plan = PlanCampaign.Params(
            name: "C", template: "t", recipients: people(240), rate: 1, window: "six", start: true, requestKey: "k")
        try await scene(window, plan) { scene, campaign, opening in
            func minutes(_ count: Int) async throws {
                for _ in 0..<(count * 60) {
                    _ = try await scene.feeder.look()
                    try await scene.send()
                    scene.pass(1000)
                }
            }
            scene.desk.now.set(opening)
            try await minutes(3)
            let before = try await sent(scene, campaign.id)
            #expect((115...125).contains(before), "\(before)")
            _ = try await scene.desk.campaigns.pause(campaign.id.rawValue, workspace: "w")
            _ = try await scene.desk.campaigns.resume(campaign.id.rawValue, workspace: "w")
            try await minutes(1)
            #expect(try await sent(scene, campaign.id) == before)
            scene.desk.now.set(opening + .minutes(30))
            try await minutes(3)
            #expect(try await sent(scene, campaign.id) == 240)
            #expect(try await scene.row(campaign.id).verdict == "kept")
        }
    }

    /// A message that is queued already when quiet begins where the person is waits in its queue.
    @Test func whatIsQueuedKeepsTheQuietOfItsZone() async throws {
        let window = CreateWindow.Params(
            name: "six", cron: "0 6 * * *", timeZone: "UTC", spreadFrom: 0, spreadTo: 0, deadline: 7200,
            quietHours: .init(from: "06:02", to: "06:30"))
        let both = people(1) + [Recipient(contact: "819012345678", variables: ["name": "T"], timeZone: "Asia/Tokyo")]
        let plan = PlanCampaign.Params(name: "C", template: "t", recipients: both, window: "six", start: true, requestKey: "k")
        try await scene(window, plan) { scene, campaign, opening in
            scene.desk.now.set(opening)
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            #expect(try await scene.counts(campaign.id) == ["queued": 2])
            scene.desk.now.set(opening + .minutes(3))
            let gone = try await admitted(scene)
            let contacts = try await scene.desk.pool.read { db in
                try String.fetchAll(db, sql: "SELECT contact FROM campaignRecipient WHERE message = ?", arguments: [gone.first])
            }
            #expect(gone.count == 1 && contacts == ["819012345678"], "three in the afternoon in Tokyo")
        }
    }

    // MARK: Late

    @Test(arguments: [nil, true]) func whatMissedItsWindowIsSentOnlyIfThatWasAskedFor(late: Bool?) async throws {
        let window = CreateWindow.Params(name: "six", cron: "0 6 * * *", timeZone: "UTC", spreadFrom: 0, spreadTo: 0, deadline: 60)
        let plan = PlanCampaign.Params(
            name: "C", template: "t", recipients: people(5), window: "six", late: late, start: true, requestKey: "k")
        try await scene(window, plan) { scene, campaign, opening in
            scene.desk.now.set(opening + .hours(3))
            for _ in 0..<3 {
                _ = try await scene.feeder.look()
                try await scene.send()
            }
            let row = try await scene.row(campaign.id)
            #expect(row.campaign.state == .finished && row.verdict == "missed")
            #expect(try await scene.counts(campaign.id) == [late == true ? "accepted" : "skipped": 5])
            #expect(try await verdicts(scene) == ["sla.missed"])
            guard late == nil else { return }
            let fault = await #expect(throws: Fault.self) {
                try await scene.desk.campaigns.retry(.init(id: campaign.id.rawValue), workspace: "w")
            }
            #expect(fault?.code == .windowPast)
        }
    }

    /// Queued in time and held up: it fails and says why, and does not go out hours later.
    @Test func whatIsQueuedDoesNotGoOutLate() async throws {
        let window = CreateWindow.Params(name: "six", cron: "0 6 * * *", timeZone: "UTC", spreadFrom: 0, spreadTo: 0, deadline: 60)
        let plan = PlanCampaign.Params(name: "C", template: "t", recipients: people(2), window: "six", start: true, requestKey: "k")
        try await scene(window, plan) { scene, campaign, opening in
            scene.desk.now.set(opening)
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            #expect(try await scene.counts(campaign.id) == ["queued": 2])
            scene.desk.now.set(opening + .minutes(2))
            let gone = try await admitted(scene)
            #expect(gone.isEmpty)
            #expect(try await scene.counts(campaign.id) == ["failed": 2])
            _ = try await scene.feeder.look()
            #expect(try await scene.row(campaign.id).verdict == "missed")
        }
    }

    // MARK: Everybody's own zone

    /// The second day is planned before it opens for the first people on earth, and each has a deadline of their own.
    @Test func theSecondDayIsInTimeEverywhere() async throws {
        let window = CreateWindow.Params(
            name: "six", cron: "0 6 * * *", timeZone: "recipient", spreadFrom: 0, spreadTo: 0, deadline: 660, stage: 600)
        let zones = ["Pacific/Auckland", "Asia/Kolkata", "UTC", "America/New_York"]
        let all = zones.enumerated().map {
            Recipient(contact: String(919_800_000_000 + $0.offset), variables: ["name": "A"], timeZone: $0.element)
        }
        let plan = PlanCampaign.Params(
            name: "C", template: "t", recipients: all, window: "six", recurring: true, start: true, requestKey: "k")
        try await scene(window, plan) { scene, _, opening in
            // Two days, with all that moves by itself.
            var hours: [Double] = []
            scene.desk.now.set(opening - .hours(14) - .minutes(10))
            while scene.desk.now.value < opening + .hours(34) {
                _ = try await scene.recurrences.planStaged()
                for row in try await scene.desk.pool.read({ try CampaignRow.all($0, .planning) }) { try await scene.planner.plan(row) }
                _ = try await scene.feeder.look()
                for id in try await scene.desk.lease() {
                    hours.append((scene.desk.now.value - opening).seconds / 3600)
                    try await scene.desk.accept(id)
                }
                scene.pass(.minutes(5))
            }
            let wanted = [-12, -5.5, 0, 5, 12, 18.5, 24, 29]
            #expect(hours.count == wanted.count && zip(hours, wanted).allSatisfy { $0 >= $1 && $0 < $1 + 0.17 }, "\(hours)")
            #expect(try await verdicts(scene) == ["sla.kept", "sla.kept"])
            // Hours between two zones in which nothing moves are no danger.
            let alarms = try await scene.desk.pool.read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM event WHERE type = 'sla.atRisk'")
            }
            #expect(alarms == 0)
        }
    }

    // MARK: Verdicts

    @Test func whatFailedIsNotKept() async throws {
        let window = CreateWindow.Params(name: "six", cron: "0 6 * * *", timeZone: "UTC", spreadFrom: 0, spreadTo: 0, deadline: 60)
        let plan = PlanCampaign.Params(name: "C", template: "t", recipients: people(10), window: "six", start: true, requestKey: "k")
        try await scene(window, plan) { scene, campaign, opening in
            scene.desk.now.set(opening)
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            let ids = try await scene.desk.lease()
            for id in ids.dropFirst() { try await scene.desk.fail(id) }
            // Taken by Meta, and failed by a status: it has not come.
            try await scene.desk.accept(ids[0])
            #expect(try await scene.desk.pool.read { try CampaignCounts($0, campaign.id).inside } == 1)
            try await scene.desk.fail(ids[0])
            #expect(try await scene.desk.pool.read { try CampaignCounts($0, campaign.id).inside } == 0)
            _ = try await scene.feeder.look()
            let promise = try await scene.desk.pool.read { db in
                try scene.desk.campaigns.promises(db, from: 0, to: .latest, workspace: "w").items
            }
            #expect(promise.map(\.verdict) == ["missed"] && promise.map(\.share) == [0] && promise.map(\.total) == [10])
            #expect(try await verdicts(scene) == ["sla.missed"])
        }
    }

    /// Paused, it moves no further; what it promised is missed all the same, and told once.
    @Test func aPausedCampaignMissesItsDeadline() async throws {
        let window = CreateWindow.Params(name: "six", cron: "0 6 * * *", timeZone: "UTC", spreadFrom: 0, spreadTo: 0, deadline: 60)
        let plan = PlanCampaign.Params(name: "C", template: "t", recipients: people(10), window: "six", start: true, requestKey: "k")
        try await scene(window, plan) { scene, campaign, opening in
            _ = try await scene.desk.campaigns.pause(campaign.id.rawValue, workspace: "w")
            scene.desk.now.set(opening + .minutes(2))
            for _ in 0..<3 { _ = try await scene.feeder.look() }
            #expect(try await verdicts(scene) == ["sla.missed"])
            let fault = await #expect(throws: Fault.self) { try await scene.desk.campaigns.resume(campaign.id.rawValue, workspace: "w") }
            #expect(fault?.code == .windowPast)
            _ = try await scene.desk.campaigns.cancel(campaign.id.rawValue, workspace: "w")
            #expect(try await verdicts(scene) == ["sla.missed"])
        }
    }
}
