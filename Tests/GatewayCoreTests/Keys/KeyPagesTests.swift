import Foundation
import GRDB
import GatewayContract
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// Keys are listed page by page, however many there are.
@Suite struct KeyPagesTests {
    @Test(arguments: [1, 3, 4, 7, 100]) func everyKeyIsOnOnePage(limit: Int) async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(.gateway, path: "\(folder)/t.sqlite", migrator: GatewayMigrations.migrator)
        let now = MutexBox(Timestamp(milliseconds: 1_790_000_000_000))
        let keys = try APIKeys(pool, events: EventLog(Reads(pool)), clock: WallClock { now.value }, chance: .system)
        for n in 0..<7 {
            now.set(now.value + 1)
            let key = try await keys.create(.init(name: "k\(n)", role: .viewer), workspace: "w").key
            if n.isMultiple(of: 2) { _ = try await keys.revoke(key.id, of: "w") }
        }
        _ = try await keys.create(.init(name: "foreign", role: .viewer), workspace: "other")
        var params = ListAPIKeys.Params(limit: limit)
        var names: [String] = []
        repeat {
            let page = try await keys.list(params, of: "w")
            #expect(page.items.count <= limit)
            names += page.items.map(\.name)
            params.cursor = page.next
        } while params.cursor != nil
        #expect(names == ["k5", "k3", "k1", "k6", "k4", "k2", "k0"], "those in force first, then the newest")
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
