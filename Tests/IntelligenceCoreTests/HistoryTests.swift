import AccountContract
import Foundation
import GRDB
import IntelligenceContract
import JobQueue
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import IntelligenceCore

/// Chats of the time before the number came to the Cloud API stand in their conversations, and nothing follows from them.
@Suite struct HistoryTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)
    private static let asha: ContactID = "919876543210"

    private func scene(_ body: (Conversations) async throws -> Void) async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(.intelligenceService, path: "\(folder)/t.sqlite", migrator: IntelligenceMigrations.migrator)
        try await body(
            Conversations(
                reads: Reads(pool), commits: GroupCommit(pool), events: EventLog(Reads(pool)), clock: WallClock { Self.now },
                handlers: .standard))
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    private func message(
        _ wamid: WAMID, _ text: String?, daysAgo: Int = 10, isOurs: Bool? = nil, status: String? = nil, of contact: ContactID = asha,
        formerly: [ContactID]? = nil
    ) -> RecordHistory.Message {
        .init(
            contact: contact, formerly: formerly, wamid: wamid, isFromBusiness: isOurs, type: "text", text: text, status: status,
            raw: ["id": .string(wamid.rawValue)], at: Self.now - .days(daysAgo))
    }

    private func file(_ wamid: WAMID, id: String?) throws -> RecordHistory.Message {
        var image: [String: JSONValue] = ["mime_type": "image/jpeg", "caption": "Here"]
        if let id { image["id"] = .string(id) }
        let raw: JSONValue = ["id": .string(wamid.rawValue), "type": "image", "image": .object(image)]
        let read = try CustomerMessage(raw, number: "1", contact: Self.asha.rawValue)
        return .init(
            contact: Self.asha, wamid: wamid, type: "image", text: read.text, content: ReceivedContent(read), raw: raw,
            at: Self.now - .days(9))
    }

    private func read(_ conversations: Conversations, _ contact: ContactID = asha) async throws -> GetConversation.Reply {
        try await conversations.get(.init(account: "1", contact: contact), sent: [], workspace: "w")
    }

    private func live(_ wamid: WAMID, _ text: String, from contact: ContactID = asha, formerly: [ContactID]? = nil) -> ProcessMessage.Params
    {
        .init(
            account: "1", accountName: "Shop", contact: contact, formerly: formerly, contactName: "Asha", wamid: wamid, type: "text",
            text: text, raw: [:], at: Self.now)
    }

    @Test func messagesStandInTheirOrderAndNothingFollows() async throws {
        try await scene { conversations in
            _ = try await conversations.process(live("live", "Is anybody there?"), workspace: "w")
            func state() async throws -> [Int?] {
                try await conversations.reads.read { db in
                    try ["event", "job", "customerOrder"].map { try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") }
                }
            }
            let before = try await state()
            let late = [message("h3", "I want 2 masala dosa", daysAgo: 1, status: "READ")]
            let early = [message("h1", "Hello", daysAgo: 90), message("h2", "Welcome", daysAgo: 89, isOurs: true, status: "ERROR")]
            // Out of order, and one of them twice.
            for (piece, kept) in [(late, 1), (early, 2), (late, 0)] {
                let reply = try await conversations.keepHistory(.init(account: "1", messages: piece), workspace: "w")
                #expect(reply.kept == kept && reply.filled == 0)
            }
            let all = try await read(conversations)
            #expect(all.messages.prefix(4).map(\.text) == ["Hello", "Welcome", "I want 2 masala dosa", "Is anybody there?"])
            #expect(all.messages.prefix(4).map(\.direction) == [.inbound, .outbound, .inbound, .inbound])
            #expect(all.messages.prefix(4).map(\.isHistory) == [true, true, true, nil])
            #expect(all.messages.prefix(4).map(\.state) == [nil, "failed", "read", nil])
            #expect(all.messages.prefix(3).map(\.intent) == [nil, nil, nil] && all.messages[1].wamid == "h2")
            #expect(all.messages[0].at == Self.now - .days(90))
            #expect(all.needsPerson, "what the business wrote long ago answers nobody who waits now")
            #expect(try await state() == before, "no event, no answer, no order")
            let listed = try #require(try await conversations.list(.init(), workspace: "w").items.first)
            #expect(listed.messages == 4 && listed.lastAt == Self.now && listed.contactName == "Asha")
            let counts = try await conversations.statistics(workspace: "w")
            #expect(counts.conversations == 1 && counts.inbound == 1 && counts.outbound == 0 && counts.history == 3)
            #expect(counts.intents.values.reduce(0, +) == counts.inbound)
        }
    }

    /// The place of a file comes with its chunk, the file in an event of its own, in either order.
    @Test(arguments: [false, true]) func aFileComesToItsPlace(isEarly: Bool) async throws {
        try await scene { conversations in
            var place = message("h1", nil, daysAgo: 9, status: "DELIVERED")
            place.type = "media_placeholder"
            for piece in isEarly ? [try file("h1", id: "5"), place] : [place, try file("h1", id: nil), try file("h1", id: "5")] {
                _ = try await conversations.keepHistory(.init(account: "1", messages: [piece]), workspace: "w")
            }
            for again in [place, try file("h1", id: "6")] {
                let reply = try await conversations.keepHistory(.init(account: "1", messages: [again]), workspace: "w")
                #expect(reply.kept == 0 && reply.filled == 0)
            }
            let item = try #require(try await read(conversations).messages.first)
            #expect(try await read(conversations).messages.count == 1)
            #expect(item.type == "image" && item.text == "Here" && item.content?.media?.id == "5" && item.isHistory == true)
            #expect(item.state == (isEarly ? nil : "delivered"))
        }
    }

    /// Written while the chats were being told, it comes both ways.
    @Test(arguments: [false, true]) func aMessageThatComesLiveIsAnsweredAllTheSame(isLiveFirst: Bool) async throws {
        try await scene { conversations in
            let old = RecordHistory.Params(account: "1", messages: [message("m", "Hello", daysAgo: 0)])
            if !isLiveFirst { _ = try await conversations.keepHistory(old, workspace: "w") }
            let reply = try await conversations.process(live("m", "Hello"), workspace: "w")
            if isLiveFirst { #expect(try await conversations.keepHistory(old, workspace: "w").kept == 0) }
            #expect(reply.intent == "greeting" && reply.answered)
            let messages = try await read(conversations).messages.filter { $0.wamid == "m" }
            #expect(messages.map(\.intent) == ["greeting"] && messages[0].isHistory == nil)
            let counts = try await conversations.statistics(workspace: "w")
            #expect(counts.inbound == 1 && counts.conversations == 1 && counts.history == 0)
            #expect(try await conversations.list(.init(), workspace: "w").items.map(\.messages) == [1])
        }
    }

    /// A customer who is known by another name has one conversation.
    @Test func theConversationIsTheCustomersUnderAnyName() async throws {
        try await scene { conversations in
            _ = try await conversations.process(live("a", "Hello", from: "IN.7"), workspace: "w")
            let known = message("h1", "Before", formerly: ["IN.7"])
            let aliased = message("h2", "Long before", daysAgo: 20, of: "IN.7")
            _ = try await conversations.keepHistory(.init(account: "1", messages: [known]), workspace: "w")
            _ = try await conversations.process(live("b", "Hello", formerly: ["IN.7"]), workspace: "w")
            _ = try await conversations.keepHistory(.init(account: "1", messages: [aliased]), workspace: "w")
            let all = try await read(conversations)
            #expect(all.messages.filter { $0.isHistory == true }.map(\.text) == ["Long before", "Before"])
            #expect(try await conversations.list(.init(), workspace: "w").items.count == 1)
            try await conversations.prune(before: Self.now + .days(1))
            let counts = try await conversations.statistics(workspace: "w")
            #expect(counts.inbound == 0 && counts.history == 0, "what was counted is counted back")
        }
    }

    /// The number has moved to another workspace since: what the first has kept is not changed from there.
    @Test func whatAnotherWorkspaceKeptStaysAsItIs() async throws {
        try await scene { conversations in
            _ = try await conversations.keepHistory(.init(account: "1", messages: [message("w1", nil)]), workspace: "w")
            let reply = try await conversations.keepHistory(.init(account: "1", messages: [file("w1", id: "m1")]), workspace: "x")
            #expect(reply.filled == 0)
            #expect(try await read(conversations).messages.map(\.content?.media?.id) == [nil])
            let own = try await conversations.keepHistory(.init(account: "1", messages: [file("w1", id: "m1")]), workspace: "w")
            #expect(own.filled == 1)
        }
    }

    /// The app's chats have what went out from here, too, once the number has come a second time.
    @Test(arguments: [false, true]) func whatWentOutFromHereIsToldOnce(isAnswer: Bool) async throws {
        try await scene { conversations in
            let id: MessageID = "01JG0000000000000000000001"
            _ = try await conversations.process(live("live", "Is anybody there?"), workspace: "w")
            if isAnswer {
                let reply = Conversations.PendingReply(
                    workspace: "w", conversation: "w:1:919876543210", account: "1", contact: Self.asha, replyTo: "live", text: "We are.")
                try await conversations.commits.write { try conversations.recordReply($0, reply, messageID: id) }
            }
            let old = [message("h1", "We are.", daysAgo: 0, isOurs: true, status: "READ"), message("h2", "In the app", isOurs: true)]
            _ = try await conversations.keepHistory(.init(account: "1", messages: old), workspace: "w")
            let sent = Message(
                id: id, account: "1", to: Self.asha, type: "text", category: .service, state: .delivered, wamid: "h1",
                requestKey: "reply:live#0", createdAt: Self.now, updatedAt: Self.now, attempts: 1)
            let all = try await conversations.get(.init(account: "1", contact: Self.asha), sent: [sent], workspace: "w").messages
            let told = all.filter { $0.wamid == "h1" }
            #expect(told.map(\.state) == ["delivered"] && told.map(\.isHistory) == [nil])
            // The app's copy has the words, which account-router has not kept.
            #expect(told.map(\.text) == ["We are."])
            #expect(all.filter { $0.direction == .outbound }.map(\.wamid) == ["h2", "h1"])
        }
    }
}
