import Coordination
import Logging
import ServiceLifecycle
import Vocabulary

/// After a process that did not end by itself: hands over alone the next events of each lane, as many as may have been in hand.
///
/// An event that the process does not survive is found so, and those beside it are not blamed. Receivers are given
/// seconds in all: the events of a lane whose receiver is away or slow are only read.
struct Rehearsal: Service {
    let inbox: Inbox
    let lanes: [Dispatcher]
    /// Set once it is over: nothing else that may be the process's death goes on meanwhile.
    let whoWaits: [Wakeup]
    let logger: Logger
    /// After so long only the receiver is waited for: a death is hardly the event's any more.
    var ownPart = Milliseconds(100)
    /// How long all may take at the first start without an end before it; twice as long at the second, and so on.
    var patience = Milliseconds.seconds(5)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            do { try await rehearse() } catch {
                logger.warning("what was in hand at a death could not be looked at", metadata: ["error": "\(error)"])
            }
            for wakeup in whoWaits { wakeup.set() }
            // Until the process is asked to stop.
            let end = Wakeup()
            await end.wait(atMost: .hours(1), clock: inbox.clock)
            if !Task.isCancelled { await noteLife() }
            await end.wait()
        }
        // Cancelled outright, it does not end by itself.
        guard !Task.isCancelled else { return }
        do { try await inbox.noteEnd() } catch {
            logger.warning("the end could not be noted, the next start looks at what comes next", metadata: ["error": "\(error)"])
        }
    }

    private func noteLife() async {
        do { try await inbox.noteLife() } catch {
            logger.warning("an hour of life could not be noted, the next start looks further", metadata: ["error": "\(error)"])
        }
    }

    private func handOver(_ event: StoredEvent, to lane: Dispatcher, until end: Timestamp) async throws -> Dispatcher.Outcome {
        let outcome = try await withThrowingTaskGroup(of: Dispatcher.Outcome?.self) { group in
            // A receiver that dies meanwhile is looked into later, as always: this is about the gateway alone.
            group.addTask { await lane.dispatch([event]) }
            group.addTask {
                // Both are cut short when the event is through.
                do { try await inbox.clock.sleep(for: ownPart) } catch { return nil }
                try await inbox.noteWaiting()
                do { try await inbox.clock.sleep(until: end) } catch { return nil }
                // Others wait for this: it goes again with them.
                return .open
            }
            for try await outcome in group {
                guard let outcome else { continue }
                group.cancelAll()
                return outcome
            }
            return .open
        }
        if outcome != .settled { try await inbox.endAlone() }
        return outcome
    }

    private func rehearse() async throws {
        let reach = Dictionary(lanes.map { ($0.lane, $0.concurrency * $0.batch) }) { first, _ in first }
        let beginning = try await inbox.noteBeginning(reach)
        if let event = beginning.buried {
            logger.error("event became a dead letter", metadata: ["event": "\(event)", "reason": "gateway_lost"])
        }
        let suspects = beginning.suspects
        guard !suspects.isEmpty else { return }
        logger.notice("the process had not ended by itself: what was in hand goes alone", metadata: ["events": "\(suspects.count)"])
        let end = inbox.clock.now + patience * Int(beginning.unended)
        var left: Set<Payload.Lane> = []
        for suspect in suspects {
            guard !Task.isCancelled else { break }
            guard let lane = lanes.first(where: { $0.lane == suspect.lane }), let event = try await inbox.takeAlone(suspect.id) else {
                continue
            }
            if left.contains(suspect.lane) || inbox.clock.now >= end {
                // Its receiver is away or slow; reading it is the gateway's own part all the same.
                _ = try? event.read()  // what is wrong with it is told when it is handed over
            } else if try await handOver(event, to: lane, until: end) != .settled {
                // What is to be tried again keeps its place in a strict lane.
                left.insert(suspect.lane)
            }
        }
        try await inbox.endAlone()
    }
}
