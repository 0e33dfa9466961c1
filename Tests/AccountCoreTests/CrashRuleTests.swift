import AccountContract
import Foundation
import GRDB
import GraphAPI
import JobQueue
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountNumbers
@testable import AccountOutbox

/// The outbox on a real database, with time moved by hand.
@Suite struct CrashRuleTests {
    @Test func anInterruptedMessageIsOfferedAgainOnlyOnceStatusesHaveCaughtUp() async throws {
        let desk = try await OutboxDesk()
        let start = desk.now.value
        let id = try await desk.interrupted()
        desk.now.set(start + 60_000)
        #expect(try await desk.outbox.resendUnknown(desk.numbers, grace: 10_000, patience: nil) == 0, "no status came at all")
        try await desk.status("another", at: start + 5000)
        #expect(try await desk.outbox.resendUnknown(desk.numbers, grace: 10_000, patience: nil) == 0, "old statuses prove nothing")
        try await desk.status("another", at: start + 10_001)
        #expect(try await desk.outbox.resendUnknown(desk.numbers, grace: 10_000, patience: nil) == 1)
        #expect(try await desk.state(id) == .queued)
        #expect(try await desk.lease() == [id])
        try desk.end()
    }

    /// Nothing but later statuses came of it: it was with Meta once.
    @Test func aMessageCountsOnceAgainstItsDeadline() async throws {
        let desk = try await OutboxDesk()
        let deadline = desk.now.value + 60_000
        try await desk.addCampaign("c", deadline: deadline)
        try await desk.pool.write { db in
            try CampaignCounts.add(db, 1, "queued", of: "c")
        }
        let body = MessageDraft.Body(type: "template", category: .utility, object: "{}")
        let draft = MessageDraft(
            workspace: "w", requestKey: "d", fingerprint: 1, account: "1", to: "919876543210", body: body, priority: 100, reason: "test",
            campaign: "c")
        let id = try await desk.commit(draft)
        try await desk.lease()
        #expect(try desk.outbox.recover() == 1)
        for status in ["delivered", "read", "sent"] {
            let told = MessageStatus(
                wamid: "wamid.y", phoneNumberID: "1", status: status, at: deadline - 1, callbackData: id)
            _ = try await desk.statuses.record(.init(statuses: [told]))
        }
        let counts = try await desk.pool.read { try CampaignCounts($0, "c") }
        #expect(counts.places == ["read": 1])
        #expect((counts.inside, counts.outside) == (1, 0))
        try desk.end()
    }

    /// Written to again, a recipient counts anew: each is inside or outside once.
    @Test func whoIsWrittenToAgainCountsAnew() async throws {
        let desk = try await OutboxDesk()
        let campaigns = desk.campaigns
        try await desk.addCampaign("c", deadline: desk.now.value + 60_000)
        try await desk.queueRecipients(of: "c", 1)
        let id = try #require(try await desk.lease().first)
        try await desk.accept(id)
        #expect(try await desk.pool.read { try CampaignCounts($0, "c").inside } == 1)
        try await desk.fail(id)
        #expect(try await campaigns.retry(.init(id: "c", codes: [131026]), workspace: "w").retried == 1)
        let counts = try await desk.pool.read { try CampaignCounts($0, "c") }
        #expect((counts.inside, counts.outside, counts.planned, counts.failed) == (0, 0, 1, 0))
        try desk.end()
    }

    @Test func itsOwnStatusSettlesItAndNothingIsSentAgain() async throws {
        let desk = try await OutboxDesk()
        let start = desk.now.value
        let id = try await desk.interrupted()
        desk.now.set(start + 60_000)
        try await desk.status("another", at: start + 30_000)
        #expect(try await desk.outbox.resendUnknown(desk.numbers, grace: 10_000, patience: nil) == 1)
        // Late, but before the second try: the plan is dropped.
        try await desk.status(id, at: start + 1000)
        #expect(try await desk.state(id) == .sent)
        #expect(try await desk.lease().isEmpty)
        try desk.end()
    }

