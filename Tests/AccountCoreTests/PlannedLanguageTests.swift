import AccountContract
import Foundation
import GRDB
import RPCContract
import Support
import TemplateContract
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountCore

/// In which language a campaign goes out, and that none is guessed.
@Suite struct PlannedLanguageTests {
    @Test func whereALanguageIsNeededThePlanIsRefusedAtOnce() async throws {
        try await CampaignScene.run { scene in
            scene.templates.fault.set(Fault(.languageNeeded, "t exists in en, hi; `language` says which is meant.", path: "language"))
            let campaign = try await scene.plan(.init(name: "C", template: "t", recipients: CampaignScene.people(2), requestKey: "k"))
            #expect(campaign.state == .refused && campaign.reason?.hasPrefix("t exists in en, hi") == true, "\(campaign)")
        }
    }

    private static let kinds: [PlanCampaign.Params] = [
        .init(name: "C", template: "t", requestKey: "k"), .init(name: "C", template: "t", cautious: "calm", requestKey: "k"),
        .init(name: "C", experiment: "e", requestKey: "k"),
    ]

    /// Another language that is created later is no reason to refuse the openings that follow.
    @Test(arguments: PlannedLanguageTests.kinds) func whatRecursKeepsTheLanguagesOfItsFirst(kind: PlanCampaign.Params) async throws {
        try await CampaignScene.run { scene in
            _ = try await scene.desk.windows.create(.init(name: "daily", cron: "0 6 * * *", timeZone: "UTC", stage: 600), workspace: "w")
            var params = kind
            (params.recipients, params.window, params.recurring, params.start) = (CampaignScene.people(2), "daily", true, true)
            let first = try await scene.plan(params)
            scene.templates.unnamed.set(0)
            for day in 1...2 {
                let opening = try #require(first.startAt) + Milliseconds.days(day)
                scene.desk.now.set(opening - .minutes(10))
                _ = try await scene.recurrences.planStaged()
                let key = Recurrences.requestKey(first.id, opening)
                let id = try #require(
                    try await scene.desk.pool.read { db in
                        try String.fetchOne(db, sql: "SELECT id FROM campaign WHERE requestKey = ?", arguments: [key])
                    })
                try await scene.planner.plan(scene.row(CampaignID(id)))
                let later = try await scene.row(CampaignID(id)).campaign
                #expect(later.state != .refused && later.language == "en", "day \(day): \(later)")
            }
        }
    }

    /// A long plan ends in the languages in which it began.
    @Test(arguments: PlannedLanguageTests.kinds) func aNewLanguageChangesNothing(kind: PlanCampaign.Params) async throws {
        try await CampaignScene.run { scene in
            var params = kind
            params.recipients = CampaignScene.people(4500)
            // As many as the first chunk needs.
            scene.templates.unnamed.set(params.experiment != nil || params.cautious != nil ? 2 : 1)
            let campaign = try await scene.plan(params)
            #expect(campaign.state == .planned && campaign.language == "en", "\(campaign)")
            #expect(try await scene.counts(campaign.id) == ["planned": 4500])
        }
    }

    /// Rows of before have the languages of their newest campaign, as the first may be gone.
    @Test func whatRecurredBeforeKeepsItsLanguages() async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try DatabasePool(path: "\(folder)/t.sqlite")
        let migrator = AccountMigrations.migrator
        try migrator.migrate(pool, upTo: "v2-first-due")
        let body = #"{"type":"template","category":"utility","object":"{\"name\":\"calm\",\"language\":{\"code\":\"hi\"}}"}"#
        try await pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO deliveryWindow (id, workspace, name, definition) VALUES ('w', 'w', 'daily', '{}');
                    INSERT INTO recurrence (id, workspace, window, name, plan, nextAt) VALUES
                      ('r', 'w', 'w', 'C', '{"template":"t","cautious":"calm"}', 40), ('s', 'w', 'w', 'D', '{"template":"t"}', 40);
                    INSERT INTO campaign (id, workspace, requestKey, fingerprint, kind, name, state, plan, cursor, priority, attempts, createdAt)
                    VALUES ('c2', 'w', 'recurrence:r:20', 0, 'campaign', 'C', 'finished', '{}', '9', 500, 3, 0),
                      ('c3', 'w', 'recurrence:r:30', 0, 'campaign', 'C', 'refused', '{}', '', 500, 3, 0),
                      ('c4', 'w', 'k', 0, 'campaign', 'X', 'planning', '{}', '9', 500, 3, 0);
                    """)
            for campaign in ["c2", "c4"] {
                try db.execute(
                    sql: """
                        INSERT INTO campaignRecipient (campaign, n, contact, state, template, language, cautious)
                        VALUES (?, 0, '9', 'queued', 't', 'en', ?)
                        """, arguments: [campaign, body])
            }
        }
        try migrator.migrate(pool)
        let plans = try await pool.read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT plan -> 'languages' FROM recurrence WHERE id = 'r'
                    UNION ALL SELECT plan -> 'languages' FROM campaign WHERE id = 'c4'
                    UNION ALL SELECT plan -> 'languages' FROM recurrence WHERE id = 's'
                    """)
        }
        let both = #"{"calm":"hi","t":"en"}"#
        #expect(plans == [both, both, "{}"], "\(plans)")
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
