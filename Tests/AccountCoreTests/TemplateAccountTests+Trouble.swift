import AccountContract
import AccountPacing
import Coordination
import GRDB
import GraphAPI
import GraphMessages
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

/// What becomes of templates and fallbacks when numbers close, rest, go, or come back in another account.
extension TemplateAccountTests {
    private static let asha: ContactID = "919876543000"

    private func opens(_ desk: OutboxDesk, _ number: PhoneNumberID) async throws {
        let now = desk.now.value
        _ = try await desk.store.write { db in
            try desk.contactRoutes.heard(db, PersonID(Self.asha), on: number, at: now, workspace: "w")
        }
    }

    private func text(_ fallback: SendMessage.Template = .init(name: "other", variables: [:]), account: PhoneNumberID? = nil)
        -> SendMessage.Params
    {
        .init(to: Self.asha.rawValue, text: .init(body: "Hello"), fallback: fallback, account: account, requestKey: "k")
    }

    private func places(_ desk: OutboxDesk) async throws -> [String] {
        try await desk.pool.read { db in
            try String.fetchAll(db, sql: "SELECT account || ' ' || type || ' ' || category || ' ' || state FROM message ORDER BY id")
        }
    }

    private func delete(_ desk: OutboxDesk, _ number: PhoneNumberID) async throws {
        try await desk.numbers.delete(number)
    }

    private func rest(_ desk: OutboxDesk, _ number: PhoneNumberID) async throws {
        let numbers = desk.numbers
        try await numbers.change { db in
            try numbers.hear(db, .barred("x"), of: number)
            try numbers.bar(db, number, by: [NumberBar(word: "RESTRICTED_BIZ_INITIATED_MESSAGING", until: numbers.store.now + .days(2))])
        }
    }

    enum Turn: CaseIterable { case windowClosed, numberDrained, pausedMeanwhile }

    /// A batch's text was filled while the window was open; it is closed, or its number gone, when its turn comes.
    @Test(arguments: Turn.allCases) func aBatchsFallbackGoesOutFromItsOwnAccount(turn: Turn) async throws {
        try await scene { scene, _ in
            let desk = scene.desk
            try await opens(desk, "1")
            let batch = try await desk.campaigns.create(.init(name: "b", requestKey: "b"), workspace: "w")
            _ = try await scene.batches.add(.init(id: batch.id.rawValue, messages: [text()]), workspace: "w")
            _ = try await desk.campaigns.start(batch.id.rawValue, workspace: "w")
            switch turn {
            case .windowClosed: scene.pass(.hours(25))
            case .numberDrained: _ = try await desk.numbers.update(.init(phoneNumberID: "1", duty: .draining))
            case .pausedMeanwhile:
                scene.pass(.hours(25))
                _ = try await scene.feeder.look()
                _ = try await desk.campaigns.pause(batch.id.rawValue, workspace: "w")
                try await desk.campaigns.withdraw(batch.id)
                _ = try await desk.campaigns.resume(batch.id.rawValue, workspace: "w")
            }
            _ = try await scene.feeder.look()
            #expect(try await places(desk) == ["3 template utility queued"])
            let counts = try await desk.pool.read { try CampaignCountsReading.byNumber($0, batch.id) }
            #expect(counts.filter { $0.value != 0 } == ["3": 1])
        }
    }

    /// An open window is used, and the fallback kept for when it closes.
    @Test func aBatchsTextGoesOutWhereTheWindowIsOpen() async throws {
        try await scene { scene, _ in
            try await opens(scene.desk, "1")
            let batch = try await scene.desk.campaigns.create(.init(name: "b", requestKey: "b"), workspace: "w")
            _ = try await scene.batches.add(.init(id: batch.id.rawValue, messages: [text()]), workspace: "w")
            _ = try await scene.desk.campaigns.start(batch.id.rawValue, workspace: "w")
            _ = try await scene.feeder.look()
            #expect(try await places(scene.desk) == ["1 text service queued"])
            scene.pass(.hours(25))
            #expect(try await lease(scene.desk, "1").isEmpty)
            #expect(try await places(scene.desk) == ["3 template utility queued"])
            let counts = try await scene.desk.pool.read { try CampaignCountsReading.byNumber($0, batch.id) }
            #expect(counts.filter { $0.value != 0 } == ["3": 1])
        }
    }

    /// A number of the fallback's account that cannot send now keeps it until it can.
    @Test func aFallbackWaitsForANumberThatRests() async throws {
        try await scene { scene, messages in
            let desk = scene.desk
            try await opens(desk, "1")
            let id = try await messages.send(text(), call).id
            try await rest(desk, "3")
            scene.pass(.hours(25))
            #expect(try await lease(desk, "1").isEmpty)
            #expect(try await number(desk, id) == "3")
            #expect(try await desk.state(id) == .queued)
        }
    }

