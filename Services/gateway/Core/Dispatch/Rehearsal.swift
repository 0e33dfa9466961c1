import Coordination
import Logging
import ServiceLifecycle
import Vocabulary

/// After a process that did not end by itself: hands over alone what was in hand, before anything else is handed over.
///
/// An event that the process does not survive is found so, and those beside it are not blamed. It waits for no
/// receiver: nothing shows of the events of a lane whose receiver is away.
struct Rehearsal: Service {
    let inbox: Inbox
    let lanes: [Dispatcher]
    /// Set once it is over: nothing else that may be the process's death goes on meanwhile.
    let whoWaits: [Wakeup]
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            do { try await rehearse() } catch {
                logger.warning("what was in hand at a death could not be looked at", metadata: ["error": "\(error)"])
            }
            for wakeup in whoWaits { wakeup.set() }
            // Until the process is asked to stop.
            await Wakeup().wait()
        }
        // Cancelled outright, it does not end by itself.
        guard !Task.isCancelled else { return }
        do { try await inbox.noteEnd() } catch {
            logger.warning("the end could not be noted, the next start looks at what comes next", metadata: ["error": "\(error)"])
        }
    }

    private func rehearse() async throws {
        let reach = Dictionary(lanes.map { ($0.lane, $0.concurrency * $0.batch) }) { first, _ in first }
        let suspects = try await inbox.noteBeginning(reach)
        guard !suspects.isEmpty else { return }
        logger.notice("the process had not ended by itself: what was in hand goes alone", metadata: ["events": "\(suspects.count)"])
        var left: Set<Payload.Lane> = []
        for suspect in suspects where !left.contains(suspect.lane) {
            guard !Task.isCancelled else { break }
            guard let lane = lanes.first(where: { $0.lane == suspect.lane }), let event = try await inbox.takeAlone(suspect.id) else {
                continue
            }
            // What is to be tried again keeps its place in a strict lane.
            if await lane.dispatch([event], isAlone: true) == .open { left.insert(suspect.lane) }
        }
        try await inbox.endAlone()
    }
}
