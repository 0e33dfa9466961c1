import AccountContract
import GRDB
import JobQueue
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountContacts
@testable import AccountCore
@testable import AccountNumbers
@testable import AccountOutbox
@testable import AccountPacing

/// What screens ask for and what goes on all day finds its rows by an index, in their order.
@Suite struct StatementPlanTests {
    private static func plans() -> StatementPlans {
        let sorted = "USE TEMP B-TREE"
        return StatementPlans(
            bounded: [
                "account": "an operator adds them", "strategy": "one of each workspace", "portfolio": "as many as numbers at most",
                "deliveryWindow": "an operator makes them", "tariff": "prices by country, as an operator imports them",
                "templateCategory": "templates that Meta has moved", "accountLoad": "hours of 90 days, of each number",
                "contactAliasFormer": "numbers that changed their owner, read once at start",
                "messageQueued": "what waits is counted from the index alone", "messageUnderWay": "requests to Meta under way",
                "messageUnknown": "what Meta has not answered yet", "messageHeld": "what Meta holds, within the hour",
            ],
            exceptions: [
                .init("SELECT * FROM recurrence", "SCAN recurrence", because: "each is looked at for its next opening"),
                .init("SELECT DISTINCT name FROM recurrence", sorted, because: "names of one workspace, after one was misspelt"),
                .init("FROM recurrence r JOIN campaign c", sorted, because: "what is alive of one row or window"),
                .init("campaignKey WHERE key = ?", sorted, because: "one key is in few batches"),
                .init("campaignByName WHERE workspace = ? AND name = ? ORDER BY", sorted, because: "campaigns of one name"),
                .init("GROUP BY problem ORDER BY n DESC", "\(sorted) FOR ORDER BY", because: "reasons are sorted, not recipients"),
                .init("JOIN messageOutcome m ON m.id = r.message WHERE r.campaign = ? AND m.object", sorted, because: "ever more rarely"),
                .init("coalesce(m.error, 'it failed') AS reason", sorted, because: "reasons of a campaign that has ended and missed"),
                .init("FROM conversationWindow WHERE workspace = ? AND contact = ?", sorted, because: "a person's numbers"),
                .init("contactAliasByPerson", sorted, because: "a person's names"),
                .init("FROM messageWAMID WHERE message = ?", sorted, because: "a message's ids"),
                .init("FROM messageFailure WHERE workspace = ?", sorted, because: "reasons by the half hour, of a span of time"),
                .init("SELECT errorCode, error, count(*)", sorted, because: "10,000 at most, or what a prefix names"),
                .init("requestKey BETWEEN ? AND ? GROUP BY", sorted, because: "what a prefix names is counted"),
            ])
    }

    @Test func messagesAreFoundByAnIndex() async throws {
        let plans = Self.plans()
        let desk = try await OutboxDesk(plans: plans)
        let problems = try await plans.problems(of: desk.pool) {
            try await send(desk)
            try await listMessages(desk)
            try await keepPeople(desk)
            try await watch(desk)
            try await desk.numbers.delete("1")
            try await desk.outbox.failWaiting(on: "1")
            try await forget(desk)
        }
        #expect(problems == [])
        #expect(plans.count > 60, "\(plans.count)")
        try desk.end()
    }

    @Test func campaignsAreFoundByAnIndex() async throws {
        let plans = Self.plans()
        try await CampaignScene.run(plans: plans) { scene in
            let problems = try await plans.problems(of: scene.desk.pool) {
                try await runCampaigns(scene)
                try await recur(scene)
                try await fillBatches(scene)
                try await listCampaigns(scene)
                try await watch(scene.desk)
                scene.pass(.days(400))
                try await scene.desk.campaigns.pruneLists()
                try await scene.desk.campaigns.prune(before: scene.desk.now.value - .days(90))
                try await forget(scene.desk)
            }
            #expect(problems == [])
            #expect(plans.count > 60, "\(plans.count)")
        }
    }

    @Test func everyReferenceHasAnIndex() async throws {
        let desk = try await OutboxDesk()
        let problems = try await desk.pool.read { try StatementPlans.unservedReferences($0) }
        #expect(problems == [])
        try desk.end()
    }

    // MARK: Messages

    /// From the queue to every end that a message can come to.
    private func send(_ desk: OutboxDesk) async throws {
        try await desk.addCampaign("c", deadline: desk.now.value + .hours(1))
        try await desk.queueRecipients(of: "c", 20)
        let sent = try await desk.lease()
        for id in sent.prefix(4) { try await desk.accept(id) }
        try await desk.status(sent[0].rawValue, at: desk.now.value)
        try await desk.fail(sent[4])
        _ = try desk.outbox.recover()
        try desk.outbox.restore(desk.pacer, desk.numbers)
        desk.now.set(desk.now.value + 100_000)
        _ = try await desk.outbox.resendUnknown(
            desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: 60_000, gapGrace: 3_600_000)
        _ = try await desk.outbox.unknown(before: desk.now.value)
        _ = try await desk.queued("single")
        _ = try desk.outbox.orphanedNumbers(known: [])
    }

