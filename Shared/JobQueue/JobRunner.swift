import Coordination
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
/// Shutdown stops leasing and waits a moment for what is under way.
package struct JobRunner: Service {
    /// How a queue is worked on.
    package struct Policy: Sendable {
        package var concurrency: Int
        /// Attempts after which a failing job is dead.
        package var attempts: Int
        package var backoff: Backoff
        /// How long what is under way may take once the process stops; then it is cancelled.
        package var drain: Duration
        /// Of the concurrency, what only jobs of `urgent` priority take: a slow other side must not hold them up.
        package var reserved: Int
        /// Jobs of this priority and before it are urgent.
        package var urgent: Int

        package init(
            concurrency: Int, attempts: Int, backoff: Backoff, drain: Duration = .seconds(2), reserved: Int = 0, urgent: Int = 0
        ) {
            self.reserved = reserved
            self.urgent = urgent
            self.concurrency = concurrency
            self.attempts = attempts
            self.backoff = backoff
            self.drain = drain
        }
    }

    private let queue: String
    private let policy: Policy
    private let commits: GroupCommit
    private let clock: WallClock
    private let logger: Logger
    private let allowance: @Sendable (_ free: Int) -> JobAllowance
    private let admit: @Sendable (Database, Job) throws -> JobAdmission
    private let leased: @Sendable (Database, [Job]) throws -> Void
    private let begins: @Sendable (Job) -> Void
    private let work: @Sendable (Job) async -> JobOutcome
    private let wake = Wakeup()
    private let finished = Mutexed<[Finished]>([])
    /// The last reading of the clock, to notice that it was set back.
    private let readAt = Mutexed(Timestamp?.none)

    private struct Finished: Sendable {
        var job: Job
        var outcome: JobOutcome
    }

    /// - Parameters:
    ///   - allowance: asked before anything is leased, with the places that are free.
    ///   - admit: asked about each job that could be leased, in the transaction that leases.
    ///   - leased: written in the transaction that leases.
    ///   - begins: called before the work on a job is started, and so before the next `allowance`.
    package init(
        queue: String,
        policy: Policy,
        commits: GroupCommit,
        clock: WallClock,
        logger: Logger,
        allowance: @escaping @Sendable (_ free: Int) -> JobAllowance = { .places($0) },
        admit: @escaping @Sendable (Database, Job) throws -> JobAdmission = { _, _ in .lease },
        leased: @escaping @Sendable (Database, [Job]) throws -> Void = { _, _ in },
        begins: @escaping @Sendable (Job) -> Void = { _ in },
        work: @escaping @Sendable (Job) async -> JobOutcome
    ) {
        self.queue = queue
        self.policy = policy
        self.commits = commits
        self.clock = clock
        self.logger = logger
        self.allowance = allowance
        self.admit = admit
        self.leased = leased
        self.begins = begins
        self.work = work
    }

    /// There is new work, or work is due earlier than thought.
    package func nudge() { wake.set() }

    package func run() async throws {
        let stopping = Mutexed(false)
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                var free = policy.concurrency
                // Until when what is under way is waited for.
                var patience: ContinuousClock.Instant?
                var settled: [Finished] = []
                while true {
                    settled += finished.with { waiting in
                        defer { waiting.removeAll() }
                        return waiting
                    }
                    let isStopping = stopping.value || Task.isCancelled
                    if isStopping {
                        let end = patience ?? .now + policy.drain
                        patience = end
                        if end <= .now { group.cancelAll() }
                    }
                    // Outcomes are written even while stopping; new work is not taken.
                    let allowed = allowance(free + settled.count)
                    let places = isStopping ? 0 : allowed.places
                    // Not written: with nothing settled, nothing was taken; either way it is tried again in a second.
                    let (jobs, due, written) = await settleAndTake(
                        settled, places: places, kept: max(0, min(places, policy.reserved - (free + settled.count - places))))
                    if written {
                        free += settled.count
                        settled = []
                    }
                    free -= jobs.count
                    for job in jobs {
                        begins(job)
                        group.addTask {
                            let outcome = await work(job)
                            finished.with { $0.append(Finished(job: job, outcome: outcome)) }
                            wake.set()
                        }
                    }
                    if isStopping, free == policy.concurrency, written || settled.isEmpty { break }
                    // Cancelled, and the database takes nothing any more: the next start finds the leases and knows what they mean.
                    if Task.isCancelled, !written { break }
                    guard jobs.isEmpty || free == 0 else { continue }
                    let next = allowed.rest.map { clock.now + $0 } ?? due
                    let pause = written ? next.map { clock.pause(until: $0) } : .seconds(1)
                    let rest = free == 0 && written ? nil : pause
                    guard let end = patience, end > .now else {
                        await wake.wait(atMost: rest)
                        continue
                    }
                    await wake.wait(atMost: min(rest ?? end - .now, end - .now))
                }
            }
        } onGracefulShutdown: {
            stopping.with { $0 = true }
            wake.set()
        }
    }

    /// One transaction: what has been done, and what is to be done next.
    ///
    /// Outcomes that cannot be written are kept and tried again: a finished job must not be worked on again.
    ///
    /// - Parameter kept: of the places, those that only urgent jobs may have.
    private func settleAndTake(_ settled: [Finished], places: Int, kept: Int) async -> (jobs: [Job], due: Timestamp?, written: Bool) {
        guard places > 0 || !settled.isEmpty else { return ([], nil, true) }
        let (queue, clock, admit, leased) = (queue, clock, admit, leased)
        do {
            let found = try await commits.write { [self] db in
                if let clockShift = try setBack(db) { try JobTable.rebase(db, queue: queue, by: clockShift, at: clock.now) }
                for item in settled { try write(db, item.job, item.outcome) }
                guard places > 0 else { return (jobs: [Job](), due: Timestamp?.none) }
                var jobs = try JobTable.claim(db, queue: queue, limit: max(0, places - kept), now: clock.now, admit: admit)
                // By priority: where ordinary ones were left waiting, urgent ones would have come before them.
                if kept > 0, jobs.count >= places - kept {
                    jobs += try JobTable.claim(
                        db, queue: queue, limit: places - jobs.count, upTo: policy.urgent, now: clock.now, admit: admit)
                }
                if !jobs.isEmpty { try leased(db, jobs) }
                return (
                    jobs: jobs,
                    due: jobs.isEmpty ? try JobTable.nextDue(db, queue: queue, upTo: kept == places ? policy.urgent : .max) : nil
                )
            }
            return (found.jobs, found.due, true)
        } catch {
            logger.error("a queue's step could not be written, retrying", metadata: ["queue": "\(queue)", "error": "\(error)"])
            return ([], nil, false)
        }
    }

    /// By how much the clock was set back since it was read last; nil where it was not.
    ///
    /// While nobody read it, as before the start, what was made later than now tells of it.
    private func setBack(_ db: Database) throws -> Milliseconds? {
        let now = clock.now
        let last = try readAt.value ?? JobTable.lastMade(db, queue: queue) ?? now
        // Not before the step is written.
        db.afterCommit { [readAt] in readAt.with { $0 = now } }
        return last - now > 1000 ? last - now : nil
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
                try JobTable.retry(db, id: job.id, at: clock.now + Milliseconds(delay), error: error)
            }
            try also(db)
        case .dead(let error, let also):
            try JobTable.bury(db, id: job.id, error: error)
            try also(db)
        }
    }
}

/// How much of a queue may be worked on now.
package enum JobAllowance: Sendable, Equatable {
    case places(Int)
    /// Nothing, for so long.
    case rest(Milliseconds)

    fileprivate var places: Int {
        guard case .places(let count) = self else { return 0 }
        return count
    }

    fileprivate var rest: Milliseconds? {
        guard case .rest(let pause) = self else { return nil }
        return pause
    }
}
