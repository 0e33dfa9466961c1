import Foundation
import GRDB
import RPCContract
import Storage
import Support
import SyncContract
import Testing
import Vocabulary

@testable import SyncCore

/// What the address books of apps say stands in the mirror beside what people and files have given.
@Suite struct AppContactsTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)

    private struct Desk {
        let pool: DatabasePool
        let mirror: ContactMirror
        let app: AppContacts

        func tell(
            _ name: String?, at second: Int64, firstName: String? = nil, isRemoved: Bool? = nil, account: PhoneNumberID = "1"
        ) async throws -> [Int] {
            let entry = AppEntry(name: name, firstName: firstName, at: Timestamp(seconds: 1_780_000_000 + second))
            let reply = try await app.record(
                .init(account: account, changes: [.init(contact: "919876543210", entry: entry, isRemoved: isRemoved)]), workspace: "w")
            return [reply.created, reply.updated, reply.deleted, reply.unchanged]
        }

        func found(_ query: String) async throws -> [Contact] {
            try await mirror.search(.init(query: query), workspace: "w").items
        }
    }

    private func scene(_ body: (Desk) async throws -> Void) async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try DatabasePool(path: "\(folder)/s.sqlite")
        // What a former version has kept is nobody's but people's and files'.
        try SyncMigrations.migrator(WallClock { Self.now }).migrate(pool, upTo: "v2-search")
        try await pool.write { db in
            try db.execute(
                sql:
                    "INSERT INTO contact (id, workspace, phone, name, updatedAt, search) VALUES ('0', 'w', '919800000000', 'Former', 0, 'former')"
            )
        }
        try SyncMigrations.migrator(WallClock { Self.now }).migrate(pool)
        let reads = Reads(pool)
        let (events, clock) = (EventLog(reads), WallClock { Self.now })
        try await body(
            Desk(
                pool: pool, mirror: ContactMirror(pool: pool, reads: reads, events: events, clock: clock, chance: .system),
                app: AppContacts(pool: pool, events: events, clock: clock, chance: .system)))
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func aContactOfTheAppFollowsIt() async throws {
        try await scene { desk in
            #expect(try await desk.tell("Asha", at: 10) == [1, 0, 0, 0])
            #expect(try await desk.tell("Asha", at: 10) == [0, 0, 0, 1], "the same again")
            #expect(try await desk.tell("Old name", at: 9) == [0, 0, 0, 1], "older")
            #expect(try await desk.found("asha").map(\.app?.name) == ["Asha"])
            #expect(try await desk.tell("Asha Rao", at: 20, firstName: "Ashi") == [0, 1, 0, 0])
            let contact = try #require(try await desk.found("rao ashi").first)
            #expect(contact.name == "Asha Rao" && contact.firstName == "Ashi" && contact.phone == "919876543210")
            #expect(contact.app == AppEntry(name: "Asha Rao", firstName: "Ashi", at: Timestamp(seconds: 1_780_000_020)))
            #expect(try await desk.tell(nil, at: 30, isRemoved: true) == [0, 0, 1, 0])
            #expect(try await desk.tell("Asha", at: 25) == [0, 0, 0, 1], "it comes late")
            #expect(try await desk.found("9876543210").isEmpty)
            #expect(try await desk.tell(nil, at: 40) == [1, 0, 0, 0], "added again")
            #expect(try await desk.found("9876543210").map(\.name) == ["919876543210"])
            #expect(try await desk.found("former").map(\.app) == [nil])
        }
    }

    /// A name that a person or a file gave stays; what the app calls them is told beside it, and finds them as well.
    @Test(arguments: [false, true]) func whatAnotherSourceGaveStays(isFirst: Bool) async throws {
        try await scene { desk in
            let phone = ContactID("919876543210")
            if isFirst { _ = try await desk.mirror.create(.init(phone: "+919876543210", name: "Asha Rao"), workspace: "w") }
            _ = try await desk.tell("Sweets Asha", at: 10)
            if !isFirst {
                #expect(try await desk.mirror.merge([.init(phone: phone, name: "Asha Rao", email: "a@x.com")], workspace: "w").updated == 1)
            }
            for query in ["rao", "sweets"] { #expect(try await desk.found(query).map(\.name) == ["Asha Rao"], "\(query)") }
            #expect(try await desk.tell("Asha of the sweets", at: 20) == [0, 1, 0, 0])
            #expect(try await desk.found("of the sweets").map(\.name) == ["Asha Rao"])
            _ = try await desk.mirror.update(.init(id: desk.found("rao")[0].id, language: "hi"), workspace: "w")
            #expect(try await desk.found("of the sweets").map(\.app?.name) == ["Asha of the sweets"])
            #expect(try await desk.tell(nil, at: 30, isRemoved: true) == [0, 1, 0, 0])
            let contact = try #require(try await desk.found("rao").first)
            #expect(contact.app == nil && contact.name == "Asha Rao" && contact.language == "hi")
            #expect(try await desk.found("sweets").isEmpty)
        }
    }

    /// The same values given by a person or a file are theirs, too.
    @Test(arguments: [false, true]) func whatWasGivenTwiceIsNotDeleted(isImported: Bool) async throws {
        try await scene { desk in
            _ = try await desk.tell("Asha", at: 10)
            if isImported {
                #expect(try await desk.mirror.merge([.init(phone: "919876543210", name: "Asha")], workspace: "w").unchanged == 1)
            } else {
                let given = try await desk.mirror.create(
                    .init(phone: "+919876543210", name: "Asha", email: "a@x.com", language: "hi"), workspace: "w")
                #expect(given.email == "a@x.com" && given.language == "hi", "what the app does not know is taken in")
                #expect(try await desk.found("a@x.com").map(\.language) == ["hi"])
            }
            #expect(try await desk.tell(nil, at: 20, isRemoved: true) == [0, 1, 0, 0])
            #expect(try await desk.found("asha").map(\.app) == [nil])
        }
    }

    /// A file says what its columns hold, and nothing of what it has no column for.
    @Test func aFileWithoutNamesLeavesThem() async throws {
        try await scene { desk in
            func load(_ csv: String) async throws -> [Int] {
                let counts = try await desk.mirror.merge(ContactCSV(.init(csv: csv)).rows, workspace: "w")
                return [counts.created, counts.updated, counts.unchanged]
            }
            let given = try await desk.mirror.create(
                .init(phone: "+919811111111", name: "Asha Rao", firstName: "Ashi"), workspace: "w")
            #expect(try await load("phone\n+919811111111\n+919822222222\n") == [1, 0, 1])
            #expect(try await desk.found("9822222222").map(\.name) == ["919822222222"], "a new one is called by its number")
            #expect(try await load("phone,email,name\n+919811111111,a@x.com,\n") == [0, 1, 0])
            #expect(try await load("phone,name\n+919811111111,Asha Rao\n") == [0, 0, 1], "its first word is a guess")
            let kept = try #require(try await desk.found("rao").first)
            #expect(kept.name == "Asha Rao" && kept.firstName == "Ashi" && kept.email == "a@x.com" && kept.id == given.id)
            #expect(try await load("phone,name\n+919822222222,Vikram Shah\n") == [0, 1, 0])
            #expect(try await desk.found("shah").map(\.firstName) == ["Vikram"], "where none is known a guess is taken")
        }
    }

    /// Whoever names nobody gives nothing: the contact goes on following the app.
    @Test(arguments: ["phone\n+919876543210\n", "phone,name,email\n+919876543210,,\n"])
    func aNumberAloneLeavesAContactToItsApp(csv: String) async throws {
        try await scene { desk in
            _ = try await desk.tell("Asha", at: 10)
            #expect(try await desk.mirror.merge(ContactCSV(.init(csv: csv)).rows, workspace: "w").unchanged == 1)
            #expect(try await desk.tell("Asha Rao", at: 20) == [0, 1, 0, 0])
            #expect(try await desk.found("rao").map(\.name) == ["Asha Rao"])
            #expect(try await desk.tell(nil, at: 30, isRemoved: true) == [0, 0, 1, 0])
        }
    }

    /// A language is one that there is, by whichever way it comes in.
    @Test func aLanguageThatIsNoneIsRefused() async throws {
        try await scene { desk in
            let fault = await #expect(throws: Fault.self) {
                try await desk.mirror.create(.init(phone: "+919876543210", name: "Asha", language: "klingon"), workspace: "w")
            }
            #expect(
                fault?.path == "language" && fault?.message.contains("no language; write a code such as hi") == true,
                "\(String(describing: fault))")
            let asha = try await desk.mirror.create(.init(phone: "+919876543210", name: "Asha", language: "Deutsch"), workspace: "w")
            #expect(asha.language == "de")
            await #expect(throws: Fault.self) { try await desk.mirror.update(.init(id: asha.id, language: "xx"), workspace: "w") }
            #expect(try await desk.mirror.update(.init(id: asha.id, language: "en-in"), workspace: "w").language == "en_IN")
        }
    }

    @Test func twoNumbersHaveAppsOfTheirOwn() async throws {
        try await scene { desk in
            _ = try await desk.tell("Asha", at: 10)
            #expect(try await desk.tell("Asha R", at: 20, account: "2") == [0, 1, 0, 0])
            #expect(try await desk.tell("Asha", at: 15) == [0, 0, 0, 1], "the other's is newer")
            #expect(try await desk.found("asha").map(\.name) == ["Asha R"])
            #expect(try await desk.tell(nil, at: 30, isRemoved: true, account: "2") == [0, 1, 0, 0])
            #expect(try await desk.found("asha").map(\.name) == ["Asha"])
            #expect(try await desk.tell(nil, at: 40, isRemoved: true) == [0, 0, 1, 0])
        }
    }

    /// A person deletes a contact: nothing of it stays, and only what the app says later brings it back.
    @Test func whatAPersonDeletedStaysAway() async throws {
        try await scene { desk in
            _ = try await desk.tell("Asha", at: 10)
            try await desk.mirror.delete(desk.found("asha")[0].id, workspace: "w")
            #expect(try await desk.tell("Asha", at: 10) == [0, 0, 0, 1])
            #expect(try await desk.found("asha").isEmpty)
            let names = try await desk.pool.read { try String.fetchAll($0, sql: "SELECT name FROM appContact WHERE name IS NOT NULL") }
            #expect(names.isEmpty, "\(names)")
            _ = try await desk.mirror.create(.init(phone: "+919876543210", name: "Rao"), workspace: "w")
            #expect(try await desk.found("rao").map(\.app) == [nil])
            let deletedAt = (Self.now.milliseconds / 1000) - 1_780_000_000
            #expect(try await desk.tell("Asha", at: deletedAt - 1) == [0, 0, 0, 1], "it was changed before and comes late")
            #expect(try await desk.tell("Asha", at: deletedAt + 1) == [0, 1, 0, 0])
            #expect(try await desk.found("asha").map(\.app?.name) == ["Asha"])
            // Who is removed in the app leaves no name, either.
            #expect(try await desk.tell("Asha", at: deletedAt + 2, isRemoved: true) == [0, 1, 0, 0])
            #expect(try await desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(name) FROM appContact") } == 0)
        }
    }

    /// Who was deleted before that was written down is remembered from now on, and does not come back with older news.
    @Test func whoWasDeletedFormerlyStaysAway() async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try DatabasePool(path: "\(folder)/s.sqlite")
        let migrator = SyncMigrations.migrator(WallClock { Self.now })
        try migrator.migrate(pool, upTo: "v3-event-types")
        let former = Self.now - .days(100)
        try await pool.write { db in
            for (contact, isRemoved) in [("919800000001", 0), ("919800000002", 1), ("919800000003", 0)] {
                try db.execute(
                    sql: "INSERT INTO appContact (workspace, contact, account, name, isRemoved, at) VALUES ('w', ?, '1', 'Asha', ?, ?)",
                    arguments: [contact, isRemoved, former])
            }
            try db.execute(
                sql: "INSERT INTO contact (id, workspace, phone, name, updatedAt) VALUES ('1', 'w', '919800000003', 'Asha', 0)")
        }
        try migrator.migrate(pool)
        let app = AppContacts(pool: pool, events: EventLog(Reads(pool)), clock: WallClock { Self.now }, chance: .system)
        try await app.prune(before: Self.now - AppContacts.memory)
        let rows = try await pool.read { db in
            try Row.fetchAll(db, sql: "SELECT contact, name, isRemoved, at FROM appContact ORDER BY contact").map {
                "\($0["contact"] as String) \($0["name"] as String? ?? "-") \($0["isRemoved"] as Int) \($0["at"] as Timestamp == Self.now)"
            }
        }
        #expect(rows == ["919800000001 - 1 true", "919800000003 Asha 0 false"], "\(rows)")
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    /// What the app said before the deletion may come after it, of a number that has told nothing of the contact yet.
    @Test(arguments: [true, false]) func whatTheAppSaidBeforeADeletionComesLate(isKnown: Bool) async throws {
        try await scene { desk in
            let deletedAt = (Self.now.milliseconds / 1000) - 1_780_000_000
            if isKnown {
                _ = try await desk.tell("Asha", at: 10, account: "2")
            } else {
                _ = try await desk.mirror.create(.init(phone: "+919876543210", name: "Rao"), workspace: "w")
            }
            try await desk.mirror.delete(desk.found("9876543210")[0].id, workspace: "w")
            #expect(try await desk.tell("Asha", at: deletedAt - 1) == [0, 0, 0, 1])
            #expect(try await desk.found("9876543210").isEmpty)
            #expect(try await desk.tell("Asha", at: deletedAt + 1) == [1, 0, 0, 0], "it is added again")
            #expect(try await desk.tell(nil, at: deletedAt + 2, isRemoved: true) == [0, 0, 1, 0])
            // The deletion is forgotten as other removals are.
            try await desk.app.prune(before: Self.now + .days(1))
            #expect(try await desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM appContact") } == 0)
        }
    }

    @Test func whoWasRemovedIsForgotten() async throws {
        try await scene { desk in
            _ = try await desk.tell("Asha", at: 10, account: "2")
            _ = try await desk.tell(nil, at: 10, isRemoved: true)
            func entries() async throws -> Int? {
                try await desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM appContact") }
            }
            #expect(try await entries() == 2)
            try await desk.app.prune(before: Timestamp(seconds: 1_780_000_010))
            #expect(try await entries() == 2)
            try await desk.app.prune(before: Timestamp(seconds: 1_780_000_011))
            #expect(try await entries() == 1)
            let events = try await desk.pool.read {
                try String.fetchAll($0, sql: "SELECT type FROM event WHERE subject = 'app' ORDER BY cursor")
            }
            #expect(events == ["contacts.imported"], "nothing is told of what changes nothing")
        }
    }
}
