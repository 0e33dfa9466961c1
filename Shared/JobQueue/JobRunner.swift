package import GRDB
package import Logging
import RPCContract
package import Resilience
import ServiceLifecycle
package import Storage
import Synchronization
package import Vocabulary

/// Works on one queue: leases jobs, runs a bounded number at once, writes each outcome.
///
/// Shutdown stops leasing and waits for what is under way.
package struct JobRunner: Service {
    package struct Policy: Sendable {
        package var concurrency: Int
        /// Attempts after which a failing job is dead.
        package var attempts: Int
        package var backoff: Backoff

        package init(concurrency: Int, attempts: Int, backoff: Backoff) {
            self.concurrency = concurrency
            self.attempts = attempts
            self.backoff = backoff
        }
    }

    private let queue: String
    private let policy: Policy
    private let commits: GroupCommit
    private let clock: WallClock
    private let logger: Logger
    private let hold: @Sendable (Job) -> Int64?
    private let leased: @Sendable (Database, [Job]) throws -> Void
    private let work: @Sendable (Job) async -> JobOutcome
    private let wake = Signal()
    private let free: Mutexed<Int>

    /// - Parameters:
    ///   - hold: asked before a lease; milliseconds by which to postpone the job.
    ///   - leased: written in the transaction that leases.
    package init(
        queue: String,
        policy: Policy,
        commits: GroupCommit,
        clock: WallClock,
        logger: Logger,
        hold: @escaping @Sendable (Job) -> Int64? = { _ in nil },
        leased: @escaping @Sendable (Database, [Job]) throws -> Void = { _, _ in },
        work: @escaping @Sendable (Job) async -> JobOutcome
    ) {
        self.queue = queue
        self.policy = policy
        self.commits = commits
        self.clock = clock
        self.logger = logger
        self.hold = hold
        self.leased = leased
        self.work = work
        free = Mutexed(policy.concurrency)
    }

    /// There is new work, or work is due earlier than thought.
    package func nudge() { wake.set() }

    package func run() async throws {
        let stopping = Mutexed(false)
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                while !stopping.value, !Task.isCancelled {
                    let (jobs, due) = await lease()
                    for job in jobs {
                        group.addTask {
                            let outcome = await work(job)
                            await settle(job, outcome)
                            free.with { $0 += 1 }
                            wake.set()
                        }
                    }
                    guard jobs.isEmpty else { continue }
                    let pause = due.map { Duration.milliseconds(max(1, $0 - clock.now)) }
                    await wake.wait(atMost: free.value == 0 ? nil : pause)
                }
            }
        } onGracefulShutdown: {
            stopping.with { $0 = true }
            wake.set()
        }
    }

    private func lease() async -> (jobs: [Job], due: Int64?) {
        let places = free.value
        guard places > 0 else { return ([], nil) }
        let (queue, clock, hold, leased) = (queue, clock, hold, leased)
        do {
            let found = try await commits.write { db in
                let jobs = try JobTable.claim(db, queue: queue, limit: places, now: clock.now, hold: hold)
                if !jobs.isEmpty { try leased(db, jobs) }
                return (jobs: jobs, due: jobs.isEmpty ? try JobTable.nextDue(db, queue: queue) : nil)
            }
            free.with { $0 -= found.jobs.count }
            return found
        } catch {
            logger.warning("jobs could not be leased, retrying", metadata: ["queue": "\(queue)", "error": "\(error)"])
            return ([], clock.now + 1000)
        }
    }

    /// Writes the outcome, however long the disk takes to accept it: a finished job must not be worked on again.
    private func settle(_ job: Job, _ outcome: JobOutcome) async {
        while true {
            do {
                try await commits.write { [self] db in try write(db, job, outcome) }
                return
            } catch {
                logger.error("a job's outcome could not be written, retrying", metadata: ["queue": "\(queue)", "error": "\(error)"])
                if Task.isCancelled { return }
                await Signal().wait(atMost: .seconds(1))
            }
        }
    }

    private func write(_ db: Database, _ job: Job, _ outcome: JobOutcome) throws {
        switch outcome {
        case .done(let also):
            try JobTable.complete(db, id: job.id)
            try also(db)
        case .retry(let error, let pause, let also):
            if job.attempts >= policy.attempts, pause == nil {
                try JobTable.bury(db, id: job.id, error: error)
            } else {
                let delay = pause ?? policy.backoff.pause(after: job.attempts)
                try JobTable.retry(db, id: job.id, at: clock.now + delay.milliseconds, error: error)
            }
            try also(db)
        case .dead(let error, let also):
            try JobTable.bury(db, id: job.id, error: error)
            try also(db)
        }
    }
}

/// A value under a lock, shared by the copies of a struct.
package final class Mutexed<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    package init(_ value: Value) {
        mutex = Mutex(value)
    }

    package var value: Value { mutex.withLock { $0 } }
    @discardableResult
    package func with<T: Sendable>(_ body: (inout sending Value) -> sending T) -> T { mutex.withLock(body) }
}
