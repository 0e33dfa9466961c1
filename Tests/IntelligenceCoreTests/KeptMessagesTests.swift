import Foundation
import GRDB
import IntelligenceContract
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import IntelligenceCore

/// What is part of a conversation and nobody's to answer: groups, calls that the business makes, WhatsApp's own words.
@Suite struct KeptMessagesTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)

    private func scene(_ body: (Conversations) async throws -> Void) async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(.intelligenceService, path: "\(folder)/t.sqlite", migrator: IntelligenceMigrations.migrator)
        let conversations = Conversations(
            reads: Reads(pool), commits: GroupCommit(pool), events: EventLog(Reads(pool)), clock: WallClock { Self.now },
            handlers: .standard)
        try await body(conversations)
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    private func message(
        _ wamid: WAMID, from contact: ContactID = "919876543210", _ text: String? = nil, type: MetaWord<MessageKind> = "text",
        content: ReceivedContent? = nil, at time: Timestamp = now
    ) -> ProcessMessage.Params {
        .init(
            account: "1", accountName: "Shop", contact: contact, contactName: "Asha", wamid: wamid, type: type, text: text,
            content: content, raw: [:], at: time, answered: true)
    }

    private func get(_ conversations: Conversations, _ contact: ContactID = "919876543210") async throws -> GetConversation.Reply {
        try await conversations.get(.init(account: "1", contact: contact), sent: [], workspace: "w")
    }

    @Test func aGroupHasAConversationOfItsOwn() async throws {
        try await scene { conversations in
            var said = message("wamid.1", from: "Y2FwaV9ncm91cDox", "please delete my data")
            said.author = "919876543210"
            let reply = try await conversations.process(said, workspace: "w")
            #expect(!reply.answered)
            let group = try await get(conversations, "Y2FwaV9ncm91cDox")
            #expect(group.isGroup == true && group.contactName == nil && !group.needsPerson, "nobody is answered in private")
            #expect(group.messages.map(\.author) == ["919876543210"] && group.messages.map(\.authorName) == ["Asha"])
            #expect(group.messages.map(\.text) == ["please delete my data"])
            let listed = try await conversations.list(.init(), workspace: "w").items
            #expect(listed.map(\.isGroup) == [true])
            // account-router is asked for what was sent to people only.
            #expect(try await conversations.names(.init(account: "1", contact: "Y2FwaV9ncm91cDox"), workspace: "w").isEmpty)
            let none = await #expect(throws: Fault.self) { try await get(conversations) }
            #expect(none?.code == .conversationUnknown)
        }
    }

    @Test func whoSomebodyIsStaysWithTheConversation() async throws {
        try await scene { conversations in
            func write(_ wamid: WAMID, _ hash: String?, _ username: String?, at time: Timestamp) async throws {
                var params = message(wamid, "Hi", at: time)
                (params.identityHash, params.username) = (hash, username)
                _ = try await conversations.process(params, workspace: "w")
            }
            try await write("wamid.1", "one", "asha.k", at: Self.now)
            try await write("wamid.2", "one", nil, at: Self.now + 1000)
            #expect(try await get(conversations).username == "asha.k")
            var known = try await get(conversations)
            #expect(known.identityHash == "one" && known.identityAt == Self.now, "the keys are the same")
            try await write("wamid.3", "two", nil, at: Self.now + 2000)
            try await write("wamid.4", "one", nil, at: Self.now + 1500)
            try await write("wamid.5", nil, "asha.l", at: Self.now + 3000)
            known = try await get(conversations)
            #expect(known.identityHash == "two" && known.identityAt == Self.now + 2000, "what came late changes nothing")
            #expect(known.username == "asha.l")
            // Under another name of theirs nothing of it is lost.
            var other = message("wamid.6", from: "919800000000", "Hi", at: Self.now + 4000)
            other.formerly = ["919876543210"]
            _ = try await conversations.process(other, workspace: "w")
            known = try await get(conversations, "919800000000")
            #expect(known.identityHash == "two" && known.identityAt == Self.now + 2000 && known.username == "asha.l")
        }
    }

    /// The conversation is found under the new number before the customer writes from it.
    @Test func whatWhatsAppSaysIsKeptAndNotUnderstood() async throws {
        try await scene { conversations in
            _ = try await conversations.process(message("wamid.1", "Hi"), workspace: "w")
            let before = try await conversations.statistics(workspace: "w")
            let events = try await conversations.reads.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM event") }
            let system = SystemChange(type: "user_changed_number", text: "Asha has another number.", phone: "919800000000", userID: nil)
            var note = message("wamid.2", from: "919800000000", type: "system", content: ReceivedContent(system: system))
            note.formerly = ["919876543210"]
            _ = try await conversations.process(note, workspace: "w")
            let found = try await get(conversations, "919800000000")
            #expect(found.messages.map(\.type) == ["text", "system"] && found.messages.last?.intent == nil)
            #expect(found.messages.last?.content?.system == system)
            #expect(try await get(conversations).id == found.id)
            let after = try await conversations.statistics(workspace: "w")
            #expect(after.intents == before.intents && after.conversations == 1)
            #expect(after.inbound == before.inbound && after.notices == 1, "no customer has written it")
            #expect(try await conversations.reads.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM event") } == events)
            try await conversations.prune(before: Self.now + 1)
            let counts = try await conversations.reads.read { try Int.fetchAll($0, sql: "SELECT n FROM conversationCount") }
            #expect(counts.allSatisfy { $0 == 0 }, "\(counts)")
        }
    }

    /// Whoever waits has been answered once they were spoken with, not while it rings.
    @Test func aCallThatTheBusinessMakesIsOutgoing() async throws {
        try await scene { conversations in
            var question = message("wamid.1", "When do you open?")
            question.answered = nil
            _ = try await conversations.process(question, workspace: "w")
            #expect(try await get(conversations).needsPerson)
            func call(_ event: MetaWord<ReceivedCall.Word>, _ seconds: Seconds? = nil) async throws {
                var call = message(
                    WAMID("c:\(event)"), type: "call", content: ReceivedContent(call: ReceivedCall(event: event, seconds: seconds)),
                    at: Self.now + 1000)
                call.isEcho = true
                _ = try await conversations.process(call, workspace: "w")
            }
            try await call("connect")
            try await call("RINGING")
            #expect(try await get(conversations).needsPerson)
            try await call("terminate", 9)
            let found = try await get(conversations)
            #expect(!found.needsPerson)
            let counts = try await conversations.statistics(workspace: "w")
            #expect(counts.outbound == 0 && counts.inbound == 1 && counts.calls == 3)
            #expect(found.messages.filter { $0.type == "call" }.map(\.direction) == [.outbound, .outbound, .outbound])
        }
    }

    /// A customer who calls writes nothing that could be understood.
    @Test func aCallIsNoMessageOfTheCustomers() async throws {
        try await scene { conversations in
            for event: MetaWord<ReceivedCall.Word> in ["connect", "terminate"] {
                let content = ReceivedContent(call: ReceivedCall(event: event, seconds: nil))
                _ = try await conversations.process(message(WAMID("c:\(event)"), type: "call", content: content), workspace: "w")
            }
            let counts = try await conversations.statistics(workspace: "w")
            #expect(counts.inbound == 0 && counts.calls == 2 && counts.intents.isEmpty)
            #expect(try await get(conversations).messages.map(\.intent) == [nil, nil])
            try await conversations.prune(before: Self.now + 1)
            #expect(try await conversations.statistics(workspace: "w").calls == 0)
        }
    }
}
