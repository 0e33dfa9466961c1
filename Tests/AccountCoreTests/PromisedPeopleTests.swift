import AccountContract
import GRDB
import JobQueue
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountContacts
@testable import AccountOutbox

/// To whom a promise is made: who was left out before it, and who opts out after it, counts neither way.
@Suite struct PromisedPeopleTests {
    /// Of some people each `broken` one lacks a variable; planned for a window of a minute.
    private func scene(
        _ people: [Recipient], start: Bool = true, _ body: (CampaignScene, Campaign, _ opening: Timestamp) async throws -> Void
    ) async throws {
        try await CampaignScene.run { scene in
            let window = CreateWindow.Params(name: "six", cron: "0 6 * * *", timeZone: "UTC", spreadFrom: 0, spreadTo: 0, deadline: 60)
            _ = try await scene.desk.windows.create(window, workspace: "w")
            let campaign = try await scene.plan(
                .init(name: "C", template: "t", recipients: people, window: "six", start: start, requestKey: "k"))
            try await body(scene, campaign, try #require(campaign.startAt))
        }
    }

    private func people(_ sound: Int, broken: Int = 0) -> [Recipient] {
        CampaignScene.people(sound + broken).enumerated().map { n, recipient in
            n < sound ? recipient : Recipient(contact: recipient.contact, variables: ["name": "broken"])
        }
    }

    private func stop(_ scene: CampaignScene, _ contact: ContactID) async throws {
        let step = Consent.Step(state: .stopped, at: scene.desk.now.value, source: "test", actor: nil, proof: nil)
        _ = try await scene.desk.store.write { [consents = scene.desk.consents] db in
            try consents.record(db, People.person(db, contact, workspace: "w"), step, workspace: "w")
        }
    }

    /// What may be sent of what waits, asked as its sender asks.
    private func admit(_ scene: CampaignScene) async throws -> [MessageID] {
        let (outbox, now) = (scene.desk.outbox, scene.desk.now.value)
        return try await scene.desk.store.write { db in
            try JobTable.claim(db, queue: Outbox.queue("1"), limit: 10, now: now) { db, job in
                try outbox.admit(db, job, on: "1") { _, _, _ in nil }
            }
            .map(\.message)
        }
    }

    private func promise(_ scene: CampaignScene) async throws -> SLAAnalytics.Item {
        let items = try await scene.desk.pool.read { try scene.desk.campaigns.promises($0, from: 0, to: .latest, workspace: "w").items }
        return try #require(items.first)
    }

    private func event(_ scene: CampaignScene) async throws -> JSONValue {
        let text = try await scene.desk.pool.read {
            try String.fetchOne($0, sql: "SELECT data FROM event WHERE type IN ('sla.kept', 'sla.missed') ORDER BY rowid DESC LIMIT 1")
        }
        return try JSON.decode(JSONValue.self, from: try #require(text))
    }

    @Test func whoWasLeftOutBeforeIsNoPartOfIt() async throws {
        try await scene(people(3, broken: 1)) { scene, campaign, opening in
            scene.desk.now.set(opening)
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            try await scene.send()
            _ = try await scene.feeder.look()
            let told = try await promise(scene)
            #expect(told.verdict == "kept" && told.total == 3 && told.share == 100 && told.reason == nil)
            let report = try await scene.desk.campaigns.progress(campaign.id.rawValue, workspace: "w")
            #expect(report.verdict == "kept" && report.promised == 3 && report.report?.recipients == 3 && report.missing.isEmpty)
            let event = try await event(scene)
            #expect(event["promised"]?.integer == 3)
        }
    }

    /// Nobody was promised anything, and that is not kept.
    @Test func whereAllWereLeftOutNothingIsKept() async throws {
        try await scene(people(0, broken: 2)) { scene, campaign, opening in
            #expect(try await scene.row(campaign.id).campaign.state == .planned)
            scene.desk.now.set(opening + .minutes(5))
            _ = try await scene.desk.campaigns.cancel(campaign.id.rawValue, workspace: "w")
            let told = try await promise(scene)
            #expect(told.verdict == "missed" && told.total == 0)
        }
    }

    /// One said STOP before the hand-over, one while the message waited: both have it as they wish, and the others were in time.
    @Test func whoOptsOutAfterwardsCountsNeitherWay() async throws {
        try await scene(people(4)) { scene, campaign, opening in
            try await stop(scene, "919800000000")
            scene.desk.now.set(opening)
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            #expect(try await scene.counts(campaign.id) == ["queued": 3, "skipped": 1])
            try await stop(scene, "919800000001")
            let admitted = try await admit(scene)
            #expect(admitted.count == 2)
            for id in admitted { try await scene.desk.accept(id) }
            _ = try await scene.feeder.look()
            let told = try await promise(scene)
            #expect(told.verdict == "kept" && told.total == 2 && told.inside == 2)
            #expect(
                try await scene.counts(campaign.id) == ["accepted": 2, "failed": 1, "skipped": 1], "counted where they are all the same")
            // Tried again, they are waited for again, until they turn out to have opted out still.
            let retry = try await scene.desk.campaigns.retry(.init(id: campaign.id.rawValue), workspace: "w")
            #expect(retry.retried == 1)
            #expect(try await promise(scene).total == 3)
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            #expect(try await promise(scene).total == 2)
            #expect(try await scene.row(campaign.id).verdict == "kept")
        }
    }

    /// Of three one has failed, and the promise is missed; tried again, they have said STOP meanwhile, and it is kept.
    @Test func whoOptsOutAfterTheVerdictMendsIt() async throws {
        try await scene(people(3)) { scene, campaign, opening in
            scene.desk.now.set(opening)
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            let ids = try await scene.desk.lease()
            for id in ids.dropLast() { try await scene.desk.accept(id) }
            let last = try #require(ids.last)
            try await scene.desk.fail(last)
            _ = try await scene.feeder.look()
            #expect(try await scene.row(campaign.id).verdict == "missed")
            let retry = try await scene.desk.campaigns.retry(.init(id: campaign.id.rawValue, codes: [131026]), workspace: "w")
            #expect(retry.retried == 1)
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            #expect(try await scene.counts(campaign.id) == ["accepted": 2, "queued": 1])
            try await stop(scene, scene.desk.outbox.get(last, workspace: "w").to)
            #expect(try await admit(scene).isEmpty)
            let told = try await promise(scene)
            #expect(told.verdict == "kept" && told.total == 2 && told.share == 100, "\(told)")
            _ = try await scene.feeder.look()
            let report = try await scene.desk.campaigns.progress(campaign.id.rawValue, workspace: "w")
            #expect(report.campaign.state == .finished && report.verdict == "kept" && report.missing.isEmpty)
            let events = try await scene.desk.pool.read {
                try String.fetchAll($0, sql: "SELECT type FROM event WHERE type LIKE 'sla.%' ORDER BY rowid")
            }
            #expect(events == ["sla.missed", "sla.kept"])
        }
    }

    /// Meta tells it by a status, after the promise was judged.
    @Test func whoStopsMarketingInWhatsAppCountsNeitherWay() async throws {
        try await scene(people(3)) { scene, campaign, opening in
            scene.desk.now.set(opening)
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            try await scene.send()
            _ = try await scene.feeder.look()
            let id = try await scene.desk.pool.read { try String.fetchOne($0, sql: "SELECT id FROM message ORDER BY id") ?? "" }
            scene.pass(.seconds(1))
            let status = MessageStatus(
                wamid: WAMID("wamid.\(id)"), phoneNumberID: "1", status: "failed", at: scene.desk.now.value, callbackData: id,
                errorCode: 131050)
            _ = try await scene.desk.statuses.record(.init(statuses: [status]))
            let told = try await promise(scene)
            #expect(told.verdict == "kept" && told.total == 2 && told.share == 100)
        }
    }

    /// Everybody who was planned and not reached in time counts, and is told with the reason.
    @Test func whatIsMissedSaysWhy() async throws {
        try await scene(people(4, broken: 1)) { scene, campaign, opening in
            scene.desk.now.set(opening)
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            let ids = try await scene.desk.lease()
            try await scene.desk.accept(ids[0])
            for id in ids.dropFirst() { try await scene.desk.fail(id) }
            _ = try await scene.feeder.look()
            let report = try await scene.desk.campaigns.progress(campaign.id.rawValue, workspace: "w")
            #expect(report.verdict == "missed" && report.promised == 4 && report.inside == 1)
            #expect(report.missing.map(\.count).reduce(0, +) == 3, "\(report.missing)")
            #expect(try await promise(scene).reason == "3 not reached in time: 3 failed")
            #expect(try await event(scene)["reason"]?.string == "3 not reached in time: 3 failed")
        }
    }

    /// What is in danger says so while something can be done.
    @Test func whatIsAtRiskSaysWhy() async throws {
        try await scene(people(2)) { scene, campaign, opening in
            scene.desk.now.set(opening)
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            for id in try await scene.desk.lease() { try await scene.desk.fail(id) }
            _ = try await scene.desk.campaigns.pause(campaign.id.rawValue, workspace: "w")
            try await scene.desk.pool.write { try $0.execute(sql: "UPDATE campaign SET isAtRisk = 1") }
            let told = try await promise(scene)
            #expect(told.verdict == "atRisk" && told.reason?.contains("paused") == true, "\(told)")
            #expect(told.reason?.contains("2 not reached in time: 2 failed") == true, "\(told)")
        }
    }

    /// A share is told with two digits, and never as one that it does not reach.
    @Test func aShareIsNotRoundedUp() async throws {
        let desk = try await OutboxDesk()
        try await desk.addCampaign("c", deadline: desk.now.value + 60_000)
        try await desk.store.write { db in
            try CampaignCounts.add(db, 298, "accepted", of: "c", on: "1")
            try CampaignCounts.add(db, 286, "inside", of: "c", on: "1")
            try CampaignCounts.add(db, 2, "failed", of: "c", on: "1")
        }
        let counts = try await desk.pool.read { try CampaignCounts($0, "c") }
        let promise = CampaignPromise(counts, leftOut: 0, target: 95.334)
        #expect(promise.share == 95.33 && !promise.isKept && promise.people == 300)
        try desk.end()
    }
}
