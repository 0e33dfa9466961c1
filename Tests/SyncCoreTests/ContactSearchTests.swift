import Foundation
import GRDB
import RPCContract
import Storage
import Support
import SyncContract
import Testing
import Vocabulary

@testable import SyncCore

/// What a search among contacts finds, and that it is found by an index.
@Suite struct ContactSearchTests {
    private func finds(
        _ query: String, isPhrase: Bool = false, name: String = "Sunita Patil", phone: String = "919823000001"
    ) -> Bool {
        let key = ContactSearch.key(name: name, firstName: nil, email: "sunita@example.com", phone: phone)
        return ContactSearch(query, isPhrase: isPhrase).alternatives.contains { texts in texts.allSatisfy { key.contains($0) } }
    }

    @Test(arguments: [
        "+91 9823000001", "+91 98230 00001", "+919823000001", "98230 00001", "98230-00001", "9823000001", "919823000001", "98230",
        "(98230) 00001", "098230 00001", "0091 98230 00001", "९८२३० ००००१", "+91 ९८२३०", "00001", "\u{202A}+91 98230 00001\u{202C}",
    ])
    func aNumberIsFoundHoweverItIsWritten(query: String) { #expect(finds(query)) }

    @Test(arguments: ["+91 98230 00002", "00002", "98230 patil q", "+1 9823000001"])
    func anotherNumberIsNot(query: String) { #expect(!finds(query, phone: "919823000011")) }

    /// Behind a plus stand the country code and what follows it, not any digits.
    @Test(arguments: ["+1", "+1 98", "+198230", "+9823", "+98230 00001", "+00001", "＋1 98", "tel:+198"]) func aPlusBeginsTheNumber(
        query: String
    ) {
        #expect(!finds(query) && !finds(query, isPhrase: true))
    }

    @Test(arguments: ["+9", "+91", "+91 98", "+91 (0)98230", "＋91 98", "tel:+9198"]) func theBeginningIsEnough(query: String) {
        #expect(finds(query) && finds(query, isPhrase: true))
    }

    @Test(arguments: ["patil sunita", "PATIL", "Patil, Sunita", "til suni", "sunita 98230", "patil example.com"])
    func wordsAreFoundInAnyOrder(query: String) { #expect(finds(query)) }

    @Test(arguments: [
        ("ünal", "Ünal Çelik"), ("UNAL celik", "Ünal Çelik"), ("Ünal", "unal"), ("jose", "JOSÉ"), ("strasse", "Hans Straße"),
        ("istanbul", "İstanbul"), ("СЕРГЕЙ", "Сергей"), ("ज़ोया", "जोया"), ("ａｓｈａ", "Asha"), ("νικος", "ΝΙΚΟΣ"),
    ])
    func caseAndAccentsAreNoMatter(query: String, name: String) { #expect(finds(query, name: name)) }

    @Test(arguments: ["", " ", "\t\n", "s", "A", "1"]) func anEmptyQueryFindsAllAndALetterWhoeverHasIt(query: String) {
        #expect(finds(query))
    }

    @Test(arguments: ["q", "7", ",", ";", " , ; ", "\u{200B}", "\u{301}", " \u{301}", "\u{202A}\u{202C}"])
    func whatNobodyHasFindsNobody(query: String) { #expect(!finds(query)) }

    /// A campaign reaches whom its words name, and nobody whose words lie elsewhere.
    @Test(arguments: [
        ("Team A", "Team A - Ravi", true), ("team a", "The Team A", true), (" TEAM Á ", "Team A - Ravi", true),
        ("Team A", "Team B - Sita", false), ("Class 1", "Class 2", false), ("Ravi Team", "Team A - Ravi", false),
        ("98230 00001", "X", true), ("+91 98230-00001", "X", true), ("sunita@example", "X", true), ("+91 98230 00002", "X", false),
        (",", "X", false), ("\u{200B}", "X", false), (" ", "XY", false),
    ])
    func aPhraseIsFoundAsAWhole(query: String, name: String, isFound: Bool) {
        #expect(finds(query, isPhrase: true, name: name) == isFound)
    }

    @Test func contactsOfBeforeAreFoundByAnIndex() async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try DatabasePool(path: "\(folder)/s.sqlite")
        try SyncMigrations.migrator(WallClock { 0 }).migrate(pool, upTo: "v1-contacts")
        try await pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO contact (id, workspace, phone, name, email, updatedAt)
                    VALUES ('1', 'w', '919823000001', 'Ünal Çelik', 'u@example.com', 0), ('2', 'w', '919823000002', 'Asha', NULL, 0)
                    """)
        }
        try SyncMigrations.migrator(WallClock { 0 }).migrate(pool)
        let reads = Reads(pool)
        let mirror = ContactMirror(pool: pool, reads: reads, events: EventLog(reads), clock: WallClock { 0 }, chance: .system)
        #expect(try await mirror.search(.init(query: "celik ünal"), workspace: "w").items.map(\.id) == ["1"])
        #expect(try await mirror.search(.init(query: "celik ünal", asPhrase: true), workspace: "w").items.isEmpty)
        #expect(try await mirror.search(.init(query: "unal çelik", asPhrase: true), workspace: "w").items.map(\.id) == ["1"])
        #expect(try await mirror.search(.init(query: "\u{301}"), workspace: "w").items.isEmpty, "marks alone are no query for all")
        let changed = try await mirror.update(.init(id: "2", name: "Zoë"), workspace: "w")
        #expect(try await mirror.search(.init(query: "zoe"), workspace: "w").items == [changed])
        #expect(try await mirror.search(.init(query: "asha"), workspace: "w").items.isEmpty)
        let plan = try await pool.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    EXPLAIN QUERY PLAN
                    SELECT id FROM contact WHERE workspace = 'w' AND id > '' AND instr(search, 'a') > 0 ORDER BY id LIMIT 50
                    """
            )
            .map { $0["detail"] as String }
        }
        #expect(plan == ["SEARCH contact USING COVERING INDEX contactSearch (workspace=? AND id>?)"], "\(plan)")
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    /// Addresses of a time when any text was taken are shown to nobody, and found all the same, also once something else is changed.
    @Test(arguments: [false, true]) func aFormerAddressIsFoundOnceSomethingElseIsChanged(isImported: Bool) async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try DatabasePool(path: "\(folder)/s.sqlite")
        try SyncMigrations.migrator(WallClock { 0 }).migrate(pool, upTo: "v1-contacts")
        try await pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO contact (id, workspace, phone, name, firstName, email, updatedAt)
                    VALUES ('1', 'w', '919823000001', 'Asha', 'Ashi', 'asha at example', 0)
                    """)
        }
        try SyncMigrations.migrator(WallClock { 0 }).migrate(pool)
        let reads = Reads(pool)
        let mirror = ContactMirror(pool: pool, reads: reads, events: EventLog(reads), clock: WallClock { 0 }, chance: .system)
        func found(_ query: String) async throws -> [String] {
            try await mirror.search(.init(query: query), workspace: "w").items.map(\.id)
        }
        #expect(try await found("at example") == ["1"])
        if isImported {
            let phone = try #require(PhoneNumber.normalise("+919823000001"))
            let rows = [ContactCSV.Row(phone: phone, name: "Zoë")]
            #expect(try await mirror.merge(rows, workspace: "w").updated == 1)
        } else {
            let changed = try await mirror.update(.init(id: "1", name: "Zoë"), workspace: "w")
            #expect(changed.email == nil, "it is no address")
        }
        #expect(try await found("at example") == ["1"])
        #expect(try await found("zoe ashi") == ["1"])
        _ = try await mirror.update(.init(id: "1", email: "zoe@example.com"), workspace: "w")
        #expect(try await found("at example") == [])
        #expect(try await found("zoe@example.com") == ["1"])
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
