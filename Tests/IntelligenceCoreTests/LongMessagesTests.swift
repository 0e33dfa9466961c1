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

/// A conversation can be read however long its messages are.
@Suite struct LongMessagesTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)

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

    private func keep(_ content: ReceivedContent, _ count: Int, in conversations: Conversations) async throws {
        let text = try JSON.text(content)
        try await conversations.commits.write { db in
            try db.execute(
                sql: """
                    INSERT INTO conversation (id, workspace, account, contact, lastAt)
                    VALUES ('w:1:919876543210', 'w', '1', '919876543210', ?)
                    """, arguments: [Self.now])
            for n in 1...count {
                let at = Self.now + Milliseconds(Int64(n))
                try db.execute(
                    sql: """
                        INSERT INTO conversationMessage (conversation, direction, reference, type, content, raw, at, receivedAt)
                        VALUES ('w:1:919876543210', 'inbound', ?, 'contacts', ?, '{}', ?, ?)
                        """, arguments: ["w\(n)", text, at, at])
            }
        }
    }

    private func content(people: Int, _ card: JSONValue) throws -> ReceivedContent {
        let raw: JSONValue = ["id": "w", "type": "contacts", "contacts": .array([JSONValue](repeating: card, count: people))]
        return try #require(ReceivedContent(try CustomerMessage(raw, number: "1", contact: "919876543210")))
    }

    private func get(_ conversations: Conversations, _ limit: Int? = nil) async throws -> GetConversation.Reply {
        try await conversations.get(.init(account: "1", contact: "919876543210", limit: limit), sent: [], workspace: "w")
    }

    /// Cards with all that an address book can say: one answer has the newest that fit, and says that there were more.
    @Test func onePageAlwaysFits() async throws {
        let long = JSONValue.string(String(repeating: "x", count: 2048))
        let detail: JSONValue = ["email": long, "url": long, "type": "WORK"]
        let ten = JSONValue.array([JSONValue](repeating: detail, count: 10))
        let content = try content(people: 257, ["name": ["formatted_name": "Ravi"], "emails": ten, "urls": ten])
        try await scene { conversations in
            try await keep(content, 12, in: conversations)
            let all = try await get(conversations)
            #expect(try JSON.encode(all).count < 8 * 1024 * 1024 - 2048, "a frame takes it")
            let newest = ((13 - all.messages.count)...12).map { WAMID("w\($0)") }
            #expect(all.isCut == true && (1..<12).contains(all.messages.count) && all.messages.map(\.wamid) == newest)
            #expect(all.messages[0].content?.contacts?.count == 20 && all.messages[0].content?.furtherContacts == 237)
            let few = try await get(conversations, 2)
            #expect(few.isCut == nil && few.messages.count == 2, "as many as were asked for")
        }
    }

    @Test func thereIsRoomForTheNewest() throws {
        func item(_ length: Int, _ second: Int64) -> GetConversation.Item {
            .init(
                direction: .inbound, wamid: nil, type: "text", text: String(repeating: "x", count: length), intent: nil,
                at: Timestamp(seconds: second))
        }
        func newest(_ lengths: [Int], limit: Int = 50) throws -> [Timestamp] {
            try PageRoom.newest(lengths.enumerated().map { item($1, Int64($0)) }, limit: limit).map(\.at)
        }
        #expect(try newest([]).isEmpty)
        #expect(try newest([1, 1, 1], limit: 2) == [1000, 2000])
        #expect(try newest([1, PageRoom.bytes, 1, 1]) == [2000, 3000], "nothing is left out between two that are given")
        #expect(try newest([1, PageRoom.bytes]) == [1000], "one is given, however long it is")
    }

    /// All people of an address book, as a former version has kept them.
    @Test func ofManyPeopleTheFirstAreTold() async throws {
        var content = try content(people: 1, ["name": ["formatted_name": "Ravi"]])
        content.contacts = (0..<257).flatMap { _ in content.contacts ?? [] }
        try await scene { [content] conversations in
            try await keep(content, 1, in: conversations)
            let told = try #require(try await get(conversations).messages.first?.content)
            #expect(told.contacts?.count == 20 && told.furtherContacts == 237)
        }
    }
}
