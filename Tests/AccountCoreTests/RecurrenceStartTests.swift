import AccountContract
import GRDB
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountOutbox

/// What recurs begins when somebody starts it, and says why it cannot go on.
@Suite struct RecurrenceStartTests {
    /// Planned only, in a window that opens at six.
    private func planned(_ scene: CampaignScene, list: ListID? = nil, late: Bool? = nil) async throws -> Campaign {
        _ = try await scene.desk.windows.create(.init(name: "daily", cron: "0 6 * * *", timeZone: "UTC", stage: 600), workspace: "w")
        return try await scene.plan(
            .init(
                name: "C", template: "t", recipients: list == nil ? CampaignScene.people(2) : nil, list: list?.rawValue, window: "daily",
                recurring: true, late: late, requestKey: "k"))
    }

    private func campaigns(_ scene: CampaignScene) async throws -> Int {
        try await scene.desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM campaign") ?? 0 }
    }

    @Test func whatNobodyHasStartedPlansNothing() async throws {
        try await CampaignScene.run { scene in
            let first = try await planned(scene)
            let opening = try #require(first.startAt)
            for day in 1...3 {
                scene.desk.now.set(opening + .days(day) - .minutes(5))
                _ = try await scene.recurrences.planStaged()
                _ = try await scene.feeder.look()
            }
            #expect(try await campaigns(scene) == 1)
            #expect(try await scene.row(first.id).campaign.state == .planned)
            let fault = await #expect(throws: Fault.self) { try await scene.desk.campaigns.start(first.id.rawValue, workspace: "w") }
            #expect(fault?.code == .windowPast)
            _ = try await scene.recurrences.planStaged()
            #expect(try await campaigns(scene) == 1, "a start that was refused is none")
            #expect(try await scene.desk.windows.recurrences().first?.nextAt == opening + .days(3))
        }
    }

    /// Whoever ends a window or what recurs in it finds what goes on.
    @Test func aCampaignNamesItsWindow() async throws {
        try await CampaignScene.run { scene in
            let first = try await planned(scene)
            let window = try #require(try await scene.desk.windows.list(workspace: "w").items.first).window
            #expect(first.window == window.id)
            let other = try await scene.plan(.init(name: "D", template: "t", recipients: CampaignScene.people(1), requestKey: "d"))
            #expect(other.window == nil)
        }
    }

    @Test func laterOpeningsFollowAStart() async throws {
        try await CampaignScene.run { scene in
            let first = try await planned(scene)
            let opening = try #require(first.startAt)
            _ = try await scene.desk.campaigns.start(first.id.rawValue, workspace: "w")
            #expect(try await scene.recurrences.planStaged() == opening + .days(1) - .minutes(10))
            // It was started, whatever becomes of it afterwards.
            _ = try await scene.desk.campaigns.cancel(first.id.rawValue, workspace: "w")
            scene.desk.now.set(opening + .days(1) - .minutes(10))
            _ = try await scene.recurrences.planStaged()
            #expect(try await campaigns(scene) == 2)
        }
    }

    /// Openings before the start are no promises that were missed.
    @Test func whatIsStartedLateTellsNoOpeningsBefore() async throws {
        try await CampaignScene.run { scene in
            let first = try await planned(scene, late: true)
            let opening = try #require(first.startAt)
            scene.desk.now.set(opening + .days(4) + .hours(1))
            #expect(try await scene.recurrences.planStaged() == opening + .days(5) + .seconds(300))
            _ = try await scene.desk.campaigns.start(first.id.rawValue, workspace: "w")
            #expect(try await scene.recurrences.planStaged() == opening + .days(5) - .minutes(10))
            #expect(try await campaigns(scene) == 1)
        }
    }

