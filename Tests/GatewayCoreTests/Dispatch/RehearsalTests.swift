import Coordination
import Foundation
import GRDB
import GatewayContract
import Logging
import RPCContract
import ServiceLifecycle
import Storage
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// Events that the gateway itself does not survive, on a real database that outlasts its process.
@Suite(.timeLimit(.minutes(1))) struct RehearsalTests {
    /// A process that has died answers nobody: whoever is under way stays there.
    private final class Death: Sendable {
        private struct State {
            var isStruck = false
            var isReleased = false
            var held: [CheckedContinuation<Void, Never>] = []
        }

        private let state = MutexBox(State())

        var isStruck: Bool { state.value.isStruck }

        func strike() async throws {
            await withCheckedContinuation { continuation in
                let isReleased = state.update { state in
                    state.isStruck = true
                    if !state.isReleased { state.held.append(continuation) }
                    return state.isReleased
                }
                if isReleased { continuation.resume() }
            }
            throw Fault(.cancelled, "the process is no more")
        }

        /// Lets go of what is left of the process.
        func release() {
            let held = state.update { state in
                defer { state.held = [] }
                state.isReleased = true
                return state.held
            }
            for continuation in held { continuation.resume() }
        }
    }

    private let now = MutexBox(Timestamp(milliseconds: 1_790_000_000_000))
    private let logger = Logger(label: "t") { _ in SwiftLogNoOpLogHandler() }

    private func inbox(_ pool: DatabasePool) throws -> Inbox {
        let clock = WallClock.moved(now)
        return Inbox(
            reads: Reads(pool), clock: clock,
            gaps: try DeliveryGaps(pool, clock: clock, silence: .minutes(5)), keyLifetime: 86_400_000, waiting: 100)
    }

    private func open(_ path: String) throws -> DatabasePool {
        try MigratedDatabase.open(.gateway, path: path, migrator: GatewayMigrations.migrator)
    }

    /// One process, from its start to its death or to a stop.
    ///
    /// - Returns: the database as a death has left it; nil where the process ended by itself.
    private func live(
        _ lane: Payload.Lane, on path: String, _ bodies: [Data] = [], ownPart: Milliseconds = .days(1), patience: Milliseconds = .days(1),
        handle: @escaping @Sendable ([StoredEvent], Death, Inbox) async throws -> Void,
        until isOver: (Inbox) async throws -> Bool
    ) async throws -> String? {
        let pool = try open(path)
        let (inbox, death, split) = (try inbox(pool), Death(), Wakeup())
        let dispatcher = Dispatcher(
            lane: lane, inbox: inbox, concurrency: lane == .status ? 1 : 8, batch: lane == .status ? 8 : 1, attempts: 3,
            isStrict: lane == .status, logger: logger, start: Wakeup()
        ) { events in
            if death.isStruck { try await death.strike() }
            try await handle(events, death, inbox)
        }
        let rehearsal = Rehearsal(
            inbox: inbox, lanes: [dispatcher], whoWaits: [dispatcher.start, split].compactMap { $0 }, logger: logger,
            ownPart: ownPart, patience: patience)
        let splitter = Splitter(inbox: inbox, lanes: [dispatcher.wake], start: split, logger: logger)
        for body in bodies { inbox.append(body) { error in #expect(error == nil) } }
        var left: String?
        let group = ServiceGroup(services: [rehearsal, dispatcher, splitter], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await eventually("the end of a process") {
                now.update { $0 = $0 + 1000 }
                return death.isStruck ? true : try await isOver(inbox)
            }
            if death.isStruck {
                let copy = "\(path)x"
                let target = try DatabaseQueue(path: copy)
                try pool.backup(to: target)
                try target.close()
                left = copy
            }
            await group.triggerGracefulShutdown()
            death.release()
            try await tasks.waitForAll()
        }
        try pool.close()
        return left
    }

    private func envelope(_ members: String) -> Data {
        let value = #"{"metadata":{"phone_number_id":"11"},\#(members)}"#
        return Data(#"{"entry":[{"id":"1","changes":[{"field":"messages","value":\#(value)}]}]}"#.utf8)
    }

    private func bodies(_ lane: Payload.Lane) -> [Data] {
        let items = (0..<8).map { n in
            lane == .status
                ? #"{"id":"w\#(n)","status":"sent","recipient_id":"9"}"# : #"{"id":"w\#(n)","from":"91987654321\#(n)","type":"text"}"#
        }
        return [envelope(#""\#(lane == .status ? "statuses" : "messages")":[\#(items.joined(separator: ","))]"#)]
    }

    /// One of which the process dies each time becomes a dead letter, and none that was in hand beside it.
    ///
    /// Also one that it outlives for so long that anybody may have been its death.
    @Test(arguments: [Payload.Lane.message, .status], [false, true])
    func anEventThatEndsTheGatewayIsPutAside(lane: Payload.Lane, isLate: Bool) async throws {
        let folder = try Machine.temporaryFolder()
        let (handled, strikes) = (MutexBox<[String]>([]), MutexBox<[Int]>([]))
        var path = "\(folder)/t.sqlite"
        var lives = 0
        while true {
            lives += 1
            let life = lives
            let left = try await live(
                lane, on: path, lives == 1 ? bodies(lane) : [], ownPart: isLate ? 100 : .days(1)
            ) { events, death, inbox in
                let names = events.compactMap { $0.part.raw["id"]?.string }
                if names.contains("w3") {
                    if isLate, life > 1 {
                        try await eventually("only waited for") { try await inbox.read { try inbox.value($0, "aloneWaits") } == 1 }
                    }
                    strikes.update { $0.append(names.count) }
                    try await death.strike()
                }
                handled.update { $0 += names }
            } until: { inbox in
                let statistics = try await inbox.statistics(refused: 0)
                return statistics.done == 7 && statistics.dead == 1
            }
            guard let left else { break }
            path = left
            try #require(lives < 16, "it is put aside at last")
        }
        let deaths = isLate ? 8 : 3
        #expect(lives == deaths + 2 && Array(strikes.value.dropFirst()) == Array(repeating: 1, count: deaths), "among others, then alone")
        #expect(Set(handled.value) == Set((0..<8).map { "w\($0)" }).subtracting(["w3"]))
        if lane == .status { #expect(strikes.value.first == 8 && handled.value == ["w0", "w1", "w2", "w4", "w5", "w6", "w7"]) }
        let pool = try open(path)
        let inbox = try inbox(pool)
        let letter = try #require(try await DeadLetters(inbox: inbox).list(.init()).items.first)
        #expect(letter.reason == "gateway_lost" && letter.attempts == deaths && letter.payload.contains("w3"))
        // The last of them has ended by itself, and the letter that is put back is one like others.
        _ = try await DeadLetters(inbox: inbox).retry(letter.id)
        #expect(try await inbox.noteBeginning([lane: 8]).suspects.isEmpty)
        #expect(try await inbox.noteBeginning([lane: 8]).suspects.count == 1)
        #expect(try await DeadLetters(inbox: inbox).list(.init()).items.isEmpty, "it counts anew")
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    /// A receiver that hangs holds up nobody for longer than the patience there is, and what it has not answered goes again.
    @Test func aReceiverThatHangsIsNotWaitedForLong() async throws {
        let folder = try Machine.temporaryFolder()
        let first = try await live(.message, on: "\(folder)/t.sqlite", bodies(.message)) { _, death, _ in
            try await death.strike()
        } until: { _ in
            false
        }
        let (asked, hung) = (MutexBox<[String]>([]), MutexBox(0))
        let left = try await live(.message, on: try #require(first), ownPart: 100, patience: .seconds(5)) {
            events, _, inbox in
            asked.update { $0 += events.compactMap { $0.part.raw["id"]?.string } }
            guard
                hung.update({ hung in
                    defer { hung += 1 }; return hung
                }) == 0
            else { return }
            do { try await inbox.clock.sleep(for: .days(1)) } catch { throw Fault(.cancelled, "nobody waits any more") }
        } until: {
            try await $0.statistics(refused: 0).done == 8
        }
        #expect(left == nil && asked.value.count == 9 && Set(asked.value).count == 8, "one is asked again")
        try FileManager.default.removeItem(atPath: folder)
    }

    /// A death that came from elsewhere costs nobody anything, and a stop leaves nothing to suspect.
    @Test func whatPassesIsNotBlamed() async throws {
        let desk = try InboxTests.Desk()
        for n in 0..<6 { try await desk.receive("w\(n)", from: "9\(n)") }
        while try await desk.inbox.splitNext(10) > 0 {}
        #expect(try await desk.inbox.noteBeginning([.message: 2]).suspects.isEmpty, "the first start")
        for (index, event) in (1...5 as ClosedRange<Int64>).enumerated() {
            // Twice it is alone in hand at a death, and the third time it passes.
            for death in 0...2 {
                let suspects = try await desk.inbox.noteBeginning([.message: 2]).suspects
                #expect(suspects.first == Inbox.Suspect(id: event, lane: .message))
                #expect(suspects.count == min(2 * min(index * 3 + death + 1, 8), 6 - index), "each time more are looked at")
                let taken = try #require(try await desk.inbox.takeAlone(event))
                if death == 2 { try await desk.inbox.finish([taken]) }
            }
        }
        #expect(try await desk.rows("deadLetter") == 0)
        try await desk.inbox.noteEnd()
        #expect(try await desk.inbox.noteBeginning([.message: 2]).suspects.isEmpty)
        try desk.end()
    }

    /// What is read without what Meta wrote is the same.
    @Test func theHeadOfAnEventIsReadAlone() async throws {
        let desk = try InboxTests.Desk()
        try await desk.receive("a1")
        _ = try await desk.inbox.splitNext(10)
        let event = try #require(try await desk.inbox.ready(.message, limit: 1, excluding: []).items.first)
        let head = try await desk.pool.read { db in
            try Row.fetchOne(db, sql: "SELECT \(EventHead.columns) FROM inboundEvent").map(EventHead.init)
        }
        #expect(head == event.head)
        try desk.end()
    }
}
