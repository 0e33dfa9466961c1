import AccountContract
import Coordination
import Logging
import RPCContract
import ServiceLifecycle
import Storage
import Vocabulary

/// Plans what recurs in delivery windows, before each opening.
struct Recurrences: Service {
    let campaigns: Campaigns
    let windows: WindowStore
    let clock: WallClock
    let logger: Logger
    let changed: Wakeup

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                var next: Timestamp?
                do { next = try await planStaged() } catch {
                    logger.warning("recurring campaigns could not be planned, retrying", metadata: ["error": "\(error)"])
                    next = clock.now + .seconds(1)
                }
                await changed.wait(atMost: next.map { clock.pause(until: $0) })
            }
        }
    }

    /// Plans what is staged now; when the next is.
    func planStaged() async throws -> Timestamp? {
        let now = clock.now
        let all = try await windows.recurrences()
        var soonest: Timestamp?
        for recurrence in all {
            do {
                if let next = try await plan(recurrence, now) { soonest = min(soonest ?? next, next) }
            } catch is WindowStore.Moved {
                // Somebody has left out this opening, or ended the row: it is looked at again at once.
                soonest = now
            } catch {
                // Its own trouble: the others are planned in time.
                logger.warning(
                    "a recurring campaign could not be planned, retrying",
                    metadata: ["recurrence": "\(recurrence.id)", "error": "\(error)"])
                soonest = min(soonest ?? now + .minutes(1), now + .minutes(1))
            }
        }
        return soonest
    }

    /// The opening names the run.
    static func requestKey(_ id: CampaignID, _ opening: Timestamp) -> String { "recurrence:\(id):\(opening)" }

    /// One of them, if it is staged now; when it is next.
    private func plan(_ recurrence: WindowStore.PlannedRecurrence, _ now: Timestamp) async throws -> Timestamp? {
        let (nextAt, workspace) = (recurrence.nextAt, recurrence.workspace)
        let window: DeliveryWindow
        do { window = try await windows.find(recurrence.window.rawValue, workspace: workspace) } catch is Fault { return nil }
        var params = try JSON.decode(PlanCampaign.Params.self, from: recurrence.plan)
        // Only planned so far, nothing of it goes out by itself: it begins when somebody starts its first campaign.
        guard params.start == true else { return try await letPass(recurrence, window, now) }
        // Before it opens for the first people on earth.
        let ahead = window.lead + window.stage.milliseconds
        let stageAt = nextAt - ahead
        guard stageAt <= now else { return stageAt }
        params.recurring = nil
        // The opening names the run: planned once, whatever happens in between.
        let key = Self.requestKey(recurrence.id, nextAt)
        let isKnown = try await campaigns.isKnown(key, workspace: workspace)
        let width = window.width
        let isOver = nextAt + width <= now
        // With `late` none ends by itself while no number can send: people must not get all of them at once afterwards.
        let isBehind = params.late == true ? try await campaigns.isRunning(params.name, workspace: workspace) : false
        if !isKnown {
            let late = isBehind ? "the one before it still has people left: no second goes out behind it" : nil
            // An opening that passed while nothing ran is not sent late, and leaves its trace.
            _ = try await campaigns.insert(
                params, list: recurrence.list, window: window, startAt: nextAt, of: recurrence,
                refusal: isOver ? "its window closed while account-router did not run, or the clock jumped over it" : late,
                requestKey: key, fingerprint: 0, workspace: workspace)
        }
        // After a long time only the first one missed and the last are told.
        let next = max(try Opening.following(window, after: nextAt), try Opening.latest(window, before: now - width) ?? .zero)
        return try await windows.advance(recurrence, to: next, in: window) - ahead
    }

    /// Moves one that nobody has started past its openings, and plans nothing; when the next of them is over.
    ///
    /// An opening counts until it is over: the first campaign may be started after the next one's time to be planned.
    private func letPass(
        _ recurrence: WindowStore.PlannedRecurrence, _ window: DeliveryWindow, _ now: Timestamp
    ) async throws -> Timestamp {
        let width = window.width
        var next = recurrence.nextAt
        if next + width <= now {
            let last = try Opening.latest(window, before: now - width) ?? next
            next = try await windows.advance(recurrence, to: Opening.following(window, after: max(next, last)), in: window)
        }
        return next + width
    }
}