    /// What the refusal advises works in the state that the row is in.
    @Test(arguments: ["not started", "scheduled", "over"]) func aBusyWindowNamesWhatMakesWay(state: String) async throws {
        try await CampaignScene.run { scene in
            let first = try await planned(scene)
            let opening = try #require(first.startAt)
            if state != "not started" { _ = try await scene.desk.campaigns.start(first.id.rawValue, workspace: "w") }
            if state == "over" { scene.desk.now.set(opening + .hours(1)) }
            func move() async throws {
                _ = try await scene.desk.windows.create(
                    .init(name: "daily", cron: "0 9 * * *", timeZone: "UTC", stage: 600), workspace: "w")
            }
            let fault = await #expect(throws: Fault.self) { try await move() }
            let told = fault?.message ?? ""
            #expect(fault?.code == .windowBusy && told.contains(first.id.rawValue))
            let isLeftOut = state == "scheduled"
            #expect(told.contains("recurrence.skip") == isLeftOut && told.contains("campaign.cancel") == !isLeftOut, "\(told)")
            if isLeftOut {
                _ = try await scene.desk.windows.skip(.init(id: "C", next: opening), workspace: "w")
            } else {
                await #expect(throws: Fault.self) { try await scene.desk.windows.skip(.init(id: "C", next: opening), workspace: "w") }
                _ = try await scene.desk.campaigns.cancel(first.id.rawValue, workspace: "w")
            }
            try await move()
            // What was started goes on in the window as it is now; what was not ends with its first campaign.
            #expect(try await scene.desk.windows.recurrences().count == (state == "not started" ? 0 : 1))
        }
    }

    @Test func aRowThatCannotBeStartedAnyMoreEnds() async throws {
        try await CampaignScene.run { scene in
            let first = try await planned(scene)
            _ = try await scene.desk.campaigns.cancel(first.id.rawValue, workspace: "w")
            #expect(try await scene.desk.windows.recurrences().isEmpty)
        }
    }

    @Test func aListThatIsGoneIsSaid() async throws {
        try await CampaignScene.run { scene in
            let list = try await scene.desk.lists.create("L", workspace: "w").id
            _ = try await scene.desk.lists.add(.init(id: list.rawValue, recipients: CampaignScene.people(2)), workspace: "w")
            let first = try await planned(scene, list: list)
            _ = try await scene.desk.campaigns.start(first.id.rawValue, workspace: "w")
            // A database that was put back to a day before the list.
            try await scene.desk.pool.write { db in
                try db.execute(sql: "DELETE FROM broadcastListMember WHERE list = ?", arguments: [list])
                try db.execute(sql: "DELETE FROM broadcastList WHERE id = ?", arguments: [list])
            }
            scene.desk.now.set(try #require(first.startAt) + .days(1) - .minutes(10))
            _ = try await scene.recurrences.planStaged()
            for row in try await scene.desk.pool.read({ try CampaignRow.all($0, .planning) }) { try await scene.planner.plan(row) }
            let refused = try await scene.desk.pool.read { try CampaignRow.all($0, .refused) }
            #expect(refused.map { $0.campaign.reason?.contains("its list was deleted") } == [true])
        }
    }

    /// A tariff that was missing is there at the next start.
    @Test func whatWasMendedStartsWithoutAnotherPlan() async throws {
        try await CampaignScene.run { scene in
            let campaign = try await scene.plan(
                .init(
                    name: "C", template: "t", recipients: CampaignScene.people(2), budget: Money(currency: "INR", micros: 1_000_000),
                    requestKey: "k"))
            let fault = await #expect(throws: Fault.self) { try await scene.desk.campaigns.start(campaign.id.rawValue, workspace: "w") }
            #expect(fault?.code == .campaignBlocked && fault?.message.contains("no tariff") == true)
            let prices = [Tariff(country: "IN", category: .utility, price: Money(currency: "INR", micros: 100), from: 0)]
            _ = try await scene.desk.tariffs.add(prices, workspace: "w")
            #expect(try await scene.desk.campaigns.start(campaign.id.rawValue, workspace: "w").state == .running)
            #expect(try await scene.row(campaign.id).report?.blockers == [])
        }
    }
}
