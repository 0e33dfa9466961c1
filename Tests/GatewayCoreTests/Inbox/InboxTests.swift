import Foundation
import GRDB
import GatewayContract
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import GatewayCore

extension Inbox {
    func append(_ body: Data) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            append(body) { error in continuation.resume(with: error.map { .failure($0) } ?? .success(())) }
        }
    }
}

/// The inbox on a real database, with time moved by hand.
@Suite struct InboxTests {
    struct Desk {
        let folder: String
        let pool: DatabasePool
        let now = MutexBox(Timestamp(milliseconds: 1_000_000_000))
        let inbox: Inbox
        let letters: DeadLetters

        init(plans: StatementPlans? = nil) throws {
            folder = try Machine.temporaryFolder()
            pool = try MigratedDatabase.open(
                .gateway, path: "\(folder)/t.sqlite", migrator: GatewayMigrations.migrator, onConnection: { plans?.watch($0) })
            let clock = WallClock { [now] in now.value }
            inbox = Inbox(
                reads: Reads(pool), clock: clock,
                gaps: try DeliveryGaps(pool, clock: clock, silence: .minutes(5)), keyLifetime: 14 * 86_400_000, waiting: 100)
            letters = DeadLetters(inbox: inbox)
        }

        func receive(_ wamids: String..., from contact: String = "91") async throws {
            for wamid in wamids {
                let message = #"{"from":"\#(contact)","id":"\#(wamid)","type":"text"}"#
                try await inbox.append(envelope(#""messages":[\#(message)]"#))
            }
        }

        func envelope(_ members: String) -> Data {
            let value = #"{"metadata":{"phone_number_id":"11"},\#(members)}"#
            return Data(#"{"entry":[{"id":"1","changes":[{"field":"messages","value":\#(value)}]}]}"#.utf8)
        }

        func keys(_ lane: Payload.Lane) async throws -> [String] {
            try await inbox.ready(lane, limit: 100, excluding: []).items.map(\.part.dedupeKey)
        }

        func rows(_ table: String) async throws -> Int {
            try await pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
        }

        func end() throws {
            try pool.close()
            try FileManager.default.removeItem(atPath: folder)
        }
    }

    @Test func oneCustomersMessagesGoOneByOneAndStatusesInTheOrderOfArrival() async throws {
        let desk = try Desk()
        try await desk.receive("a1", "a2")
        try await desk.receive("b1", from: "92")
        let statuses = ["sent", "delivered", "sent"].enumerated().map {
            #"{"id":"w\#($0.offset % 2)","status":"\#($0.element)","recipient_id":"9"}"#
        }
        try await desk.inbox.append(desk.envelope(#""statuses":[\#(statuses.joined(separator: ","))]"#))
        #expect(try await desk.inbox.splitNext(10) == 4)
        #expect(try await desk.inbox.splitNext(10) == 0)
        #expect(try await desk.keys(.message) == ["m:a1", "m:b1"])
        #expect(try await desk.keys(.status) == ["s:w0:sent:9", "s:w1:delivered:9"], "the third repeats the first")
        let first = try #require(try await desk.inbox.ready(.message, limit: 1, excluding: []).items.first)
        try await desk.inbox.finish([first])
        #expect(Set(try await desk.keys(.message)) == ["m:a2", "m:b1"])
        let statistics = try await desk.inbox.statistics(refused: 0)
        #expect(statistics.payloads == 4 && statistics.events == 6 && statistics.duplicates == 1)
        #expect(statistics.done == 1 && statistics.pending == 4)
        try desk.end()
    }

    /// The gateway does not know whose number it is, so it tells no workspace of what was delivered.
    @Test func whatIsDeliveredIsToldToNoWorkspaceHere() async throws {
        let desk = try Desk()
        try await desk.receive("a1")
        try await desk.inbox.append(desk.envelope(#""statuses":[{"id":"w","status":"sent","recipient_id":"9"}]"#))
        try await desk.inbox.append(desk.envelope(#""errors":[{"code":1}]"#))
        #expect(try await desk.inbox.splitNext(10) == 3)
        #expect(try await desk.rows("inboundEvent") == 3)
        #expect(try await desk.rows("event") == 0)
        try desk.end()
    }

    /// Small steps are taken while deliveries come in, by the process's clock.
    @Test func deliveriesComeInForAMoment() async throws {
        let desk = try Desk()
        #expect(!desk.inbox.isTakingDeliveries)
        for step in [50, -1] as [Milliseconds] {
            try await desk.receive("a\(step)")
            try await eventually("a delivery") { desk.inbox.isTakingDeliveries }
            desk.now.set(desk.now.value + 49)
            #expect(desk.inbox.isTakingDeliveries)
            desk.now.set(desk.now.value + (step - 49))
            #expect(!desk.inbox.isTakingDeliveries, "\(step)")
        }
        try desk.end()
    }

    @Test func aPayloadThatTheDatabaseRefusesIsBuriedAndHoldsUpNoOther() async throws {
        let desk = try Desk()
        try await desk.pool.write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER poison BEFORE INSERT ON inboundEvent WHEN NEW.dedupeKey = 'm:poison'
                    BEGIN SELECT RAISE(ABORT, 'poisoned'); END
                    """
            )
        }
        try await desk.receive("a1", "poison", "a2")
        #expect(try await desk.inbox.splitNext(10) == 3)
        #expect(try await desk.inbox.statistics(refused: 0).pending == 2)
        let letter = try #require(try await desk.letters.list(ListDeadLetters.Params()).items.first)
        #expect(letter.reason == "not_stored" && letter.error.contains("poisoned") && letter.payload.contains("poison"))
        let retried = try await desk.letters.retry(letter.id)
        #expect(retried.state == .open && retried.attempts == 2)
        // What was at fault is gone: the letter's payload becomes the event that it should have been.
        try await desk.pool.write { try $0.execute(sql: "DROP TRIGGER poison") }
        #expect(try await desk.letters.retry(letter.id).state == .retried)
        #expect(try await desk.inbox.statistics(refused: 0).pending == 3)
        try desk.end()
    }

    @Test func aRetriedPayloadThatIsStillNoJSONStaysADeadLetter() async throws {
        let desk = try Desk()
        try await desk.inbox.append(Data("no json".utf8))
        _ = try await desk.inbox.splitNext(10)
        let letter = try #require(try await desk.letters.list(ListDeadLetters.Params()).items.first)
        let retried = try await desk.letters.retry(letter.id)
        #expect(retried.state == .open && retried.attempts == 2 && retried.reason == "not_json")
        try desk.end()
    }

    @Test func replayMakesHandledEventsPendingAgainInTheirOrder() async throws {
        let desk = try Desk()
        try await desk.receive("old")
        desk.now.set(desk.now.value + 1000)
        let since = desk.now.value
        try await desk.receive("a1", "a2", "a3")
        _ = try await desk.inbox.splitNext(10)
        while case let items = try await desk.inbox.ready(.message, limit: 10, excluding: []).items, !items.isEmpty {
            try await desk.inbox.finish(items)
        }
        #expect(try await desk.inbox.statistics(refused: 0).done == 4)
        #expect(try await desk.inbox.replay(since: since) == 3)
        #expect(try await desk.keys(.message) == ["m:a1"], "one customer's messages wait for each other")
        let statistics = try await desk.inbox.statistics(refused: 0)
        #expect(statistics.done == 1 && statistics.pending == 3)
        #expect(try await desk.inbox.replay(since: desk.now.value + 1) == 0)
        desk.now.set(desk.now.value + IdempotencyKeys.lifetime)
        #expect(try await desk.inbox.replay(since: 0) == 0, "receivers no longer remember what is older than their keys")
        try desk.end()
    }

    @Test func pruningRemovesWhatIsOldAndHandledAndKeepsWhatSomebodyMayNeed() async throws {
        let desk = try Desk()
        try await desk.receive("done", "pending")
        try await desk.inbox.append(Data("no json".utf8))
        try await desk.inbox.append(Data("no json either".utf8))
        _ = try await desk.inbox.splitNext(10)
        let first = try #require(try await desk.inbox.ready(.message, limit: 1, excluding: []).items.first)
        try await desk.inbox.finish([first])
        let letters = try await desk.letters.list(ListDeadLetters.Params()).items
        _ = try await desk.letters.resolve(letters[0].id)
        desk.now.set(desk.now.value + 1000)
        try await desk.receive("young")
        _ = try await desk.inbox.splitNext(10)
        try await desk.receive("unsplit")
        try await desk.inbox.prune(before: desk.now.value)
        // Of the old: the open letter's payload and the pending event.
        #expect(try await desk.rows("payload") == 3)
        #expect(try await desk.keys(.message) == ["m:pending"])
        #expect(try await desk.rows("inboundEvent") == 2)
        #expect(try await desk.rows("deadLetter") == 1)
        desk.now.set(desk.now.value + 15 * 86_400_000)
        try await desk.inbox.prune(before: desk.now.value)
        #expect(try await desk.rows("payload") == 2, "the letter's, and what has not been taken apart")
        #expect(try await desk.inbox.splitNext(10) == 1)
        try await IdempotencyKeys.prune(desk.pool, now: desk.now.value)
        #expect(try await desk.rows("processedKey") == 0)
        try desk.end()
    }

    /// A payload of which the gateway dies again and again is put aside, and what came after it goes on.
    @Test func aPayloadThatEndsTheGatewayIsPutAside() async throws {
        let desk = try Desk()
        try await desk.receive("a")
        try await desk.receive("b")
        #expect(try await desk.inbox.noteStart() == 0)
        for _ in 0..<2 { #expect(try await desk.inbox.noteStart() > 0, "carefully, one by one") }
        #expect(try await desk.letters.list(.init()).items.isEmpty)
        _ = try await desk.inbox.noteStart()
        let letters = try await desk.letters.list(.init()).items
        #expect(letters.map(\.reason) == ["splitter_lost"])
        while try await desk.inbox.splitNext(8) > 0 {}
        #expect(try await desk.keys(.message) == ["m:b"])
        // A start that gets further counts anew.
        try await desk.receive("c")
        #expect(try await desk.inbox.noteStart() == 0)
        try desk.end()
    }

    /// More than a page can hold: listed to the end, and acted on all at once by what they have in common.
    @Test func deadLettersHaveNoEndAndAreActedOnTogether() async throws {
        let desk = try Desk()
        let now = desk.now.value
        try await desk.inbox.write { db in
            for n in 0..<1200 {
                try DeadLetters.bury(
                    db, source: .event, reference: Int64(n), lane: n % 2 == 0 ? .message : .status, kind: "message",
                    reason: n % 3 == 0 ? "account_unknown" : "params", error: "e", attempts: 1, firstAt: now, lastAt: now)
            }
        }
        var (seen, cursor): (Set<Int64>, PageCursor<ListDeadLetters>?) = ([], nil)
        repeat {
            let page = try await desk.letters.list(.init(limit: 500, cursor: cursor))
            seen.formUnion(page.items.map(\.id))
            cursor = page.next
        } while cursor != nil
        #expect(seen.count == 1200)
        let filter = DeadLetterFilter(lane: .message, reason: "account_unknown")
        #expect(try await desk.letters.list(.init(filter: filter, limit: 500)).items.count == 200)
        #expect(try await desk.letters.act(.init(action: .resolve, filter: filter)) == .init(count: 200, more: false))
        #expect(try await desk.letters.act(.init(action: .purge, filter: filter)).count == 200)
        #expect(try await desk.rows("deadLetter") == 1000)
        var count = 0
        while true {
            let reply = try await desk.letters.act(.init(action: .retry))
            count += reply.count
            if !reply.more { break }
        }
        #expect(count == 1000)
        #expect(try await desk.letters.list(.init()).items.isEmpty)
        await #expect(throws: Fault.self, "open ones are not lost by one word") {
            _ = try await desk.letters.act(.init(action: .purge, filter: .init(state: .open)))
        }
        #expect(try await desk.letters.act(.init(action: .purge, filter: .init(before: now))).count == 0)
        try desk.end()
    }

    /// A list shows the beginning of what is large, and one letter all of it.
    @Test func aListCutsWhatIsLarge() async throws {
        let desk = try Desk()
        let body = String(repeating: "ü", count: 50_000)
        try await desk.inbox.append(Data(body.utf8))
        while try await desk.inbox.splitNext(8) > 0 {}
        let letter = try #require(try await desk.letters.list(.init()).items.first)
        #expect(letter.lane == .payload && letter.payload.utf8.count <= 4100)
        #expect(try await desk.letters.get(letter.id).payload == body)
        try desk.end()
    }

    /// What came to which number, and of whom, is read with each event, whatever comes of it.
    @Test func anEventIsListedWithItsNumberAndItsPerson() async throws {
        let desk = try InboxTests.Desk()
        let contact = #"{"wa_id":"919876543210","user_id":"IN.77","profile":{"name":"Asha"}}"#
        let status = #"{"id":"w","status":"warming_up","recipient_id":"919876543210"}"#
        let system = #"{"from":"919876543211","id":"wamid.s","type":"system","system":{"type":"unheard_of"}}"#
        try await desk.inbox.append(
            desk.envelope(#""contacts":[\#(contact)],"statuses":[\#(status)],"errors":[{"code":130429}],"messages":[\#(system)]"#))
        _ = try await desk.inbox.splitNext(10)
        let items = try await desk.inbox.list(.init()).items
        #expect(Set(items.map(\.kind)) == ["status", "error", "message"] && items.allSatisfy { $0.phoneNumberID == "11" })
        let told = try #require(items.first { $0.kind == "status" })
        #expect(told.contact == "919876543210" && told.contactName == "Asha" && told.userIDs == ["IN.77"])
        #expect(items.first { $0.kind == "error" }?.contact == nil)
        try desk.end()
    }
}
