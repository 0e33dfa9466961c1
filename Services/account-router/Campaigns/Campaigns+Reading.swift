import AccountContract
import AccountNumbers
import GRDB
import RPCContract
import Storage
import Vocabulary

extension Campaigns {
    func list(_ params: ListCampaigns.Params, _ kind: Campaign.Kind, workspace: String) async throws -> ListCampaigns.Reply {
        let limit = params.limit ?? 50
        let now = store.now
        return try await store.read { [self] db in
            let items = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM campaign WHERE workspace = ?1 AND kind = ?2 AND (?3 IS NULL OR state = ?3) AND (?4 IS NULL OR id < ?4)
                    ORDER BY id DESC LIMIT ?5
                    """,
                arguments: [workspace, kind.rawValue, params.state?.rawValue, params.cursor?.place, limit]
            )
            .map { item in
                let row = try CampaignRow(item)
                var campaign = row.campaign
                campaign.standing = try standing(db, row, at: now)
                return campaign
            }
            return ListCampaigns.Reply(items: items, next: items.count == limit ? items.last.map { PageCursor($0.id) } : nil)
        }
    }

    func progress(_ reference: String, workspace: String) async throws -> CampaignProgress {
        let now = store.now
        return try await store.read { [self] db in
            let row = try CampaignRow.find(db, reference, workspace: workspace, for: .read)
            var campaign = row.campaign
            campaign.standing = try standing(db, row, at: now)
            let rate = rates.rate(row.campaign.id)
            let counts = try CampaignCounts(db, row.campaign.id)
            var report = row.report
            // It was told while something could be done about it.
            if campaign.state.hasEnded { report?.blockers = [] }
            if var told = report {
                Preflight.renew(&told, campaign, numbers)
                report = told
            }
            return CampaignProgress(
                campaign: campaign,
                namesakes: campaign.id.rawValue == reference ? nil : try CampaignRow.namesakes(db, of: campaign, workspace: workspace),
                report: report,
                counts: counts.places,
                total: counts.total,
                done: counts.done,
                rate: rate,
                timeLeft: campaign.standing.map(CampaignStanding.isObstacle) == true
                    ? nil : try Self.timeLeft(db, row, counts, rate: rate, now: now),
                skips: try Self.skips(db, row, counts),
                verdict: row.verdict,
                promised: row.campaign.deadline == nil ? 0 : row.promise(counts).people,
                inside: counts.inside,
                outside: counts.outside,
                missing: try missing(db, row, counts),
                spent: try CampaignSpending.of(db, row.campaign.id),
                budget: row.budget,
                numbers: counts.byNumber.sorted { $0.key.rawValue < $1.key.rawValue }.map { number, counts in
                    CampaignProgress.Number(account: number, counts: CampaignCounts.places(counts))
                }
            )
        }
    }

    /// Why a campaign does not move or cannot go on where it stands, in the words that every surface shows.
    private func standing(_ db: Database, _ row: CampaignRow, at now: Timestamp) throws -> String? {
        if let text = try CampaignStanding(numbers: numbers).text(db, row, at: now) { return text }
        // The person who wanted it started has been told in its reason.
        if row.campaign.state == .planned, row.campaign.reason == nil, let blockers = row.report?.blockers, !blockers.isEmpty {
            return "it cannot start: \(blockers.prefix(3).joined(separator: "; "))"
        }
        guard row.campaign.state == .paused || row.campaign.state == .running, row.budget != nil else { return nil }
        // While it runs it is held against each message; only what is wholly spent stands in its way for sure.
        if row.campaign.state == .running, try !CampaignPurse(db, row).isEmpty { return nil }
        let obstacle = try budgetObstacle(db, row, at: now)
        return obstacle == row.campaign.reason ? nil : obstacle
    }

    /// How long until all of it is with Meta: one person may wait for tomorrow, however fast the others go.
    ///
    /// Nil while nothing moves, or something is in its way: what has gone out before that says nothing of the rest.
    private static func timeLeft(
        _ db: Database, _ row: CampaignRow, _ counts: CampaignCounts, rate: Double, now: Timestamp
    ) throws -> Milliseconds? {
        guard row.campaign.state == .running, rate > 0 else { return nil }
        let last = try lastDue(db, row.campaign.id) ?? now
        return max(.seconds(Double(counts.left) / rate), last - now)
    }

    /// Counts the people left out after planning, of a campaign that does not move: this looks at all its recipients.
    private static func skips(_ db: Database, _ row: CampaignRow, _ counts: CampaignCounts) throws -> [PreflightReport.Skip] {
        guard counts.skipped > row.skipped, row.campaign.state.hasEnded || row.campaign.state == .paused else { return [] }
        return try skippedSince(db, row, counts)
    }

    /// The same, whether it moves or not.
    static func skippedSince(_ db: Database, _ row: CampaignRow, _ counts: CampaignCounts) throws -> [PreflightReport.Skip] {
        guard counts.skipped > row.skipped else { return [] }
        let atPlanning = Dictionary((row.report?.skipped ?? []).map { ($0.reason, $0.count) }) { first, _ in first }
        return try Preflight.skips(db, row.campaign.id).compactMap { skip in
            let count = skip.count - (atPlanning[skip.reason] ?? 0)
            return count > 0 ? PreflightReport.Skip(reason: skip.reason, count: count) : nil
        }
    }

    /// When the first recipient of a campaign is due; nil where nobody is planned.
    func firstDue(_ id: CampaignID) async throws -> Timestamp? { try await queues(id).map(\.firstDue).min() }

    /// The same, read by itself.
    func queues(_ id: CampaignID) async throws -> [CampaignQueue] {
        try await store.read { try Self.queues($0, id) }
    }

    /// The numbers and categories under which a campaign's recipients are planned, each with when its first is due.
    static func queues(_ db: Database, _ id: CampaignID) throws -> [CampaignQueue] {
        let next = try db.cachedStatement(
            sql: """
                SELECT account, category, sendAt FROM campaignRecipient INDEXED BY campaignDue
                WHERE campaign = ? AND state = 'planned' AND (account, category) > (?, ?) ORDER BY account, category, sendAt LIMIT 1
                """)
        var queues: [CampaignQueue] = []
        var place = ("", "")
        while let row = try Row.fetchOne(next, arguments: [id, place.0, place.1]) {
            queues.append(
                CampaignQueue(
                    number: row["account"], category: try row.word("category", in: "campaignRecipient"), firstDue: row["sendAt"]))
            place = (row["account"], row["category"])
        }
        return queues
    }

    /// When the last of a campaign's recipients is due; nil where nobody is planned.
    private static func lastDue(_ db: Database, _ id: CampaignID) throws -> Timestamp? {
        let last = try db.cachedStatement(
            sql: """
                SELECT sendAt FROM campaignRecipient INDEXED BY campaignDue
                WHERE campaign = ? AND state = 'planned' AND account = ? AND category = ? ORDER BY sendAt DESC LIMIT 1
                """)
        return try queues(db, id).compactMap { queue in
            try Timestamp.fetchOne(last, arguments: [id, queue.number, queue.category.rawValue])
        }
        .max()
    }
}
