import AccountContract
import AccountPacing
import GRDB
import GraphAPI
import RPCContract
import Storage
import Support
import TemplateContract
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountNumbers
@testable import AccountOutbox

/// Why a campaign does not move, what became of it, and what an operator is told of it.
@Suite struct CampaignStandingTests {
    private func running(_ scene: CampaignScene, _ count: Int = 3, key: String = "k", name: String = "C") async throws -> Campaign {
        try await scene.plan(
            .init(name: name, template: "t", recipients: CampaignScene.people(count), start: true, requestKey: key))
    }

    private func progress(_ scene: CampaignScene, _ id: CampaignID) async throws -> CampaignProgress {
        try await scene.desk.campaigns.progress(id.rawValue, workspace: "w")
    }

    @Test func whatItsNumbersHaveIsSaidWhereverItIsShown() async throws {
        try await CampaignScene.run { scene in
            let campaign = try await running(scene)
            #expect(try await progress(scene, campaign.id).campaign.standing == nil)
            let numbers = scene.desk.numbers
            try await numbers.change { db in try numbers.hear(db, .banned("policy"), of: "1") }
            let told = try await progress(scene, campaign.id).campaign.standing
            #expect(told?.contains("policy") == true && told?.hasPrefix("+918047181000") == true, "\(told ?? "")")
            let listed = try await scene.desk.campaigns.list(.init(), .campaign, workspace: "w").items
            #expect(listed.map(\.standing) == [told])
            _ = try await scene.desk.campaigns.pause(campaign.id.rawValue, workspace: "w")
            #expect(try await progress(scene, campaign.id).campaign.standing == nil, "it does not run")
        }
    }

    /// Not only what is banned keeps a campaign: one that rests, is disabled or has used up its limit does, unless another takes over.
    @Test(arguments: ["rests", "disabled", "limit"]) func whatKeepsItIsSaid(what: String) async throws {
        try await CampaignScene.run { scene in
            let numbers = scene.desk.numbers
            let campaign = try await running(scene)
            switch what {
            case "rests":
                try await numbers.change { db in
                    try numbers.hear(db, .barred("x"), of: "1")
                    try numbers.bar(
                        db, "1", by: [NumberBar(word: "RESTRICTED_BIZ_INITIATED_MESSAGING", until: numbers.store.now + .days(2))])
                }
            case "disabled": _ = try await numbers.update(.init(phoneNumberID: "1", enabled: false))
            default: for person in 0..<250 { _ = scene.desk.pacer.admit("1", contact: ContactID("\(person)"), opensConversation: true) }
            }
            #expect(try await progress(scene, campaign.id).campaign.standing?.hasPrefix("+918047181000") == true)
            _ = try await numbers.add(
                .init(phoneNumberID: "2", wabaID: "2", portfolio: "other", displayPhoneNumber: "+918047181002", displayName: "B"),
                workspace: "w")
            #expect(try await progress(scene, campaign.id).campaign.standing == nil, "another takes over")
        }
    }

    /// What was asked and never answered holds a campaign open: the list and the report say so as `watch` does.
    @Test func whatOnlyMetaKnowsIsSaid() async throws {
        try await CampaignScene.run { scene in
            let desk = scene.desk
            let campaign = try await running(scene, 2)
            _ = try await scene.feeder.look()
            let ids = try await desk.lease()
            #expect(try await progress(scene, campaign.id).campaign.standing == nil, "Meta is being asked")
            #expect(try desk.outbox.recover() == 2)
            let told = try await progress(scene, campaign.id).campaign.standing
            #expect(told == "2 wait for Meta's word on whether they were sent")
            #expect(try await desk.campaigns.list(.init(), .campaign, workspace: "w").items.map(\.standing) == [told])
            try await desk.status(ids[0].rawValue, at: desk.now.value)
            #expect(try await progress(scene, campaign.id).campaign.standing == "1 waits for Meta's word on whether it was sent")
            _ = try await desk.campaigns.cancel(campaign.id.rawValue, workspace: "w")
            #expect(try await progress(scene, campaign.id).campaign.standing == nil, "it has ended")
        }
    }

    @Test func whatKeptAPlanFromStartingIsNotSaidOnceItHasEnded() async throws {
        try await CampaignScene.run { scene in
            scene.templates.category.set(.marketing)
            let campaign = try await scene.plan(.init(name: "C", template: "t", recipients: CampaignScene.people(2), requestKey: "k"))
            func blockers() async throws -> [String]? { try await progress(scene, campaign.id).report?.blockers }
            #expect(try await blockers()?.count == 1)
            _ = try await scene.desk.campaigns.cancel(campaign.id.rawValue, workspace: "w")
            #expect(try await blockers() == [])
        }
    }

