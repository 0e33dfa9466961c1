import Coordination
import GRDB
import JobQueue
import Logging
import Resilience
import Storage
import Support
import Testing
import Vocabulary

/// Holds up whoever comes until it is opened.
private final class Gate: Sendable {
    private let state = Mutexed<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.with { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.with { state in
            state.isOpen = true
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// Places that only urgent jobs take.
@Suite(.timeLimit(.minutes(1))) struct JobReserveTests {
    @Test func urgentJobsDoNotWaitBehindASlowCrowd() async throws {
        let store = try TemporaryDatabase()
        let started = MutexBox<[String]>([])
        let gate = Gate()
        try await store.pool.write { db in
            for n in 0..<50 {
                try JobTable.enqueue(db, queue: "q", key: "slow\(n)", payload: "", priority: 500, notBefore: .zero, now: .zero)
            }
        }
        let runner = JobRunner(
            queue: "q", policy: .init(concurrency: 8, attempts: 1, backoff: .sending, reserved: 2, urgent: 100),
            commits: GroupCommit(store.pool), clock: .system, logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() },
            work: { job in
                started.update { $0.append(job.key) }
                await gate.pass()
                return .done()
            })
        let task = Task { try await runner.run() }
        try await eventually("the crowd has its places") { started.value.count == 6 }
        _ = try await store.pool.write { db in
            try JobTable.enqueue(db, queue: "q", key: "answer", payload: "", priority: 10, notBefore: .zero, now: .zero)
        }
        runner.nudge()
        try await eventually("the answer is taken") { started.value.contains("answer") }
        #expect(started.value.count == 7, "and no more of the crowd")
        gate.open()
        try await eventually("everything is done") {
            try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM job") } == 0
        }
        task.cancel()
        _ = try await task.value
        try store.end()
    }

    /// A clock that is set back an hour makes nobody wait an hour.
    @Test func aClockThatIsSetBackHoldsNothingLonger() async throws {
        let store = try TemporaryDatabase()
        let now = MutexBox(Timestamp(milliseconds: 1_790_000_000_000))
        let done = MutexBox<[String]>([])
        let clock = WallClock { now.value }
        let runner = JobRunner(
            queue: "q", policy: .init(concurrency: 2, attempts: 1, backoff: .sending), commits: GroupCommit(store.pool), clock: clock,
            logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() },
            work: { job in
                done.update { $0.append(job.key) }
                return .done()
            })
        let start = now.value
        _ = try await store.pool.write { db in
            try JobTable.enqueue(db, queue: "q", key: "first", payload: "", notBefore: .zero, now: start)
            return try JobTable.enqueue(db, queue: "q", key: "held", payload: "", notBefore: start + .minutes(1), now: start)
        }
        let task = Task { try await runner.run() }
        try await eventually("the first is done") { done.value == ["first"] }
        now.set(start - .hours(1))
        runner.nudge()
        try await eventually("what is held waits a minute still") {
            try await store.pool.read { try Timestamp.fetchOne($0, sql: "SELECT notBefore FROM job WHERE key = 'held'") } ?? .latest
                <= start - .minutes(59)
        }
        now.set(start - .minutes(59))
        runner.nudge()
        try await eventually("and goes") { done.value == ["first", "held"] }
        task.cancel()
        _ = try await task.value
        try store.end()
    }
}
