import GRDB
import GatewayContract
import PosterContract
import RPCContract
import RPCTransport
import Storage
import Support
import Testing
import Vocabulary

@testable import PosterCore

/// Which endpoint gets which event.
@Suite(.timeLimit(.minutes(1))) struct FanOutTests {
    /// One with more than may wait is brought back by being resumed, and takes part again once it has fewer.
    @Test func whoIsResumedWithTooManyIsPassedBy() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint()
            for _ in 0..<12 { desk.happened.add("message.sent") }
            try await desk.read(limit: 10)
            #expect(try await desk.get(id).state == .disabled)
            _ = try await desk.endpoints.resume(id, workspace: "w")
            desk.happened.add("message.sent", subject: "by")
            try await desk.read(limit: 10)
            let resumed = try await desk.get(id)
            #expect(resumed.state == .enabled && resumed.waiting == 12)
            for _ in 0..<4 { try await desk.settle(id, status: 200) }
            desk.happened.add("message.sent", subject: "again")
            try await desk.read(limit: 10)
            #expect(try await desk.get(id).state == .enabled)
            #expect(try await desk.list(id).first?.subject == "again")
            #expect(try await !desk.list(id).contains { $0.subject == "by" })
        }
    }

    /// A page of other endpoints' events disables nobody who gets nothing of it.
    @Test func whoGetsNothingOfAPageIsNotDisabledByIt() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint(types: ["order.created"])
            _ = try await desk.endpoint("https://shop.example/b", types: ["message.sent"])
            for _ in 0..<8 { desk.happened.add("order.created") }
            try await desk.read(limit: 10)
            desk.happened.add("message.sent")
            try await desk.read(limit: 5)
            #expect(try await desk.get(id).state == .enabled)
        }
    }

    /// A page is taken in pieces, and each of its events once all the same.
    @Test func aLargePageIsTakenInPieces() async throws {
        try await PosterDesk.run { desk in
            var ids: [String] = []
            for n in 0..<40 { ids.append(try await desk.endpoint("https://shop.example/\(n)")) }
            for n in 0..<200 { desk.happened.add("message.sent", subject: "\(n)") }
            let reading = try #require(try await desk.deliveries.reading("w"))
            #expect(reading.endpoints == 40)
            try await desk.store.write { db in
                try db.execute(
                    sql: """
                        CREATE TABLE reached (cursor TEXT);
                        CREATE TRIGGER reaches AFTER UPDATE ON eventPlace BEGIN INSERT INTO reached VALUES (new.cursor); END
                        """)
            }
            try await desk.read()
            let reached = try await desk.pool.read { try String.fetchAll($0, sql: "SELECT cursor FROM reached") }
            #expect(reached == ["125", "200"])
            for id in ids { #expect(try await desk.get(id).waiting == 200) }
            #expect(try await desk.deliveries.reading("w")?.place == "200")
        }
    }

    /// An endpoint gets what happens once it is made, also where the events of its workspace are read late.
    @Test func whatWasBeforeAnEndpointIsNotForIt() async throws {
        try await PosterDesk.run { desk in
            let first = try await desk.endpoint()
            desk.happened.add("message.sent", subject: "before")
            desk.now.update { $0 = $0 + .hours(1) }
            let second = try await desk.endpoint("https://shop.example/b")
            desk.happened.add("message.sent", subject: "after")
            try await desk.read()
            #expect(try await desk.list(first).map(\.subject) == ["after", "before"])
            #expect(try await desk.list(second).map(\.subject) == ["after"])
            // Set back, the clock tells nothing about what comes now.
            desk.now.update { $0 = $0 - .minutes(30) }
            desk.happened.add("message.sent", subject: "later")
            try await desk.read()
            #expect(try await desk.list(second).map(\.subject) == ["later", "after"])
        }
    }

    /// A type that a later version does not know keeps no other from being read.
    @Test func aTypeThatThereIsNoMoreIsLeftOut() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint(types: ["message.sent", "old.kind"])
            let other = try await desk.endpoint("https://shop.example/b", types: ["old.kind"])
            desk.happened.unknown.set("old.kind")
            desk.happened.add("message.sent")
            try await desk.read()
            #expect(try await desk.list(id).count == 1)
            #expect(try await desk.list(other).isEmpty)
            let pages = EventPages(events: RPCClient(GatewayContract.self, in: desk.network, name: "t"))
            #expect(try await pages.page(.init(types: ["old.kind"]), workspace: "w").items.isEmpty, "none, and not all")
            let fault = await #expect(throws: Fault.self) { try await pages.page(.init(cursor: "bad"), workspace: "w") }
            #expect(fault?.path == "cursor")
        }
    }
}