    /// 131049: the next try is a day away, and everybody who looks is told so; what is counted are the latest tries.
    @Test func aRetryThatWaitsADaySaysSo() async throws {
        try await CampaignScene.run { scene in
            let desk = scene.desk
            let campaign = try await running(scene)
            _ = try await scene.feeder.look()
            for id in try await desk.lease() {
                try await desk.store.write { db in _ = try desk.outbox.refuse(db, id, GraphError(code: 131049, status: 400, details: "")) }
            }
            _ = try await scene.feeder.look()
            let failedAt = desk.now.value
            let reply = try await desk.campaigns.retry(.init(id: campaign.id.rawValue), workspace: "w")
            #expect(reply.retried == 3 && reply.left == 0 && reply.notBefore == failedAt + .hours(24))
            let standing = try await progress(scene, campaign.id).campaign.standing
            #expect(standing?.hasPrefix("nobody is due before") == true)
            let failures = try await desk.outbox.statistics(.init(requestKeyPrefix: "campaign:\(campaign.id):"), workspace: "w").failures
            #expect(failures.isEmpty, "what is tried again has not failed")
            scene.pass(.hours(24))
            #expect(try await progress(scene, campaign.id).campaign.standing == nil)
            _ = try await scene.feeder.look()
            #expect(try await scene.counts(campaign.id) == ["queued": 3])
        }
    }

    /// One who waits for tomorrow is what it takes, however fast the others go; once nothing moves nobody says how long.
    @Test func howLongItTakesIsUntilTheLastIsDue() async throws {
        try await CampaignScene.run { scene in
            let campaign = try await running(scene, 15)
            let due = scene.desk.now.value + .hours(14)
            try await scene.desk.store.write { db in
                try db.execute(sql: "UPDATE campaignRecipient SET sendAt = ? WHERE campaign = ? AND n = 14", arguments: [due, campaign.id])
            }
            _ = try await scene.feeder.look()
            try await scene.send()
            scene.pass(.seconds(1))
            _ = try await scene.feeder.look()
            let moving = try await progress(scene, campaign.id)
            #expect(moving.done == 14 && moving.rate > 0, "\(moving)")
            #expect(moving.timeLeft == .seconds(14 * 3600 - 1))
            scene.pass(.seconds(30))
            _ = try await scene.feeder.look()
            #expect(try await progress(scene, campaign.id).timeLeft == nil, "nothing moves")
        }
    }

    /// With `late` none ends by itself: whoever has not got one day's does not get the next day's behind it.
    @Test func aRecurringCampaignThatIsBehindIsNotPlannedAgain() async throws {
        try await CampaignScene.run { scene in
            _ = try await scene.desk.windows.create(
                .init(name: "daily", cron: "0 6 * * *", timeZone: "UTC", stage: 600), workspace: "w")
            let first = try await scene.plan(
                .init(
                    name: "C", template: "t", recipients: CampaignScene.people(2), window: "daily", recurring: true, late: true,
                    start: true,
                    requestKey: "k"))
            let opening = try #require(first.startAt)
            func refused() async throws -> [Campaign] {
                try await scene.desk.pool.read { try CampaignRow.all($0, .refused).map(\.campaign) }
            }
            scene.desk.now.set(opening)
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            #expect(try await scene.row(first.id).campaign.state == .running)
            scene.desk.now.set(opening + .days(1) - .minutes(10))
            _ = try await scene.recurrences.planStaged()
            #expect(try await refused().map(\.startAt) == [opening + .days(1)])
            #expect(try await refused().first?.reason?.contains("still has people left") == true)
            for _ in 0..<2 {
                _ = try await scene.feeder.look()
                try await scene.send()
            }
            _ = try await scene.feeder.look()
            #expect(try await scene.row(first.id).campaign.state == .finished)
            scene.desk.now.set(opening + .days(2) - .minutes(10))
            _ = try await scene.recurrences.planStaged()
            #expect(try await refused().count == 1, "that one goes out")
        }
    }

    /// Meta's refusal pauses it: what waits is planned again, as after an operator's pause.
    @Test func whatMetaPausesKeepsNothingQueued() async throws {
        try await CampaignScene.run { scene in
            let desk = scene.desk
            let campaign = try await running(scene, 15)
            _ = try await scene.feeder.look()
            let first = try #require(try await desk.lease().first)
            try await desk.store.write { db in _ = try desk.outbox.refuse(db, first, GraphError(code: 132015, status: 400, details: "")) }
            #expect(try await scene.row(campaign.id).campaign.state == .paused)
            _ = try await scene.feeder.look()
            // Ten were leased, one of them has failed; the five that waited are planned again.
            #expect(try await scene.counts(campaign.id) == ["queued": 9, "failed": 1, "planned": 5])
        }
    }

