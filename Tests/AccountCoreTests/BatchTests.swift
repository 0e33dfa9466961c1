import AccountContract
import Foundation
import GRDB
import GraphAPI
import RPCContract
import Storage
import Support
import TemplateContract
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountContacts
@testable import AccountCore
@testable import AccountNumbers
@testable import AccountOutbox

/// Batches: filled, one after the other, each key once.
@Suite struct BatchTests {
    @Test func aBatchTakesEachKeyOnceAndTellsWhatIsWrong() async throws {
        try await CampaignScene.run { scene in
            let batch = try await scene.desk.campaigns.create(.init(name: "B", requestKey: "b"), workspace: "w")
            func message(_ key: String, to: String = "919876543210") -> SendMessage.Params {
                .init(to: to, template: .init(name: "t", variables: [:]), requestKey: key)
            }
            let messages = [message("1"), message("2"), message("1"), message("3", to: "?")]
            let reply = try await scene.batches.add(.init(id: batch.id.rawValue, messages: messages), workspace: "w")
            #expect((reply.added, reply.total) == (2, 2) && reply.problems.map(\.line) == [4])
            let again = try await scene.batches.add(.init(id: batch.id.rawValue, messages: [message("2")]), workspace: "w")
            #expect((again.added, again.total) == (0, 2))
            let other = try await scene.batches.add(
                .init(id: batch.id.rawValue, messages: [message("2", to: "919876543299")]), workspace: "w")
            #expect(other.added == 0 && other.problems.first?.problem.contains("another message") == true)
            // What is away concerns all: nothing is added, and the caller tries again.
            scene.templates.fault.set(Fault(.overloaded, "later", retry: .after(.seconds(1))))
            let away = await #expect(throws: Fault.self) {
                try await scene.batches.add(.init(id: batch.id.rawValue, messages: [message("4")]), workspace: "w")
            }
            #expect(away?.code == .overloaded)
            scene.templates.fault.set(nil)
            let foreign = await #expect(throws: Fault.self) {
                try await scene.batches.add(.init(id: batch.id.rawValue, messages: [message("4")]), workspace: "x")
            }
            #expect(foreign?.code == .campaignUnknown)
            _ = try await scene.desk.campaigns.start(batch.id.rawValue, workspace: "w")
            let closed = await #expect(throws: Fault.self) {
                try await scene.batches.add(.init(id: batch.id.rawValue, messages: [message("4")]), workspace: "w")
            }
            #expect(closed?.code == .campaignState)
            _ = try await scene.feeder.look()
            #expect(try await scene.counts(batch.id) == ["queued": 2])
        }
    }

    /// Batches wait for their turn: one at a time here, and one that has ended makes room.
    @Test func batchesGoOneAfterTheOther() async throws {
        try await CampaignScene.run { scene in
            var ids: [CampaignID] = []
            for key in ["a", "b"] {
                let batch = try await scene.desk.campaigns.create(.init(name: key, requestKey: key), workspace: "w")
                let message = SendMessage.Params(to: "919876543210", template: .init(name: "t", variables: [:]), requestKey: key)
                _ = try await scene.batches.add(.init(id: batch.id.rawValue, messages: [message]), workspace: "w")
                _ = try await scene.desk.campaigns.start(batch.id.rawValue, workspace: "w")
                ids.append(batch.id)
                scene.pass(1)
            }
            _ = try await scene.feeder.look()
            #expect(try await scene.counts(ids[1]) == ["planned": 1])
            for _ in 0..<3 {
                try await scene.send()
                _ = try await scene.feeder.look()
            }
            #expect(try await scene.counts(ids[1]) == ["accepted": 1])
            #expect(try await scene.row(ids[0]).campaign.state == .finished)
        }
    }

    /// A key stands for one message of the workspace, wherever it was used.
    @Test func aKeyCountsInTheWholeWorkspace() async throws {
        try await CampaignScene.run { scene in
            func batch(_ key: String, workspace: String = "w") async throws -> CampaignID {
                try await scene.desk.campaigns.create(.init(name: key, requestKey: key), workspace: workspace).id
            }
            func add(_ id: CampaignID, _ key: String, _ name: String = "A") async throws -> AddToBatch.Reply {
                let message = SendMessage.Params(to: "919876543210", template: .init(name: "t", variables: ["name": name]), requestKey: key)
                return try await scene.batches.add(.init(id: id.rawValue, messages: [message]), workspace: "w")
            }
            let (first, second) = (try await batch("a"), try await batch("b"))
            #expect(try await add(first, "k").added == 1)
            #expect(try await add(first, "k").problems.isEmpty)
            #expect(try await add(first, "k", "B").problems.first?.problem.contains("another message of the batch") == true)
            let elsewhere = try await add(second, "k")
            #expect(elsewhere.added == 0 && elsewhere.problems.first?.problem.contains(first.rawValue) == true)
            _ = try await scene.desk.queued("single")
            #expect(try await add(second, "single").problems.first?.problem.contains("sent alone") == true)
            // Nor is it sent alone once a batch has it, but in another workspace.
            let (outbox, routing) = (scene.desk.outbox, scene.desk.routing)
            func send(_ key: String) async throws {
                let body = MessageDraft.Body(type: "template", category: .utility, object: "{}")
                let draft = MessageDraft(
                    workspace: "w", requestKey: key, fingerprint: 1, account: "", to: "919876543210", body: body, priority: 100, reason: "")
                _ = try await outbox.enqueue(draft) { db in try routing.route(db, draft.to, .utility, asked: nil, workspace: "w") }
            }
            let fault = await #expect(throws: Fault.self) { try await send("k") }
            #expect(fault?.code == .requestKeyReused && fault?.message.contains(first.rawValue) == true)
            try await scene.desk.pool.write { try $0.execute(sql: "UPDATE campaign SET workspace = 'other'") }
            try await send("k")
        }
    }

    /// Who names a number gets that one or none: its message waits, and the others do not.
    @Test func aNumberThatWasAskedForIsNotSwapped() async throws {
        try await CampaignScene.run { scene in
            let numbers = scene.desk.numbers
            let other = AddAccount.Params(phoneNumberID: "2", wabaID: "9", displayPhoneNumber: "+918047181002", displayName: "B")
            _ = try await numbers.add(other, workspace: "w")
            let batch = try await scene.desk.campaigns.create(.init(name: "b", requestKey: "b"), workspace: "w")
            let messages = (0..<4).map {
                SendMessage.Params(
                    to: "91987654320\($0)", template: .init(name: "t", variables: [:]), account: $0 < 2 ? "1" : nil, requestKey: "k\($0)")
            }
            #expect(try await scene.batches.add(.init(id: batch.id.rawValue, messages: messages), workspace: "w").added == 4)
            try await numbers.change { db in try numbers.hear(db, .banned("x"), of: "1") }
            _ = try await scene.desk.campaigns.start(batch.id.rawValue, workspace: "w")
            for _ in 0..<3 { _ = try await scene.feeder.look() }
            #expect(try await scene.counts(batch.id) == ["planned": 2, "queued": 2])
            #expect(try await scene.desk.lease("2").count == 2)
            try await numbers.change { db in try numbers.hear(db, .reinstated, of: "1") }
            scene.pass(.seconds(31))
            _ = try await scene.feeder.look()
            #expect(try await scene.desk.lease("1").count == 2)
        }
    }

    /// A batch of which nothing is left but a message without a word of Meta's keeps no other waiting.
    @Test func anUnknownMessageKeepsNoBatchWaiting() async throws {
        try await CampaignScene.run { scene in
            var ids: [CampaignID] = []
            for key in ["a", "b"] {
                let batch = try await scene.desk.campaigns.create(.init(name: key, requestKey: key), workspace: "w")
                let message = SendMessage.Params(to: "919876543210", template: .init(name: "t", variables: [:]), requestKey: key)
                _ = try await scene.batches.add(.init(id: batch.id.rawValue, messages: [message]), workspace: "w")
                _ = try await scene.desk.campaigns.start(batch.id.rawValue, workspace: "w")
                ids.append(batch.id)
                scene.pass(1)
            }
            _ = try await scene.feeder.look()
            try await scene.desk.lease()
            #expect(try scene.desk.outbox.recover() == 1)
            #expect(try await scene.counts(ids[0]) == ["unknown": 1])
            _ = try await scene.feeder.look()
            #expect(try await scene.counts(ids[1]) == ["queued": 1])
        }
    }
}