    private func listMessages(_ desk: OutboxDesk) async throws {
        for params in [
            ListMessages.Params(), .init(account: "1"), .init(to: "+919800000001"), .init(state: .failed),
            .init(state: .failed, account: "1"),
            .init(cursor: "01"),
        ] {
            let page = try await desk.outbox.list(params, workspace: "w")
            for message in page.items.prefix(2) { _ = try await desk.outbox.explain(message.id, workspace: "w") }
        }
        _ = try await desk.outbox.known("single", 1, workspace: "w")
        _ = try await desk.outbox.statistics(.init(), workspace: "w")
        _ = try await desk.outbox.statistics(.init(requestKeyPrefix: "campaign:"), workspace: "w")
        _ = try await desk.outbox.load()
        let analytics = Analytics(
            store: desk.store, numbers: desk.numbers, outbox: desk.outbox, campaigns: desk.campaigns, tariffs: desk.tariffs)
        _ = try await analytics.delivery(Period(), workspace: "w")
        _ = try await analytics.cost(Period(), workspace: "w")
        _ = try await analytics.sla(Period(), workspace: "w")
        _ = try await analytics.capacity(.init(), workspace: "w")
    }

    /// What people write and agree to, and what is known of them.
    private func keepPeople(_ desk: OutboxDesk) async throws {
        for (wamid, text) in [("wamid.i", "STOP"), ("wamid.j", "START")] {
            _ = try await desk.inbound.record(
                .init(phoneNumberID: "1", contact: "919800000001", wamid: WAMID(wamid), at: desk.now.value, text: text))
        }
        _ = try await desk.consents.get(.init(contact: "+919800000001"), workspace: "w")
        for params in [ListConsents.Params(), .init(state: .stopped)] { _ = try await desk.consents.list(params, workspace: "w") }
        _ = try await desk.contactRoutes.window(.init(contact: "919800000001", account: "1"), workspace: "w")
    }

    /// What looks at numbers and messages from time to time.
    private func watch(_ desk: OutboxDesk) async throws {
        let loads = LoadWatch(store: desk.store, numbers: desk.numbers, pacer: desk.pacer, outbox: desk.outbox, logger: desk.quiet)
        var full: Set<PhoneNumberID> = []
        var unwritten: [PhoneNumberID: LoadMeter.Load] = ["1": LoadMeter.Load(messages: 5, peak: 5)]
        try await loads.look(&full, &unwritten)
        _ = try await desk.campaigns.withoutNumbers()
        _ = try await desk.campaigns.unsettled()
        _ = try await desk.numbers.troubles()
        _ = try await desk.numbers.health("1", workspace: "w")
        _ = try await desk.numbers.quality("w")
        _ = try await AccountDesk(numbers: desk.numbers, outbox: desk.outbox).list("w")
        _ = try await desk.failover.relieve("1")
        try await desk.outbox.restorePortfolios(desk.pacer)
    }

    private func forget(_ desk: OutboxDesk) async throws {
        let now = desk.now.value
        try await desk.outbox.pruneContents(before: now - .days(30))
        try await desk.outbox.prune(before: now - .days(90))
        try await desk.gaps.prune()
        try await desk.notices.prune()
        try await desk.contactRoutes.pruneWindows()
        try await desk.contactRoutes.pruneHabits(after: .days(90))
        try await desk.consents.pruneSteps(after: .days(90))
        try await desk.numbers.pruneLoads()
        try await desk.numbers.pruneSteps()
        try await IdempotencyKeys.prune(desk.pool, now: now)
        try await EventLog(Reads(desk.pool)).prune(before: now)
    }

    // MARK: Campaigns

