import AccountContract
import AccountOutbox
package import GRDB
import RPCContract
import Storage
package import Vocabulary

/// Settles the waiting messages of a campaign that has ended or stands still.
extension Campaigns {
    /// Every recipient of a cancelled campaign that is not with Meta; what is being sent right now is settled by its sender.
    func settleCancelled(_ id: CampaignID) async throws {
        try await withdraw(id)
        while true {
            let count = try await store.write { db in
                try db.execute(
                    sql: """
                        UPDATE campaignRecipient SET state = 'cancelled' WHERE campaign = ?1 AND n IN
                          (SELECT n FROM campaignRecipient INDEXED BY campaignDue WHERE campaign = ?1 AND state = 'planned' LIMIT 5000)
                        """,
                    arguments: [id])
                let count = db.changesCount
                try CampaignCounts.add(db, -count, "planned", of: id)
                try CampaignCounts.add(db, count, "cancelled", of: id)
                return count
            }
            if count == 0 { return }
        }
    }

    /// Fails the messages that are still queued after the last deadline, also on a number that cannot send.
    func failLate(_ id: CampaignID) async throws {
        var after: MessageID = ""
        while true {
            let from = after
            guard let last = try await store.write({ [outbox] db in try outbox.failLate(db, campaign: id, after: from) }) else { return }
            after = last
        }
    }

    /// Plans queued messages again that were never posted; the rest is held back where it is.
    func withdraw(_ id: CampaignID) async throws {
        var after: MessageID = ""
        while true {
            let from = after
            let part = try await store.write { [outbox] db in
                let (gone, last) = try outbox.withdraw(db, campaign: id, after: from)
                var counts: [PhoneNumberID: Int] = [:]
                for message in gone {
                    try CampaignSpending.refund(db, message: message.id, of: id)
                    try db.cachedStatement(
                        sql:
                            "UPDATE campaignRecipient SET state = 'planned', message = NULL, tries = tries + 1 WHERE message = ?"
                    )
                    .execute(arguments: [message.id])
                    counts[message.number, default: 0] += 1
                }
                for (account, count) in counts { try CampaignCounts.add(db, -count, "queued", of: id, on: account) }
                try CampaignCounts.add(db, counts.values.reduce(0, +), "planned", of: id)
                return last
            }
            guard let part else { return }
            after = part
        }
    }

    /// The clock was set back: whoever was put off waits as long as they would have.
    ///
    /// A window's moments are the calendar's, and stay, as does the one at which a campaign begins. Of one that has begun without
    /// a window nobody waits for a moment, but only for a while.
    package func rebase(_ db: Database, by step: Milliseconds) throws {
        try db.execute(
            sql: """
                UPDATE campaignRecipient SET sendAt = sendAt - ? WHERE state = 'planned' AND sendAt > ? AND campaign IN
                  (SELECT id FROM campaign WHERE state IN ('running', 'paused') AND startedAt IS NOT NULL AND window IS NULL)
                """, arguments: [step.count, store.now])
    }

    func isPaused(_ id: CampaignID) async throws -> Bool {
        try await store.read { db in
            try Int.fetchOne(db, sql: "SELECT 1 FROM campaign WHERE id = ? AND state = 'paused'", arguments: [id]) != nil
        }
    }

    /// Campaigns that stand still and have messages queued all the same: Meta's answer has paused them, and not a hand.
    func halted() async throws -> [CampaignID] {
        try await store.read { db in
            try CampaignID.fetchAll(db, sql: "SELECT id FROM campaign WHERE state = 'paused'").filter {
                try Outbox.hasUnposted(db, campaign: $0)
            }
        }
    }

    /// Cancelled campaigns that still have somebody to write to.
    func unsettled() async throws -> [CampaignID] {
        try await store.read { db in
            try CampaignID.fetchAll(
                db,
                sql: """
                    SELECT id FROM campaign WHERE state = 'cancelled' AND EXISTS (
                      SELECT 1 FROM campaignCount AS c WHERE c.campaign = campaign.id AND c.state IN ('planned', 'queued') AND c.n > 0)
                    """)
        }
    }
}
