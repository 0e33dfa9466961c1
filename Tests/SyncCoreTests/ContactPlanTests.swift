import Foundation
import GRDB
import RPCContract
import Storage
import Support
import SyncContract
import Testing
import Vocabulary

@testable import SyncCore

/// Contacts are found by an index, in their order, however many there are.
@Suite struct ContactPlanTests {
    @Test func everythingIsFoundByAnIndex() async throws {
        let plans = StatementPlans(bounded: [:], exceptions: [])
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(
            .syncService, path: "\(folder)/t.sqlite", migrator: SyncMigrations.migrator(WallClock { 0 }), onConnection: { plans.watch($0) })
        let reads = Reads(pool)
        let mirror = ContactMirror(pool: pool, reads: reads, events: EventLog(reads), clock: WallClock { 0 }, chance: .system)
        let app = AppContacts(pool: pool, events: EventLog(reads), clock: WallClock { 0 }, chance: .system)
        let problems = try await plans.problems(of: pool) {
            let contact = try await mirror.create(.init(phone: "+919823000001", name: "Asha"), workspace: "w")
            _ = try await mirror.update(.init(id: contact.id, name: "Zoë"), workspace: "w")
            _ = try await mirror.lookup(.init(phone: "+919823000001"), workspace: "w")
            _ = try await mirror.list(.init(), workspace: "w")
            for query in ["zoe", "", "98230 zo"] { _ = try await mirror.search(.init(query: query), workspace: "w") }
            for isRemoved in [nil, nil, true] {
                for contact: ContactID in ["919823000001", "919823000002", "IN.13491208655302741918"] {
                    let change = RecordAppContacts.Change(contact: contact, entry: .example, isRemoved: isRemoved)
                    _ = try await app.record(.init(account: "1", changes: [change]), workspace: "w")
                }
            }
            try await app.prune(before: 1_790_000_000_001)
            try await mirror.delete(contact.id, workspace: "w")
        }
        #expect(problems == [])
        #expect(plans.count > 5, "\(plans.count)")
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
