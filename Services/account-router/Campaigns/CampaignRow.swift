import AccountContract
import GRDB
import RPCContract
import Storage
import Vocabulary

/// A campaign as it stands in its row.
struct CampaignRow: Sendable {
    var campaign: Campaign
    var workspace: String
    var plan: PlanCampaign.Params?
    var list: ListID?
    var cursor: String
    var attempts: Int
    var window: DeliveryWindow?
    /// The opening for which it is planned, as its window names it, or the moment that was asked for.
    let opening: Timestamp?
    /// When the first of its people is due; nil until they are known.
    let firstAt: Timestamp?
    var target: Double?
    /// Of a hundred people, for how many the promise holds where nothing else was asked for.
    static let usualTarget = 99.0
    let budget: Money?
    var report: PreflightReport?
    /// Recipients that were left out when it was planned.
    var skipped: Int
    var isAtRisk: Bool
    /// `kept` or `missed`, once nothing can be done about it any more.
    var verdict: String?
    /// What of it cannot be read, as a sentence tells it: nothing is sent of it then, and it stands in nobody's way.
    let damage: String?
    var isLateAllowed: Bool { plan?.late == true }
    /// How its promise stands.
    func promise(_ counts: CampaignCounts) -> CampaignPromise { CampaignPromise(counts, leftOut: skipped, target: target) }
    var gate: SendingGate { SendingGate(window, isLateAllowed: isLateAllowed) }
    /// Whether nobody of it may be written to any more.
    func isTooLate(at now: Timestamp) -> Bool { campaign.deadline.map { $0 < now && !isLateAllowed } ?? false }

    init(_ row: Row) throws {
        campaign = Campaign(
            id: row["id"],
            kind: try row.word("kind", in: "campaign"),
            name: row["name"],
            state: try row.word("state", in: "campaign"),
            reason: row["reason"],
            template: row["template"],
            experiment: row["experiment"],
            language: row["language"],
            category: try row.wordIfPresent("category", in: "campaign"),
            priority: row["priority"],
            rate: row["rate"],
            createdAt: row["createdAt"],
            startedAt: row["startedAt"],
            finishedAt: row["finishedAt"],
            startAt: row["startAt"],
            deadline: row["deadline"]
        )
        workspace = row["workspace"]
        var damage: String?
        plan = Self.part(row, "plan", &damage)
        list = row["list"]
        cursor = row["cursor"]
        attempts = row["attempts"]
        window = Self.part(row, "window", &damage)
        campaign.window = window?.id
        opening = row["startAt"]
        firstAt = row["firstAt"]
        if let window, let opening, let local = window.localOpening(opening) {
            campaign.localOpening = local
            campaign.startAt = firstAt ?? window.earliest(opening)
        }
        target = row["target"]
        budget = (row["currency"] as String?).flatMap { currency in
            (row["budget"] as Int64?).map { Money(currency: currency, micros: $0) }
        }
        self.damage = damage
        // It decides nothing: one that cannot be read is not told, and stops nobody.
        report = Self.part(row, "report", &damage)
        skipped = row["skipped"]
        isAtRisk = row["isAtRisk"] == 1
        verdict = row["verdict"]
    }

    /// What is kept as JSON in one of its columns; nil where there is none, or where it cannot be read.
    private static func part<Part: Decodable>(_ row: Row, _ column: String, _ damage: inout String?) -> Part? {
        guard let text = row[column] as String? else { return nil }
        do { return try JSON.decode(Part.self, from: text) } catch {
            damage = "its \(column) cannot be read: \(String("\(error)".prefix(200)))"
            return nil
        }
    }

    /// What a campaign is named for, which decides who is meant of several of one name.
    enum Purpose {
        /// Nobody is changed by guessing.
        case change
        /// Of several tries at a plan, the one that can start.
        case start
        /// Reading looks at campaigns that were sent before those that were not; `readingOrder` has it all.
        case read
    }

    /// By id or name, as somebody of the workspace wrote it.
    static func find(_ db: Database, _ reference: String, workspace: String, for purpose: Purpose = .change) throws -> CampaignRow {
        let row = try Row.fetchOne(db, sql: "SELECT * FROM campaign WHERE id = ? AND workspace = ?", arguments: [reference, workspace])
        if let row { return try CampaignRow(row) }
        let named =
            purpose == .read
            ? try read(db, named: reference, workspace: workspace)
            : try find(db, named: reference, workspace: workspace, isToStart: purpose == .start)
        if let named { return named }
        throw unknown(reference, hint: try KnownNames.campaign.hint(db, reference, workspace: workspace))
    }

