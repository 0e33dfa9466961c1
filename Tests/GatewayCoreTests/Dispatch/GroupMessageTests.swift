import AccountContract
import Foundation
import GRDB
import IntelligenceContract
import Logging
import RPCContract
import RPCTransport
import Storage
import Support
import SyncContract
import TemplateContract
import Testing
import Vocabulary

@testable import GatewayCore

/// What is said in a group opens nobody's window and is answered to nobody.
@Suite struct GroupMessageTests {
    private func event(_ words: String, in group: String?) throws -> StoredEvent {
        let place = group.map { #","group_id":"\#($0)""# } ?? ""
        let message =
            #"{"id":"wamid.\#(words)","from":"919876543210","timestamp":"1790000000","type":"text","text":{"body":"\#(words)"}\#(place)}"#
        let value = #"{"metadata":{"phone_number_id":"106540352242922"},"messages":[\#(message)]}"#
        let body = Data(#"{"entry":[{"id":"1","changes":[{"field":"messages","value":\#(value)}]}]}"#.utf8)
        let part = try #require(try Payload(body).parts.first)
        return try StoredEvent(
            Row([
                "id": 1, "lane": part.lane.rawValue, "kind": part.kind, "orderKey": part.orderKey, "dedupeKey": part.dedupeKey,
                "entryID": part.entryID, "phoneNumberID": part.phoneNumberID, "contact": part.contact, "contactName": part.contactName,
                "userIDs": try JSON.text(part.userIDs), "contactProfile": nil, "raw": JSON.text(part.raw), "attempts": 0,
                "receivedAt": 1_790_000_000_000,
            ]))
    }

    @Test func itIsKeptInTheGroupsConversation() async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(.gateway, path: "\(folder)/t.sqlite", migrator: GatewayMigrations.migrator)
        let network = RPCNetwork()
        let handlers = EventHandlers(
            gaps: try DeliveryGaps(pool, clock: .system, silence: .minutes(5)),
            chance: .system,
            accounts: RPCClient(AccountContract.self, in: network, name: "test"),
            templates: RPCClient(TemplateContract.self, in: network, name: "test"),
            intelligence: RPCClient(IntelligenceContract.self, in: network, name: "test"),
            sync: RPCClient(SyncContract.self, in: network, name: "test"))
        let (opened, processed) = (MutexBox<[String]>([]), MutexBox<[ProcessMessage.Params]>([]))
        var (accounts, intelligence) = (RPCRouter(), RPCRouter())
        accounts.on(RecordInbound.self) { params, _ in
            opened.update { $0.append(params.text ?? "") }
            return .init(
                account: params.phoneNumberID, displayName: "Lucky Shrub", workspace: "default", contact: params.contact, names: [],
                windowExpiresAt: params.at)
        }
        accounts.on(RecordEcho.self) { params, _ in
            .init(
                account: params.phoneNumberID, displayName: "Lucky Shrub", workspace: "default", contact: params.to, names: ["IN.1"],
                windowExpiresAt: nil)
        }
        intelligence.on(ProcessMessage.self) { params, _ in
            processed.update { $0.append(params) }
            return .init(conversation: "1:2", intent: "unknown", confidence: 0, answered: true)
        }
        let (router, other) = (accounts, intelligence)
        let logger = Logger(label: "t") { _ in SwiftLogNoOpLogHandler() }
        let (alone, group) = (try event("hello", in: nil), try event("STOP", in: "G1"))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await network.serve("account-router", router, logger: logger) }
            tasks.addTask { await network.serve("intelligence-service", other, logger: logger) }
            // The same message to the number alone is heard, as soon as both processes are there.
            try await eventually("both processes are there") {
                do { try await handlers.message(alone) } catch { return false }
                return true
            }
            #expect(opened.value.last == "hello" && processed.value.map(\.text) == ["hello"] && processed.value[0].author == nil)
            let before = opened.value.count
            try await handlers.message(group)
            #expect(opened.value.count == before, "its window stays closed, and no STOP is read")
            let kept = try #require(processed.value.last)
            #expect(kept.text == "STOP" && kept.contact == "G1" && kept.author == "919876543210" && kept.formerly == nil)
            #expect(kept.answered == true && kept.isEcho == nil, "and nobody answers")
            tasks.cancelAll()
        }
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
