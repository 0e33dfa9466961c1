import AccountContract
import GRDB
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountOutbox

/// What hangs on something that is forgotten goes with it.
@Suite struct LeftoverRetentionTests {
    private func count(_ desk: OutboxDesk, _ sql: String) async throws -> Int {
        try await desk.store.read { try Int.fetchOne($0, sql: sql) ?? 0 }
    }

    /// What happened to a message on its way is told for as long as the message is kept.
    @Test func notesGoWithTheirMessages() async throws {
        let desk = try await OutboxDesk()
        let start = desk.now.value
        let old = try await desk.queued("old")
        try await desk.lease()
        try await desk.accept(old)
        desk.now.set(start + .days(100))
        let new = try await desk.queued("new")
        let now = desk.now.value
        try await desk.store.write { db in
            for id in [old, new] {
                for n in 0..<3 { try Outbox.note(db, on: id, .queued, at: now, "note \(n)") }
            }
        }
        let before = try await count(desk, "SELECT count(*) FROM messageNote WHERE message = '\(new)'")
        #expect(before >= 3)
        try await desk.outbox.prune(before: now - .days(90))
        #expect(try await count(desk, "SELECT count(*) FROM message") == 1)
        #expect(try await count(desk, "SELECT count(*) FROM messageNote WHERE message = '\(old)'") == 0)
        #expect(try await count(desk, "SELECT count(*) FROM messageNote") == before, "the other message's stay")
        try desk.end()
    }

    /// Recipients that were sent for a campaign which never came to be go after thirty days; what somebody keeps stays.
    @Test func aHiddenListThatNobodyUsesGoesWithItsRecipients() async throws {
        let desk = try await OutboxDesk()
        let people = CampaignScene.people(3)
        for (name, isHidden) in [("orphan", true), ("recurring", true), ("kept", false)] {
            let list = try await desk.lists.create(name, workspace: "w", isHidden: isHidden)
            _ = try await desk.store.write { db in
                try BroadcastLists.insert(
                    db, list.id, people.map { BroadcastLists.Member(contact: ContactID($0.contact), recipient: $0) })
            }
        }
        _ = try await desk.windows.create(.init(name: "six", cron: "0 6 * * *", timeZone: "UTC"), workspace: "w")
        try await desk.pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO recurrence (id, workspace, window, name, plan, list, nextAt)
                    SELECT 'r', 'w', (SELECT id FROM deliveryWindow), 'R', '{}', id, 0 FROM broadcastList WHERE name = 'recurring'
                    """)
        }
        desk.now.set(desk.now.value + .days(29))
        try await desk.campaigns.pruneLists()
        #expect(try await count(desk, "SELECT count(*) FROM broadcastListMember") == 9, "its campaign may still come")
        desk.now.set(desk.now.value + .days(2))
        try await desk.campaigns.pruneLists()
        let left = try await desk.pool.read { db in try String.fetchAll(db, sql: "SELECT name FROM broadcastList ORDER BY name") }
        #expect(left == ["kept", "recurring"])
        #expect(try await count(desk, "SELECT count(*) FROM broadcastListMember") == 6)
        try desk.end()
    }

    /// The recipients that were given with a campaign go once it has ended so long ago, and the list that held them.
    @Test func theHiddenListOfAnEndedCampaignGoes() async throws {
        try await CampaignScene.run { scene in
            let desk = scene.desk
            let campaign = try await scene.plan(
                .init(name: "A", template: "t", recipients: CampaignScene.people(3), requestKey: "a"))
            _ = try await desk.campaigns.cancel(campaign.id.rawValue, workspace: "w")
            try await desk.campaigns.pruneLists()
            #expect(try await count(desk, "SELECT count(*) FROM broadcastListMember") == 3)
            scene.pass(.days(31))
            try await desk.campaigns.pruneLists()
            #expect(try await count(desk, "SELECT count(*) FROM broadcastListMember") == 0)
            #expect(try await count(desk, "SELECT count(*) FROM broadcastList") == 0)
            #expect(try await count(desk, "SELECT count(*) FROM campaign WHERE list IS NULL") == 1)
            #expect(try await count(desk, "SELECT count(*) FROM campaignRecipient") == 3, "what became of each is kept")
        }
    }
}
