import GatewayContract
import Logging
import RPCContract
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// A page that waits for its first event.
@Suite(.timeLimit(.minutes(1))) struct EventAwaitingTests {
    /// One log has what has happened, the others nothing; whoever waits for it waits as for a real one.
    private func awaiting(_ happened: MutexBox<[Event]>, _ asked: MutexBox<Int>) -> EventAwaiting {
        let logs = EventLogs(
            LogPosition.sources.indices.map { source in
                { params, workspace in
                    if params.wait == nil { asked.update { $0 += 1 } }
                    let end = ContinuousClock.now + (params.wait ?? .zero).duration
                    while true {
                        let all = source == 2 ? happened.value : []
                        guard let after = params.after else { return .init(items: [], next: Int64(all.count)) }
                        let items = all.filter {
                            $0.cursor > after && (workspace ?? $0.workspace) == $0.workspace && params.types?.contains($0.type) ?? true
                        }
                        guard items.isEmpty, end > .now else { return .init(items: items, next: max(after, Int64(all.count))) }
                        try await Task.sleep(for: .milliseconds(5))  // as a log waits for its next event
                    }
                }
            })
        return EventAwaiting(feed: EventFeed(logs: logs, most: 2, clock: .system, logger: Logger(label: "t")), logs: logs)
    }

    private func add(_ happened: MutexBox<[Event]>, _ type: String = "a.b", in workspace: String = "w") {
        happened.update {
            $0.append(Event(cursor: Int64($0.count + 1), at: .zero, type: type, workspace: workspace, subject: "s", data: [:]))
        }
    }

    private func run(_ events: EventAwaiting, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await events.feed.run() }
            try await body()
            group.cancelAll()
        }
    }

    @Test func whatIsThereIsGivenAtOnce() async throws {
        let happened = MutexBox<[Event]>([])
        add(happened)
        let events = awaiting(happened, MutexBox(0))
        // Nobody follows: it does not wait for the feed.
        let page = try await events.list(.init(wait: .seconds(2)), workspace: "w")
        #expect(page.items.map(\.number) == [1])
        #expect(try await events.list(.init(cursor: page.next), workspace: "w").items.isEmpty)
    }

    @Test func whatComesEndsTheWait() async throws {
        let (happened, asked) = (MutexBox<[Event]>([]), MutexBox(0))
        let events = awaiting(happened, asked)
        try await run(events) {
            // Longer than the test may take: only what comes ends it.
            async let page = events.list(.init(cursor: "0.0.0.0.0.0", types: ["a.b"], wait: .hours(1)), workspace: "w")
            // Nothing was there, and nothing once it listened.
            try await eventually("it listens") { asked.value >= 2 * LogPosition.sources.count }
            add(happened, "c.d")
            add(happened, in: "other")
            add(happened)
            let found = try await page
            #expect(found.items.map(\.type) == ["a.b"] && found.items.map(\.number) == [3])
        }
    }

    /// What others do costs no reading.
    @Test func theWaitEndsWithoutAnythingInTime() async throws {
        let (happened, asked) = (MutexBox<[Event]>([]), MutexBox(0))
        let events = awaiting(happened, asked)
        try await run(events) {
            for _ in 0..<20 { add(happened, in: "other") }
            let page = try await events.list(.init(cursor: "0.0.0.0.0.0", wait: 300), workspace: "w")
            #expect(page.items.isEmpty)
            #expect(asked.value < 20 * LogPosition.sources.count, "\(asked.value)")
        }
    }

    @Test func noMoreWaitThanMay() async throws {
        let happened = MutexBox<[Event]>([])
        let events = awaiting(happened, MutexBox(0))
        try await run(events) {
            let (first, second) = (try events.feed.listen(with: "a"), try events.feed.listen(with: "b"))
            let fault = await #expect(throws: Fault.self) {
                _ = try await events.list(.init(cursor: "0.0.0.0.0.0", wait: .seconds(1)), workspace: "w")
            }
            #expect(fault?.code == .overloaded)
            // A process waits all the same, and what is there is given to anybody.
            let page = try await events.list(.init(cursor: "0.0.0.0.0.0", wait: 1), workspace: "w", isProcess: true)
            #expect(page.items.isEmpty)
            add(happened)
            #expect(try await events.list(.init(cursor: "0.0.0.0.0.0", wait: .seconds(1)), workspace: "w").items.count == 1)
            withExtendedLifetime((first, second)) {}
        }
    }
}
