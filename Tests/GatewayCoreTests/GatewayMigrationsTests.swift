import Foundation
import GRDB
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// Events that waited in the inbox of a former version.
@Suite struct GatewayMigrationsTests {
    /// The ids of whoever wrote stood in one text, with spaces between.
    @Test func userIDsOfBeforeAreAList() async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try DatabasePool(path: "\(folder)/g.sqlite")
        let migrator = GatewayMigrations.migrator
        try migrator.migrate(pool, upTo: "v1-keys")
        let former = ["IN.1 IN.2", "IN.3", nil, #"a"b\c IN.4"#, "é IN.5"]
        try await pool.write { db in
            for (n, ids) in former.enumerated() {
                try db.execute(
                    sql: """
                        INSERT INTO inboundEvent (payloadID, lane, kind, dedupeKey, entryID, userIDs, raw, state, ready, nextAt, receivedAt)
                        VALUES (1, 'message', 'message', ?, '1', ?, '{}', 'pending', 1, 0, 0)
                        """,
                    arguments: ["\(n)", ids])
            }
        }
        try migrator.migrate(pool)
        let events = try await pool.read { try Row.fetchAll($0, sql: "SELECT * FROM inboundEvent ORDER BY id").map(StoredEvent.init) }
        // What is no id as Meta writes them names nobody, as before.
        #expect(events.map(\.part.userIDs) == [["IN.1", "IN.2"], ["IN.3"], [], [#"a"b\c"#, "IN.4"], ["IN.5"]])
        #expect(events.allSatisfy { $0.part.profile == nil })
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    /// What was delivered was told to a workspace that it may not have concerned; keys were told to their own.
    @Test func onlyKeysAreLeftInTheLog() async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try DatabasePool(path: "\(folder)/g.sqlite")
        let migrator = GatewayMigrations.migrator
        try migrator.migrate(pool, upTo: "v2-key-order")
        try await pool.write { db in
            for type in ["message.received", "key.created", "meta.flows", "status.received", "key.revoked"] {
                try db.execute(
                    sql: "INSERT INTO event (at, type, workspace, subject, data) VALUES (0, ?, 'default', 's', '{}')", arguments: [type])
            }
        }
        try migrator.migrate(pool)
        let types = try await pool.read { try String.fetchAll($0, sql: "SELECT type FROM event ORDER BY cursor") }
        #expect(types == ["key.created", "key.revoked"])
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func newEventsKeepTheList() throws {
        let message = #"{"id":"w","from_user_id":"IN.1","from_parent_user_id":"IN.9","type":"text"}"#
        let contacts = #"[{"user_id":"IN.1","parent_user_id":"no id"}]"#
        let value = #"{"metadata":{"phone_number_id":"1"},"contacts":\#(contacts),"messages":[\#(message)]}"#
        let payload = try Payload(Data(#"{"entry":[{"id":"1","changes":[{"field":"messages","value":\#(value)}]}]}"#.utf8))
        #expect(payload.parts.map(\.userIDs) == [["IN.1", "IN.9"]])
    }
}
