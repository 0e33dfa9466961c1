import AccountContract
import Foundation
import GRDB
import Storage
import Vocabulary

/// Removes old parts of campaigns, each after its time.
extension Campaigns {
    private static let ended = "('finished', 'cancelled', 'refused')"

    /// Forgets the recipients that were given with campaigns which have ended: what became of each is kept with the campaign.
    func pruneLists() async throws {
        let end = ULID.floor(at: store.now - .days(30))
        while !Task.isCancelled {
            let isMore = try await store.write { db in
                let row = try Row.fetchOne(
                    db,
                    sql: """
                        SELECT campaign.id, list FROM campaign JOIN broadcastList ON broadcastList.id = list
                        WHERE state IN \(Self.ended) AND campaign.id < ? AND isHidden = 1
                          AND NOT EXISTS (SELECT 1 FROM recurrence WHERE recurrence.list = campaign.list) LIMIT 1
                        """, arguments: [end])
                // A hidden list that no campaign was made of, because whoever gave it went away.
                let orphan = try row == nil ? Self.orphan(db, before: end) : nil
                let hidden: ListID? = row?["list"]
                guard let list = hidden ?? orphan else { return false }
                try db.execute(
                    sql:
                        "DELETE FROM broadcastListMember WHERE list = ?1 AND contact IN (SELECT contact FROM broadcastListMember WHERE list = ?1 LIMIT 5000)",
                    arguments: [list])
                guard db.changesCount == 0 else { return true }
                try db.execute(sql: "UPDATE campaign SET list = NULL WHERE list = ?", arguments: [list])
                try db.execute(sql: "DELETE FROM broadcastList WHERE id = ?", arguments: [list])
                return true
            }
            if !isMore { return }
        }
    }

    private static func orphan(_ db: Database, before end: String) throws -> ListID? {
        try ListID.fetchOne(
            db,
            sql: """
                SELECT id FROM broadcastList WHERE isHidden = 1 AND id < ?
                  AND NOT EXISTS (SELECT 1 FROM campaign WHERE campaign.list = broadcastList.id)
                  AND NOT EXISTS (SELECT 1 FROM recurrence WHERE recurrence.list = broadcastList.id) LIMIT 1
                """, arguments: [end])
    }

    /// Nobody has started, resumed or added to it since a moment, ?1.
    private static let standsStill = """
        state IN ('open', 'planned', 'paused') AND max(coalesce(startedAt, createdAt), coalesce(startAt, 0), coalesce(filledAt, 0)) < ?1
        """

    /// Ends campaigns and batches that nobody has started, resumed or added to since a moment: their lists and their recipients are
    /// forgotten then.
    ///
    /// A paused campaign lasts while anything of it moves, as a status of its messages does, and one that is planned until its moment.
    func expire(before time: Timestamp) async throws {
        let end = ULID.floor(at: time)
        let ids = try await store.read { db in
            try CampaignID.fetchAll(
                db,
                sql: """
                    SELECT id FROM campaign WHERE \(Self.standsStill) AND id < ?2 AND NOT EXISTS (
                      SELECT 1 FROM campaignRecipient AS r JOIN messageOutcome AS m ON m.id = r.message
                      WHERE r.campaign = campaign.id AND m.updatedAt >= ?1)
                    ORDER BY id LIMIT 1000
                    """, arguments: [time, end])
        }
        for id in ids where !Task.isCancelled {
            let reason = "expired: nothing of it has moved since \(Date(time).ISO8601Format())"
            let isOver = try await store.write { [states] db in
                // Somebody may have started it meanwhile, or added to it.
                let found = try Int.fetchOne(
                    db, sql: "SELECT 1 FROM campaign WHERE \(Self.standsStill) AND id = ?2", arguments: [time, id])
                guard found != nil else { return false }
                return try states.set(db, id, .cancelled, from: [.open, .planned, .paused], reason: reason)
            }
            guard isOver else { continue }
            try await settleCancelled(id)
        }
    }

    /// Forgets campaigns and batches that have ended so long ago.
    func prune(before time: Timestamp) async throws {
        let end = ULID.floor(at: time)
        while !Task.isCancelled {
            let isMore = try await store.write { db in
                // By id, as few are so old; the index of states has all that have ended.
                let id = try CampaignID.fetchOne(
                    db,
                    sql: """
                        SELECT id FROM campaign WHERE id < ? AND +state IN \(Self.ended) AND coalesce(finishedAt, createdAt) < ?
                        ORDER BY id LIMIT 1
                        """,
                    arguments: [end, time])
                guard let id else { return false }
                try db.execute(
                    sql: """
                        DELETE FROM campaignRecipient WHERE campaign = ?1
                          AND n IN (SELECT n FROM campaignRecipient WHERE campaign = ?1 ORDER BY n LIMIT 5000)
                        """, arguments: [id])
                guard db.changesCount == 0 else { return true }
                for table in ["campaignCount", "campaignSpent"] {
                    try db.execute(sql: "DELETE FROM \(table) WHERE campaign = ?", arguments: [id])
                }
                try db.execute(sql: "DELETE FROM campaign WHERE id = ?", arguments: [id])
                return true
            }
            if !isMore { return }
        }
    }
}
