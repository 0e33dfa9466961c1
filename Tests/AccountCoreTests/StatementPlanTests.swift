import AccountContract
import GRDB
import JobQueue
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountCore
@testable import AccountNumbers
@testable import AccountOutbox

/// What happens to messages and campaigns all day finds its rows by an index.
@Suite struct StatementPlanTests {
    /// Tables that grow with what is sent; the others hold a few rows for each number or campaign.
    private static let growing = [
        "message", "messageNote", "job", "campaignRecipient", "campaignCount", "broadcastListMember", "consent", "consentStep",
        "conversationWindow", "contactRoute", "event",
    ]

    @Test func nothingIsScanned() async throws {
        let desk = try await OutboxDesk()
        let statements = MutexBox<Set<String>>([])
        let note: @Sendable (Database.TraceEvent) -> Void = { event in
            guard case .statement(let statement) = event else { return }
            statements.update { $0.insert(statement.expandedSQL) }
        }
        try await desk.pool.writeWithoutTransaction { $0.trace(options: .statement, note) }
        try await desk.pool.read { $0.trace(options: .statement, note) }
        try await live(desk)
        let seen = statements.value.filter { sql in ["SELECT", "UPDATE", "DELETE"].contains { sql.hasPrefix($0) } }
        #expect(seen.count > 40, "\(seen.count)")
        try await desk.pool.read { db in
            db.trace(options: [])
            for sql in seen.sorted() {
                for row in try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(sql)") {
                    let step: String = row["detail"]
                    let isScan = Self.growing.contains { step == "SCAN \($0)" || step.hasPrefix("SCAN \($0) ") }
                    #expect(!isScan || step.contains("INDEX"), "\(step): \(sql)")
                    // What runs all day, or fills a screen, finds its rows in their order.
                    let isLong = (Self.growing + ["campaign"]).contains { "\(sql) ".contains(" FROM \($0) ") }
                    #expect(!isLong || !step.contains("TEMP B-TREE FOR ORDER BY"), "\(step): \(sql)")
                    #expect(!sql.contains(" FROM job ") || !step.contains("TEMP B-TREE"), "\(step): \(sql)")
                }
            }
        }
        try desk.end()
    }

    /// What happens to messages and campaigns all day.
    private func live(_ desk: OutboxDesk) async throws {
        let (lists, campaigns) = (desk.lists, desk.campaigns)
        let list = try await lists.create("People", workspace: "w")
        let recipients = (0..<20).map { Recipient(contact: "+\(919_800_000_000 + $0)", variables: ["name": "Asha"]) }
        _ = try await lists.add(.init(id: list.id, recipients: recipients), workspace: "w")
        let campaign = try await campaigns.plan(.init(name: "C", template: "t", list: list.id, requestKey: "c"), workspace: "w")
        try await desk.queueRecipients(of: campaign.id, 20)
        _ = try await campaigns.progress(campaign.id, workspace: "w")
        _ = try await campaigns.firstDue(campaign.id)
        for state in [Campaign.State.planning, .scheduled, .running] {
            _ = try await desk.pool.read { try CampaignRow.all($0, state) }
        }
        let sent = try await desk.lease()
        for id in sent.prefix(4) { try await desk.accept(id) }
        try await desk.status(sent[0], at: desk.now.value)
        try await desk.fail(sent[4])
        _ = try desk.outbox.recover()
        desk.now.set(desk.now.value + 100_000)
        _ = try await desk.outbox.resendUnknown(desk.numbers, gaps: desk.gaps, grace: 10_000, patience: 60_000, gapGrace: 3_600_000)
        _ = try await desk.outbox.unknown(before: desk.now.value)
        _ = try await campaigns.results(.init(id: campaign.id), workspace: "w")
        try await desk.states.set(campaign.id, .running, from: Campaign.State.allCases, reason: nil)
        _ = try await campaigns.retry(.init(id: campaign.id, codes: [131026]), workspace: "w")
        _ = try await campaigns.pause(campaign.id, workspace: "w")
        _ = try await campaigns.cancel(campaign.id, workspace: "w")
        _ = try await campaigns.unsettled()
        _ = try await desk.queued("single")
        for params in [
            ListMessages.Params(), .init(account: "1"), .init(to: "+919800000001"), .init(state: .failed),
            .init(state: .failed, account: "1"),
            .init(cursor: "01"),
        ] {
            _ = try await desk.outbox.list(params, workspace: "w")
        }
        _ = try await desk.outbox.known("single", 1, workspace: "w")
        let inbound = RecordInbound.Params(
            phoneNumberID: "1", contact: "919800000001", wamid: "wamid.i", at: desk.now.value, text: "STOP")
        _ = try await desk.inbound.record(inbound)
        try await desk.pool.read { _ = try desk.outbox.waiting($0) }
        try await desk.numbers.delete("1")
        try await desk.outbox.failWaiting(on: "1")
        try await lists.delete(list.id, workspace: "w")
    }
}
