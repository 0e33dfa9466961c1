import Foundation
import GRDB
import GatewayContract
import Logging
import RPCContract
import ServiceLifecycle
import Storage
import Support
import Synchronization
import Testing
import Vocabulary

@testable import GatewayCore

/// The dispatcher on a real inbox; who handles the events is the test.
@Suite(.timeLimit(.minutes(1))) struct DispatcherTests {
    private func run(
        _ lane: Payload.Lane, batch: Int, _ body: Data, handle: @escaping @Sendable ([StoredEvent]) async throws -> Void,
        until: @escaping @Sendable (Inbox) async throws -> Bool
    ) async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(.gateway, path: "\(folder)/t.sqlite", migrator: GatewayMigrations.migrator)
        let now = MutexBox(Timestamp(milliseconds: 1_790_000_000_000))
        let clock = WallClock.moved(now)
        let inbox = Inbox(
            reads: Reads(pool), clock: clock,
            gaps: try DeliveryGaps(pool, clock: clock, silence: .minutes(5)), keyLifetime: 86_400_000, waiting: 100)
        let logger = Logger(label: "t") { _ in SwiftLogNoOpLogHandler() }
        let dispatcher = Dispatcher(
            lane: lane, inbox: inbox, concurrency: lane == .status ? 1 : 8, batch: batch, attempts: 3, isStrict: lane == .status,
            logger: logger, handle: handle
        )
        let group = ServiceGroup(services: [dispatcher, Splitter(inbox: inbox, lanes: [dispatcher.wake], logger: logger)], logger: logger)
        inbox.append(body) { error in #expect(error == nil) }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            // Whatever is waited for, it passes with the process's clock.
            try await eventually("the end of the lane") {
                now.update { $0 = $0 + 1000 }
                return try await until(inbox)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    private func envelope(_ members: String) -> Data {
        let value = #"{"metadata":{"phone_number_id":"11"},\#(members)}"#
        return Data(#"{"entry":[{"id":"1","changes":[{"field":"messages","value":\#(value)}]}]}"#.utf8)
    }

    /// account-router takes a status as proof that every earlier one has come.
    @Test func noStatusOvertakesOneThatCouldNotBeHandedOver() async throws {
        let seen = MutexBox<[Int]>([])
        let calls = Atomic(0)
        let statuses = (0..<60).map { #"{"id":"w\#($0)","status":"sent","recipient_id":"9"}"# }.joined(separator: ",")
        try await run(.status, batch: 7, envelope(#""statuses":[\#(statuses)]"#)) { events in
            // The other side is away every third time.
            let call = calls.add(1, ordering: .relaxed).newValue
            if call % 3 == 0 { throw Fault(.unavailable, "away", retry: .now) }
            // Together they are refused now and then, so that each goes by itself, and the other side is away then too.
            if events.count > 1, call % 4 == 0 { throw Fault(.params, "too many") }
            let numbers = events.compactMap { $0.part.raw["id"]?.string.flatMap { Int($0.dropFirst()) } }
            seen.set(seen.value + numbers)
        } until: {
            try await $0.statistics(refused: 0).done == 60
        }
        #expect(seen.value == Array(0..<60))
    }

    /// An event that no receiver survives becomes a dead letter; those that went down beside it do not.
    @Test func whoeverDiesWithItIsNotBlamedForIt() async throws {
        let deaths = Atomic(0)
        let handled = MutexBox<Set<String>>([])
        let messages = (0..<8).map { #"{"id":"w\#($0)","from":"91987654321\#($0)","type":"text"}"# }.joined(separator: ",")
        try await run(.message, batch: 1, envelope(#""messages":[\#(messages)]"#)) { events in
            let name = events[0].part.raw["id"]?.string ?? ""
            // All that are under way when it comes go down with it.
            if name == "w3" {
                deaths.add(1, ordering: .relaxed)
                throw Fault(.lost, "ended", retry: .after(.seconds(1)))
            }
            if deaths.load(ordering: .relaxed) == 0 {
                try await eventually("the first death") { deaths.load(ordering: .relaxed) > 0 }
                throw Fault(.lost, "ended", retry: .after(.seconds(1)))
            }
            handled.update { _ = $0.insert(name) }
        } until: { inbox in
            let statistics = try await inbox.statistics(refused: 0)
            return statistics.done == 7 && statistics.dead == 1
        }
        #expect(handled.value == Set((0..<8).map { "w\($0)" }).subtracting(["w3"]))
        #expect(deaths.load(ordering: .relaxed) == 4, "together, and three times alone")
    }

    /// What was away has not been tried: the first real fault is the first.
    @Test func whatWasAwayCountsAgainstNobody() async throws {
        let calls = Atomic(0)
        try await run(.status, batch: 7, envelope(#""statuses":[{"id":"w0","status":"sent","recipient_id":"9"}]"#)) { _ in
            let call = calls.add(1, ordering: .relaxed).newValue
            if call <= 5 { throw Fault(.unavailable, "away", retry: .now) }
            if call <= 7 { throw Fault(.internal, "a defect") }
        } until: {
            try await $0.statistics(refused: 0).done == 1
        }
        #expect(calls.load(ordering: .relaxed) == 8)
    }

    @Test func oneFaultyEventOfACallTakesNoOtherWithIt() async throws {
        let handled = MutexBox<Set<String>>([])
        let statuses = (0..<10).map { #"{"id":"w\#($0)","status":"sent","recipient_id":"9"}"# }.joined(separator: ",")
        try await run(.status, batch: 10, envelope(#""statuses":[\#(statuses)]"#)) { events in
            guard !events.contains(where: { $0.part.raw["id"] == "w4" }) else { throw Fault(.params, "w4 is wrong", path: "id") }
            handled.set(handled.value.union(events.compactMap { $0.part.raw["id"]?.string }))
        } until: { inbox in
            let statistics = try await inbox.statistics(refused: 0)
            return statistics.done == 9 && statistics.dead == 1
        }
        #expect(handled.value == Set((0..<10).map { "w\($0)" }).subtracting(["w4"]))
    }
}
