import AccountContract
import Coordination
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
@testable import AccountPacing

/// The outbox on a real database, with time moved by hand.
@Suite struct CrashRuleTests {
    @Test func anInterruptedMessageIsOfferedAgainOnlyOnceStatusesHaveCaughtUp() async throws {
        let desk = try await OutboxDesk()
        let start = desk.now.value
        let id = try await desk.interrupted()
        desk.now.set(start + 60_000)
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: nil, gapGrace: 3_600_000) == 0,
            "no status came at all")
        try await desk.status("another", at: start + 5000)
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: nil, gapGrace: 3_600_000) == 0,
            "old statuses prove nothing")
        try await desk.status("another", at: start + 10_001)
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: nil, gapGrace: 3_600_000) == 1)
        #expect(try await desk.state(id) == .queued)
        #expect(try await desk.lease() == [id])
        try desk.end()
    }

    /// Meta brings the statuses of an outage late, while those of what came after it are there already.
    @Test func aMessageFromAGapWaitsHours() async throws {
        let desk = try await OutboxDesk()
        let start = desk.now.value
        let id = try await desk.interrupted()
        let other = try await desk.interrupted(key: "after")
        func resend() async throws -> Int {
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: 60_000, gapGrace: 3_600_000)
        }
        // The gateway was away from before the message until a minute later: told with the first statuses after it.
        desk.now.set(start + 120_000)
        let gap = WebhookGap(startAt: start - 5000, endAt: start + 60_000, reason: .down)
        for _ in 0..<2 {
            _ = try await desk.statuses.record(
                .init(statuses: [MessageStatus(wamid: "x", phoneNumberID: "1", status: "sent", at: start + 100_000)], gaps: [gap]))
        }
        #expect(try await resend() == 0, "its status may still be on the way")
        #expect(try await desk.state(id) == .unknown)
        // It comes, half an hour later.
        desk.now.set(start + 1_800_000)
        _ = try await desk.statuses.record(
            .init(statuses: [
                MessageStatus(wamid: "wamid.1", phoneNumberID: "1", status: "delivered", at: start + 1000, callbackData: id.rawValue)
            ]))
        #expect(try await desk.state(id) == .delivered)
        #expect(try await resend() == 0)
        // What had none after hours was never with Meta.
        desk.now.set(start + 60_000 + 3_600_001)
        #expect(try await resend() == 1)
        #expect(try await desk.state(other) == .queued)
        try desk.end()
    }

    /// A gap that ended before the message's status could be due concerns nobody.
    @Test(arguments: [(-60_000, -1, 1), (10_000, 20_000, 1), (9_999, 20_000, 0), (-60_000, 0, 0), (-5000, 50_000, 0)])
    func onlyAGapInWhichTheStatusWasDueCounts(from: Int64, to: Int64, resent: Int) async throws {
        let desk = try await OutboxDesk()
        let start = desk.now.value
        _ = try await desk.interrupted()
        desk.now.set(start + 60_000)
        let gap = WebhookGap(startAt: start + Milliseconds(from), endAt: start + Milliseconds(to), reason: .silent)
        _ = try await desk.statuses.record(
            .init(statuses: [MessageStatus(wamid: "x", phoneNumberID: "1", status: "sent", at: start + 50_000)], gaps: [gap]))
        let count = try await desk.outbox.resendUnknown(
            desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: nil, gapGrace: 3_600_000)
        #expect(count == resent)
        try desk.end()
    }

    /// Both ids of a message that Meta has twice are kept, and its statuses find it under either.
    @Test func aSecondIDIsKept() async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.interrupted()
        func status(_ wamid: WAMID, _ word: MetaWord<MessageStatus.Word>, data: String?) async throws {
            _ = try await desk.statuses.record(
                .init(statuses: [
                    MessageStatus(wamid: wamid, phoneNumberID: "1", status: word, at: desk.now.value, callbackData: data)
                ]))
        }
        try await status("wamid.1", "sent", data: id.rawValue)
        try await status("wamid.2", "sent", data: id.rawValue)
        try await status("wamid.2", "read", data: nil)
        #expect(try await desk.state(id) == .read)
        let told = try await desk.outbox.explain(id, workspace: "w")
        #expect(told.message.wamid == "wamid.1" && told.otherWAMIDs == ["wamid.2"])
        let events = try await desk.pool.read { try String.fetchAll($0, sql: "SELECT type FROM event WHERE subject = ?", arguments: [id]) }
        #expect(events.count { $0 == "message.doubled" } == 1)
        try desk.end()
    }

    /// What Meta may have when its number is removed waits for its status, and fails without a clear answer.
    @Test func aRemovedNumbersUnknownMessagesEnd() async throws {
        let desk = try await OutboxDesk()
        let (late, never) = (try await desk.interrupted(), try await desk.interrupted(key: "never"))
        try await desk.numbers.delete("1")
        try await desk.outbox.failWaiting(on: "1")
        #expect(try await desk.state(late) == .unknown)
        _ = try await desk.statuses.record(
            .init(statuses: [
                MessageStatus(wamid: "w1", phoneNumberID: "1", status: "sent", at: desk.now.value, callbackData: late.rawValue)
            ]))
        #expect(try await desk.state(late) == .sent)
        desk.now.set(desk.now.value + 3_600_001)
        _ = try await desk.outbox.resendUnknown(
            desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: nil, gapGrace: 3_600_000)
        #expect(try await desk.state(never) == .failed)
        let told = try await desk.outbox.explain(never, workspace: "w")
        #expect(told.message.error?.contains("removed") == true)
        await #expect(throws: Fault.self, "nobody knows whether it was sent") {
            _ = try await desk.outbox.failed(never, mayBeUnclear: false, workspace: "w")
        }
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
        for status: MetaWord<MessageStatus.Word> in ["delivered", "read", "sent"] {
            let told = MessageStatus(
                wamid: "wamid.y", phoneNumberID: "1", status: status, at: deadline - 1, callbackData: id.rawValue)
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
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: nil, gapGrace: 3_600_000) == 1)
        // Late, but before the second try: the plan is dropped.
        try await desk.status(id.rawValue, at: start + 1000)
        #expect(try await desk.state(id) == .sent)
        #expect(try await desk.lease().isEmpty)
        try desk.end()
    }

    @Test func aSentMessageIsNeverPutBackToSending() async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.interrupted()
        try await desk.status(id.rawValue, at: desk.now.value)
        // A job left over from a retry must not move it.
        _ = try await desk.pool.write { db in
            _ = try JobTable.enqueue(db, queue: Outbox.queue("1"), key: id.rawValue, payload: "919876543210", notBefore: 0, now: 0)
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
        try await desk.status(confirmed.rawValue, at: desk.now.value)
        try await desk.numbers.delete("1")
        try await desk.pool.write { [desk] db in
            for job in try JobTable.lost(db, queues: "send:") {
                guard job.key != unknown.rawValue else {
                    try JobTable.complete(db, id: job.id)
                    try desk.outbox.markUnknown(db, job.message, "no answer")
                    continue
                }
                try JobTable.retry(db, id: job.id, at: 0, error: "refused")
                try desk.outbox.requeue(db, job.message, "refused")
            }
        }
        #expect(try await desk.state(refused) == .failed)
        #expect(try await desk.state(confirmed) == .sent)
        #expect(try await desk.state(unknown) == .unknown)
        #expect(try await desk.lease() == [confirmed], "which finds nothing to send")
        #expect(try await !desk.isSendable(confirmed))
        // Meta may tell of it all the same.
        try await desk.status(unknown.rawValue, at: desk.now.value)
        #expect(try await desk.state(unknown) == .sent)
        try desk.end()
    }

    @Test func silenceCountsOnlyAfterPatience() async throws {
        let desk = try await OutboxDesk()
        let start = desk.now.value
        _ = try await desk.interrupted()
        desk.now.set(start + 59_000)
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: 60_000, gapGrace: 3_600_000) == 0)
        desk.now.set(start + 600_000)
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: nil, gapGrace: 3_600_000) == 0,
            "a process that has just come heard nothing")
        desk.pacer.answered("1")
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: 60_000, gapGrace: 3_600_000) == 0,
            "the way is there again, and Meta has not had the time to tell")
        desk.now.set(start + 610_000)
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: 60_000, gapGrace: 3_600_000) == 1)
        try desk.end()
    }

    /// Nothing comes in and nothing goes out: Meta is asked, and what it may still tell is waited for once it answers.
    @Test func silenceProvesNothingWhileTheWayToMetaIsCut() async throws {
        let desk = try await OutboxDesk()
        let start = desk.now.value
        let id = try await desk.interrupted()
        desk.numbers.questions.with { $0.removeAll() }
        desk.pacer.noAnswer("1")
        for hour in 1...5 {
            desk.now.set(start + .hours(hour))
            #expect(
                try await desk.outbox.resendUnknown(
                    desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: 60_000, gapGrace: 86_400_000)
                    == 0)
        }
        #expect(desk.numbers.questions.value == ["1"])
        desk.pacer.asked("1", hasAnswer: true)
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: 60_000, gapGrace: 86_400_000) == 0)
        // Meta brings what it could not deliver.
        try await desk.status(id.rawValue, at: start + 1000)
        #expect(try await desk.state(id) == .sent)
        try desk.end()
    }

    @Test func eachAnswerOfLateIsKnown() {
        var reach = Reach()
        #expect(!reach.hasAnswer(after: .zero, upTo: .latest))
        for second in 1...600 { reach.answered(at: Timestamp(milliseconds: Int64(second) * 60_000)) }
        // Long before the last, and long after the first.
        #expect(reach.hasAnswer(after: 17_940_000, upTo: 18_000_000) && !reach.hasAnswer(after: 17_940_000, upTo: 17_999_999))
        #expect(!reach.hasAnswer(after: 36_000_000, upTo: .latest))
        // However many come, they reach as far back.
        for second in 1...5000 { reach.answered(at: Timestamp(milliseconds: 36_000_000 + Int64(second) * 1000)) }
        #expect(reach.hasAnswer(after: .zero, upTo: 36_000_000) && reach.hasAnswer(after: 40_999_999, upTo: 41_000_000))
        // The clock was set back: what lies behind it is none.
        reach.answered(at: 120_000)
        #expect(reach.hasAnswer(after: 119_999, upTo: 120_000) && !reach.hasAnswer(after: 120_000, upTo: .latest))
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
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: 60_000, gapGrace: 3_600_000) == 0)
        desk.pacer.answered("1")
        desk.now.set(start + 610_000)
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: 60_000, gapGrace: 3_600_000) == 0)
        #expect(try await desk.outbox.unknown(before: start + 1) == 1)
        try await desk.status(other.rawValue, at: start - earlier + 1000)
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: 60_000, gapGrace: 3_600_000) == 1)
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
        desk.now.set(start + 590_000)
        desk.pacer.answered("9")
        desk.now.set(start + 600_000)
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: 60_000, gapGrace: 3_600_000) == 0,
            "another account's answer")
        desk.now.set(start + 590_000)
        desk.pacer.answered("3")
        desk.now.set(start + 600_000)
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: 60_000, gapGrace: 3_600_000) == 1)
        try await desk.lease()
        #expect(try desk.outbox.recover() == 1)
        #expect(try await desk.state(id) == .unknown)
        desk.now.set(start + 620_000)
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: nil, gapGrace: 3_600_000) == 0)
        // A status of another number of the same account, of a moment well after.
        let told = MessageStatus(wamid: "wamid.z", phoneNumberID: "3", status: "sent", at: start + 615_000, callbackData: "x")
        _ = try await desk.statuses.record(.init(statuses: [told]))
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: nil, gapGrace: 3_600_000) == 1)
        try desk.end()
    }
}
