import AccountContract
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
            _ = try await lists.add(.init(id: list, recipients: CampaignScene.people(3)), workspace: "w")
            _ = try await windows.create(.init(name: "daily", cron: "0 6 * * *", timeZone: "UTC", stage: 600), workspace: "w")
            for name in ["Tea", "News"] {
                try await scene.plan(
                    .init(name: name, template: "t", list: list, window: "daily", recurring: true, start: true, requestKey: name))
            }
            func delete() async -> Fault? { await #expect(throws: Fault.self) { try await lists.delete("People", workspace: "w") } }
            let both = await delete()
            #expect(both?.code == .listBusy)
            #expect(both?.message.hasPrefix("News, Tea recur and are planned from the list People") == true, "\(both?.message ?? "")")
            try await windows.stop("News", workspace: "w")
            let one = await delete()
            #expect(one?.message.hasPrefix("Tea recurs") == true && one?.message.contains("recurrence.stop") == true)
            #expect(try await lists.get(list, workspace: "w").members == 3, "nobody was taken off it")
            try await windows.stop("Tea", workspace: "w")
            try await lists.delete("People", workspace: "w")
            #expect(try await lists.all(workspace: "w").items.isEmpty)
        }
    }
}
