import AccountContract
import GRDB
import RPCContract
import Storage
import Testing
import Vocabulary

@testable import AccountCampaigns

/// Lists of recipients, and windows.
@Suite struct ListsTests {
    /// A crash came between the list and the campaign; under the same key others are asked for.
    @Test func whoWasTakenOutIsNotInTheListOfTheNextTry() async throws {
        let desk = try await OutboxDesk()
        func plan(_ people: [String]) async throws -> CampaignID {
            let params = PlanCampaign.Params(name: "C", template: "t", recipients: people.map { .init(contact: $0) }, requestKey: "k")
            return try await desk.campaigns.plan(params, workspace: "w").id
        }
        _ = try await plan(["+919876543210", "+919876543211"])
        try await desk.pool.write { try $0.execute(sql: "DELETE FROM campaign") }
        let id = try await plan(["+919876543210"])
        let members = try await desk.pool.read { db in
            try String.fetchAll(
                db, sql: "SELECT contact FROM broadcastListMember WHERE list = (SELECT list FROM campaign WHERE id = ?)", arguments: [id])
        }
        #expect(members == ["919876543210"])
        try desk.end()
    }

    @Test func aListKeepsEveryPersonOnceAndTellsWhatWasWrong() async throws {
        let desk = try await OutboxDesk()
        let list = try await desk.lists.create("People", workspace: "w")
        #expect(try await desk.lists.create("People", workspace: "w").id == list.id, "the same name is the same list")
        let recipients = [
            Recipient(contact: "+91 98765 43210", variables: ["name": "Asha"]),
            Recipient(contact: "919876543210", variables: ["name": "A"]),
            Recipient(contact: "?"), Recipient(contact: "919876543211", timeZone: "Mars/Olympus"),
            Recipient(contact: "IN.13491208655302741918"),
        ]
        let reply = try await desk.lists.add(.init(id: list.id.rawValue, recipients: recipients), workspace: "w")
        #expect(reply.added == 2 && reply.members == 2 && reply.problems.map(\.line) == [2, 3, 4])
        let again = try await desk.lists.add(.init(id: list.id.rawValue, recipients: [recipients[0]]), workspace: "w")
        #expect(again.added == 0 && again.updated == 1)
        #expect(try await desk.lists.remove(.init(id: list.id.rawValue, contacts: ["+919876543210", "404"]), workspace: "w").members == 1)
        let fault = await #expect(throws: Fault.self) { try await desk.lists.get(list.id.rawValue, workspace: "other") }
        #expect(fault?.code == .listUnknown)
        try await desk.lists.delete(list.id.rawValue, workspace: "w")
        #expect(try await desk.lists.all(workspace: "w").items.isEmpty)
        try desk.end()
    }

    /// Deleted in between, a list takes nobody any more, and says so instead of breaking a key.
    @Test func aDeletedListTakesNobody() async throws {
        let desk = try await OutboxDesk()
        let list = try await desk.lists.create("People", workspace: "w")
        try await desk.lists.delete(list.id.rawValue, workspace: "w")
        let fault = await #expect(throws: Fault.self) {
            try await desk.store.write { db in
                try BroadcastLists.insert(db, list.id, [.init(contact: "919876543210", recipient: Recipient(contact: "919876543210"))])
            }
        }
        #expect(fault?.code == .listUnknown)
        try desk.end()
    }

    @Test func aWindowIsFoundByIdAndNameInItsWorkspaceOnly() async throws {
        let desk = try await OutboxDesk()
        let windows = WindowStore(store: desk.store)
        let made = try await windows.create(.init(name: "Morning", cron: "0 6 * * *", timeZone: "Asia/Kolkata"), workspace: "w")
        #expect(made.next.count == 5)
        #expect(try await windows.find("Morning", workspace: "w") == made.window)
        #expect(try await windows.find(made.window.id.rawValue, workspace: "w") == made.window)
        let fault = await #expect(throws: Fault.self) { try await windows.find("Morning", workspace: "other") }
        #expect(fault?.code == .windowUnknown)
        // The same name again changes it and keeps its id.
        let changed = try await windows.create(.init(name: "Morning", cron: "0 7 * * *", timeZone: "Asia/Kolkata"), workspace: "w")
        #expect(changed.window.id == made.window.id && changed.window.cron == "0 7 * * *")
        try await windows.delete("Morning", workspace: "w")
        #expect(try await windows.list(workspace: "w").items.isEmpty)
        try desk.end()
    }

    @Test(arguments: [
        ("0 6 * *", "Asia/Kolkata", "cron"), ("0 0 30 2 *", "Asia/Kolkata", "cron"), ("61 * * * *", "UTC", "cron"),
        ("0 6 * * *", "Mars/Olympus", "timeZone"), ("", "UTC", "cron"),
    ])
    func aWindowThatNeverOpensIsRefusedWithItsPlace(cron: String, zone: String, path: String) async throws {
        let desk = try await OutboxDesk()
        let windows = WindowStore(store: desk.store)
        let fault = await #expect(throws: Fault.self) {
            try await windows.create(.init(name: "X", cron: cron, timeZone: zone), workspace: "w")
        }
        #expect(fault?.code == .windowInvalid && fault?.path == path)
        try desk.end()
    }

    @Test func theNextOpeningMustStillBeAbleToBegin() throws {
        let window = DeliveryWindow(
            id: "w", name: "Morning", cron: "0 6 * * *", timeZone: "UTC", spreadFrom: -30, spreadTo: 270, deadline: 300, stage: 600,
            target: 99, quietHours: nil)
        let six = Timestamp(seconds: 1_790_056_800)
        #expect(try Opening.next(window, after: six - 30_001) == six)
        #expect(try Opening.next(window, after: six - 30_000) == six + .days(1), "its first message would be late")
        #expect(try Opening.following(window, after: six) == six + .days(1))
    }

    @Test(arguments: [
        (100, 10.0, Timestamp?.some(Timestamp(milliseconds: 11_000))), (0, 0, Timestamp(milliseconds: 1000)), (5, 0, nil), (5, -1, nil),
    ])
    func whenTheLastWillBeOut(left: Int, rate: Double, expected: Timestamp?) {
        #expect(DeadlineOutlook.expected(left: left, rate: rate, now: Timestamp(milliseconds: 1000)) == expected)
    }
}
