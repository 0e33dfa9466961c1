import GRDB
package import RPCContract
import RPCTransport
package import ServiceKit
import Storage
import SyncContract
import Vocabulary

/// Assembles sync-service.
package enum SyncProcess: ServiceProcess {
    package static let contract: any Contract.Type = SyncContract.self

    package static func assemble(_ environment: ServiceEnvironment, _ settings: NoSettings) async throws -> Assembly {
        let migrator = SyncMigrations.migrator(environment.clock)
        let pool = try environment.openDatabase(migrator)
        let reads = Reads(pool)
        let events = EventLog(reads)
        let mirror = ContactMirror(pool: pool, reads: reads, events: events, clock: environment.clock, chance: environment.chance)
        let app = AppContacts(pool: pool, events: events, clock: environment.clock, chance: environment.chance)
        var router = RPCRouter()
        router.on(LookupContact.self) { params, call in try await mirror.lookup(params, workspace: call.workspace) }
        router.on(CreateContact.self) { params, call in try await mirror.create(params, workspace: call.workspace) }
        router.on(UpdateContact.self) { params, call in try await mirror.update(params, workspace: call.workspace) }
        router.on(DeleteContact.self) { params, call in
            try await mirror.delete(params.id, workspace: call.workspace)
            return Nothing()
        }
        router.on(ListContacts.self) { params, call in try await mirror.list(params, workspace: call.workspace) }
        router.on(SearchContacts.self) { params, call in try await mirror.search(params, workspace: call.workspace) }
        router.on(RecordAppContacts.self) { params, call in try await app.record(params, workspace: call.workspace) }
        router.on(ImportContacts.self) { params, call in
            let csv = try ContactCSV(params)
            let counts = try await mirror.merge(csv.rows, workspace: call.workspace)
            return ImportContacts.Reply(
                created: counts.created, updated: counts.updated, unchanged: counts.unchanged, problems: csv.problems,
                notes: csv.notes, unused: csv.unused.isEmpty ? nil : csv.unused)
        }
        var assembly = Assembly(router: router)
        assembly.pool = pool
        assembly.prunes = [
            Prune("contacts that were removed from an app") { try await app.prune(before: environment.clock.now - AppContacts.memory) }
        ]
        assembly.events = events
        assembly.schema = migrator.migrations.last
        return assembly
    }
}
