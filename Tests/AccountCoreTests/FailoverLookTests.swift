import AccountContract
import GRDB
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountCore
@testable import AccountNumbers
@testable import AccountOutbox
@testable import AccountPacing

/// What one look at a number in trouble does, and what the next one leaves alone.
@Suite struct FailoverLookTests {
    private func add(_ desk: OutboxDesk, _ id: PhoneNumberID, _ number: String) async throws {
        let other = AddAccount.Params(
            phoneNumberID: id, wabaID: "9", portfolio: "99", displayPhoneNumber: number, displayName: "B")
        _ = try await desk.numbers.add(other, workspace: "w")
    }

    private func waiting(_ desk: OutboxDesk) async throws -> [PhoneNumberID: Int] {
        try await desk.pool.read { try CampaignCountsReading.byNumber($0, "c") }.filter { $0.value != 0 }
    }

    /// A moment of refusal moves nobody; one that lasts gives the campaign to a number that can send, and keeps the rest.
    @Test func whatMetaRefusesForAWhileGoesOutFromAnother() async throws {
        let desk = try await OutboxDesk()
        try await add(desk, "2", "+918047181001")
        try await desk.addCampaign("c", deadline: desk.now.value + .hours(1))
        try await desk.queueRecipients(of: "c", 20)
        let single = try await desk.queued("single")
        desk.pacer.block("1", for: .minutes(30), because: "Meta refuses it")
        var known: Failover.Case?
        let number = try desk.numbers.found("1")
        for _ in 0..<2 {
            try await desk.failover.look(at: number, &known)
            #expect(try await waiting(desk) == ["1": 20])
            desk.now.set(desk.now.value + .seconds(59))
        }
        try await desk.failover.look(at: number, &known)
        #expect(try await waiting(desk) == ["2": 20])
        #expect(try await desk.outbox.get(single, workspace: "w").account == "1", "a single message waits for its number")
        try desk.end()
    }

    /// Refused again and again in between, it has its minute anew each time.
    @Test func whatPassesBetweenTwoLooksMovesNobody() async throws {
        let desk = try await OutboxDesk()
        try await add(desk, "2", "+918047181001")
        try await desk.addCampaign("c", deadline: desk.now.value + .hours(1))
        try await desk.queueRecipients(of: "c", 3)
        var known: Failover.Case?
        let number = try desk.numbers.found("1")
        for _ in 0..<4 {
            desk.pacer.block("1", for: .minutes(30), because: "Meta refuses it")
            try await desk.failover.look(at: number, &known)
            desk.now.set(desk.now.value + .seconds(50))
            desk.pacer.unblock("1")
            desk.pacer.answered("1")
            try await desk.failover.look(at: number, &known)
            desk.now.set(desk.now.value + .seconds(50))
        }
        #expect(try await waiting(desk) == ["1": 3])
        try desk.end()
    }

    /// The clock is set back by an hour meanwhile: the minute is over all the same.
    @Test func aNumberInTroubleIsRelievedThoughTheClockWasSetBack() async throws {
        let desk = try await OutboxDesk()
        try await add(desk, "2", "+918047181001")
        try await desk.addCampaign("c", deadline: desk.now.value + .hours(1))
        try await desk.queueRecipients(of: "c", 3)
        var known: Failover.Case?
        let number = try desk.numbers.found("1")
        desk.pacer.block("1", for: .minutes(30), because: "Meta refuses it")
        try await desk.failover.look(at: number, &known)
        desk.now.set(desk.now.value - .hours(1))
        try await desk.failover.look(at: number, &known)
        #expect(try await waiting(desk) == ["1": 3])
        desk.now.set(desk.now.value + .minutes(1))
        try await desk.failover.look(at: number, &known)
        #expect(try await waiting(desk) == ["2": 3])
        try desk.end()
    }

    /// A number that is switched off, and three messages that name it and so can go nowhere else.
    private func stuck() async throws -> (OutboxDesk, Account) {
        let desk = try await OutboxDesk()
        try await add(desk, "2", "+918047181001")
        try await desk.addCampaign("c", deadline: desk.now.value + .hours(1))
        try await desk.queueRecipients(of: "c", 3)
        _ = try await desk.numbers.update(.init(phoneNumberID: "1", enabled: false))
        try await desk.pool.write { try $0.execute(sql: "UPDATE message SET isAsked = 1") }
        return (desk, try desk.numbers.found("1"))
    }

    /// What no number could take is looked at again only once something has changed.
    @Test func whatWasRelievedIsNotRoutedAgainAtTheNextLook() async throws {
        let (desk, number) = try await stuck()
        var known: Failover.Case?
        try await desk.failover.look(at: number, &known)
        #expect(try await waiting(desk) == ["1": 3], "they wait for the number that they name")
        // Routed once more they would move; nothing that a look goes by has changed.
        try await desk.pool.write { try $0.execute(sql: "UPDATE message SET isAsked = 0") }
        try await desk.failover.look(at: number, &known)
        #expect(try await waiting(desk) == ["1": 3])
        // Another number that could take them is news.
        try await add(desk, "3", "+918047181002")
        try await desk.failover.look(at: number, &known)
        #expect(try await waiting(desk)["1"] == nil)
        try desk.end()
    }

    /// More and more comes to a number whose messages nobody could take: they are routed again once a minute, and not for each.
    @Test func whatComesAfterTheReliefIsRoutedOnceAMinute() async throws {
        let (desk, number) = try await stuck()
        var known: Failover.Case?
        try await desk.failover.look(at: number, &known)
        try await desk.pool.write { try $0.execute(sql: "UPDATE message SET isAsked = 0") }
        for n in 0..<11 {
            desk.now.set(desk.now.value + .seconds(5))
            _ = try await desk.queued("single\(n)")
            try await desk.failover.look(at: number, &known)
        }
        #expect(try await waiting(desk) == ["1": 3])
        desk.now.set(desk.now.value + .seconds(5))
        try await desk.failover.look(at: number, &known)
        #expect(try await waiting(desk) == ["2": 3])
        try desk.end()
    }

    /// Who is planned on a number that Meta refuses is handed over to another one.
    @Test func whoIsPlannedOnARefusedNumberGoesOutFromAnother() async throws {
        try await CampaignScene.run { scene in
            let desk = scene.desk
            let campaign = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(5), start: true, requestKey: "k"))
            try await add(desk, "2", "+918047181001")
            desk.pacer.block("1", for: .minutes(30), because: "Meta refuses it")
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            let counts = try await desk.pool.read { try CampaignCounts($0, campaign.id).byNumber }
            #expect(counts == ["2": ["queued": 5]])
        }
    }
}
