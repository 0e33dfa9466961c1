import AccountContract
import GRDB
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns

/// In everybody's own zone a campaign begins when the first of its people is due, and not when UTC's clocks show the hour.
@Suite struct EverybodysZoneTests {
    private func planned(_ scene: CampaignScene, zones: [String]) async throws -> CampaignRow {
        let quiet = DeliveryWindow.QuietHours(from: "21:00", to: "08:00")
        let window = CreateWindow.Params(name: "own", cron: "0 9 * * *", timeZone: "recipient", quietHours: quiet)
        _ = try await scene.desk.windows.create(window, workspace: "w")
        let people = zones.enumerated().map {
            Recipient(contact: String(919_800_000_000 + $0.offset), variables: ["name": "A"], timeZone: $0.element)
        }
        return try await scene.row(
            scene.plan(.init(name: "C", template: "t", recipients: people, window: "own", start: true, requestKey: "k")).id)
    }

    @Test func itBeginsWithTheFirstOfItsPeople() async throws {
        try await CampaignScene.run { scene in
            let row = try await planned(scene, zones: ["America/Los_Angeles", "Asia/Kolkata"])
            let (opening, campaign) = (try #require(row.opening), row.campaign)
            // Nine o'clock is at half past three in India, and at five in the afternoon in Los Angeles.
            let (first, last) = (opening - .minutes(330), opening + .hours(8))
            let startAt = try #require(campaign.startAt)
            let due = try await scene.desk.campaigns.firstDue(campaign.id)
            #expect((first - .seconds(30)...first + .seconds(270)).contains(startAt))
            #expect(startAt == due)
            #expect(campaign.localOpening?.hasSuffix(" 09:00") == true && campaign.deadline == last + .seconds(300))
            let promises = try await scene.desk.pool.read {
                try scene.desk.campaigns.promises($0, from: 0, to: .latest, workspace: "w").items
            }
            #expect(promises.map(\.startAt) == [startAt] && promises.map(\.localOpening) == [campaign.localOpening])
            let load = try await scene.desk.pool.read { try scene.desk.campaigns.workload($0, workspace: "w") }
            #expect(load.coming.map(\.startAt) == [startAt])
        }
    }

    /// Nobody of it is left who could have it later.
    @Test func itIsDueByTheLastOfItsPeople() async throws {
        try await CampaignScene.run { scene in
            let row = try await planned(scene, zones: ["Asia/Kolkata"])
            let opening = try #require(row.opening)
            #expect(row.campaign.deadline == opening - .minutes(330) + .seconds(300))
        }
    }

    /// Somewhere it may be the hour long before: whether anybody lives there is not known yet.
    @Test func whatIsStillPlannedIsAtRiskFromItsOpeningOn() async throws {
        try await CampaignScene.run { scene in
            _ = try await scene.desk.windows.create(.init(name: "own", cron: "0 9 * * *", timeZone: "recipient"), workspace: "w")
            let plan = PlanCampaign.Params(
                name: "C", template: "t", recipients: CampaignScene.people(2), window: "own", start: true, requestKey: "k")
            let id = try await scene.desk.campaigns.plan(plan, workspace: "w").id
            let row = try await scene.row(id)
            let (opening, startAt) = (try #require(row.opening), try #require(row.campaign.startAt))
            #expect(row.campaign.state == .planning && startAt < opening - .hours(12))
            for (time, isAtRisk) in [(startAt + .hours(1), false), (opening + .minutes(1), true)] {
                scene.desk.now.set(time)
                _ = try await scene.feeder.look()
                #expect(try await scene.row(id).isAtRisk == isAtRisk)
            }
        }
    }

    @Test func aWindowOfOneZoneOpensAtAMoment() async throws {
        try await CampaignScene.run { scene in
            _ = try await scene.desk.windows.create(.init(name: "six", cron: "0 6 * * *", timeZone: "UTC"), workspace: "w")
            let campaign = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(1), window: "six", requestKey: "k"))
            let row = try await scene.row(campaign.id)
            #expect(campaign.startAt == row.opening && campaign.localOpening == nil)
        }
    }

    @Test func noLocalHourIsSaidToBeAMoment() {
        var window = DeliveryWindow.example
        window.timeZone = "recipient"
        let opening = Timestamp(milliseconds: 1_790_000_000_000)
        #expect(window.words(opening) == "2026-09-21 14:13 in everybody's own zone")
        window.timeZone = "Asia/Kolkata"
        #expect(window.words(opening) == "2026-09-21T19:43:20+0530")
    }
}
