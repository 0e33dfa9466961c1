import AccountContract
import GRDB
import RPCContract
import Support
import TemplateContract
import Testing
import Vocabulary

@testable import AccountCampaigns

/// In which language a campaign goes out, and that none is guessed.
@Suite struct PlannedLanguageTests {
    @Test func whereALanguageIsNeededThePlanIsRefusedAtOnce() async throws {
        try await CampaignScene.run { scene in
            scene.templates.fault.set(Fault(.languageNeeded, "t exists in en, hi; `language` says which is meant.", path: "language"))
            let campaign = try await scene.plan(.init(name: "C", template: "t", recipients: CampaignScene.people(2), requestKey: "k"))
            #expect(campaign.state == .refused && campaign.reason?.hasPrefix("t exists in en, hi") == true, "\(campaign)")
        }
    }

    /// Another language that is created later is no reason to refuse the openings that follow.
    @Test func whatRecursKeepsTheLanguageOfItsFirst() async throws {
        try await CampaignScene.run { scene in
            _ = try await scene.desk.windows.create(.init(name: "daily", cron: "0 6 * * *", timeZone: "UTC", stage: 600), workspace: "w")
            let rows: [(String, String?)] = [("C", nil), ("D", "calm")]
            for (name, cautious) in rows {
                try await scene.plan(
                    .init(
                        name: name, template: "t", cautious: cautious, recipients: CampaignScene.people(2), window: "daily",
                        recurring: true, requestKey: name))
            }
            let languages = try await scene.desk.pool.read { db in
                try Row.fetchAll(db, sql: "SELECT plan ->> 'language' AS language FROM recurrence ORDER BY name")
                    .map { $0["language"] as String? }
            }
            #expect(languages == ["en", nil], "the cautious template may have another")
        }
    }
}