    /// Two rows that write the same to the same people are told; another template, or another list, is not.
    @Test func theSameTwiceIsToldWhenItRecurs() async throws {
        try await CampaignScene.run { scene in
            let desk = scene.desk
            _ = try await desk.windows.create(.init(name: "daily", cron: "0 6 * * *", timeZone: "UTC"), workspace: "w")
            let list = try await desk.lists.create("L", workspace: "w").id
            _ = try await desk.lists.add(.init(id: list.rawValue, recipients: CampaignScene.people(2)), workspace: "w")
            func warnings(_ name: String, template: String = "t") async throws -> [String] {
                let campaign = try await scene.plan(
                    .init(name: name, template: template, list: list.rawValue, window: "daily", recurring: true, requestKey: name))
                return try #require(try await scene.row(campaign.id).report).warnings.filter { $0.contains("recurs, too") }
            }
            #expect(try await warnings("A").isEmpty)
            #expect(try await warnings("B", template: "u").isEmpty)
            #expect(try await warnings("C").first?.contains("as A already") == true)
        }
    }

    /// Whoever was left out after planning is counted with the reason, and the verdict stands beside it.
    @Test func whoWasLeftOutLaterIsTold() async throws {
        try await CampaignScene.run { scene in
            let window = CreateWindow.Params(name: "six", cron: "0 6 * * *", timeZone: "UTC", spreadFrom: 0, spreadTo: 0, deadline: 60)
            _ = try await scene.desk.windows.create(window, workspace: "w")
            let campaign = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(4), window: "six", start: true, requestKey: "k"))
            scene.desk.now.set(try #require(campaign.startAt) + .hours(2))
            for _ in 0..<4 { _ = try await scene.feeder.look() }
            let end = try await progress(scene, campaign.id)
            #expect(end.campaign.state == .finished && end.verdict == "missed")
            #expect(end.skips.map(\.count) == [4] && end.skips[0].reason.contains("window"), "\(end.skips)")
        }
    }

    @Test func aBudgetThatIsLiftedLeavesNoWarning() async throws {
        try await CampaignScene.run { scene in
            let prices = [Tariff(country: "IN", category: .utility, price: Money(currency: "INR", micros: 100), from: 0)]
            _ = try await scene.desk.tariffs.add(prices, workspace: "w")
            let campaign = try await scene.plan(
                .init(
                    name: "C", template: "t", recipients: CampaignScene.people(3), budget: Money(currency: "INR", micros: 150),
                    requestKey: "k"))
            func warnings() async throws -> [String] { try await progress(scene, campaign.id).report?.warnings ?? [] }
            #expect(try await warnings().contains { $0.contains("above the budget") })
            for micros: Int64? in [nil, 300, 100] {
                let budget = micros.map { Money(currency: "INR", micros: $0) }
                _ = try await scene.desk.campaigns.set(.init(id: campaign.id.rawValue, budget: budget), workspace: "w")
                #expect(try await warnings().contains { $0.contains("above the budget") } == (micros == 100), "\(micros ?? 0)")
            }
        }
    }

    /// Of several tries at one plan the name means the one that can start.
    @Test func aNameMeansThePlanThatCanStart() async throws {
        try await CampaignScene.run { scene in
            func plan(_ people: [Recipient], _ key: String) async throws -> Campaign {
                try await scene.plan(.init(name: "Diwali", template: "t", recipients: people, requestKey: key))
            }
            // Nobody can be written to: it lacks a country code.
            _ = try await plan([Recipient(contact: "98765 43210")], "a")
            let good = try await plan(CampaignScene.people(2), "b")
            #expect(try await scene.desk.campaigns.start("Diwali", workspace: "w").id == good.id)
        }
    }

    @Test func aMisspeltVariableIsRefused() async throws {
        try await CampaignScene.run { scene in
            let wrong = try await scene.plan(
                .init(name: "C", template: "t", variables: ["nam": "x"], recipients: CampaignScene.people(2), requestKey: "a"))
            #expect(wrong.state == .refused && wrong.reason?.contains("no variable nam: it has name; did you mean name?") == true)
            let right = try await scene.plan(
                .init(name: "C", template: "t", variables: ["name": "x"], recipients: CampaignScene.people(2), requestKey: "b"))
            #expect(right.state == .planned)
        }
    }
}
