import AccountContract
import Foundation
import GRDB
import MetaEvents
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCore
@testable import AccountNumbers

/// Each restriction of Meta's has its own end.
@Suite struct NumberBarTests {
    private func tell(_ desk: OutboxDesk, _ restrictions: [(String, Milliseconds)], key: String) async throws {
        let info = restrictions.map { word, span -> JSONValue in
            [
                "restriction_type": .string(word), "expiration": .integer((desk.now.value + span).milliseconds / 1000),
                "remediation": .string("Help with \(word.suffix(9))"),
            ]
        }
        let value: JSONValue = ["event": "ACCOUNT_RESTRICTION", "restriction_info": .array(info)]
        let event = try #require(AccountEvent(field: "account_update", value: value))
        let events = AccountEvents(store: desk.store, numbers: desk.numbers, consents: desk.consents, logger: desk.quiet)
        _ = try await events.record(.init(key: key, wabaID: "2", event: event, raw: value))
    }

    private func trouble(_ desk: OutboxDesk) async throws -> String { try await desk.numbers.trouble(of: "1")?.text ?? "" }

    @Test func whatBarsNothingHereMakesNoBarLonger() async throws {
        let desk = try await OutboxDesk()
        let ends = (Date(desk.now.value + .hours(1)).ISO8601Format(), Date(desk.now.value + .days(10)).ISO8601Format())
        try await tell(
            desk, [("RESTRICTED_BIZ_INITIATED_MESSAGING", .hours(1)), ("RESTRICTED_ADD_PHONE_NUMBER_ACTION", .days(10))], key: "one")
        let told = try await trouble(desk)
        #expect(told.contains("Only answers go out until \(ends.0);") && !told.contains(ends.1), "\(told)")
        #expect(told.contains("RESTRICTED_BIZ_INITIATED_MESSAGING (Help with MESSAGING)") && !told.contains("ADD_PHONE"), "\(told)")
        // Told alone, it bars nothing either.
        try await tell(desk, [("RESTRICTED_ADD_PHONE_NUMBER_ACTION", .days(20))], key: "two")
        #expect(try await trouble(desk) == told)
        try desk.end()
    }

    @Test func aBarThatEndsLeavesTheOtherWithItsOwnEnd() async throws {
        let desk = try await OutboxDesk()
        let ends = (Date(desk.now.value + .hours(1)).ISO8601Format(), Date(desk.now.value + .days(10)).ISO8601Format())
        try await tell(desk, [("RESTRICTED_BIZ_INITIATED_MESSAGING", .hours(1))], key: "one")
        try await tell(desk, [("RESTRICTED_UTILITY_TEMPLATES", .days(10))], key: "two")
        let both = try await trouble(desk)
        #expect(both.contains("RESTRICTED_BIZ_INITIATED_MESSAGING (Help with MESSAGING) until \(ends.0)"), "\(both)")
        #expect(both.contains("RESTRICTED_UTILITY_TEMPLATES (Help with TEMPLATES) until \(ends.1)"), "\(both)")
        desk.now.update { $0 = $0 + .hours(2) }
        let rest = try await trouble(desk)
        #expect(!rest.contains("BIZ_INITIATED") && rest.contains("UTILITY_TEMPLATES"), "\(rest)")
        #expect(rest.contains("Only answers go out until \(ends.1);"), "\(rest)")
        // Meta shortens the one that holds.
        try await tell(desk, [("RESTRICTED_UTILITY_TEMPLATES", .hours(1))], key: "three")
        #expect(try await trouble(desk).contains("until \(Date(desk.now.value + .hours(1)).ISO8601Format());"))
        let numbers = desk.numbers
        try await numbers.change { db in try numbers.hear(db, .unbarred, of: "1") }
        let kept = try await desk.pool.read { try numbers.bars($0, of: "1") }
        #expect(kept.isEmpty && numbers.account("1")?.health == .recovering)
        try desk.end()
    }

    /// Of a bar from before only the last end is known.
    @Test func aBarOfBeforeKeepsItsReasonAndItsEnd() async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try DatabasePool(path: "\(folder)/a.sqlite")
        let migrator = AccountMigrations.migrator
        try migrator.migrate(pool, upTo: "v4-report-durations")
        try await pool.write { db in
            for (id, until) in [("1", 5000), ("2", nil), ("3", 7000)] as [(String, Int?)] {
                try db.execute(
                    sql: """
                        INSERT INTO account (phoneNumberID, wabaID, portfolio, displayPhoneNumber, displayName, role, duty, weight, enabled,
                          workspace, messagesPerSecond, link, quality, health, marketingShare, barredUntil)
                        VALUES (?, '9', '9', '1', 'A', 'secondary', 'active', 1, 1, 'w', 80, 'registered', 'unknown', 'restricted', 0, ?)
                        """,
                    arguments: [id, until])
            }
            try db.execute(
                sql: """
                    INSERT INTO accountStep (phoneNumberID, at, kind, "from", "to", reason)
                    VALUES ('1', 1, 'health', 'ready 100 %', 'restricted 0 %', 'Meta lets the number begin nothing: A, B')
                    """)
        }
        try migrator.migrate(pool)
        let bars = try await pool.read {
            try Row.fetchAll($0, sql: "SELECT * FROM accountBar ORDER BY phoneNumberID").map {
                "\($0["word"] as String) \($0["until"] as Int)"
            }
        }
        #expect(bars == ["A, B 5000", "RESTRICTED_BIZ_INITIATED_MESSAGING 7000"])
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
