import AccountContract
import GRDB
import RPCContract
import Storage
import Vocabulary

/// Openings that are left out of what recurs, and taken back.
extension WindowStore {
    /// Openings to come that are left out of one row: more than a daily one has in a year.
    static let mostSkips = 400
    /// Openings that have passed of which it is kept that they were left out: what a moved window may still ask for.
    private static let keptSkips = 100

    /// A recurrence as one transaction finds it.
    struct Standing {
        var id: CampaignID
        var name: String
        var windowName: String
        /// Whether its first campaign was started: before, nothing of it goes out.
        var isStarted: Bool
        var occurrences: Occurrences

        func item(at now: Timestamp) throws -> Recurrence {
            Recurrence(
                id: id, name: name, window: windowName, timeZone: occurrences.window.timeZone, next: try occurrences.next(at: now),
                leftOut: Array(try occurrences.openSkips(at: now).prefix(1000)))
        }
    }

    /// The recurrences of a workspace, the next one first.
    func recurrences(workspace: String) async throws -> ListRecurrences.Reply {
        let now = store.now
        return try await store.read { db in
            let ids = try CampaignID.fetchAll(
                db, sql: "SELECT id FROM recurrence WHERE workspace = ? ORDER BY nextAt, id LIMIT 1000", arguments: [workspace])
            let items = try ids.compactMap { try Self.standing(db, $0, workspace: workspace)?.item(at: now) }
            return ListRecurrences.Reply(items: items.sorted { ($0.next, $0.id.rawValue) < ($1.next, $1.id.rawValue) })
        }
    }

    /// Leaves out the next openings that have not begun, or a certain one; what is planned for them is cancelled.
    ///
    /// The reply names the campaigns whose recipients have to be settled yet.
    func skip(_ params: SkipRecurrence.Params, workspace: String) async throws -> SkipRecurrence.Reply {
        let id = try await named(params.id, workspace: workspace)
        let now = store.now
        return try await store.write { [self] db in
            guard let standing = try Self.standing(db, id, workspace: workspace) else { throw Self.unknown(params.id) }
            let occurrences = standing.occurrences
            guard standing.isStarted else {
                throw Fault(
                    .campaignState,
                    "\(standing.name) has not been started, so nothing of it goes out: campaign.start starts it, recurrence.stop ends it.",
                    path: "id")
            }
            // An opening that was left out before the window was moved belongs to it no longer.
            if let next = params.next, try !occurrences.openSkips(at: now).contains(next) {
                try Self.check(next, of: standing, at: now)
            }
            let openings = try params.next.map { [$0] } ?? occurrences.coming(params.count ?? 1, at: now)
            try Self.checkRoom(for: openings, in: standing, at: now)
            var skipped: [SkippedOpening] = []
            for opening in openings {
                guard !occurrences.leftOut.contains(opening) else {
                    skipped.append(SkippedOpening(opening: opening, wasLeftOut: true))
                    continue
                }
                let begins = try leaveOut(db, opening, of: occurrences, at: now)
                try db.execute(
                    sql: "INSERT INTO recurrenceSkip (recurrence, opening, begins) VALUES (?, ?, ?)", arguments: [id, opening, begins])
                skipped.append(SkippedOpening(opening: opening, wasLeftOut: false, campaign: occurrences.live[opening]?.id))
            }
            try Self.moveOn(db, id, to: occurrences.nextAt, in: occurrences.window)
            try Self.pruneSkips(db, id, in: occurrences.window, at: now)
            guard let after = try Self.standing(db, id, workspace: workspace) else { throw Self.unknown(params.id) }
            return SkipRecurrence.Reply(recurrence: try after.item(at: now), openings: skipped)
        }
    }

    /// Takes back what was left out and has not begun: it is planned anew, from the list as it is now.
    func unskip(_ params: UnskipRecurrence.Params, workspace: String) async throws -> UnskipRecurrence.Reply {
        let id = try await named(params.id, workspace: workspace)
        let now = store.now
        return try await store.write { db in
            guard let standing = try Self.standing(db, id, workspace: workspace) else { throw Self.unknown(params.id) }
            let occurrences = standing.occurrences
            let open = try occurrences.openSkips(at: now)
            if let next = params.next, !open.contains(next) { try Self.check(next, of: standing, at: now) }
            let openings = open.filter { params.next == nil || $0 == params.next }
            for opening in openings {
                try db.execute(sql: "DELETE FROM recurrenceSkip WHERE recurrence = ? AND opening = ?", arguments: [id, opening])
                // A campaign that was cancelled with it gives up its name of this run: the opening gets another.
                try db.execute(
                    sql: """
                        UPDATE campaign SET requestKey = requestKey || ':' || id
                        WHERE workspace = ? AND requestKey = ? AND state = 'cancelled'
                        """,
                    arguments: [workspace, Recurrences.requestKey(id, opening)])
            }
            if let first = openings.first, first < occurrences.nextAt {
                try db.execute(sql: "UPDATE recurrence SET nextAt = ? WHERE id = ?", arguments: [first, id])
            }
            guard let after = try Self.standing(db, id, workspace: workspace) else { throw Self.unknown(params.id) }
            return UnskipRecurrence.Reply(recurrence: try after.item(at: now), openings: Array(openings.prefix(1000)))
        }
    }

