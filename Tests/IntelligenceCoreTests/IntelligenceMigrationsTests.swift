import Foundation
import GRDB
import IntelligenceContract
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
}
