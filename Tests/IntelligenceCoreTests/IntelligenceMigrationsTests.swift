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

/// Conversations that a former version has kept.
@Suite struct IntelligenceMigrationsTests {
    /// Opens a database as the first version left it, filled and brought up to date.
    private func scene(_ former: String, _ body: (Conversations) async throws -> Void) async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try DatabasePool(path: "\(folder)/t.sqlite")
        let migrator = IntelligenceMigrations.migrator
        try migrator.migrate(pool, upTo: "v1-workspaces")
        try await pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO conversation (id, workspace, account, contact, lastAt)
                      VALUES ('a:b:1:919876543210', 'a:b', '1', '919876543210', 0);
                    """ + former)
        }
        try migrator.migrate(pool)
        try await body(
            Conversations(
                reads: Reads(pool), commits: GroupCommit(pool), events: EventLog(Reads(pool)), clock: WallClock { 1_790_000_000_000 },
                handlers: .standard))
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func formerNamesAreReadOutOfTheirIDs() async throws {
        let aliases = """
            INSERT INTO conversationAlias (id, conversation)
              VALUES ('a:b:1:IN.1', 'a:b:1:919876543210'), ('a:b:1:odd:name', 'a:b:1:919876543210');
            """
        try await scene(aliases) { conversations in
            let names = try await conversations.names(.init(account: "1", contact: "IN.1"), workspace: "a:b")
            #expect(names.first == "919876543210" && Set(names) == ["919876543210", "IN.1", "odd:name"])
        }
    }

    /// What stands beside words was read of Meta's object each time; a call had a form of its own.
    @Test func messagesOfBeforeStillSayWhatIsBesideTheirWords() async throws {
        let cart = #"{"id":"w2","type":"order","order":{"product_items":[{"product_retailer_id":"p","quantity":2},7]}}"#
        let messages = """
            INSERT INTO conversationMessage (conversation, direction, reference, type, raw, at, receivedAt) VALUES
              ('a:b:1:919876543210', 'inbound', 'w1', 'call', '{"call":{"event":"terminate","seconds":9}}', 1, 1),
              ('a:b:1:919876543210', 'inbound', 'w2', 'order', '\(cart)', 2, 2),
              ('a:b:1:919876543210', 'inbound', 'w3', 'text', 'no JSON', 3, 3),
              ('a:b:1:919876543210', 'outbound', 'r1', 'text', NULL, 4, 4);
            """
        try await scene(messages) { conversations in
            func contents() async throws -> [ReceivedContent?] {
                try await conversations.get(.init(account: "1", contact: "919876543210"), sent: [], workspace: "a:b").messages.map(
                    \.content)
            }
            let former = try await contents()
            #expect(former.count == 4 && former[0]?.call?.seconds == 9 && former[2...] == [nil, nil])
            #expect(former[1]?.order?.items == [.init(product: "p", quantity: 2)] && former[1]?.order?.isPartial == true)
            // What is kept from now on is not read out of Meta's object again.
            for (wamid, content) in [("w4", ReceivedContent(call: ReceivedCall(event: "connect", seconds: nil))), ("w5", nil)] {
                let raw: JSONValue = ["id": "w", "type": "image", "image": ["id": "1"]]
                _ = try await conversations.process(
                    .init(
                        account: "1", accountName: "Shop", contact: "919876543210", contactName: nil, wamid: WAMID(wamid), type: "image",
                        text: nil, content: content, raw: raw, at: 10, answered: true), workspace: "a:b")
                #expect(try await contents().last == .some(content))
            }
            let kept = try await conversations.reads.read { db in
                try Row.fetchAll(db, sql: "SELECT * FROM conversationMessage WHERE reference IN ('w1', 'w4') ORDER BY id").map {
                    try KeptContent.read($0, account: "1", contact: "919876543210")?.call?.event
                }
            }
            #expect(kept == ["terminate", "connect"])
        }
    }

    /// A name that is former from now on stands in a column of its own.
    @Test func aNewAliasKeepsItsName() async throws {
        try await scene("") { conversations in
            func message(_ wamid: WAMID, from contact: ContactID, formerly: [ContactID]? = nil) -> ProcessMessage.Params {
                .init(
                    account: "1", accountName: "Shop", contact: contact, formerly: formerly, contactName: nil, wamid: wamid, type: "text",
                    text: "Hi", raw: [:], at: 1_790_000_000_000)
            }
            _ = try await conversations.process(message("w1", from: "IN.7"), workspace: "w")
            _ = try await conversations.process(message("w2", from: "919800000000", formerly: ["IN.7"]), workspace: "w")
            #expect(try await conversations.names(.init(account: "1", contact: "IN.7"), workspace: "w") == ["919800000000", "IN.7"])
        }
    }

    /// Calls and WhatsApp's notices were counted as messages of customers.
    @Test func messagesOfBeforeAreCountedAnew() async throws {
        let messages = """
            INSERT INTO conversationMessage (conversation, direction, reference, type, intent, at, receivedAt) VALUES
              ('a:b:1:919876543210', 'inbound', 'w1', 'text', 'greeting', 1, 1),
              ('a:b:1:919876543210', 'inbound', 'w2', 'call', 'unknown', 2, 2),
              ('a:b:1:919876543210', 'inbound', 'w3', 'system', NULL, 3, 3),
              ('a:b:1:919876543210', 'outbound', 'r1', 'text', NULL, 4, 4);
            INSERT INTO conversationCount (workspace, name, n) VALUES
              ('a:b', 'inbound', 3), ('a:b', 'outbound', 1), ('a:b', 'intent:greeting', 1), ('a:b', 'intent:unknown', 1);
            """
        try await scene(messages) { conversations in
            let counts = try await conversations.statistics(workspace: "a:b")
            #expect(counts.inbound == 1 && counts.outbound == 1 && counts.notices == 1 && counts.calls == 1 && counts.history == 0)
            #expect(counts.intents == ["greeting": 1])
        }
    }
}
