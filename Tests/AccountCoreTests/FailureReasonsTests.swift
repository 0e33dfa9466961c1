import AccountContract
import GRDB
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountContacts
@testable import AccountOutbox

/// Why a promise was missed: the reasons are as many as the people, and cost nothing to be asked for again.
@Suite struct FailureReasonsTests {
    /// A campaign with a deadline, and its messages as they are sent.
    private func run(_ people: Int, _ body: (OutboxDesk, _ ids: [MessageID]) async throws -> Void) async throws {
        let desk = try await OutboxDesk()
        try await desk.addCampaign("c", deadline: desk.now.value + 60_000)
        try await desk.queueRecipients(of: "c", people)
        try await body(desk, try await desk.lease())
        try desk.end()
    }

    private func end(_ desk: OutboxDesk) async throws {
        _ = try await desk.store.write { [states = desk.states] in try states.set($0, "c", .finished, from: [.running], reason: nil) }
    }

    private func reasons(_ desk: OutboxDesk) async throws -> [String: Int] {
        let report = try await desk.campaigns.progress("c", workspace: "w")
        #expect(report.verdict == "missed")
        #expect(report.missing.map(\.count).reduce(0, +) == report.promised - report.inside, "\(report.missing)")
        return report.missing.reduce(into: [:]) { $0[$1.reason] = $1.count }
    }

    // MARK: As many as the people

    /// Three failed while it stands still, one of them because they opted out in time.
    @Test func whoOptedOutInTimeHasNotFailed() async throws {
        try await run(3) { desk, ids in
            try await desk.fail(ids[0])
            try await desk.fail(ids[1])
            let outbox = desk.outbox
            _ = try await desk.store.write { try outbox.advance($0, ids[2], to: .failed, error: "STOP", isOptOut: true) }
            try await desk.pool.write { try $0.execute(sql: "UPDATE campaign SET state = 'paused', verdict = 'missed'") }
            #expect(try await reasons(desk) == ["it failed": 2])
        }
    }

    /// One said STOP in time, and two only after the deadline of what may be late: those were promised it until then.
    @Test func whoOptedOutTooLateWasMissed() async throws {
        try await run(1) { desk, ids in
            try await desk.accept(ids[0])
            let faults = [ConsentRule.Refusal.stopped, .stopped, .paused].map(\.fault.message)
            try await desk.pool.write { db in
                for (n, fault) in faults.enumerated() {
                    try db.execute(
                        sql: "INSERT INTO campaignRecipient (campaign, n, contact, state, problem) VALUES ('c', ?, ?, 'skipped', ?)",
                        arguments: [n + 1, "91980000010\(n)", fault])
                }
                try CampaignCounts.add(db, faults.count, "skipped", of: "c")
                try CampaignCounts.add(db, 1, CampaignCounts.skippedOptOut, of: "c")
            }
            try await end(desk)
            #expect(try await reasons(desk) == ["the person opted out after the deadline": 2])
        }
    }

    // MARK: Looked for once

    /// Runs a body with every statement that looks for reasons counted, on one connection.
    private func looks(_ desk: OutboxDesk, times: Int) async throws -> Int {
        let looks = MutexBox(0)
        try await desk.pool.read { [campaigns = desk.campaigns] db in
            db.trace { event in
                if case .statement(let statement) = event, statement.sql.contains("AS reason") { looks.update { $0 += 1 } }
            }
            defer { db.trace() }
            for _ in 0..<times { _ = try campaigns.missing(db, CampaignRow.read(db, "c"), CampaignCounts(db, "c")) }
        }
        return looks.value
    }

    @Test func reasonsAreLookedForAgainOnlyWhereAnotherHasFailed() async throws {
        try await run(3) { desk, ids in
            try await desk.fail(ids[0])
            for id in ids.dropFirst() { try await desk.accept(id) }
            try await end(desk)
            #expect(try await looks(desk, times: 3) == 1)
            #expect(try await reasons(desk) == ["no WhatsApp": 1])
            #expect(try await looks(desk, times: 3) == 0)
            let outbox = desk.outbox
            _ = try await desk.store.write { try outbox.advance($0, ids[1], to: .failed, code: 131026, error: "late word") }
            #expect(try await looks(desk, times: 3) == 1)
            #expect(try await reasons(desk) == ["no WhatsApp": 1, "late word": 1])
        }
    }

    /// What was given up has failed for another reason: as many have failed as before.
    @Test func anotherReasonIsFoundWhereAsManyHaveFailed() async throws {
        try await run(1) { desk, ids in
            let outbox = desk.outbox
            #expect(try outbox.recover() == 1)
            _ = try await desk.store.write { db in
                _ = try outbox.advance(db, ids[0], to: .failed, error: "Meta gave no clear answer.")
                try outbox.markUnclear(db, ids[0])
            }
            try await end(desk)
            #expect(try await reasons(desk) == ["Meta gave no clear answer.": 1])
            _ = try await desk.store.write { try outbox.advance($0, ids[0], to: .failed, code: 131026, error: "no WhatsApp") }
            #expect(try await reasons(desk) == ["no WhatsApp": 1])
        }
    }
}
