import Coordination
import JobQueue
import Logging
import RPCContract
import Resilience
import ServiceLifecycle
import Vocabulary

/// Hands the events of one lane to those who handle them: in order for one key, in parallel across keys.
struct Dispatcher: Service {
    let lane: Payload.Lane
    let inbox: Inbox
    let concurrency: Int
    /// Events handed over in one call.
    let batch: Int
    let attempts: Int
    /// Whether what came first goes first, whatever its key: nothing overtakes what could not be handed over.
    var isStrict = false
    let logger: Logger
    let wake = Wakeup()
    /// Set once the lane may begin; nil where it may at once.
    var start: Wakeup?
    let handle: @Sendable ([StoredEvent]) async throws -> Void

    func run() async throws {
        let inFlight = Mutexed<Set<Int64>>([])
        // Events with which a receiver has died: each is tried alone, so that those beside it are not blamed.
        let suspects = Mutexed<[StoredEvent]>([])
        let suspected = Mutexed<Set<Int64>>([])
        await cancelWhenGracefulShutdown {
            await start?.wait()
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    let busy = inFlight.value
                    if case let waiting = suspects.value, let suspect = waiting.first {
                        guard busy.count == waiting.count else {
                            await wake.wait()
                            continue
                        }
                        suspects.with { _ = $0.removeFirst() }
                        group.addTask {
                            let outcome = await dispatch([suspect], isAlone: true)
                            if outcome == .settled { suspected.with { _ = $0.remove(suspect.id) } }
                            inFlight.with { _ = $0.remove(suspect.id) }
                            wake.set()
                        }
                        continue
                    }
                    let room = isStrict && !busy.isEmpty ? 0 : concurrency * batch - busy.count
                    var pause: Milliseconds?
                    if room > 0 {
                        do {
                            let (events, due) = try await inbox.ready(lane, limit: room, excluding: busy)
                            inFlight.with { $0.formUnion(events.map(\.id)) }
                            let known = suspected.value
                            suspects.with { $0 += events.filter { known.contains($0.id) } }
                            for piece in events.filter({ !known.contains($0.id) }).chunks(of: batch) {
                                group.addTask {
                                    if await dispatch(piece) == .suspect {
                                        suspected.with { $0.formUnion(piece.map(\.id)) }
                                        suspects.with { $0 += piece }
                                    } else {
                                        inFlight.with { $0.subtract(piece.map(\.id)) }
                                    }
                                    wake.set()
                                }
                            }
                            if !events.isEmpty { continue }
                            pause = due.map { $0 - inbox.clock.now }
                        } catch {
                            logger.warning(
                                "events could not be read, retrying", metadata: ["lane": "\(lane.rawValue)", "error": "\(error)"])
                            pause = .seconds(1)
                        }
                    }
                    await wake.wait(atMost: pause, clock: inbox.clock)
                }
            }
        }
    }

    /// Attempts with which a receiver may die before the event is put aside.
    private static let deadlyAttempts = 3

    /// The outcome of events that were handed over.
    enum Outcome {
        case settled
        /// They are to be tried again; what follows in a strict lane must wait for them.
        case open
        /// A receiver has died, perhaps of one of them.
        case suspect
    }

    /// - Parameter isAlone: nothing else of the lane is under way.
    @discardableResult
    func dispatch(_ events: [StoredEvent], isAlone: Bool = false) async -> Outcome {
        do {
            try await handle(events)
            try await inbox.finish(events)
            return .settled
        } catch let fault as Fault {
            if fault.code == .lost, !isStrict, !isAlone { return .suspect }
            return await failed(events, fault)
        } catch {
            return await failed(events, Fault(.internal, "The event could not be handled.", cause: error))
        }
    }

    private func rest(_ pause: Milliseconds) async {
        try? await inbox.clock.sleep(for: pause)  // cut short when the process stops
    }

    private func failed(_ events: [StoredEvent], _ fault: Fault) async -> Outcome {
        guard fault.code != .cancelled else { return .open }  // the process stops; the events stay pending
        if isStrict, fault.isPassing {
            await rest(200)
            return .open
        }
        // One faulty event must not take the others of its call with it.
        if events.count > 1, !fault.isPassing {
            for event in events {
                if await dispatch([event]) != .settled, isStrict { return .open }
            }
            return .settled
        }
        var outcome = Outcome.settled
        do {
            for event in events {
                let error = fault.description
                // A receiver that is away comes back: such events wait however long it takes.
                if fault.isPassing {
                    // Nothing was tried, so nothing is counted.
                    try await inbox.postpone([event], by: Backoff.delivery.pause(after: 1), isAttempt: false, error: error)
                    outcome = .open
                } else if fault.retry != .never || fault.code == .internal,
                    event.attempts + 1 < (fault.code == .lost ? min(attempts, Self.deadlyAttempts) : attempts)
                {
                    let pause = Backoff.delivery.pause(after: event.attempts + 1)
                    guard isStrict else {
                        try await inbox.postpone([event], by: pause, error: error)
                        outcome = .open
                        continue
                    }
                    // Nothing may overtake it, so the lane waits with it.
                    logger.warning("a lane waits for an event that fails", metadata: ["lane": "\(lane.rawValue)", "event": "\(event.id)"])
                    try await inbox.postpone([event], by: .zero, error: error)
                    await rest(min(Milliseconds(pause), .seconds(5)))
                    return .open
                } else {
                    try await inbox.bury(event, reason: fault.code.reason, error: error)
                    logger.error(
                        "event became a dead letter",
                        metadata: ["event": "\(event.id)", "kind": "\(event.part.kind)", "reason": "\(fault.code.reason)"])
                }
            }
        } catch {
            logger.warning("an event's outcome could not be written, it is dispatched again", metadata: ["error": "\(error)"])
            await rest(.seconds(1))
            return .open
        }
        return outcome
    }
}

extension Fault {
    /// The other side is away or busy; nothing is wrong with what was asked.
    fileprivate var isPassing: Bool {
        [.unavailable, .shuttingDown, .overloaded, .deadline].contains(code)
    }
}