    /// Planned, handed over, sent, tried again, paused, cancelled.
    private func runCampaigns(_ scene: CampaignScene) async throws {
        let desk = scene.desk
        let campaign = try await scene.plan(
            .init(name: "C", experiment: "e", recipients: CampaignScene.people(10), start: true, requestKey: "c"))
        let now = desk.now.value
        try await desk.pool.write { db in
            try db.execute(
                sql: "UPDATE campaign SET startAt = ?, deadline = ? WHERE id = ?", arguments: [now, now + .hours(1), campaign.id])
        }
        _ = try await scene.feeder.look()
        let sent = try await desk.lease()
        for id in sent.dropFirst() { try await desk.accept(id) }
        try await desk.fail(sent[0])
        _ = try await scene.feeder.look()
        let watch = DeadlineWatch(store: desk.store, states: desk.states, numbers: desk.numbers)
        let counts = try await desk.pool.read { try CampaignCounts($0, campaign.id) }
        try await watch.look(scene.row(campaign.id), counts, rate: 1, now: desk.now.value)
        _ = try await desk.pool.read { try CampaignRow.standing($0) }
        scene.pass(1000)
        let reports = ExperimentReports(store: desk.store, templates: scene.templates.client, logger: desk.quiet)
        _ = try await reports.due()
        try await reports.report(scene.row(campaign.id).campaign, "w")
        _ = try await desk.campaigns.retry(.init(id: campaign.id.rawValue, codes: [131026]), workspace: "w")
        _ = try await scene.feeder.look()
        _ = try await desk.campaigns.pause(campaign.id.rawValue, workspace: "w")
        _ = try await desk.campaigns.resume("C", workspace: "w")
        _ = try await desk.campaigns.cancel(campaign.id.rawValue, workspace: "w")
        await #expect(throws: Fault.self) { try await desk.campaigns.progress("D", workspace: "w") }
        for state in [Campaign.State.planning, .scheduled, .running] {
            _ = try await desk.pool.read { try CampaignRow.all($0, state) }
        }
    }

    /// A window that opens daily, what recurs in it, and the end of both.
    private func recur(_ scene: CampaignScene) async throws {
        let (desk, people) = (scene.desk, CampaignScene.people(3))
        let list = try await desk.lists.create("People", workspace: "w")
        _ = try await desk.lists.add(.init(id: list.id.rawValue, recipients: people), workspace: "w")
        let window = CreateWindow.Params(name: "daily", cron: "0 6 * * *", timeZone: "UTC", stage: 600)
        let id = try await desk.windows.create(window, workspace: "w").window.id
        let row = try await scene.plan(
            .init(name: "R", template: "t", list: list.id.rawValue, window: "daily", recurring: true, start: true, requestKey: "r"))
        _ = try await desk.windows.skip(.init(id: "R"), workspace: "w")
        _ = try await desk.windows.unskip(.init(id: "R"), workspace: "w")
        scene.pass(.days(1))
        _ = try await scene.recurrences.planStaged()
        await #expect(throws: Fault.self) { try await desk.lists.delete(list.id.rawValue, workspace: "w") }
        await #expect(throws: Fault.self) { try await desk.windows.stop("RR", workspace: "w") }
        let moved = CreateWindow.Params(name: "daily", cron: "0 7 * * *", timeZone: "UTC", stage: 600)
        _ = try? await desk.windows.create(moved, workspace: "w")  // refused or not, it has looked at what is planned
        _ = try await desk.windows.recurrences(workspace: "w")
        _ = try await desk.windows.list(workspace: "w")
        _ = try await desk.campaigns.progress(row.id.rawValue, workspace: "w")
        _ = try await desk.windows.stop("R", workspace: "w")
        _ = try await desk.windows.create(window, workspace: "w")
        try await desk.windows.delete(id.rawValue, workspace: "w")
        try await desk.lists.delete(list.id.rawValue, workspace: "w")
    }

    private func fillBatches(_ scene: CampaignScene) async throws {
        let desk = scene.desk
        let batch = try await desk.campaigns.create(.init(name: "B", requestKey: "b"), workspace: "w")
        let message = SendMessage.Params(to: "919876543210", template: .init(name: "t", variables: [:]), requestKey: "1")
        _ = try await scene.batches.add(.init(id: batch.id.rawValue, messages: [message]), workspace: "w")
        _ = try await scene.batches.add(.init(id: batch.id.rawValue, messages: [message]), workspace: "w")
        _ = try await desk.campaigns.start(batch.id.rawValue, workspace: "w")
        _ = try await scene.feeder.look()
        try await scene.send()
        _ = try await scene.feeder.look()
    }

    private func listCampaigns(_ scene: CampaignScene) async throws {
        let campaigns = scene.desk.campaigns
        for kind in [Campaign.Kind.campaign, .batch] {
            for item in try await campaigns.list(.init(), kind, workspace: "w").items {
                _ = try await campaigns.progress(item.id.rawValue, workspace: "w")
                _ = try await campaigns.firstDue(item.id)
                let page = try await campaigns.results(.init(id: item.id.rawValue, limit: 2), workspace: "w")
                if let next = page.next {
                    _ = try await campaigns.results(.init(id: item.id.rawValue, limit: 2, cursor: next), workspace: "w")
                }
            }
        }
        _ = try await scene.desk.lists.all(workspace: "w")
        _ = try await scene.desk.tariffs.list(workspace: "w")
    }
}
