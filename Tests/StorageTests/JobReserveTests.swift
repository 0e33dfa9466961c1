import Coordination
import GRDB
import JobQueue
import Logging
import Resilience
import Storage
import Support
import Testing
import Vocabulary

/// Places that only urgent jobs take.
@Suite(.timeLimit(.minutes(1))) struct JobReserveTests {
    @Test func urgentJobsDoNotWaitBehindASlowCrowd() async throws {
        let store = try TemporaryDatabase()
        let (started, finish) = (MutexBox<[String]>([]), Mutexed(false))
        let gate = Signal()
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
                while !finish.value { await gate.wait(atMost: .milliseconds(5)) }
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
        finish.with { $0 = true }
        try await eventually("everything is done") {
            try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM job") } == 0
        }
        task.cancel()
        _ = try await task.value
        try store.end()
    }
}
