import AccountContract
import AccountPacing
import GRDB
import JobQueue
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCore
@testable import AccountNumbers
@testable import AccountOutbox

/// What waits on a number that cannot send it.
@Suite struct FailoverTests {
    private func desk() async throws -> OutboxDesk {
        let desk = try await OutboxDesk()
        let other = AddAccount.Params(phoneNumberID: "2", wabaID: "2", displayPhoneNumber: "+918047181001", displayName: "B")
        _ = try await desk.numbers.add(other, workspace: "w")
        return desk
    }

    private func ban(_ desk: OutboxDesk, _ number: PhoneNumberID) async throws {
        let numbers = desk.numbers
        try await numbers.change { db in try numbers.hear(db, .banned("x"), of: number) }
    }

    @Test func aNumberIsNotAddedAsAnotherNorRelievesItself() async throws {
        let desk = try await desk()
        let again = AddAccount.Params(phoneNumberID: "2", wabaID: "2", displayPhoneNumber: "+91 80 4718 1001", displayName: "B")
        #expect(try await desk.numbers.add(again, workspace: "w").displayName == "B", "the same once more")
        var other = again
        other.displayPhoneNumber = "+918047181009"
        let taken = await #expect(throws: Fault.self) { try await desk.numbers.add(other, workspace: "w") }
        #expect(taken?.code == .accountTaken && taken?.path == "phoneNumberID")
        #expect(taken?.message.contains("with the phone number +918047181001; give the same") == true, "what differs, and nothing else")
        other = again
        (other.displayName, other.wabaID) = ("C", "9")
        let named = await #expect(throws: Fault.self) { try await desk.numbers.add(other, workspace: "w") }
        #expect(named?.message.contains("with the name B, the account (WABA) 2; give") == true, "\(named?.message ?? "")")
        let foreign = await #expect(throws: Fault.self) { try await desk.numbers.add(other, workspace: "x") }
        #expect(foreign?.message == "The number 2 is another workspace's, and a number has one; use it there, or add another.")
        let same = await #expect(throws: Fault.self) { try await desk.failover.move(.init(from: "2", to: "2"), workspace: "w") }
        #expect(same?.code == .params && same?.path == "to")
        try desk.end()
    }

    @Test func aBannedNumbersTemplatesMoveAndTheCountsWithThem() async throws {
        let desk = try await desk()
        try await desk.addCampaign("c", deadline: desk.now.value + 60_000)
        try await desk.queueRecipients(of: "c", 600)
        let single = try await desk.queued("single")
        try await ban(desk, "1")
        #expect(try await desk.failover.relieve("1") == 601)
        #expect(try await desk.outbox.get(single, workspace: "w").account == "2")
        let waiting = try await desk.pool.read { try desk.outbox.waiting($0) }
        #expect(waiting == ["2": 601])
        let counts = try await desk.pool.read { try CampaignCountsReading.byNumber($0, "c") }
        #expect(counts == ["1": 0, "2": 600])
        #expect(desk.numbers.queueTime("1") == 0 && desk.numbers.queueTime("2") > .seconds(7))
        #expect(try await desk.failover.relieve("1") == 0, "and nothing is left")
        try desk.end()
    }

    /// Taken out by an operator, a number keeps its queue, whatever Meta says of it meanwhile.
    @Test func aDisabledNumberKeepsItsQueue() async throws {
        let desk = try await desk()
        _ = try await desk.queued()
        _ = try await desk.numbers.update(.init(phoneNumberID: "1", enabled: false))
        try await ban(desk, "1")
        #expect(try await desk.failover.relieve("1") == 0)
        #expect(try await desk.pool.read { try desk.outbox.waiting($0) } == ["1": 1])
        _ = try await desk.numbers.update(.init(phoneNumberID: "1", enabled: true))
        #expect(try await desk.failover.relieve("1") == 1)
        try desk.end()
    }

    /// What is with Meta or on its way there is nobody else's.
    @Test func whatIsBeingSentStays() async throws {
        let desk = try await desk()
        let id = try await desk.queued()
        #expect(try await desk.lease() == [id])
        try await ban(desk, "1")
        #expect(try await desk.failover.relieve("1") == 0)
        #expect(try await desk.outbox.get(id, workspace: "w").account == "1")
        try desk.end()
    }

