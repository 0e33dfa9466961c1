import Foundation
import GRDB
import GatewayContract
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// What of a key a seed decides, and what it must not.
@Suite struct KeySecretTests {
    private func key(seed: UInt64) async throws -> NewAPIKey {
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(.gateway, path: "\(folder)/t.sqlite", migrator: GatewayMigrations.migrator)
        let keys = try APIKeys(
            pool, events: EventLog(Reads(pool)), clock: WallClock { Timestamp(milliseconds: 1_790_000_000_000) }, chance: .seeded(seed))
        let key = try await keys.create(.init(name: "k", role: .viewer), workspace: "w")
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
        return key
    }

    @Test func whoKnowsTheSeedKnowsTheIDAndNotTheSecret() async throws {
        let seed = Seed.current
        let (one, again, other) = (try await key(seed: seed), try await key(seed: seed), try await key(seed: seed + 1))
        #expect(one.key.id == again.key.id && one.key.id != other.key.id, "seed \(seed)")
        #expect(Set([one, again, other].map(\.secret)).count == 3)
        #expect(one.secret.hasPrefix("linda_") && one.secret.count == 49)
    }
}