    /// Moves what recurs on from an opening that is planned now; where it is then.
    func advance(_ recurrence: PlannedRecurrence, to next: Timestamp, in window: DeliveryWindow) async throws -> Timestamp {
        let now = store.now
        return try await store.write { db in
            let place = try Occurrences.place(from: next, in: window, without: Self.leftOut(db, recurrence.id))
            try Self.pruneSkips(db, recurrence.id, in: window, at: now)
            try db.execute(
                sql: "UPDATE recurrence SET nextAt = ? WHERE id = ? AND nextAt = ?", arguments: [place, recurrence.id, recurrence.nextAt])
            return place
        }
    }

    static func leftOut(_ db: Database, _ id: CampaignID) throws -> Set<Timestamp> {
        Set(try Timestamp.fetchAll(db, sql: "SELECT opening FROM recurrenceSkip WHERE recurrence = ?", arguments: [id]))
    }

    /// Writes when a row is planned next and what of it is left out, after its window was moved.
    static func replace(_ db: Database, _ id: CampaignID, nextAt: Timestamp, leftOut: Set<Timestamp>) throws {
        try db.execute(sql: "DELETE FROM recurrenceSkip WHERE recurrence = ?", arguments: [id])
        for opening in leftOut {
            try db.execute(sql: "INSERT INTO recurrenceSkip (recurrence, opening) VALUES (?, ?)", arguments: [id, opening])
        }
        try db.execute(sql: "UPDATE recurrence SET nextAt = ? WHERE id = ?", arguments: [nextAt, id])
    }

    /// - Throws: where more would be left out than a row can hold.
    private static func checkRoom(for openings: [Timestamp], in standing: Standing, at now: Timestamp) throws(Fault) {
        let occurrences = standing.occurrences
        let new = openings.filter { !occurrences.leftOut.contains($0) }.count
        let known = occurrences.leftOut.filter { !occurrences.hasBegun($0, at: now) }.count
        guard new > 0, known + new > mostSkips else { return }
        throw Fault(
            .campaignState,
            "\(standing.name) leaves out \(known) openings already, and can leave out \(mostSkips): recurrence.unskip takes some back, recurrence.stop ends it.",
            path: "id")
    }

    /// Skips that are long past decide nothing any more, nor do those that many others have followed.
    private static func pruneSkips(_ db: Database, _ id: CampaignID, in window: DeliveryWindow, at now: Timestamp) throws {
        try db.execute(
            sql: """
                DELETE FROM recurrenceSkip WHERE recurrence = ?1 AND (opening < ?2 OR opening < (
                  SELECT opening FROM recurrenceSkip WHERE recurrence = ?1 AND opening < ?3 ORDER BY opening DESC LIMIT 1 OFFSET ?4))
                """, arguments: [id, now - .days(40), now - window.width, keptSkips - 1])
    }

    /// A row is never planned for what is left out.
    private static func moveOn(_ db: Database, _ id: CampaignID, to next: Timestamp, in window: DeliveryWindow) throws {
        let place = try Occurrences.place(from: next, in: window, without: leftOut(db, id))
        try db.execute(sql: "UPDATE recurrence SET nextAt = ? WHERE id = ?", arguments: [place, id])
    }

    /// Cancels what is planned for an opening; when that would have begun, nil where the clock says so.
    ///
    /// Until then the same call again finds this opening left out, and does not go on to the one after.
    private func leaveOut(_ db: Database, _ opening: Timestamp, of occurrences: Occurrences, at now: Timestamp) throws -> Timestamp? {
        guard let campaign = occurrences.live[opening] else {
            return occurrences.window.earliest(opening) > now ? nil : opening + occurrences.window.width
        }
        let first = try Campaigns.queues(db, campaign.id).map(\.firstDue).min() ?? occurrences.window.earliest(opening)
        // The skip takes the promise back: it is not missed.
        try db.execute(sql: "UPDATE campaign SET deadline = NULL WHERE id = ?", arguments: [campaign.id])
        try CampaignStates(store: store).set(
            db, campaign.id, .cancelled, from: [.planning, .planned, .scheduled, .running, .paused], reason: "its opening was left out")
        // A campaign that is due already and stands still could have gone on until its window is over.
        return first > now ? first : campaign.end
    }

