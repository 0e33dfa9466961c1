import AccountContract
import Foundation
import GRDB
import GraphAPI
import RPCContract
import Storage
import Support
import TemplateContract
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountContacts
@testable import AccountCore
@testable import AccountNumbers
@testable import AccountOutbox

/// From planned recipients to messages, look by look.
@Suite struct CampaignFeederTests {
    @Test func aCampaignIsFedAheadOfItsNumbersAndEnds() async throws {
        try await CampaignScene.run { scene in
            _ = try await scene.desk.numbers.update(.init(phoneNumberID: "1", messagesPerSecond: 100))
            let campaign = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(700), start: true, requestKey: "k"))
            _ = try await scene.feeder.look()
            let ahead = Int(scene.desk.numbers.rate(of: scene.desk.numbers.accounts(of: "w"), .utility) * 3)
            #expect((250...300).contains(ahead))
            for _ in 0..<2 {
                #expect(try await scene.counts(campaign.id) == ["planned": 700 - ahead, "queued": ahead], "three seconds of sending")
                _ = try await scene.feeder.look()
            }
            for _ in 0..<4 {
                try await scene.send()
                _ = try await scene.feeder.look()
            }
            #expect(try await scene.counts(campaign.id) == ["accepted": 700])
            let row = try await scene.row(campaign.id)
            #expect(row.campaign.state == .finished && row.campaign.finishedAt == scene.desk.now.value)
        }
    }

    @Test func aRateOfItsOwnIsKept() async throws {
        try await CampaignScene.run { scene in
            let campaign = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(300), rate: 10, start: true, requestKey: "k"))
            var inSecond: [Int] = []
            var last = 0
            for _ in 0..<10 {
                for _ in 0..<10 {
                    _ = try await scene.feeder.look()
                    try await scene.send()
                    scene.pass(100)
                }
                let sent = try await scene.counts(campaign.id)["accepted"] ?? 0
                inSecond.append(sent - last)
                last = sent
            }
            #expect(inSecond.dropFirst().allSatisfy { (9...11).contains($0) }, "\(inSecond)")
            // Nor does a crowd gather while its number cannot send.
            for _ in 0..<100 {
                _ = try await scene.feeder.look()
                scene.pass(300)
            }
            #expect(try await scene.counts(campaign.id)["queued"] ?? 0 <= 10)
        }
    }

    @Test func itBeginsAtItsTimeAndNotBefore() async throws {
        try await CampaignScene.run { scene in
            let at = scene.desk.now.value + .minutes(10)
            let campaign = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(3), startAt: at, start: true, requestKey: "k"))
            #expect(campaign.state == .scheduled)
            #expect(try await scene.feeder.look() == at)
            scene.pass(.minutes(10))
            _ = try await scene.feeder.look()
            _ = try await scene.feeder.look()
            #expect(try await scene.counts(campaign.id) == ["queued": 3])
        }
    }

    /// A campaign that cannot be fed is looked at again, and does not keep the others from theirs.
    @Test func oneThatIsBrokenHoldsUpNobody() async throws {
        try await CampaignScene.run { scene in
            let broken = try await scene.plan(
                .init(name: "A", template: "t", recipients: CampaignScene.people(3), priority: 1, start: true, requestKey: "a"))
            let whole = try await scene.plan(
                .init(name: "B", template: "t", recipients: CampaignScene.people(3), start: true, requestKey: "b"))
            try await scene.desk.pool.write { db in
                try db.execute(sql: "UPDATE campaignRecipient SET category = 'x' WHERE campaign = ?", arguments: [broken.id])
            }
            _ = try await scene.feeder.look()
            #expect(try await scene.counts(whole.id) == ["queued": 3])
            #expect(try await scene.counts(broken.id) == ["planned": 3])
        }
    }

    @Test func aUsedUpBudgetPausesItAndAnotherOneResumesIt() async throws {
        try await CampaignScene.run { scene in
            _ = try await scene.desk.tariffs.add(
                [Tariff(country: "IN", category: .utility, price: Money(currency: "INR", micros: 100), from: 0)], workspace: "w")
            let campaign = try await scene.plan(
                .init(
                    name: "C", template: "t", recipients: CampaignScene.people(5), budget: Money(currency: "INR", micros: 350),
                    start: true, requestKey: "k"))
            for _ in 0..<3 {
                _ = try await scene.feeder.look()
                try await scene.send()
            }
            let row = try await scene.row(campaign.id)
            #expect(row.campaign.state == .paused && row.campaign.reason?.contains("budget") == true)
            let spent = try await scene.desk.pool.read { try CampaignSpending.of($0, campaign.id) }
            #expect(spent == [Money(currency: "INR", micros: 300)])
            // Another currency is no budget for what costs rupees: it would never stop it.
            let foreign = SetCampaignBudget.Params(id: campaign.id.rawValue, budget: Money(currency: "EUR", micros: 500))
            let fault = await #expect(throws: Fault.self) { try await scene.desk.campaigns.set(foreign, workspace: "w") }
            #expect(fault?.path == "budget.currency" && fault?.message.contains("INR") == true)
            _ = try await scene.desk.campaigns.set(
                .init(id: campaign.id.rawValue, budget: Money(currency: "INR", micros: 500)), workspace: "w")
            _ = try await scene.desk.campaigns.resume(campaign.id.rawValue, workspace: "w")
            for _ in 0..<3 {
                _ = try await scene.feeder.look()
                try await scene.send()
            }
            #expect(try await scene.row(campaign.id).campaign.state == .finished)
        }
    }

    /// Who was refused for too much marketing is written to a day later and not at once; who was sent again by
    /// message.retry, or may have it already, is left out.
    @Test func aRetryTakesEachFailureForWhatItIs() async throws {
        try await CampaignScene.run { scene in
            let desk = scene.desk
            let campaign = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(4), start: true, requestKey: "k"))
            _ = try await scene.feeder.look()
            let ids = try await desk.lease()
            try await desk.store.write { db in
                for (id, code) in zip(ids, [131049, 131049, 131049, 131026]) {
                    _ = try desk.outbox.refuse(db, id, GraphError(code: code, status: 400, details: ""))
                }
                try desk.outbox.markUnclear(db, ids[1])
                try desk.outbox.markRetried(db, ids[2])
            }
            _ = try await scene.feeder.look()
            let reply = try await desk.campaigns.retry(.init(id: campaign.id.rawValue), workspace: "w")
            #expect((reply.retried, reply.left) == (1, 2), "whom message.retry has written to stays failed no more")
            #expect(reply.unclear == 1, "who may have it already is counted")
            for _ in 0..<2 {
                _ = try await scene.feeder.look()
                #expect(try await scene.counts(campaign.id)["planned"] == 1)
                scene.pass(.hours(23))
            }
            _ = try await scene.feeder.look()
            #expect(try await scene.counts(campaign.id)["queued"] == 1)
            let all = try await desk.campaigns.retry(.init(id: campaign.id.rawValue, unclear: true), workspace: "w")
            #expect(all.retried == 1 && all.left == 1 && all.unclear == nil)
        }
    }

    // MARK: Batches

    /// Marketing that no number may send stands in the way of nothing else of its batch.
    @Test func oneCategorysTroubleIsNotTheOthers() async throws {
        try await CampaignScene.run { scene in
            let numbers = scene.desk.numbers
            let batch = try await scene.desk.campaigns.create(.init(name: "b", requestKey: "b"), workspace: "w")
            scene.templates.category.set(.marketing)
            let grants = CampaignScene.people(600).map { RecordConsent.Item(contact: $0.contact, state: .granted, source: "form") }
            _ = try await scene.desk.consents.record(.init(items: grants), workspace: "w", actor: nil)
            func add(_ people: [Recipient]) async throws {
                let messages = people.map {
                    SendMessage.Params(to: $0.contact, template: .init(name: "t", variables: [:]), requestKey: $0.contact)
                }
                let reply = try await scene.batches.add(.init(id: batch.id.rawValue, messages: messages), workspace: "w")
                #expect(reply.problems.isEmpty)
            }
            try await add(CampaignScene.people(600))
            scene.templates.category.set(.utility)
            try await add([Recipient(contact: "919700000000")])
            try await numbers.change { db in try numbers.hear(db, .quality(.red), of: "1") }
            _ = try await scene.desk.campaigns.start(batch.id.rawValue, workspace: "w")
            _ = try await scene.feeder.look()
            #expect(try await scene.counts(batch.id) == ["planned": 600, "queued": 1])
        }
    }

    /// A number that is disabled with messages on it does not hold the campaign up.
    @Test func theOtherNumbersGoOnAndItEnds() async throws {
        try await CampaignScene.run { scene in
            let other = AddAccount.Params(phoneNumberID: "2", wabaID: "9", displayPhoneNumber: "+918047181002", displayName: "B")
            _ = try await scene.desk.numbers.add(other, workspace: "w")
            let campaign = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(200), start: true, requestKey: "k"))
            _ = try await scene.feeder.look()
            _ = try await scene.desk.numbers.update(.init(phoneNumberID: "1", enabled: false))
            try await scene.desk.failover.relieve("1")
            for _ in 0..<20 where try await scene.row(campaign.id).campaign.state != .finished {
                while true {
                    let ids = try await scene.desk.lease("2")
                    if ids.isEmpty { break }
                    for id in ids { try await scene.desk.accept(id) }
                }
                scene.pass(.seconds(1))
                _ = try await scene.feeder.look()
            }
            #expect(try await scene.row(campaign.id).campaign.state == .finished)
            #expect(try await scene.counts(campaign.id) == ["accepted": 200])
        }
    }

    // MARK: What recurs

    /// Moved after it has opened, a daily window opens again tomorrow: nobody gets the same twice in a day.
    @Test func aWindowThatIsMovedOpensNoSoonerThanUsual() async throws {
        try await CampaignScene.run { scene in
            func define(_ cron: String, quiet: DeliveryWindow.QuietHours? = nil) async throws {
                _ = try await scene.desk.windows.create(
                    .init(name: "daily", cron: cron, timeZone: "UTC", stage: 600, quietHours: quiet), workspace: "w")
            }
            func next() async throws -> Timestamp { try #require(try await scene.desk.windows.recurrences().first?.nextAt) }
            try await define("0 6 * * *")
            let first = try await scene.plan(
                .init(
                    name: "C", template: "t", recipients: CampaignScene.people(2), window: "daily", recurring: true, start: true,
                    requestKey: "k"))
            let opening = try #require(first.startAt)
            // Changed otherwise, it opens when it did: the first is planned already.
            try await define("0 6 * * *", quiet: .init(from: "22:00", to: "05:00"))
            #expect(try await next() == opening + .days(1))
            // An opening that was left out stays left out.
            _ = try await scene.desk.windows.skip(.init(id: "C", next: opening + .days(1)), workspace: "w")
            try await define("0 6 * * *")
            #expect(try await next() == opening + .days(2))
            scene.desk.now.set(opening)
            for _ in 0..<3 {
                _ = try await scene.feeder.look()
                try await scene.send()
            }
            _ = try await scene.feeder.look()
            scene.desk.now.set(opening + .minutes(5))
            for (cron, after) in [
                ("10 6 * * *", Milliseconds.minutes(10)), ("0 20 * * *", .hours(14)), ("0 5 * * *", .hours(-1)), ("0 6 * * *", .zero),
            ] {
                try await define(cron)
                // The day that was left out stays so wherever the window goes.
                #expect(try await next() == opening + .days(2) + after, "\(cron)")
            }
        }
    }

    /// Weekly, the next one left out; daily from now on, the days before it are not left out with it.
    @Test func aSkipTakesNoOtherOpeningAlong() async throws {
        try await CampaignScene.run { scene in
            func define(_ cron: String) async throws {
                _ = try await scene.desk.windows.create(.init(name: "w", cron: cron, timeZone: "UTC", stage: 60), workspace: "w")
            }
            try await define("0 6 * * MON")
            let first = try await scene.plan(
                .init(
                    name: "C", template: "t", recipients: CampaignScene.people(1), window: "w", recurring: true, start: true,
                    requestKey: "k"))
            _ = try await scene.desk.campaigns.cancel(first.id.rawValue, workspace: "w")
            let next = try #require(try await scene.desk.windows.recurrences().first?.nextAt)
            _ = try await scene.desk.windows.skip(.init(id: "C", next: next), workspace: "w")
            try await define("0 9 * * *")
            let daily = try #require(try await scene.desk.windows.recurrences().first?.nextAt)
            #expect(daily < next - .days(2), "\(Date(daily)) and left out \(Date(next))")
            // And the day that was left out stays so.
            scene.desk.now.set(next - .hours(1))
            try await define("30 9 * * *")
            #expect(try await scene.desk.windows.recurrences().first?.nextAt == next + .days(1) + .minutes(210))
        }
    }

    /// A window that is moved has its next opening by the new line, at once.
    @Test func aWindowThatIsEditedOpensAnew() async throws {
        try await CampaignScene.run { scene in
            func define(_ cron: String) async throws {
                _ = try await scene.desk.windows.create(.init(name: "daily", cron: cron, timeZone: "UTC", stage: 600), workspace: "w")
            }
            try await define("0 6 * * *")
            let first = try await scene.plan(
                .init(
                    name: "C", template: "t", recipients: CampaignScene.people(2), window: "daily", recurring: true, start: true,
                    requestKey: "k"))
            // What is planned for the opening would go out beside the one of the new line.
            let busy = await #expect(throws: Fault.self) { try await define("0 18 * * *") }
            #expect(busy?.code == .windowBusy && busy?.message.contains(first.id.rawValue) == true)
            _ = try await scene.desk.campaigns.cancel(first.id.rawValue, workspace: "w")
            try await define("0 18 * * *")
            let next = try #require(try await scene.desk.windows.recurrences().first?.nextAt)
            #expect(Date(next).ISO8601Format().hasSuffix("T18:00:00Z") && next > scene.desk.now.value)
            #expect(try await scene.recurrences.planStaged() == next - .minutes(10))
        }
    }

    /// One opening is left out, once however often it is asked; and what recurs ends without its window.
    @Test func anOpeningIsLeftOutAndTheRowEnds() async throws {
        try await CampaignScene.run { scene in
            let windows = scene.desk.windows
            _ = try await windows.create(.init(name: "daily", cron: "0 6 * * *", timeZone: "UTC", stage: 600), workspace: "w")
            let first = try await scene.plan(
                .init(
                    name: "Morning", template: "t", recipients: CampaignScene.people(2), window: "daily", recurring: true, start: true,
                    requestKey: "k"))
            let listed = try #require(try await windows.recurrences(workspace: "w").items.first)
            #expect(listed.name == "Morning" && listed.window == "daily" && listed.id == first.id)
            #expect(try await windows.recurrences(workspace: "other").items.isEmpty)
            for round in 0..<2 {
                let reply = try await windows.skip(.init(id: "Morning", next: listed.next), workspace: "w")
                #expect(reply.recurrence.next == listed.next + .days(1) && reply.openings.map(\.wasLeftOut) == [round == 1])
            }
            let between = SkipRecurrence.Params(id: "Morning", next: listed.next + .hours(1))
            await #expect(throws: Fault.self, "no opening, and nothing was skipped") { try await windows.skip(between, workspace: "w") }
            await #expect(throws: Fault.self) { try await windows.skip(.init(id: "Morning", next: listed.next), workspace: "other") }
            #expect(try await scene.recurrences.planStaged() == listed.next + .days(1) - .minutes(10))
            try await windows.stop("Morning", workspace: "w")
            #expect(try await scene.recurrences.planStaged() == nil)
            await #expect(throws: Fault.self) { try await windows.stop("Morning", workspace: "w") }
        }
    }

    /// A list that was made for one campaign goes, also where the campaign was never made; lists with names stay.
    @Test func listsForOneCampaignGoAMonthLater() async throws {
        try await CampaignScene.run { scene in
            let lists = scene.desk.lists
            let orphan = try await lists.create("a", workspace: "w", isHidden: true)
            let named = try await lists.create("b", workspace: "w")
            for list in [orphan, named] {
                _ = try await lists.add(.init(id: list.id.rawValue, recipients: CampaignScene.people(3)), workspace: "w")
            }
            #expect(try await lists.all(workspace: "w").items.map(\.name) == ["b"])
            try await scene.desk.campaigns.pruneLists()
            #expect(try await lists.get(orphan.id.rawValue, workspace: "w").members == 3)
            scene.pass(.days(31))
            try await scene.desk.campaigns.pruneLists()
            await #expect(throws: Fault.self) { try await lists.get(orphan.id.rawValue, workspace: "w") }
            #expect(try await lists.get("b", workspace: "w").id == named.id, "a list is known by its name, too")
        }
    }

    /// A day off of a window that opens every minute is passed over in one step.
    @Test func aDayOffCostsNothing() async throws {
        try await CampaignScene.run { scene in
            _ = try await scene.desk.windows.create(
                .init(name: "always", cron: "* * * * *", timeZone: "UTC", spreadFrom: 0, spreadTo: 30, deadline: 50, stage: 10),
                workspace: "w")
            let first = try await scene.plan(
                .init(
                    name: "C", template: "t", recipients: CampaignScene.people(1), window: "always", recurring: true, start: true,
                    requestKey: "k"))
            let opening = try #require(first.startAt)
            scene.desk.now.set(opening + .days(1))
            var passes = 0
            repeat {
                passes += 1
            } while try await scene.recurrences.planStaged() ?? .latest <= scene.desk.now.value && passes < 10
            #expect(passes < 5)
            let names = try await scene.desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM campaign") } ?? 0
            #expect(names < 6)
        }
    }

    @Test func eachOpeningIsPlannedOnceAndBeforeItOpens() async throws {
        try await CampaignScene.run { scene in
            _ = try await scene.desk.windows.create(
                .init(name: "daily", cron: "0 6 * * *", timeZone: "UTC", stage: 600), workspace: "w")
            let first = try await scene.plan(
                .init(
                    name: "C", template: "t", recipients: CampaignScene.people(2), window: "daily", recurring: true, start: true,
                    requestKey: "k"))
            let opening = try #require(first.startAt)
            let names = { try await scene.desk.pool.read { try String.fetchAll($0, sql: "SELECT requestKey FROM campaign ORDER BY id") } }
            #expect(try await scene.recurrences.planStaged() == opening + .days(1) - .minutes(10))
            #expect(try await names().count == 1)
            scene.desk.now.set(opening + .days(1) - .minutes(10))
            for _ in 0..<2 { _ = try await scene.recurrences.planStaged() }
            #expect(try await names().count == 2)
            // Away for three days: the opening that was missed first is told, and not sent late.
            scene.desk.now.set(opening + .days(5) + .hours(1))
            _ = try await scene.recurrences.planStaged()
            #expect(try await scene.recurrences.planStaged() == opening + .days(6) - .minutes(10))
            let refused = try await scene.desk.pool.read { try CampaignRow.all($0, .refused) }
            #expect(
                Set(refused.map(\.campaign.startAt)) == [opening + .days(2), opening + .days(5)], "the first that was missed, and the last")
        }
    }
}
