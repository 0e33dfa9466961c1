import AccountContract
import GRDB
import MetaEvents
import RPCContract
import Storage
import Support
import TemplateContract
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountNumbers
@testable import AccountOutbox
@testable import AccountPacing

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

    // MARK: Who fails afterwards

    /// Meta takes everybody, and tells only after the campaign's end that it could not write to them.
    @Test func whatFailsAfterTheVerdictIsMissedAllTheSame() async throws {
        try await scene(deadline: 3600, people: 10) { scene, campaign, opening in
            try await scene.planner.plan(scene.row(campaign.id))
            scene.desk.now.set(opening)
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            try await scene.send()
            _ = try await scene.feeder.look()
            #expect(try await scene.row(campaign.id).verdict == "kept")
            let ids = try await scene.desk.pool.read { try String.fetchAll($0, sql: "SELECT id FROM message ORDER BY id") }
            #expect(ids.count == 10)
            for id in ids {
                scene.pass(.seconds(1))
                let status = MessageStatus(
                    wamid: WAMID("wamid.\(id)"), phoneNumberID: "1", status: "failed", at: scene.desk.now.value, callbackData: id,
                    errorCode: 131026)
                _ = try await scene.desk.statuses.record(.init(statuses: [status]))
                #expect(try await scene.row(campaign.id).verdict == "missed", "of a promise of 99 in 100, one in ten is too many")
            }
            #expect(try await events(scene) == ["sla.kept", "sla.missed"])
            let promises = try await scene.desk.pool.read { db in
                try scene.desk.campaigns.promises(db, from: 0, to: .latest, workspace: "w").items
            }
            #expect(promises.map(\.verdict) == ["missed"] && promises.map(\.share) == [0])
        }
    }

    // MARK: Paused

    /// Nothing of it moves: that is told while somebody can still resume it.
    @Test func aPausedCampaignIsToldAtRiskBeforeItsDeadline() async throws {
        try await scene(deadline: 3600, people: 10) { scene, campaign, opening in
            try await scene.planner.plan(scene.row(campaign.id))
            scene.desk.now.set(opening)
            _ = try await scene.feeder.look()
            _ = try await scene.desk.campaigns.pause(campaign.id.rawValue, workspace: "w")
            for _ in 0..<12 {
                scene.pass(.seconds(5))
                _ = try await scene.feeder.look()
            }
            #expect(try await events(scene) == ["sla.atRisk"], "once, and fifty-nine minutes before")
            #expect(try await scene.row(campaign.id).verdict == nil)
        }
    }

    // MARK: Refused

    /// What may be the matter with the only number.
    enum Refusal: CaseIterable { case banned, held, barred, disabled, blocked }

    private func refuse(_ scene: CampaignScene, _ refusal: Refusal) async throws {
        let numbers = scene.desk.numbers
        let word: NumberHealth.Word
        switch refusal {
        case .disabled:
            _ = try await numbers.update(.init(phoneNumberID: "1", enabled: false))
            return
        case .blocked: return scene.desk.pacer.block("1", for: .hours(9), because: "the token has expired", token: scene.desk.pacer.token)
        case .banned: word = .banned("too much spam")
        case .held: word = .refused("the bill is open")
        case .barred: word = .barred("no initiated messages")
        }
        try await numbers.change { db in try numbers.hear(db, word, of: "1") }
    }

    /// Every number refuses, with people queued on it or before: it is told while somebody can still act, the promise is
    /// missed at its deadline, and the campaign ends though no sender ever gets to what is queued.
    @Test(arguments: Refusal.allCases, [true, false]) func aRefusedCampaignIsAtRiskThenMissedAndEnds(_ refusal: Refusal, isQueued: Bool)
        async throws
    {
        try await scene(deadline: 3600, people: 10) { scene, campaign, opening in
            try await scene.planner.plan(scene.row(campaign.id))
            scene.desk.now.set(opening)
            if isQueued {
                for _ in 0..<2 { _ = try await scene.feeder.look() }
                #expect(try await scene.counts(campaign.id) == ["queued": 10])
            }
            try await refuse(scene, refusal)
            for _ in 0..<12 {
                _ = try await scene.feeder.look()
                scene.pass(.seconds(5))
            }
            #expect(try await events(scene) == ["sla.atRisk"], "once, and fifty-nine minutes before")
            let promises = try await scene.desk.pool.read { db in
                try scene.desk.campaigns.promises(db, from: 0, to: .latest, workspace: "w").items
            }
            #expect(promises.map(\.verdict) == ["atRisk"] && promises.map(\.state) == [.running])
            scene.desk.now.set(opening + .hours(2))
            for _ in 0..<4 {
                _ = try await scene.feeder.look()
                scene.pass(.seconds(1))
            }
            #expect(try await events(scene) == ["sla.atRisk", "sla.missed"])
            let (row, counts) = (try await scene.row(campaign.id), try await scene.counts(campaign.id))
            #expect(row.campaign.state == .finished && row.verdict == "missed", "\(counts)")
            #expect(counts["planned"] == nil && counts["queued"] == nil, "\(counts)")
        }
    }

    /// What was asked for late as well goes on waiting for its number.
    @Test func whatMayBeLateIsNotGivenUp() async throws {
        try await CampaignScene.run { scene in
            let window = CreateWindow.Params(
                name: "six", cron: "0 6 * * *", timeZone: "UTC", spreadFrom: 0, spreadTo: 0, deadline: 60)
            _ = try await scene.desk.windows.create(window, workspace: "w")
            let campaign = try await scene.plan(
                .init(
                    name: "C", template: "t", recipients: CampaignScene.people(2), window: "six", late: true, start: true, requestKey: "k"))
            let opening = try #require(try await scene.row(campaign.id).opening)
            scene.desk.now.set(opening)
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            try await refuse(scene, .banned)
            scene.desk.now.set(opening + .hours(1))
            for _ in 0..<3 { _ = try await scene.feeder.look() }
            #expect(try await scene.counts(campaign.id) == ["queued": 2])
            #expect(try await scene.row(campaign.id).campaign.state == .running)
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
            case .cancelled: _ = try await scene.desk.campaigns.cancel(campaign.id.rawValue, workspace: "w")
            case .refused: break
            }
            let row = try await scene.row(campaign.id)
            #expect("\(row.campaign.state)" == "\(end)" && row.verdict == (end == .finished ? "kept" : "missed"))
            #expect(reader.unjudged.value == 0 && reader.judged.value == 1)
        }
    }
}
