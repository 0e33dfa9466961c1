import AccountContract
import Foundation
import GRDB
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
            pool = try ServiceDatabase.open(path: "\(folder)/t.sqlite", migrator: GatewayMigrations.migrator)
            (gaps, inbox) = try Self.inbox(pool, now)
        }

        private static func inbox(_ pool: DatabasePool, _ now: MutexBox<Timestamp>) throws -> (DeliveryGaps, Inbox) {
            let clock = WallClock { now.value }
            let gaps = try DeliveryGaps(pool, clock: clock, silence: .minutes(5))
            let inbox = Inbox(
                reads: Reads(pool), events: EventLog(Reads(pool)), clock: clock,
                gaps: gaps, keyLifetime: .days(14), waiting: 100)
            return (gaps, inbox)
        }

        /// The process ends and starts anew.
        func restart() throws { (gaps, inbox) = try Self.inbox(pool, now) }

        func wait(_ time: Milliseconds) { now.set(now.value + time) }

        func receive() async throws {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                inbox.append(Data("{}".utf8)) { error in continuation.resume(with: error.map { .failure($0) } ?? .success(())) }
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
        for gap in try await desk.untold() { #expect(gap.startAt <= gap.endAt) }
        try desk.end()
    }
}