    @Test func withoutAnotherNumberEverythingWaits() async throws {
        let desk = try await OutboxDesk()
        _ = try await desk.queued()
        try await ban(desk, "1")
        #expect(try await desk.failover.relieve("1") == 0)
        #expect(try await desk.pool.read { try desk.outbox.waiting($0) } == ["1": 1])
        try desk.end()
    }

    @Test func anOperatorMovesAllButAnswersAndTheContacts() async throws {
        let desk = try await desk()
        _ = try await desk.queued()
        let reply = try await desk.failover.move(.init(from: "1", to: "2"), workspace: "w")
        #expect((reply.messages, reply.stayed, reply.contacts) == (1, 0, 1))
        let fault = await #expect(throws: Fault.self) { try await desk.failover.move(.init(from: "1", to: "2"), workspace: "x") }
        #expect(fault?.code == .accountUnknown)
        try desk.end()
    }

    enum Trouble: CaseIterable { case disabled, unlinked, draining, exhausted }

    /// A number that cannot send keeps what was written for it alone, and gives its campaigns to those that can.
    @Test(arguments: Trouble.allCases) func campaignsLeaveANumberThatCannotSend(trouble: Trouble) async throws {
        let desk = try await OutboxDesk()
        let other = AddAccount.Params(
            phoneNumberID: "2", wabaID: "9", portfolio: "99", displayPhoneNumber: "+918047181001", displayName: "B")
        _ = try await desk.numbers.add(other, workspace: "w")
        try await desk.addCampaign("c", deadline: desk.now.value + 60_000)
        try await desk.queueRecipients(of: "c", 209)
        let single = try await desk.queued("single")
        let numbers = desk.numbers
        switch trouble {
        case .disabled: _ = try await numbers.update(.init(phoneNumberID: "1", enabled: false))
        case .unlinked:
            try await numbers.change { db in
                var account = try Numbers.account(db, "1")
                account.link = .unlinked
                try numbers.write(db, account)
            }
        case .draining: _ = try await numbers.update(.init(phoneNumberID: "1", duty: .draining))
        case .exhausted:
            for person in 0..<250 { _ = desk.pacer.admit("1", contact: ContactID("\(person)"), opensConversation: true) }
        }
        #expect(try await desk.failover.relieve("1") == 209)
        #expect(try await desk.outbox.get(single, workspace: "w").account == "1")
        #expect(try await desk.pool.read { try CampaignCountsReading.byNumber($0, "c") } == ["1": 0, "2": 209])
        try desk.end()
    }

    @Test func aNumberThatWasAskedForKeepsItsMessage() async throws {
        let desk = try await desk()
        try await desk.addCampaign("c", deadline: desk.now.value + 60_000)
        try await desk.queueRecipients(of: "c", 3)
        _ = try await desk.queued("single")
        try await desk.pool.write { try $0.execute(sql: "UPDATE message SET isAsked = 1") }
        try await ban(desk, "1")
        #expect(try await desk.failover.relieve("1") == 1, "the single one goes out, and tells from where")
        try desk.end()
    }

    /// With nobody to take over, nothing moves.
    @Test func withoutAnotherNumberAllStays() async throws {
        let desk = try await OutboxDesk()
        try await desk.addCampaign("c", deadline: desk.now.value + 60_000)
        try await desk.queueRecipients(of: "c", 3)
        _ = try await desk.numbers.update(.init(phoneNumberID: "1", enabled: false))
        #expect(try await desk.failover.relieve("1") == 0)
        try desk.end()
    }
}

/// Recipients that wait, by number.
enum CampaignCountsReading {
    static func byNumber(_ db: Database, _ campaign: CampaignID) throws -> [PhoneNumberID: Int] {
        let rows = try Row.fetchAll(
            db, sql: "SELECT account, n FROM campaignCount WHERE campaign = ? AND state = 'queued'", arguments: [campaign])
        return Dictionary(uniqueKeysWithValues: rows.map { (PhoneNumberID($0["account"]), $0["n"]) })
    }
}
