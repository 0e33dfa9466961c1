import GRDB
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

/// Reading an event log, and waiting for what is to come.
@Suite(.timeLimit(.minutes(1))) struct EventWaitTests {
    private static func append(_ store: TemporaryDatabase, _ log: EventLog, _ subject: String, workspace: String = "w") async throws {
        try await GroupCommit(store.pool).write { db in
            try log.append(db, at: Timestamp(milliseconds: 1), type: "a.b", workspace: workspace, subject: subject, data: .null)
        }
    }

    /// The wait ends with the event, however long it may last.
    @Test func whoWaitsGetsTheNext() async throws {
        let store = try TemporaryDatabase()
        let log = EventLog(Reads(store.pool))
        let waiting = Task { try await log.read(.init(after: 0, wait: .hours(1)), workspace: "w") }
        // What is another's does not end it.
        try await Self.append(store, log, "foreign", workspace: "x")
        try await Self.append(store, log, "own")
        let reply = try await waiting.value
        #expect(reply.items.map(\.subject) == ["own"] && reply.next == 2)
        #expect(try await log.read(.init(after: 2, wait: 1), workspace: nil).items.isEmpty)
        let left = Task { try await log.read(.init(after: 2, wait: .hours(1)), workspace: "w") }
        left.cancel()
        _ = try? await left.value  // it ends, with a page or as cancelled
        try store.end()
    }

    @Test func theEndIsToldAlsoWhereAllWasRemoved() async throws {
        let store = try TemporaryDatabase()
        let log = EventLog(Reads(store.pool))
        #expect(try await log.read(.init(after: nil), workspace: nil).next == 0)
        for n in 1...5 { try await Self.append(store, log, "\(n)") }
        #expect(try await log.read(.init(after: 0), workspace: nil).isCut == nil)
        try await store.pool.write { try $0.execute(sql: "DELETE FROM event WHERE cursor < 4") }
        #expect(try await log.read(.init(after: 2), workspace: nil).isCut == true)
        #expect(try await log.read(.init(after: 3), workspace: nil).isCut == nil)
        try await log.prune(before: Timestamp(milliseconds: 10))
        let empty = try await log.read(.init(after: nil), workspace: nil)
        #expect(empty.items.isEmpty && empty.next == 5)
        #expect(try await log.read(.init(after: 4), workspace: nil).isCut == true)
        let end = try await log.read(.init(after: 5), workspace: nil)
        #expect(end.isCut == nil && end.next == 5)
        try store.end()
    }

    /// Restored from an earlier copy, the log gives its numbers again: whoever was ahead is told, and goes on from its end.
    @Test func whoIsAheadOfTheLogGoesOnFromItsEnd() async throws {
        let store = try TemporaryDatabase()
        let log = EventLog(Reads(store.pool))
        for n in 1...5 { try await Self.append(store, log, "\(n)") }
        for (types, wait) in [(nil, nil), (["a.b"], nil), (nil, Milliseconds.hours(1))] as [([String]?, Milliseconds?)] {
            let reply = try await log.read(.init(after: 9, types: types, wait: wait), workspace: "w")
            #expect(reply.isCut == true && reply.next == 5 && reply.items.isEmpty)
        }
        try await Self.append(store, log, "new")
        #expect(try await log.read(.init(after: 5), workspace: "w").items.map(\.subject) == ["new"])
        try store.end()
    }

    /// What a clock that was ahead has written keeps nothing that is old behind it.
    @Test func whatIsOldIsRemovedBehindWhatIsNot() async throws {
        let store = try TemporaryDatabase()
        let log = EventLog(Reads(store.pool))
        try await store.pool.write { db in
            try db.execute(
                sql: """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2510)
                    INSERT INTO event (at, type, workspace, subject, data)
                    SELECT CASE WHEN i <= 2500 THEN 9000 WHEN i <= 2505 THEN 1 ELSE 50 END, 'a.b', 'w', i, 'null' FROM n
                    """)
        }
        try await log.prune(before: Timestamp(milliseconds: 10))
        let left = try await store.pool.read { try Int64.fetchAll($0, sql: "SELECT cursor FROM event WHERE cursor > 2500 ORDER BY cursor") }
        #expect(left == Array(2506...2510))
        #expect(try await log.read(.init(after: 0, limit: 1), workspace: "w").items.map(\.cursor) == [1])
        try store.end()
    }

    /// Each read looks at so many rows; a page is full all the same, or has seen everything.
    @Test func whatIsRareIsFoundBehindAllTheRest() async throws {
        let store = try TemporaryDatabase()
        let log = EventLog(Reads(store.pool))
        try await store.pool.write { db in
            try db.execute(
                sql: """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 35000)
                    INSERT INTO event (at, type, workspace, subject, data)
                    SELECT 1, CASE WHEN i % 10001 = 0 THEN 'rare.one' ELSE 'a.b' END, CASE WHEN i < 34000 THEN 'x' ELSE 'w' END, i, 'null' FROM n
                    """)
        }
        let page = try await log.read(.init(after: 0, limit: 2, types: ["rare.one"]), workspace: nil)
        #expect(page.items.map(\.subject) == ["10001", "20002"] && page.next == 20_002)
        let rest = try await log.read(.init(after: page.next, limit: 2, types: ["rare.one"]), workspace: nil)
        #expect(rest.items.map(\.subject) == ["30003"] && rest.next == 35_000, "it has seen everything")
        #expect(try await log.read(.init(after: 0, limit: 1), workspace: "w").items.map(\.subject) == ["34000"])
        #expect(try await log.read(.init(after: 0, types: ["no.such"]), workspace: nil).next == 35_000)
        // What is removed is passed over.
        try await store.pool.write { try $0.execute(sql: "DELETE FROM event WHERE cursor <= 30002") }
        let cut = try await log.read(.init(after: 0, limit: 1, types: ["rare.one"]), workspace: nil)
        #expect(cut.items.map(\.subject) == ["30003"] && cut.isCut == true)
        try store.end()
    }
}