    /// While it was with Meta its number was removed, and Meta says that the window is closed.
    @Test(arguments: [true, false], ["other", "raw"]) func aFallbackOfARemovedNumber(isAsked: Bool, name: String) async throws {
        let meta = MetaAnswers()
        try await meta.serve { address in
            try await scene(meta: address) { scene, messages in
                let desk = scene.desk
                try await opens(desk, "1")
                // Given with Meta's own components, nobody knows whose template it is: any number may try.
                let template =
                    name == "raw"
                    ? SendMessage.Template(name: "raw", language: "en", components: [], category: .utility)
                    : .init(name: name, variables: [:])
                let id = try await messages.send(text(template, account: isAsked ? "1" : nil), call).id
                let (outbox, now) = (desk.outbox, desk.now.value)
                let (jobs, prepared) = try await desk.store.write { db in
                    let jobs = try JobTable.claim(db, queue: Outbox.queue("1"), limit: 1, now: now)
                    return (jobs, try outbox.markSending(db, jobs, "1"))
                }
                let sender = MessageSender(
                    number: "1", outbox: outbox, graph: desk.graph, pacer: desk.pacer, logger: desk.quiet, prepared: Mutexed(prepared))
                try await delete(desk, "1")
                meta.next.set([.refused(131047)])
                let job = try #require(jobs.first)
                guard case .done(let also) = await sender.send(job) else { return #expect(Bool(false), "its job is done") }
                try await desk.store.write { db in
                    try JobTable.complete(db, id: job.id)
                    try also(db)
                }
                let message = try await desk.outbox.get(id, workspace: "w")
                if isAsked {
                    #expect(message.state == .failed && message.error?.contains("no number can send it") == true)
                } else {
                    #expect(message.state == .queued && message.account != "1" && (name == "raw" || message.account == "3"))
                }
            }
        }
    }

    /// Removed and added again, a number is in another account: what waits on it goes out from where its template is.
    @Test(arguments: [true, false]) func aNumberThatCameBackInAnotherAccount(isMateThere: Bool) async throws {
        try await scene(isMateThere: isMateThere) { scene, messages in
            let desk = scene.desk
            let id = try await messages.send(params(0, "t", account: isMateThere ? nil : "1"), call).id
            let number = try await number(desk, id)
            // As if it had been removed with the message unknown, and the message was offered again.
            try await desk.numbers.change { db in
                try db.execute(sql: "UPDATE account SET wabaID = '77' WHERE phoneNumberID = ?", arguments: [number])
            }
            #expect(try await lease(desk, number).isEmpty)
            let message = try await desk.outbox.get(id, workspace: "w")
            if isMateThere {
                #expect(message.state == .queued && message.account == (number == "1" ? "4" : "1"))
            } else {
                #expect(message.state == .failed && message.error?.contains("132001") == true)
            }
        }
    }

    /// The last number of its account is gone: it says so instead of running for ever.
    @Test func aCampaignWhoseAccountHasNoNumberLeftPauses() async throws {
        try await scene(isMateThere: false) { scene, _ in
            let desk = scene.desk
            let campaign = try await scene.plan(
                .init(name: "c", template: "t", recipients: CampaignScene.people(30), start: true, requestKey: "c"))
            try await delete(desk, "1")
            _ = try await scene.feeder.look()
            let row = try await scene.row(campaign.id).campaign
            #expect(row.state == .paused && row.reason?.contains("belongs to the account 2") == true)
            _ = try await desk.numbers.add(
                .init(phoneNumberID: "5", wabaID: "2", displayPhoneNumber: "+918047181005", displayName: "E"), workspace: "w")
            _ = try await desk.campaigns.resume(campaign.id.rawValue, workspace: "w")
            _ = try await scene.feeder.look()
            #expect(try await scene.counts(campaign.id) == ["queued": 30])
            #expect(try await Set(places(desk)) == ["5 template utility queued"])
        }
    }

    /// A batch's messages differ: one that none can send does not hold up the others.
    @Test func aMessageOfABatchThatNobodyCanSendHoldsUpNoOther() async throws {
        try await scene { scene, _ in
            let desk = scene.desk
            let batch = try await desk.campaigns.create(.init(name: "b", requestKey: "b"), workspace: "w")
            // The raw ones may go out from anywhere; all of them are planned on the number 3.
            let messages = (0..<6).map { n in
                SendMessage.Params(
                    to: "\(919_876_543_000 + n)",
                    template: n % 2 == 0
                        ? .init(name: "other", variables: [:]) : .init(name: "raw", language: "en", components: [], category: .utility),
                    requestKey: "\(n)")
            }
            _ = try await scene.batches.add(.init(id: batch.id.rawValue, messages: messages), workspace: "w")
            try await desk.pool.write { try $0.execute(sql: "UPDATE campaignRecipient SET account = '3'") }
            _ = try await desk.campaigns.start(batch.id.rawValue, workspace: "w")
            try await rest(desk, "3")
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            #expect(try await scene.counts(batch.id) == ["planned": 3, "queued": 3])
            try await delete(desk, "3")
            scene.pass(.minutes(1))
            _ = try await scene.feeder.look()
            #expect(try await scene.counts(batch.id) == ["skipped": 3, "queued": 3], "no number is left that it may go out from")
        }
    }

    /// What passes by tomorrow leaves nobody out today.
    @Test(arguments: [true, false]) func nobodyIsLeftOutForWhatPasses(isResting: Bool) async throws {
        try await scene(isMateThere: false) { scene, _ in
            let desk = scene.desk
            if isResting {
                try await rest(desk, "1")
            } else {
                for person in 0..<250 { _ = desk.pacer.admit("1", contact: ContactID("\(person)"), opensConversation: true) }
            }
            let campaign = try await scene.plan(.init(name: "c", template: "t", recipients: CampaignScene.people(3), requestKey: "c"))
            let report = try #require(try await scene.row(campaign.id).report)
            #expect(report.recipients == 3 && report.skipped.isEmpty && report.blockers.isEmpty)
            #expect(
                report.warnings.contains {
                    $0.contains(isResting ? "3 people wait for the number" : "the others wait until the limit allows it")
                })
        }
    }

