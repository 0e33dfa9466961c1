import Coordination
import Foundation
import GRDB
import Logging
import Resilience
import Storage
import Support
import Testing
import Vocabulary

@testable import JobQueue

/// What waits in a queue whose clock is corrected.
@Suite struct JobClockTests {
    /// The clock is set back by a day while nobody works: what was held for a minute is not held for a day.
    @Test func whatIsHeldFollowsAClockThatWasSetBackBeforeTheStart() async throws {
        let store = try TemporaryDatabase()
        let commits = GroupCommit(store.pool)
        let before = Timestamp(milliseconds: 200_000_000_000)
        let now = Mutexed(before - .days(1))
        let done = Mutexed<Set<String>>([])
        let runner = JobRunner(
            queue: "q", policy: JobRunner.Policy(concurrency: 1, attempts: 3, backoff: .sending), commits: commits,
            clock: WallClock { now.value }, logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() }
        ) { job in
            done.with { _ = $0.insert(job.key) }
            return .done()
        }
        try await commits.write { db in
            for (key, wait) in [("soon", Milliseconds.minutes(1)), ("later", .hours(1))] {
                try JobTable.enqueue(db, queue: "q", key: key, payload: "", notBefore: before + wait, now: before)
            }
            // It wakes the runner, which looks then.
            try JobTable.enqueue(db, queue: "q", key: "first", payload: "", notBefore: .zero, now: before - .days(1))
        }
        let task = Task { try await runner.run() }
        try await eventually("the first") { done.value == ["first"] }
        let held = try await store.pool.read { try JobTable.nextDue($0, queue: "q") }
        #expect(held == before - .days(1) + .minutes(1))
        now.with { $0 += .minutes(2) }
        runner.nudge()
        try await eventually("what was held for a minute") { done.value == ["first", "soon"] }
        task.cancel()
        _ = try await task.value
        try store.end()
    }

    /// What is ready or under way when the clock is set back, and held only later, tells of no step once more.
    @Test func aStepIsFollowedOnce() async throws {
        let store = try TemporaryDatabase()
        let before = Timestamp(milliseconds: 200_000_000_000)
        let now = before - .hours(1)
        try await store.pool.write { db in
            try JobTable.enqueue(db, queue: "q", key: "ready", payload: "", notBefore: .zero, now: before)
            try JobTable.enqueue(db, queue: "q", key: "held", payload: "", notBefore: before + .minutes(1), now: before)
            try JobTable.rebase(db, queue: "q", by: .hours(1), at: now)
            #expect(try JobTable.notBefore(db, queue: "q", key: "held") == now + .minutes(1))
            let ready = try #require(try Int64.fetchOne(db, sql: "SELECT id FROM job WHERE key = 'ready'"))
            try JobTable.retry(db, id: ready, at: now + .minutes(2), error: "later")
            #expect(try JobTable.lastMade(db, queue: "q") == now)
        }
        try store.end()
    }
}
