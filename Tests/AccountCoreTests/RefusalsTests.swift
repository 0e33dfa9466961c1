import AccountContract
import GRDB
import GraphAPI
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountContacts
@testable import AccountNumbers
@testable import AccountOutbox

/// What a refusal has done besides the message's failure, whichever way Meta tells of it.
@Suite struct RefusalsTests {
    enum Way: CaseIterable { case answer, status }

    private func refuse(_ desk: OutboxDesk, _ id: MessageID, _ code: Int, by way: Way) async throws {
        switch way {
        case .answer:
            let error = GraphError(code: code, status: 400, details: "d")
            let outbox = desk.outbox
            let isNews = try await desk.store.write { db in try outbox.refuse(db, id, error) }
            #expect(isNews)
        case .status:
            let status = MessageStatus(
                wamid: "wamid.r", phoneNumberID: "1", status: "failed", at: desk.now.value, callbackData: id.rawValue, errorCode: code,
                errorDetails: "d")
            #expect(try await desk.statuses.record(.init(statuses: [status])).applied == 1)
        }
        #expect(try await desk.state(id) == .failed)
    }

    @Test(arguments: Way.allCases) func anOptOutIsRecordedWithItsProof(way: Way) async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.queued()
        try await refuse(desk, id, 131050, by: way)
        let consent = try await desk.consents.get(.init(contact: "919876543210"), workspace: "w")
        #expect(consent.state == .marketingStopped && consent.steps.map(\.proof) == ["131050 on \(id)"])
        #expect(desk.numbers.account("1")?.health == .ready)
        try desk.end()
    }

    @Test(arguments: Way.allCases) func aRestrictedNumberRests(way: Way) async throws {
        let desk = try await OutboxDesk()
        try await refuse(desk, try await desk.queued(), 131048, by: way)
        #expect(desk.numbers.account("1")?.health == .resting, "the copy for routing knows it, too")
        try desk.end()
    }

    @Test(arguments: Way.allCases) func aTemplateThatFailsForEverybodyPausesItsCampaign(way: Way) async throws {
        let desk = try await OutboxDesk()
        try await desk.addCampaign("c", deadline: desk.now.value + 60_000)
        try await desk.queueRecipients(of: "c", 2)
        let ids = try await desk.lease()
        try await refuse(desk, ids[0], 132016, by: way)
        let row = try await desk.pool.read { try CampaignRow.read($0, "c") }
        #expect(row.campaign.state == .paused && row.campaign.reason == GraphError(inStatus: 132016, details: "d").explanation)
        #expect(try await desk.pool.read { try CampaignCounts($0, "c").places } == ["queued": 1, "failed": 1])
        try desk.end()
    }

    /// Meta had accepted the message and refuses it for the bill: no other one is wasted, on any number of the account.
    @Test(arguments: [131042, 131031, 368]) func anAccountThatIsRefusedByStatusIsHeldUntilItIsReleased(code: Int) async throws {
        let desk = try await OutboxDesk()
        for (number, waba) in [("2", "2"), ("3", "9")] {
            let params = AddAccount.Params(
                phoneNumberID: PhoneNumberID(number), wabaID: WABAID(waba), displayPhoneNumber: "+91804718100\(number)",
                displayName: number)
            _ = try await desk.numbers.add(params, workspace: "w")
        }
        try await refuse(desk, try await desk.queued(), code, by: .status)
        #expect(desk.numbers.account("1")?.health == .held && desk.numbers.account("2")?.health == .held)
        #expect(desk.numbers.account("3")?.health == .ready, "another account")
        #expect(RoutingTable.obstacle(try desk.numbers.found("1"), .utility)?.contains("account.release") == true)
        #expect(RoutingTable.obstacle(try desk.numbers.found("1"), .service) == nil)
        let route = try await desk.routing.route("919876543210", .utility, asked: nil, workspace: "w")
        #expect(route.account.phoneNumberID == "3")
        await #expect(throws: Fault.self) { try await desk.numbers.release("1", workspace: "x") }
        #expect(try await desk.numbers.release("1", workspace: "w").health == .ready)
        #expect(desk.numbers.account("2")?.health == .ready)
        try desk.end()
    }

    /// What is advised is what works: a hold is released here, a ban at Meta only, and what has ended is not to be ended again.
    @Test func theNextStepFollowsTheNumber() async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.queued()
        try await refuse(desk, id, 131031, by: .status)
        func advice() async throws -> String { try await desk.outbox.explain(id, workspace: "w").nextStep ?? "" }
        let numbers = desk.numbers
        #expect(numbers.account("1")?.health == .held)
        #expect(try await advice().contains("linda accounts release"))
        try await numbers.change { db in try numbers.hear(db, .banned("disabled"), of: "1") }
        #expect(numbers.account("1")?.health == .banned)
        let banned = try await advice()
        #expect(banned.contains("Meta has disabled the account: disabled. Nothing goes out until Meta reinstates it"), "\(banned)")
        #expect(!banned.contains("accounts release") && banned.contains("message.retry"), "\(banned)")
        try await numbers.change { db in try numbers.hear(db, .reinstated, of: "1") }
        let free = try await advice()
        #expect(free.contains("Nothing of this holds the number") && !free.contains("release"), "\(free)")
        try desk.end()
    }

    /// An answer has cost no message: the number tries again by itself.
    @Test func anAnswerHoldsNothingForGood() async throws {
        let desk = try await OutboxDesk()
        try await refuse(desk, try await desk.queued(), 131042, by: .answer)
        #expect(desk.numbers.account("1")?.health == .ready)
        try desk.end()
    }

    /// One recipient's fault concerns nobody else.
    @Test(arguments: Way.allCases) func whatIsWrongWithOneRecipientStopsNothing(way: Way) async throws {
        let desk = try await OutboxDesk()
        try await desk.addCampaign("c", deadline: desk.now.value + 60_000)
        try await desk.queueRecipients(of: "c", 2)
        let ids = try await desk.lease()
        try await refuse(desk, ids[0], 131026, by: way)
        #expect(try await desk.pool.read { try CampaignRow.read($0, "c").campaign.state } == .running)
        #expect(desk.numbers.account("1")?.health == .ready)
        try desk.end()
    }
}
