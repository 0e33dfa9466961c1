import GRDB
import RPCContract
import Vocabulary

/// How often campaigns could not be planned, and when each is tried again.
struct PlanningTries {
    /// Tries after which a campaign that cannot be planned is refused.
    private static let most = 5

    private static let pause = Milliseconds.seconds(5)

    private var failures: [CampaignID: (count: Int, at: Timestamp)] = [:]

    /// Forgets all but those that are still to be planned.
    mutating func keep(_ ids: Set<CampaignID>) { failures = failures.filter { ids.contains($0.key) } }

    /// Whether a campaign may be tried now; a clock that was set back holds nobody up.
    func isDue(_ id: CampaignID, at now: Timestamp) -> Bool { failures[id].map { now - $0.at >= Self.pause || $0.at > now } ?? true }

    /// A campaign could not be planned; why it is refused, or nil where it is tried again.
    ///
    /// What is away comes back; what is wrong with the campaign does not pass.
    mutating func failed(_ id: CampaignID, _ problem: any Error, at now: Timestamp) -> String? {
        let count = failures[id]?.count ?? 0
        guard !Self.isPassing(problem) else {
            failures[id] = (count, now)
            return nil
        }
        failures[id] = (count + 1, now)
        let words = (problem as? Fault)?.message ?? String("\(problem)".prefix(500))
        return count + 1 >= Self.most ? "it could not be planned: \(words)" : nil
    }

    /// Whether it is over by itself: somebody is away, the disk is full or busy, or the process ends.
    private static func isPassing(_ problem: any Error) -> Bool {
        switch problem {
        case is CancellationError: true
        case let fault as Fault: fault.retry != .never
        case let error as DatabaseError:
            [
                .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_NOMEM, .SQLITE_INTERRUPT, .SQLITE_ABORT,
                .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PROTOCOL,
            ]
            .contains(error.resultCode)
        default: false
        }
    }
}
