import AccountContract
import Foundation
import GRDB
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCore

/// Pre-flight reports of before tell durations as those of now do.
@Suite struct ReportDurationsTests {
    private let former = """
        {"recipients":3,"skipped":[],"numbers":[{"account":"1","recipients":2,"rate":79.2,"seconds":125.6},
        {"account":"2","recipients":1,"rate":0,"seconds":2}],"seconds":125.6,"cost":[{"currency":"INR","micros":5}],"unpriced":0,
        "blockers":["the template is paused"],"warnings":[]}
        """

    @Test func aReportOfBeforeIsReadAsOneOfNow() async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try DatabasePool(path: "\(folder)/t.sqlite")
        let migrator = AccountMigrations.migrator
        try migrator.migrate(pool, upTo: "v3-filling")
        try await pool.write { [former] db in
            for (id, report) in [("a", former), ("b", "{"), ("c", nil)] {
                try db.execute(
                    sql: """
                        INSERT INTO campaign (id, workspace, requestKey, fingerprint, kind, name, state, priority, attempts, createdAt, report)
                        VALUES (?1, 'w', ?1, 0, 'campaign', 'C', 'planned', 500, 3, 1, ?2)
                        """, arguments: [id, report])
            }
        }
        try migrator.migrate(pool)
        let texts = try await pool.read { try String?.fetchAll($0, sql: "SELECT report FROM campaign ORDER BY id") }
        let report = try JSON.decode(PreflightReport.self, from: #require(texts.first ?? nil))
        #expect(report.duration == 125_600 && report.numbers.map(\.duration) == [125_600, 2000])
        #expect(report.cost == [Money(currency: "INR", micros: 5)] && report.blockers == ["the template is paused"])
        #expect(texts.dropFirst() == ["{", nil], "what cannot be read stays as it is")
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
