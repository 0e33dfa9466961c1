import GRDB
import RPCContract
import Vocabulary

/// The language of each template that a campaign has begun with, and what recurs with it.
///
/// They are kept with the plan: a translation that is created meanwhile leaves no question open that was answered before.
struct KeptLanguages: Equatable, Sendable {
    private var byTemplate: [String: String]

    /// Those of a campaign, and of its row where it recurs.
    init(_ db: Database, of campaign: CampaignID) throws {
        let text = try String.fetchOne(
            db,
            sql: """
                SELECT json_patch(
                  coalesce((SELECT r.plan -> 'languages' FROM recurrence r WHERE r.workspace = c.workspace AND \(WindowStore.ofRow)), '{}'),
                  coalesce(c.plan -> 'languages', '{}'))
                FROM campaign c WHERE c.id = ?
                """, arguments: [campaign])
        byTemplate = try text.map { try JSON.decode([String: String].self, from: $0) } ?? [:]
    }

    subscript(template: String) -> String? { byTemplate[template] }

    /// With the languages in which messages were composed.
    func adding(_ composed: [CampaignPlanner.Composed]) -> KeptLanguages {
        var kept = self
        for part in composed { kept.byTemplate[part.template] = part.language }
        return kept
    }

    /// Writes them into the campaign's plan, and into that of its row: it outlasts the campaign.
    func keep(_ db: Database, of campaign: CampaignID) throws {
        let text = try JSON.text(byTemplate)
        try db.execute(
            sql: "UPDATE campaign SET plan = json_set(plan, '$.languages', json(?)) WHERE id = ?", arguments: [text, campaign])
        try db.execute(
            sql: """
                UPDATE recurrence AS r SET plan = json_set(r.plan, '$.languages', json_patch(coalesce(r.plan -> 'languages', '{}'), ?))
                FROM campaign AS c WHERE c.id = ? AND r.workspace = c.workspace AND \(WindowStore.ofRow)
                """, arguments: [text, campaign])
    }
}