    @Test func aSentMessageIsNeverPutBackToSending() async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.interrupted()
        try await desk.status(id, at: desk.now.value)
        // A job left over from a retry must not move it.
        _ = try await desk.pool.write { db in
            _ = try JobTable.enqueue(db, queue: Outbox.queue("1"), key: id, payload: "919876543210", notBefore: 0, now: 0)
        }
        #expect(try await desk.lease() == [id])
        #expect(try await desk.state(id) == .sent)
        #expect(try await !desk.isSendable(id))
        try desk.end()
    }

    @Test func whatARemovedNumberWasSendingFailsOnlyIfMetaRefusedIt() async throws {
        let desk = try await OutboxDesk()
        let refused = try await desk.queued("refused")
        let unknown = try await desk.queued("unknown")
        let confirmed = try await desk.queued("confirmed")
        #expect(try await desk.lease().count == 3)
        try await desk.status(confirmed, at: desk.now.value)
        try await desk.numbers.delete("1")
        try await desk.pool.write { [desk] db in
            for job in try JobTable.lost(db, queues: "send:") {
                guard job.key != unknown else {
                    try JobTable.complete(db, id: job.id)
                    try desk.outbox.markUnknown(db, job.key, "no answer")
                    continue
                }
                try JobTable.retry(db, id: job.id, at: 0, error: "refused")
                try desk.outbox.requeue(db, job.key, "refused")
            }
        }
        #expect(try await desk.state(refused) == .failed)
        #expect(try await desk.state(confirmed) == .sent)
        #expect(try await desk.state(unknown) == .unknown)
        #expect(try await desk.lease() == [confirmed], "which finds nothing to send")
        #expect(try await !desk.isSendable(confirmed))
        // Meta may tell of it all the same.
        try await desk.status(unknown, at: desk.now.value)
        #expect(try await desk.state(unknown) == .sent)
        try desk.end()
    }

    @Test func silenceCountsOnlyAfterPatience() async throws {
        let desk = try await OutboxDesk()
        let start = desk.now.value
        _ = try await desk.interrupted()
        desk.now.set(start + 59_000)
        #expect(try await desk.outbox.resendUnknown(desk.numbers, grace: 10_000, patience: 60_000) == 0)
        desk.now.set(start + 600_000)
        #expect(
            try await desk.outbox.resendUnknown(desk.numbers, grace: 10_000, patience: nil) == 0,
            "a process that has just come heard nothing")
        #expect(try await desk.outbox.resendUnknown(desk.numbers, grace: 10_000, patience: 60_000) == 1)
        try desk.end()
    }

    /// Accepted, and without a status for long: webhooks do not reach us, so that silence proves nothing.
    @Test(arguments: [Milliseconds.zero, .hours(3)]) func silenceProvesNothingWhileAcceptedMessagesLackTheirStatus(earlier: Milliseconds)
        async throws
    {
        let desk = try await OutboxDesk()
        let other = try await desk.queued("other")
        try await desk.lease()
        try await desk.accept(other)
        desk.now.set(desk.now.value + earlier)
        let start = desk.now.value
        _ = try await desk.interrupted()
        desk.now.set(start + 600_000)
        #expect(try await desk.outbox.resendUnknown(desk.numbers, grace: 10_000, patience: 60_000) == 0)
        #expect(try await desk.outbox.unknown(before: start + 1) == 1)
        try await desk.status(other, at: start - earlier + 1000)
        #expect(try await desk.outbox.resendUnknown(desk.numbers, grace: 10_000, patience: 60_000) == 1)
        try desk.end()
    }

    /// Each account has webhooks of its own: what another's lack says nothing, and what its own numbers' tell says all.
    @Test func anotherAccountsSilenceSaysNothing() async throws {
        let desk = try await OutboxDesk()
        for (id, waba) in [("9", "7"), ("3", "2")] {
            let number = AddAccount.Params(
                phoneNumberID: PhoneNumberID(id), wabaID: WABAID(waba), displayPhoneNumber: "+9180471810\(id)0", displayName: "B")
            _ = try await desk.numbers.add(number, workspace: id == "9" ? "other" : "w")
        }
        let foreign = try await desk.queued("foreign", on: "9", workspace: "other")
        try await desk.lease("9")
        try await desk.accept(foreign)
        let start = desk.now.value
        let id = try await desk.interrupted()
        desk.now.set(start + 600_000)
        #expect(try await desk.outbox.resendUnknown(desk.numbers, grace: 10_000, patience: 60_000) == 1)
        try await desk.lease()
        #expect(try desk.outbox.recover() == 1)
        #expect(try await desk.state(id) == .unknown)
        desk.now.set(start + 620_000)
        #expect(try await desk.outbox.resendUnknown(desk.numbers, grace: 10_000, patience: nil) == 0)
        // A status of another number of the same account, of a moment well after.
        let told = MessageStatus(wamid: "wamid.z", phoneNumberID: "3", status: "sent", at: start + 615_000, callbackData: "x")
        _ = try await desk.statuses.record(.init(statuses: [told]))
        #expect(try await desk.outbox.resendUnknown(desk.numbers, grace: 10_000, patience: nil) == 1)
        try desk.end()
    }
}
