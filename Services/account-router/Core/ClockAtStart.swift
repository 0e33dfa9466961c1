import AccountCampaigns
import AccountOutbox
import RPCContract
import Storage
import Vocabulary

/// Finds out that the clock was set back while the process did not run, and has what waits follow it before anything runs.
///
/// Whatever this run writes has its own moments, which tell nothing of that and must not be moved.
enum ClockAtStart {
    /// By how much the clock was set back since the latest event; nil where it was not.
    ///
    /// It is asked before this run has written any.
    static func setBack(_ store: Store) throws -> Milliseconds? {
        let now = store.now
        let last = try store.readNow { db in try EventLog.lastAt(db) } ?? now
        return last - now > 1000 ? last - now : nil
    }

    /// Whatever waits does so for as long as it would have; in one step, so that a crash moves nothing twice.
    ///
    /// - Parameter workspaces: of all numbers; each of them is told.
    static func follow(
        _ step: Milliseconds, _ store: Store, outbox: Outbox, campaigns: Campaigns, workspaces: Set<String>
    ) async throws {
        try await store.write { db in
            try outbox.rebase(db, by: step)
            try campaigns.rebase(db, by: step)
            // The next start reads from the log where the clock stands now, so that somebody is told in any case.
            for workspace in workspaces.isEmpty ? ["default"] : workspaces.sorted() {
                try store.append(
                    db, "clock.setBack", workspace: workspace, subject: ProcessName.accountRouter.rawValue,
                    data: ["milliseconds": .integer(step.count)])
            }
        }
    }
}
