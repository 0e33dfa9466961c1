import Coordination
import JobQueue
import Logging
import Metrics
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
    let wake = Signal()
    let handle: @Sendable ([StoredEvent]) async throws -> Void

    func run() async throws {
        let inFlight = Mutexed<Set<Int64>>([])
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    let busy = inFlight.value
                    let room = isStrict && !busy.isEmpty ? 0 : concurrency * batch - busy.count
                    var pause: Duration?
                    if room > 0 {
                        do {
                            let (events, due) = try await inbox.ready(lane, limit: room, excluding: busy)
                            for piece in events.chunks(of: batch) {
                                inFlight.with { $0.formUnion(piece.map(\.id)) }
                                group.addTask {
                                    await dispatch(piece)
                                    inFlight.with { $0.subtract(piece.map(\.id)) }
                                    wake.set()
                                }
                            }
                            if !events.isEmpty { continue }
                            pause = due.map { inbox.clock.pause(until: $0) }
                        } catch {
                            logger.warning(
                                "events could not be read, retrying", metadata: ["lane": "\(lane.rawValue)", "error": "\(error)"])
                            pause = .seconds(1)
                        }
                    }
                    await wake.wait(atMost: pause)
                }
            }
        }
    }

    /// - Returns: whether the events are settled; what follows in a strict lane must wait until they are.
    @discardableResult
    private func dispatch(_ events: [StoredEvent]) async -> Bool {
        do {
            try await handle(events)
            try await inbox.finish(events)
            return true
        } catch let fault as Fault {
            return await failed(events, fault)
        } catch {
            return await failed(events, Fault(.internal, "The event could not be handled.", cause: error))
        }
    }

    private func failed(_ events: [StoredEvent], _ fault: Fault) async -> Bool {
        guard fault.code != .cancelled else { return false }  // the process stops; the events stay pending
        if isStrict, fault.isPassing {
            await Signal().wait(atMost: .milliseconds(200))
            return false
        }
        // One faulty event must not take the others of its call with it.
        if events.count > 1, !fault.isPassing {
            for event in events {
                let isSettled = await dispatch([event])
                if isStrict, !isSettled { return false }
            }
            return true
        }
        do {
            for event in events {
                let error = fault.description
                // What is away comes back: such events wait however long it takes.
                if fault.isPassing {
                    try await inbox.postpone([event], by: min(Backoff.delivery.pause(after: event.attempts + 1), .seconds(5)), error: error)
                } else if fault.retry != .never || fault.code == .internal, event.attempts + 1 < attempts {
                    let pause = Backoff.delivery.pause(after: event.attempts + 1)
                    guard isStrict else {
                        try await inbox.postpone([event], by: pause, error: error)
                        continue
                    }
                    // Nothing may overtake it, so the lane waits with it.
                    logger.warning("a lane waits for an event that fails", metadata: ["lane": "\(lane.rawValue)", "event": "\(event.id)"])
                    try await inbox.postpone([event], by: .zero, error: error)
                    await Signal().wait(atMost: min(pause, .seconds(5)))
                    return false
                } else {
                    try await inbox.bury(event, reason: fault.code.reason, error: error)
                    Counter(label: "linda_dead_letters_total", dimensions: [("lane", lane.rawValue)]).increment()
                    logger.error(
                        "event became a dead letter",
                        metadata: ["event": "\(event.id)", "kind": "\(event.part.kind)", "reason": "\(fault.code.reason)"])
                }
            }
        } catch {
            logger.warning("an event's outcome could not be written, it is dispatched again", metadata: ["error": "\(error)"])
            await Signal().wait(atMost: .seconds(1))
            return false
        }
        return true
    }
}

extension Fault {
    /// The other side is away or busy; nothing is wrong with what was asked.
    fileprivate var isPassing: Bool {
        [.unavailable, .shuttingDown, .overloaded, .deadline].contains(code)
    }
}

extension Array {
    fileprivate func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
