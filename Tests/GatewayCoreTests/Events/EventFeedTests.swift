import Coordination
import GatewayContract
import Logging
import RPCContract
import ServiceLifecycle
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// The logs of all processes, followed once for all who listen.
@Suite(.timeLimit(.minutes(1))) struct EventFeedTests {
    /// Logs that say how often they were asked, and have one event each.
    private func feed(_ asked: MutexBox<Int>, most: Int = 3, clock: WallClock = .system) -> EventFeed {
        let logs = EventLogs(
            LogPosition.sources.map { _ in
                { params, _ in
                    asked.update { $0 += 1 }
                    guard let after = params.after else { return EventsRead.Reply(items: [], next: 7) }
                    guard after == 7 else {
                        try await Task.sleep(for: .seconds(1))  // as long as a log is waited for
                        return EventsRead.Reply(items: [], next: after)
                    }
                    let event = Event(cursor: 8, at: .zero, type: "a.b", workspace: "w", subject: "s", data: [:])
                    return EventsRead.Reply(items: [event], next: 8)
                }
            })
        return EventFeed(logs: logs, most: most, clock: clock, logger: Logger(label: "test"))
    }

    @Test func nobodyIsFollowedForNobody() async throws {
        let asked = MutexBox(0)
        let feed = feed(asked)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await feed.run() }
            #expect(feed.end == nil && asked.value == 0)
            let listener = try feed.listen(with: "k")
            while feed.end?.position.place != "8.8.8.8.8.8" { await listener.wakeup.wait() }
            #expect(feed.end?.number == 6 && feed.entries(after: 0)?.entries.count == 6)
            group.cancelAll()
        }
    }

    /// Restored from an earlier copy while it is followed, a log goes on from its end for all who listen.
    @Test func aLogThatWasSetBackIsFollowedFromItsEnd() async throws {
        let logs = EventLogs(
            LogPosition.sources.map { _ in
                { params, _ in
                    guard let after = params.after else { return EventsRead.Reply(items: [], next: 9) }
                    if after <= 3 { try await Task.sleep(for: .seconds(1)) }  // as long as a log is waited for
                    return EventsRead.Reply(items: [], next: 3, isCut: after > 3 ? true : nil)
                }
            })
        let feed = EventFeed(logs: logs, most: 3, clock: .system, logger: Logger(label: "test"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await feed.run() }
            let listener = try feed.listen(with: "k")
            while feed.end?.position.place != "3.3.3.3.3.3" { await listener.wakeup.wait() }
            group.cancelAll()
        }
    }

    /// Who was cut off comes back and finds it; by the process's clock it ends ten seconds after the last has left.
    @Test func theFeedGoesOnForAMomentForNobody() async throws {
        let now = MutexBox(Timestamp(milliseconds: 1_790_000_000_000))
        let feed = feed(MutexBox(0), clock: .moved(now))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await feed.run() }
            var listener: EventFeed.Listener? = try feed.listen(with: "k")
            while let waiting = listener, feed.end?.number != 6 { await waiting.wakeup.wait() }
            listener = nil
            let start = now.value
            // Less than ten seconds of the machine's.
            try await eventually(within: .seconds(8), "the end of the feed") {
                now.update { $0 = $0 + 500 }
                return feed.end == nil
            }
            #expect(now.value - start >= .seconds(10))
            group.cancelAll()
        }
    }

    /// Whoever is let go has left, whether their answer was ever written or not.
    @Test func noMoreListenThanMay() throws {
        let feed = feed(MutexBox(0))
        var listeners = [try feed.listen(with: "a"), try feed.listen(with: "a"), try feed.listen(with: "b")]
        let fault = #expect(throws: Fault.self) { try feed.listen(with: "c") }
        #expect(fault?.code == .overloaded)
        listeners.removeLast()
        listeners.append(try feed.listen(with: "c"))
        // A process is not one of them.
        listeners.append(feed.listen())
        let still = #expect(throws: Fault.self) { try feed.listen(with: "d") }
        #expect(still?.code == .overloaded)
        listeners.removeLast()
        listeners.removeLast()
        listeners.append(try feed.listen(with: "d"))
        #expect(listeners.count == 3)
    }
}