    /// Whoever is planned while no number works waits, as whoever was planned before, and goes out from the first that does.
    @Test(arguments: ["banned", "disabled", "draining"]) func nobodyIsLeftOutWhileNoNumberWorks(what: String) async throws {
        try await scene(isMateThere: false) { scene, _ in
            let desk = scene.desk
            switch what {
            case "banned": try await ban(desk, "1")
            case "disabled": _ = try await desk.numbers.update(.init(phoneNumberID: "1", enabled: false))
            default: _ = try await desk.numbers.update(.init(phoneNumberID: "1", duty: .draining))
            }
            let campaign = try await scene.plan(
                .init(name: "c", template: "t", recipients: CampaignScene.people(3), start: true, requestKey: "c"))
            let report = try #require(try await scene.row(campaign.id).report)
            #expect(report.recipients == 3 && report.skipped.isEmpty && report.blockers.isEmpty)
            #expect(report.warnings.contains { $0.contains("3 people wait for the number +918047181000") }, "\(report.warnings)")
            if what != "draining" {
                #expect(report.numbers.map(\.rate) == [0] && report.duration < .seconds(1), "nothing now, and fast later")
            }
            _ = try await scene.feeder.look()
            #expect(try await scene.counts(campaign.id) == ["planned": 3])
            _ = try await desk.numbers.add(
                .init(phoneNumberID: "5", wabaID: "2", displayPhoneNumber: "+918047181005", displayName: "E"), workspace: "w")
            _ = try await scene.feeder.look()
            #expect(try await scene.counts(campaign.id) == ["queued": 3])
            #expect(try await Set(places(desk)) == ["5 template utility queued"])
        }
    }

    /// Numbers of another account help no deadline.
    @Test func aPromiseCountsTheNumbersThatMaySend() async throws {
        try await scene(isMateThere: false) { scene, _ in
            let desk = scene.desk
            for (number, rate) in [("1", 10), ("3", 1000)] {
                _ = try await desk.numbers.update(.init(phoneNumberID: PhoneNumberID(number), messagesPerSecond: rate))
            }
            _ = try await desk.windows.create(
                .init(name: "six", cron: "0 6 * * *", timeZone: "UTC", spreadFrom: 0, spreadTo: 0, deadline: 60), workspace: "w")
            let campaign = try await scene.plan(
                .init(
                    name: "c", template: "t", recipients: CampaignScene.people(900), window: "six", start: true, requestKey: "c"))
            desk.now.set(try #require(campaign.startAt))
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            #expect(try await scene.row(campaign.id).isAtRisk, "900 at 10 a second take longer than a minute")
            let analytics = Analytics(
                store: desk.store, numbers: desk.numbers, outbox: desk.outbox, campaigns: desk.campaigns, tariffs: desk.tariffs)
            let capacity = try await analytics.capacity(.init(category: .utility), workspace: "w")
            #expect(capacity.coming.map(\.enough) == [false] && capacity.advice.contains { $0.contains("there are 9.9/s") })
        }
    }
}
