import AccountContract
import Foundation
import GRDB
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// When deliveries may have failed to reach us.
@Suite struct DeliveryGapTests {
    private final class Desk {
        let folder: String
        let pool: DatabasePool
        let now = MutexBox(Timestamp(milliseconds: 1_790_000_000_000))
        private(set) var gaps: DeliveryGaps
        private(set) var inbox: Inbox

        init() throws {
            folder = try Machine.temporaryFolder()
            pool = try MigratedDatabase.open(.gateway, path: "\(folder)/t.sqlite", migrator: GatewayMigrations.migrator)
            (gaps, inbox) = try Self.inbox(pool, now)
        }

        private static func inbox(_ pool: DatabasePool, _ now: MutexBox<Timestamp>) throws -> (DeliveryGaps, Inbox) {
            let clock = WallClock { now.value }
            let gaps = try DeliveryGaps(pool, clock: clock, silence: .minutes(5))
            let inbox = Inbox(
                reads: Reads(pool), clock: clock,
                gaps: gaps, keyLifetime: .days(14), waiting: 100)
            return (gaps, inbox)
        }

        /// The process ends and starts anew.
        func restart() throws { (gaps, inbox) = try Self.inbox(pool, now) }

        func wait(_ time: Milliseconds) { now.set(now.value + time) }

        func receive(_ body: Data = Data("{}".utf8)) async throws {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                inbox.append(body) { error in continuation.resume(with: error.map { .failure($0) } ?? .success(())) }
            }
        }

        func untold() async throws -> [WebhookGap] { try await gaps.untold() }

        func end() throws {
            try pool.close()
            try FileManager.default.removeItem(atPath: folder)
        }
    }

    @Test func silenceThatIsLongIsAGap() async throws {
        let desk = try Desk()
        try await desk.receive()
        desk.wait(.minutes(5) - 1)
        try await desk.receive()
        #expect(try await desk.untold().isEmpty)
        let start = desk.now.value
        desk.wait(.minutes(5))
        for _ in 0..<3 { try await desk.receive() }
        let gap = WebhookGap(startAt: start, endAt: desk.now.value, reason: .silent)
        #expect(try await desk.untold() == [gap])
        try await desk.gaps.told([gap])
        #expect(try await desk.untold().isEmpty)
        try desk.end()
    }

    @Test func refusedDeliveriesAreAGapUntilOneIsTaken() async throws {
        let desk = try Desk()
        try await desk.receive()
        desk.wait(1000)
        let start = desk.now.value
        for _ in 0..<3 {
            desk.gaps.refused()
            desk.wait(1000)
        }
        try await desk.receive()
        #expect(try await desk.untold() == [WebhookGap(startAt: start, endAt: desk.now.value, reason: .refused)])
        try desk.end()
    }

    @Test func theTimeOfARestartIsAGap() async throws {
        let desk = try Desk()
        #expect(try await desk.untold().isEmpty, "a new gateway has missed nothing")
        try await desk.receive()
        let start = desk.now.value
        desk.wait(2000)
        try desk.restart()
        let gap = WebhookGap(startAt: start, endAt: desk.now.value, reason: .down)
        #expect(try await desk.untold() == [gap])
        // Not told yet when it ends again: it is told by the next.
        desk.wait(1000)
        try desk.restart()
        #expect(try await desk.untold().first?.startAt == start)
        try desk.end()
    }

    /// A clock that is set back makes no gap of negative length, and none is lost.
    @Test func aClockThatIsSetBackDoesNoHarm() async throws {
        let desk = try Desk()
        try await desk.receive()
        desk.wait(.hours(-2))
        try await desk.receive()
        desk.gaps.refused()
        desk.wait(.hours(-2))
        try await desk.receive()
        let gaps = try await desk.untold()
        #expect(gaps.count == 3, "each step is one, and what was refused")
        for gap in gaps { #expect(gap.startAt <= gap.endAt) }
        try desk.end()
    }

    /// Four minutes of an outage, where a delivery came each second, are less than the silence of a quiet number.
    @Test func aShortOutageOfABusyNumberIsAGap() async throws {
        let desk = try Desk()
        for _ in 0..<100 {
            try await desk.receive()
            desk.wait(.seconds(1))
        }
        #expect(try await desk.untold().isEmpty)
        let last = desk.now.value - .seconds(1)
        desk.wait(.minutes(4))
        try await desk.receive()
        #expect(try await desk.untold() == [WebhookGap(startAt: last, endAt: desk.now.value, reason: .silent)])
        try desk.end()
    }

    /// What was delivered and put aside has told nobody of the message.
    @Test func aStatusThatIsBuriedIsAGap() async throws {
        let desk = try Desk()
        let value: JSONValue = [
            "statuses": [["id": "wamid.A", "status": "sent", "recipient_id": "919876543210", "timestamp": "1790000000"]]
        ]
        let body: JSONValue = ["entry": [["id": "1", "changes": [["field": "messages", "value": value]]]]]
        let receivedAt = desk.now.value
        try await desk.receive(Data(JSON.text(body).utf8))
        _ = try await desk.inbox.splitNext(10)
        let event = try #require(try await desk.inbox.ready(.status, limit: 1, excluding: []).items.first)
        desk.wait(.minutes(1))
        try await desk.inbox.bury(event, reason: "lost", error: "e")
        #expect(try await desk.untold() == [WebhookGap(startAt: receivedAt, endAt: desk.now.value, reason: .refused)])
        try desk.end()
    }

    /// Whatever was in it.
    @Test func aPayloadThatIsBuriedIsAGap() async throws {
        let desk = try Desk()
        try await desk.receive(Data("no JSON".utf8))
        _ = try await desk.inbox.splitNext(10)
        #expect(try await desk.untold().map(\.reason) == [.refused])
        try desk.end()
    }

    /// A clock that is set back leaves nothing waiting, and no later status goes first.
    @Test func whatCameBeforeAClockWasSetBackGoesFirst() async throws {
        let desk = try Desk()
        func body(_ list: String, _ id: String) -> Data {
            let value: JSONValue = [
                "metadata": ["phone_number_id": "1"],
                list: [["id": .string(id), "from": "919876543210", "status": "sent", "recipient_id": "919876543210"]],
            ]
            return Data(JSON.text(["entry": [["id": "1", "changes": [["field": "messages", "value": value]]]]]).utf8)
        }
        func ready(_ lane: Payload.Lane) async throws -> [String] {
            try await desk.inbox.ready(lane, limit: 10, excluding: []).items.map(\.part.dedupeKey)
        }
        for id in ["a", "b"] {
            try await desk.receive(body("statuses", id))
            try await desk.receive(body("messages", id))
        }
        _ = try await desk.inbox.splitNext(10)
        #expect(try await ready(.message) == ["m:a"])
        desk.wait(.hours(-2))
        try await desk.receive(body("statuses", "c"))
        _ = try await desk.inbox.splitNext(10)
        #expect(try await ready(.status) == ["s:a:sent:919876543210", "s:b:sent:919876543210", "s:c:sent:919876543210"])
        let first = try await desk.inbox.ready(.message, limit: 10, excluding: []).items
        #expect(first.map(\.part.dedupeKey) == ["m:a"])
        try await desk.inbox.finish(first)
        #expect(try await ready(.message) == ["m:b"], "it came at a moment that is hours away now")
        // The process may not have been there to see the clock move.
        desk.wait(.hours(-2))
        try desk.restart()
        #expect(try await ready(.message) == ["m:b"])
        try desk.end()
    }
}
