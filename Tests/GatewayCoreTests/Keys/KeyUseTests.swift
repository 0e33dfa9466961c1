import Foundation
import GRDB
import GatewayContract
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// Which keys were used is written down together, and rarely.
@Suite(.timeLimit(.minutes(1))) struct KeyUseTests {
    private func run(_ body: (GatewayDesk, [NewAPIKey]) async throws -> Void) async throws {
        let desk = try GatewayDesk()
        var keys: [NewAPIKey] = []
        for name in ["a", "b"] { keys.append(try await desk.keys.create(.init(name: name, role: .viewer), workspace: "w")) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            let use = KeyUse(apiKeys: desk.keys, clock: desk.clock, logger: desk.quiet)
            group.addTask { try await use.run() }
            try await body(desk, keys)
            group.cancelAll()
        }
        try desk.pool.close()
        try FileManager.default.removeItem(atPath: desk.folder)
    }

    /// By name, when each was used last as the database has it.
    private func written(_ desk: GatewayDesk) async throws -> [String: Timestamp] {
        try await desk.pool.read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT name, lastUsedAt FROM apiKey WHERE lastUsedAt IS NOT NULL")
            return Dictionary(rows.map { row -> (String, Timestamp) in (row["name"], row["lastUsedAt"]) }) { first, _ in first }
        }
    }

    @Test func aKeysUseIsWrittenOnceAMinuteByTheClock() async throws {
        try await run { desk, keys in
            #expect(desk.keys.key(with: keys[0].secret)?.name == "a")
            try await eventually("the first use") { try await written(desk) == ["a": GatewayDesk.start] }
            // Within the minute both are used, and nothing is written.
            desk.now.set(GatewayDesk.start + .seconds(59))
            for key in keys { #expect(desk.keys.key(with: key.secret) != nil) }
            #expect(try await written(desk) == ["a": GatewayDesk.start])
            // Together, once it is over.
            try await eventually("the second use") {
                desk.now.update { $0 = $0 + .seconds(1) }
                return try await written(desk)["b"] == GatewayDesk.start + .seconds(59)
            }
            #expect(try await written(desk)["a"] == GatewayDesk.start, "to the minute is enough")
            let later = desk.now.value
            #expect(desk.keys.key(with: keys[0].secret) != nil)
            try await eventually("the third use") {
                desk.now.update { $0 = $0 + .seconds(1) }
                return try await written(desk)["a"] == later
            }
        }
    }

    @Test func aKeyThatIsNotInForceIsNotUsed() async throws {
        let desk = try GatewayDesk()
        let key = try await desk.keys.create(.init(name: "a", role: .viewer), workspace: "w")
        _ = try await desk.keys.revoke(key.key.id, of: "w")
        #expect(desk.keys.key(with: key.secret) == nil && desk.keys.key(with: "linda_nobody") == nil)
        try await desk.keys.flush()
        #expect(try await written(desk).isEmpty)
        try desk.pool.close()
        try FileManager.default.removeItem(atPath: desk.folder)
    }

    /// What was used in the last minute is not lost with the process, and a list shows it at once.
    @Test func theLastMinuteIsWrittenToo() async throws {
        try await run { desk, keys in
            #expect(desk.keys.key(with: keys[0].secret) != nil)
            try await eventually("the first use") { try await written(desk).count == 1 }
            #expect(desk.keys.key(with: keys[1].secret) != nil)
            let listed = try await desk.keys.list(.init(), of: "w").items
            #expect(listed.map(\.lastUsedAt) == [GatewayDesk.start, GatewayDesk.start])
            #expect(try await written(desk) == ["a": GatewayDesk.start, "b": GatewayDesk.start])
        }
    }
}
