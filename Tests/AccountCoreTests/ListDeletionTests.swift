import AccountContract
import GRDB
import RPCContract
import Testing
import Vocabulary

@testable import AccountCampaigns

/// A list goes once nothing needs it any more.
@Suite struct ListDeletionTests {
    @Test func whatRecursKeepsItsList() async throws {
        try await CampaignScene.run { scene in
            let (lists, windows) = (scene.desk.lists, scene.desk.windows)
            let list = try await lists.create("People", workspace: "w").id
            _ = try await lists.add(.init(id: list.rawValue, recipients: CampaignScene.people(3)), workspace: "w")
            _ = try await windows.create(.init(name: "daily", cron: "0 6 * * *", timeZone: "UTC", stage: 600), workspace: "w")
            for name in ["Tea", "News"] {
                try await scene.plan(
                    .init(name: name, template: "t", list: list.rawValue, window: "daily", recurring: true, start: true, requestKey: name))
            }
            func delete() async -> Fault? { await #expect(throws: Fault.self) { try await lists.delete("People", workspace: "w") } }
            let both = await delete()
            #expect(both?.code == .listBusy)
            #expect(both?.message.hasPrefix("News, Tea recur and are planned from the list People") == true, "\(both?.message ?? "")")
            try await windows.stop("News", workspace: "w")
            let one = await delete()
            #expect(one?.message.hasPrefix("Tea recurs") == true && one?.message.contains("recurrence.stop") == true)
            #expect(try await lists.get(list.rawValue, workspace: "w").members == 3, "nobody was taken off it")
            try await windows.stop("Tea", workspace: "w")
            try await lists.delete("People", workspace: "w")
            #expect(try await lists.all(workspace: "w").items.isEmpty)
        }
    }

    /// What is planned between two pieces of a long deletion keeps the people who are left.
    @Test func whatIsPlannedMeanwhileKeepsTheRest() async throws {
        try await CampaignScene.run { scene in
            let (lists, windows) = (scene.desk.lists, scene.desk.windows)
            let list = try await lists.create("People", workspace: "w").id
            _ = try await lists.add(.init(id: list.rawValue, recipients: CampaignScene.people(5001)), workspace: "w")
            let window = try await windows.create(.init(name: "daily", cron: "0 6 * * *", timeZone: "UTC"), workspace: "w").window.id
            // As if it were committed in between: right behind the first of them who goes.
            try await scene.desk.pool.write { db in
                try db.execute(
                    sql: """
                        CREATE TRIGGER meanwhile AFTER DELETE ON broadcastListMember
                        WHEN NOT EXISTS (SELECT 1 FROM recurrence) BEGIN
                          INSERT INTO recurrence (id, workspace, window, name, plan, list, nextAt)
                          VALUES ('r', 'w', '\(window)', 'Tea', '{}', OLD.list, 0);
                        END
                        """)
            }
            let fault = await #expect(throws: Fault.self) { try await lists.delete("People", workspace: "w") }
            #expect(fault?.code == .listBusy && fault?.message.hasPrefix("Tea recurs") == true)
            #expect(try await lists.get(list.rawValue, workspace: "w").members == 1)
            let left = try await scene.desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM broadcastListMember") }
            #expect(left == 1)
        }
    }

    /// A plan that has found its list loses it before it is written down.
    @Test func whatRecursNeedsAListThatIsThere() async throws {
        try await CampaignScene.run { scene in
            let reply = try await scene.desk.windows.create(.init(name: "daily", cron: "0 6 * * *", timeZone: "UTC"), workspace: "w")
            let fault = await #expect(throws: Fault.self) {
                try await scene.desk.campaigns.insert(
                    .init(name: "Tea", template: "t", list: "gone", window: "daily", recurring: true, requestKey: "k"), list: "gone",
                    window: reply.window, startAt: reply.next[0], isRecurring: true, requestKey: "k", fingerprint: 0, workspace: "w")
            }
            #expect(fault?.code == .listUnknown && fault?.path == "list")
            #expect(try await scene.desk.windows.recurrences().isEmpty)
        }
    }
}