    /// The campaign that an id of ours names.
    static func read(_ db: Database, _ id: CampaignID) throws -> CampaignRow {
        guard let row = try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM campaign WHERE id = ?"), arguments: [id]) else {
            throw unknown(id.rawValue)
        }
        return try CampaignRow(row)
    }

    private static func unknown(_ reference: String, hint: String = ";") -> Fault {
        Fault(.campaignUnknown, "There is no campaign or batch \(reference.prefix(64))\(hint) campaign.list shows all.", path: "id")
    }

    /// The id of a batch, by id or name: what is allowed of batches reaches no campaign.
    static func batch(_ db: Database, _ reference: String, workspace: String) throws -> CampaignID {
        let row = try find(db, reference, workspace: workspace)
        guard row.campaign.kind == .batch else {
            throw Fault(.campaignUnknown, "There is no batch \(reference.prefix(64)); batch.list shows all.", path: "id")
        }
        return row.campaign.id
    }

    /// Which of several campaigns of one name is read: the latest of the first kind that there is.
    private static let readingOrder = [
        "state = 'running'",
        // It is under way, too.
        "state = 'paused' AND startedAt IS NOT NULL",
        """
        EXISTS (SELECT 1 FROM campaignCount AS c WHERE c.campaign = campaign.id AND c.n > 0
          AND c.state IN ('unknown', 'held', 'accepted', 'sent', 'delivered', 'read', 'played', 'failed'))
        """,
        "state NOT IN ('finished', 'cancelled', 'refused')",
        "TRUE",
    ]

    /// By name, for whoever only looks; nil where none is called so.
    private static func read(_ db: Database, named name: String, workspace: String) throws -> CampaignRow? {
        for kind in readingOrder {
            let latest = try db.cachedStatement(
                sql: """
                    SELECT * FROM campaign INDEXED BY campaignByName WHERE workspace = ? AND name = ? AND (\(kind)) ORDER BY id DESC LIMIT 1
                    """)
            if let row = try Row.fetchOne(latest, arguments: [workspace, name]) { return try CampaignRow(row) }
        }
        return nil
    }

    /// By name, where only one is called so; nil where none is.
    private static func find(_ db: Database, named name: String, workspace: String, isToStart: Bool) throws -> CampaignRow? {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM campaign INDEXED BY campaignByName WHERE workspace = ? AND name = ?
                ORDER BY state IN ('finished', 'cancelled', 'refused'), state <> 'running', id DESC LIMIT 5
                """,
            arguments: [workspace, name]
        )
        .map(CampaignRow.init)
        // One that is under way is meant rather than those that have ended or never began.
        var alive = rows.filter { !$0.campaign.state.hasEnded }
        // Of several tries at a plan, the one that can start.
        if alive.count > 1, isToStart {
            let sound = alive.filter { $0.report?.blockers.isEmpty != false }
            if sound.count == 1 { alive = sound }
        }
        if alive.count == 1 || rows.count <= 1 { return alive.first ?? rows.first }
        let ids = rows.map { "\($0.campaign.id) (\($0.campaign.state.rawValue), \($0.moment))" }.joined(separator: ", ")
        throw Fault(.campaignUnknown, "Several are called \(name.prefix(64)); give the id of one: \(ids).", path: "id")
    }

    /// When it begins, or was made, as a sentence tells it apart from others.
    private var moment: String {
        campaign.localOpening ?? (campaign.startAt ?? campaign.createdAt).words(by: window)
    }

    /// How many others are called as a campaign is.
    static func namesakes(_ db: Database, of campaign: Campaign, workspace: String) throws -> Int {
        let all = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM campaign INDEXED BY campaignByName WHERE workspace = ? AND name = ?",
            arguments: [workspace, campaign.name])
        return (all ?? 1) - 1
    }

    /// The campaigns that stand still with a promise that nobody has judged yet.
    static func standing(_ db: Database) throws -> [CampaignRow] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM campaign INDEXED BY campaignStanding
                WHERE state IN ('planning', 'paused') AND deadline IS NOT NULL AND verdict IS NULL ORDER BY deadline LIMIT 1000
                """
        )
        .map(CampaignRow.init)
    }

    static func all(_ db: Database, _ state: Campaign.State) throws -> [CampaignRow] {
        try Row.fetchAll(db, sql: "SELECT * FROM campaign WHERE state = ? ORDER BY priority, id", arguments: [state.rawValue])
            .map(CampaignRow.init)
    }
}
