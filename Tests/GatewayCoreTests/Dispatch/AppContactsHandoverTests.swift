import AccountContract
import Foundation
import GRDB
import RPCContract
import Storage
import Support
import SyncContract
import Testing
import Vocabulary

@testable import GatewayCore

/// What is changed in the app's address book reaches the mirror of the workspace that has the number.
@Suite struct AppContactsHandoverTests {
    private static let receivedAt = Timestamp(milliseconds: 1_790_000_000_000)

    @Test func theyAreHandedOverInPieces() async throws {
        let items = (0..<501).map {
            let name = $0 == 500 ? "" : #""full_name":"Name \#($0)","#
            let phone = "91987654\(1000 + $0)"
            let time = $0 == 0 ? "1890000000" : "1780000000"
            return
                #"{"type":"contact","contact":{\#(name)"phone_number":"\#(phone)"},"action":"\#($0 == 500 ? "remove" : "add")","metadata":{"timestamp":"\#(time)"}}"#
        }
        let unknown = #"{"type":"contact","contact":{"full_name":"Nobody"},"action":"remove"}"#
        let value = #"{"metadata":{"phone_number_id":"1"},"state_sync":[\#(unknown),\#(items.joined(separator: ","))]}"#
        let body = Data(#"{"entry":[{"id":"1","changes":[{"field":"smb_app_state_sync","value":\#(value)}]}]}"#.utf8)
        let part = try #require(try Payload(body).parts.first)
        let event = try StoredEvent(
            Row([
                "id": 1, "lane": part.lane.rawValue, "kind": part.kind, "orderKey": part.orderKey, "dedupeKey": part.dedupeKey,
                "entryID": part.entryID, "phoneNumberID": part.phoneNumberID, "raw": JSON.text(part.raw), "attempts": 0,
                "receivedAt": Self.receivedAt.milliseconds, "contact": nil, "contactName": nil, "userIDs": nil,
            ]))
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(.gateway, path: "\(folder)/g.sqlite", migrator: GatewayMigrations.migrator)
        let clock = WallClock { Self.receivedAt }
        let inbox = Inbox(
            reads: Reads(pool), clock: clock, gaps: try DeliveryGaps(pool, clock: clock, silence: .minutes(5)), keyLifetime: .days(14),
            waiting: 100)
        let told = HandledMessages()
        try await told.run(inbox) { handlers in
            try await told.wait {
                told.mirrored.set([])
                let unread = await #expect(throws: Fault.self) { try await handlers.management(event) }
                #expect(unread?.code == .params && unread?.message.hasPrefix("1 of the app's contacts") == true)
            }
            #expect(told.mirrored.value.map(\.params.changes.count) == [500, 1])
            #expect(told.mirrored.value.map(\.workspace) == ["coexisting", "coexisting"])
            let all = told.mirrored.value.flatMap(\.params.changes)
            #expect(all[1].contact == "919876541001" && all[1].entry.name == "Name 1" && all[1].isRemoved == nil)
            #expect(all[0].entry.at == Self.receivedAt, "a moment that has not come counts as now")
            #expect(all[1].entry.at == Timestamp(seconds: 1_780_000_000) && all[500].isRemoved == true && all[500].entry.name == nil)
        }
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
