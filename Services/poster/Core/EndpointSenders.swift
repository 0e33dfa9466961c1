import Coordination
import HTTPClient
import JobQueue
import Logging
import PosterContract
import Resilience
import ServiceLifecycle
import Storage
import Vocabulary

/// One sender per endpoint; endpoints come and go while the process runs.
struct EndpointSenders: Service {
    let directory: EndpointDirectory
    let runners: EndpointRunners
    let poster: EventPoster
    let commits: GroupCommit
    let clock: WallClock
    let chance: Chance
    let logger: Logger
    let concurrency: Int

    /// Requests to endpoints that are not known to be alive, of all together: they take no place of the others.
    private static let careful = 128
    /// How long a paused endpoint is left alone before it is looked at again; whoever resumes it nudges.
    private static let rest = Milliseconds.minutes(5)

    func run() async throws {
        let probes = Mutexed(0)
        await withDiscardingTaskGroup { group in
            for await _ in directory.follow().cancelOnGracefulShutdown() {
                for endpoint in directory.all where !runners.has(endpoint.id) {
                    let pace = Mutexed(EndpointPace(most: concurrency))
                    let runner = runner(endpoint.id, pace, probes)
                    let end = Wakeup()
                    runners.add(
                        .init(nudge: { runner.nudge() }, release: { pace.with { $0.release() } }, end: { end.set() }), for: endpoint.id)
                    // Deleted before its sender was there, nobody else ends it.
                    if directory.endpoint(endpoint.id) == nil { end.set() }
                    group.addTask {
                        await run(runner, until: end)
                        runners.remove(endpoint.id)
                    }
                }
            }
        }
    }

    /// Ends with the process, or with the endpoint.
    private func run(_ runner: JobRunner, until end: Wakeup) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await runner.run() }  // it ends without an error
            group.addTask { await end.wait() }
            await group.next()
            group.cancelAll()
        }
    }

    private func runner(_ endpoint: String, _ pace: Mutexed<EndpointPace>, _ probes: Mutexed<Int>) -> JobRunner {
        let probing = Mutexed<Set<Int64>>([])
        return JobRunner(
            queue: Deliveries.queue(endpoint),
            policy: JobRunner.Policy(concurrency: concurrency, attempts: .max, backoff: Backoff([.seconds(5)], limit: .seconds(3600))),
            commits: commits,
            clock: clock,
            logger: logger,
            allowance: { free in
                guard let posted = directory.endpoint(endpoint), posted.state == .enabled else { return .rest(Self.rest) }
                let (room, isProven) = pace.with { ($0.room(at: clock.now, rate: posted.rate), $0.isProven) }
                guard case .places(let places) = room else { return .rest(room.pause) }
                if places > 0, !isProven, probes.value >= Self.careful { return .rest(Milliseconds(200)) }
                return .places(min(free, places))
            },
            admit: { db, job in try Deliveries.admission(db, job, of: endpoint) },
            begins: { job in
                let isProven = pace.with { pace in
                    pace.begins(at: clock.now)
                    return pace.isProven
                }
                guard !isProven else { return }
                probes.with { $0 += 1 }
                probing.with { _ = $0.insert(job.id) }
            },
            work: { job in
                let isCareful = probing.with { $0.remove(job.id) != nil }
                defer { if isCareful { probes.with { $0 -= 1 } } }
                let posted = await poster.post(job, to: endpoint, isCareful: isCareful)
                pace.with { pace in
                    switch posted.result {
                    case nil: pace.abandoned()
                    case true?: pace.succeeded()
                    case false?:
                        var chance = chance
                        pace.failed(at: clock.now, asked: posted.asked, using: &chance)
                    }
                }
                return posted.outcome
            }
        )
    }
}

extension EndpointPace.Room {
    fileprivate var pause: Milliseconds {
        guard case .rest(let pause) = self else { return .zero }
        return pause
    }
}