    /// - Throws: where nothing goes out at an opening that was named, with why.
    private static func check(_ opening: Timestamp, of standing: Standing, at now: Timestamp) throws {
        let (name, occurrences) = (standing.name, standing.occurrences)
        let moment = occurrences.window.words(opening)
        if let campaign = occurrences.live[opening], campaign.isOut {
            let stands = campaign.state == .paused ? "has gone out in part and is paused" : "is going out now"
            throw Fault(
                .windowPast, "\(name) \(stands) for the opening at \(moment), as \(campaign.id): campaign.cancel ends that.", path: "next")
        }
        guard try occurrences.isOpening(opening) else {
            throw Fault(
                .recurrenceMoved,
                "The window \(standing.windowName) does not open at \(moment); recurrence.list tells when \(name) goes out next.",
                path: "next")
        }
        guard !occurrences.hasBegun(opening, at: now) else {
            let past = occurrences.live[opening] == nil ? "has begun already" : "is over"
            throw Fault(.windowPast, "The opening at \(moment) \(past); name one that has not begun.", path: "next")
        }
        guard try occurrences.isDue(opening) else {
            throw Fault(
                .recurrenceMoved,
                "\(name) does not go out at \(moment) as it is: its campaign for that opening has ended, or its window was moved past it. recurrence.list tells when it goes out next.",
                path: "next")
        }
    }

    static func standing(_ db: Database, _ id: CampaignID, workspace: String) throws -> Standing? {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT r.name, r.nextAt, coalesce(r.plan ->> 'start', 0) AS isStarted, w.name AS window, w.definition
                FROM recurrence r JOIN deliveryWindow w ON w.id = r.window WHERE r.id = ? AND r.workspace = ?
                """, arguments: [id, workspace])
        guard let row else { return nil }
        let window = try JSON.decode(DeliveryWindow.self, from: row["definition"] as String)
        return Standing(
            id: id, name: row["name"], windowName: row["window"], isStarted: row["isStarted"] == 1,
            occurrences: Occurrences(
                window: window, nextAt: row["nextAt"], live: try live(db, id, in: window, workspace: workspace),
                leftOut: try leftOut(db, id), begins: try begins(db, id)))
    }

    /// Campaigns of a row that have not ended, by their opening.
    private static func live(_ db: Database, _ id: CampaignID, in window: DeliveryWindow, workspace: String) throws
        -> [Timestamp: Occurrences.Live]
    {
        let isLive = "startAt IS NOT NULL AND state IN ('planning', 'planned', 'scheduled', 'running', 'paused')"
        // A message that was taken back from a number before it was sent has gone nowhere.
        let columns = """
            id, startAt, state, deadline, EXISTS (SELECT 1 FROM campaignCount AS c WHERE c.campaign = campaign.id
              AND c.account <> '' AND (c.state <> 'queued' OR c.n > 0)) AS isOut
            """
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT \(columns) FROM campaign WHERE id = ?1 AND \(isLive)
                UNION ALL SELECT \(columns) FROM campaign WHERE workspace = ?2
                  AND requestKey BETWEEN 'recurrence:' || ?1 || ':' AND 'recurrence:' || ?1 || ':~' AND \(isLive)
                """, arguments: [id, workspace])
        let campaigns = try rows.map { row in
            let (opening, state): (Timestamp, Campaign.State) = (row["startAt"], try row.word("state", in: "campaign"))
            // Once all its people are known, the deadline is that of the last of them.
            let deadline = state == .planning ? nil : row["deadline"] as Timestamp?
            let end = deadline ?? opening + window.width
            return (opening, Occurrences.Live(id: row["id"], state: state, isOut: row["isOut"] == 1, end: end))
        }
        return Dictionary(campaigns) { first, _ in first }
    }

    private static func begins(_ db: Database, _ id: CampaignID) throws -> [Timestamp: Timestamp] {
        let rows = try Row.fetchAll(
            db, sql: "SELECT opening, begins FROM recurrenceSkip WHERE recurrence = ? AND begins IS NOT NULL", arguments: [id])
        return Dictionary(rows.map { ($0["opening"] as Timestamp, $0["begins"] as Timestamp) }) { first, _ in first }
    }
}
