import Coordination
import Foundation
import GRDB
import JobQueue
import Logging
import RPCContract
import Resilience
import ServiceLifecycle
import Storage
import Support
import Testing
import Vocabulary

@Suite struct ServiceDatabaseTests {
    @Test func theFileIsPrivateAndDurable() throws {
        let store = try TemporaryDatabase()
        let mode = try FileManager.default.attributesOfItem(atPath: "\(store.folder)/t.sqlite")[.posixPermissions] as? Int
        #expect(mode == 0o600)
        try store.pool.write { db throws in
            #expect(try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal")
            #expect(try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2)
            #expect(try Int.fetchOne(db, sql: "PRAGMA foreign_keys") == 1)
        }
        try store.end()
    }

    @Test func aNewerSchemaIsRefused() throws {
        let store = try TemporaryDatabase()
        try store.pool.write { try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('v2-from-the-future')") }
        try store.pool.close()
        #expect {
            try ServiceDatabase.open(path: "\(store.folder)/t.sqlite", migrator: TemporaryDatabase.migrator)
        } throws: { error in
            guard case ServiceDatabase.Refusal.newerSchema(_, let unknown) = error else { return false }
            return unknown == "v2-from-the-future"
        }
        try FileManager.default.removeItem(atPath: store.folder)
    }
}

@Suite struct GroupCommitTests {
    @Test func manyWritersShareTransactionsAndAFaultyOneFailsAlone() async throws {
        let store = try TemporaryDatabase()
        let commits = GroupCommit(store.pool)
        let failures = await withTaskGroup(of: Bool.self) { group in
            for n in 0..<600 {
                group.addTask {
                    do {
                        // Every third breaks the CHECK.
                        try await commits.write {
                            try $0.execute(sql: "INSERT INTO item VALUES (?)", arguments: [n % 3 == 0 ? 5000 + n : n])
                        }
                        return false
                    } catch { return true }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(failures == 200)
        #expect(try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM item") } == 400)
        try store.end()
    }

    /// Memory that follows a write must not follow one that was rolled back alone.
    @Test func workAfterTheCommitRunsOnlyForWhatWasKept() async throws {
        let store = try TemporaryDatabase()
        let commits = GroupCommit(store.pool)
        let done = Mutexed<Set<Int>>([])
        await withTaskGroup(of: Void.self) { group in
            for n in 0..<600 {
                group.addTask {
                    do {
                        try await commits.write { db in
                            db.afterCommit { done.with { _ = $0.insert(n) } }
                            // Every third breaks the CHECK, after it has asked for its work.
                            try db.execute(sql: "INSERT INTO item VALUES (?)", arguments: [n % 3 == 0 ? 5000 + n : n])
                        }
                        #expect(done.value.contains(n), "before the writer goes on")
                    } catch {}  // every third
                }
            }
        }
        #expect(done.value == Set((0..<600).filter { $0 % 3 != 0 }))
        try store.end()
    }

    @Test func moreWaitingThanAllowedIsRefused() async throws {
        let store = try TemporaryDatabase()
        let commits = GroupCommit(store.pool, limit: 1)
        let codes = await withTaskGroup(of: FaultCode?.self) { group in
            for n in 0..<200 {
                group.addTask {
                    do {
                        try await commits.write { try $0.execute(sql: "INSERT INTO item VALUES (?)", arguments: [n]) }
                        return nil
                    } catch { return (error as? Fault)?.code }
                }
            }
            return await group.reduce(into: [FaultCode]()) { if let code = $1 { $0.append(code) } }
        }
        #expect(codes.allSatisfy { $0 == .overloaded })
        // What was not refused is there.
        #expect(try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM item") } == 200 - codes.count)
        try store.end()
    }
}

@Suite struct RowWordTests {
    private enum Colour: String { case red, green }

    /// A row's key may be a number or a text; either is named, and neither ends the process.
    @Test func anUnknownWordIsAFaultWithTableAndKey() throws {
        let store = try TemporaryDatabase()
        try store.pool.read { db in
            for (key, named) in [("7 AS id", "id 7"), ("'a7' AS id", "id \"a7\""), ("NULL AS id", "id NULL")] {
                let row = try #require(try Row.fetchOne(db, sql: "SELECT \(key), 'blue' AS colour, 'red' AS known, NULL AS none"))
                #expect(try row.word("known", in: "paint") as Colour == .red)
                #expect(try row.wordIfPresent("none", in: "paint") as Colour? == nil)
                let fault = #expect(throws: Fault.self) { try row.word("colour", in: "paint") as Colour }
                #expect(fault?.code == .internal)
                #expect(fault?.message.contains("Table paint, \(named): colour holds \"blue\"") == true, "\(fault?.message ?? "")")
                #expect(throws: Fault.self) { try row.word("none", in: "paint") as Colour }
            }
        }
        try store.end()
    }
}

@Suite struct GroupCommitAppendTests {
    /// Appended writes are counted by themselves: a flood of webhooks leaves room for everybody else's.
    @Test func moreAppendedThanAllowedIsRefusedAndOthersAreNot() async throws {
        let store = try TemporaryDatabase()
        let commits = GroupCommit(store.pool, limit: 10, appendLimit: 3)
        let refused = MutexBox(0)
        let written = MutexBox(0)
        // While the one writer is busy nothing is taken out of the line.
        try await store.pool.writeWithoutTransaction { _ in
            for n in 0..<8 {
                commits.append({ try $0.execute(sql: "INSERT INTO item VALUES (?)", arguments: [n]) }) { error in
                    ((error as? Fault)?.code == .overloaded ? refused : written).update { $0 += 1 }
                }
            }
            #expect(refused.value == 5)
        }
        try await commits.write { try $0.execute(sql: "INSERT INTO item VALUES (100)") }
        #expect(written.value == 3)
        #expect(try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM item") } == 4)
        try store.end()
    }
}

@Suite struct JobTableTests {
    @Test func jobsGoByPriorityThenAgeAndOncePerKey() throws {
        let store = try TemporaryDatabase()
        try store.pool.write { db throws in
            #expect(try JobTable.enqueue(db, queue: "q", key: "a", payload: "", priority: 100, notBefore: 0, now: 0))
            #expect(try !JobTable.enqueue(db, queue: "q", key: "a", payload: "", notBefore: 0, now: 0))
            try JobTable.enqueue(db, queue: "q", key: "b", payload: "", priority: 10, notBefore: 0, now: 0)
            try JobTable.enqueue(db, queue: "q", key: "later", payload: "", priority: 1, notBefore: 500, now: 0)
            try JobTable.enqueue(db, queue: "q", key: "held", payload: "hold", priority: 0, notBefore: 0, now: 0)
            let first = try JobTable.claim(db, queue: "q", limit: 10, now: 100) { _, job in
                job.payload == "hold" ? .postpone(50) : .lease
            }
            #expect(first.map(\.key) == ["b", "a"])
            #expect(try JobTable.claim(db, queue: "q", limit: 10, now: 100).isEmpty)
            #expect(try JobTable.nextDue(db, queue: "q") == 150)
            try JobTable.retry(db, id: first[0].id, at: 300, error: "no luck")
            try JobTable.bury(db, id: first[1].id, error: "given up")
            #expect(try JobTable.claim(db, queue: "q", limit: 10, now: 1000).map(\.key) == ["held", "later", "b"])
            #expect(try JobTable.lost(db, queues: "q").count == 3)
            #expect(try JobTable.count(db, queues: "q", states: [.dead]) == 1)
            #expect(try JobTable.revive(db, id: first[1].id, now: 0))
            #expect(try JobTable.cancel(db, queue: "q", key: "a"))
            #expect(try !JobTable.cancel(db, queue: "q", key: "later"))
        }
        try store.end()
    }

    @Test func aClaimLooksAtNoJobThatIsHeld() throws {
        let store = try TemporaryDatabase()
        try store.pool.write { db throws in
            for n in 0..<5000 { try JobTable.enqueue(db, queue: "q", key: "held \(n)", payload: "", notBefore: 1000, now: 0) }
            try JobTable.enqueue(db, queue: "q", key: "ready", payload: "", priority: 900, notBefore: 0, now: 0)
            var asked = 0
            let leased = try JobTable.claim(db, queue: "q", limit: 10, now: 0) { _, _ in
                asked += 1
                return .lease
            }
            #expect(leased.map(\.key) == ["ready"])
            #expect(asked == 1)
            #expect(try JobTable.nextDue(db, queue: "q") == 1000)
            // All are due at once: none is left behind, and those that cannot go yet are asked once each.
            var given = 0
            while true {
                let jobs = try JobTable.claim(db, queue: "q", limit: 700, now: 1000) { _, job in
                    asked += 1
                    return job.key.hasSuffix("7") ? .postpone(500) : .lease
                }
                given += jobs.count
                if jobs.isEmpty { break }
            }
            #expect(given == 4500)
            #expect(asked == 5001)
            #expect(try JobTable.nextDue(db, queue: "q") == 1500)
            for sql in [
                "SELECT * FROM job WHERE queue = 'q' AND state = 'queued' ORDER BY priority, id LIMIT 10",
                "SELECT min(notBefore) FROM job WHERE queue = 'q' AND state = 'held'",
            ] {
                let plan = try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(sql)").map { $0["detail"] as String }
                #expect(plan.allSatisfy { $0.contains("USING") && $0.contains("INDEX") }, "\(plan)")
            }
        }
        try store.end()
    }

    @Test func aJobMovesOnlyWhileNobodyWorksOnIt() throws {
        let store = try TemporaryDatabase()
        try store.pool.write { db throws in
            for key in ["a", "b", "held"] {
                try JobTable.enqueue(db, queue: "q", key: key, payload: "", notBefore: key == "held" ? 900 : 0, now: 0)
            }
            try JobTable.enqueue(db, queue: "other", key: "b", payload: "", notBefore: 0, now: 0)
            _ = try JobTable.claim(db, queue: "q", limit: 1, now: 0)
            #expect(try !JobTable.move(db, key: "a", from: "q", to: "other", now: 0))
            #expect(try !JobTable.move(db, key: "b", from: "q", to: "other", now: 0))
            #expect(try JobTable.move(db, key: "held", from: "q", to: "other", now: 0))
            #expect(try JobTable.claim(db, queue: "other", limit: 9, now: 0).map(\.key) == ["held", "b"])
        }
        try store.end()
    }
}

@Suite struct JobRunnerTests {
    /// What does not end is cancelled, and its outcome is written like any other.
    @Test func aStopWaitsAMomentForWhatIsUnderWay() async throws {
        let store = try TemporaryDatabase()
        let commits = GroupCommit(store.pool)
        let begun = Wakeup()
        let runner = JobRunner(
            queue: "q",
            policy: JobRunner.Policy(concurrency: 2, attempts: 3, backoff: .sending, drain: .milliseconds(50)),
            commits: commits,
            clock: .system,
            logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() }
        ) { _ in
            begun.set()
            do { try await Task.sleep(for: .seconds(3600)) } catch { return .retry(error: "cancelled") }
            return .done()
        }
        _ = try await commits.write { db in
            try JobTable.enqueue(db, queue: "q", key: "k", payload: "1", notBefore: 0, now: 0)
        }
        let group = ServiceGroup(services: [runner], logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            await begun.wait()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        let error = try await store.pool.read { try String.fetchOne($0, sql: "SELECT lastError FROM job WHERE key = 'k'") }
        #expect(error == "cancelled")
        try store.end()
    }

    @Test func everyJobIsDoneOnceRetriedOrBuried() async throws {
        let store = try TemporaryDatabase()
        let commits = GroupCommit(store.pool)
        let counts = Mutexed<[String: Int]>([:])
        let most = Mutexed((now: 0, most: 0))
        let runner = JobRunner(
            queue: "q",
            policy: JobRunner.Policy(concurrency: 5, attempts: 3, backoff: .init([.milliseconds(1)], limit: .milliseconds(2))),
            commits: commits,
            clock: .system,
            logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() }
        ) { job in
            most.with { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
            await Task.yield()
            most.with { $0.now -= 1 }
            let times = counts.with { counts in
                counts[job.key, default: 0] += 1
                return counts[job.key] ?? 0
            }
            if job.key == "bad" { return .retry(error: "always") }
            if job.key == "slow", times < 3 { return .retry(error: "twice") }
            return .done { try $0.execute(sql: "INSERT INTO item VALUES (?)", arguments: [Int(job.payload)]) }
        }
        try await commits.write { db in
            for n in 0..<300 {
                let key = n == 7 ? "bad" : n == 8 ? "slow" : "k\(n)"
                try JobTable.enqueue(db, queue: "q", key: key, payload: "\(n)", notBefore: 0, now: 0)
            }
        }
        let task = Task { try await runner.run() }
        try await eventually("the end of all jobs") {
            try await store.pool.read {
                try JobTable.count($0, queues: "q", states: [.queued, .held, .leased]) == 0
            }
        }
        task.cancel()
        _ = try await task.value
        #expect(counts.value["bad"] == 3)
        #expect(counts.value["slow"] == 3)
        #expect(counts.value.filter { $0.key.hasPrefix("k") }.allSatisfy { $0.value == 1 })
        #expect(most.value.most <= 5)
        try await store.pool.read { db throws in
            #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM item") == 299)
            #expect(try JobTable.count(db, queues: "q", states: [.dead]) == 1)
        }
        try store.end()
    }
}

@Suite struct AfterRollbackTests {
    private struct Refused: Error {}

    /// What was taken in memory for a write is given back where the write comes to nothing, and only there.
    @Test func whatWasTakenIsGivenBack() async throws {
        let store = try TemporaryDatabase()
        let commits = GroupCommit(store.pool)
        let given = MutexBox<[String]>([])
        try await commits.write { db in
            db.afterRollback { given.update { $0.append("kept") } }
            try db.execute(sql: "INSERT INTO item VALUES (1)")
        }
        await #expect(throws: Refused.self) {
            try await commits.write { db in
                db.afterRollback { given.update { $0.append("refused") } }
                throw Refused()
            }
        }
        #expect(given.value == ["refused"])
        try store.end()
    }
}

@Suite struct EventLogTests {
    @Test func readersPageAndFollowersResume() async throws {
        let store = try TemporaryDatabase()
        let log = EventLog(Reads(store.pool))
        try await store.pool.write { db in
            for n in 1...250 {
                try log.append(
                    db, at: Timestamp(milliseconds: Int64(n)), type: n % 2 == 0 ? "even" : "odd", workspace: n > 200 ? "b" : "a",
                    subject: "\(n)", data: .null)
            }
        }
        var cursor: Int64 = 0
        var seen: [String] = []
        while true {
            let page = try await log.read(.init(after: cursor, limit: 60, types: ["even"]), workspace: nil)
            seen += page.items.map(\.subject)
            if page.next == cursor { break }
            cursor = page.next
        }
        #expect(seen == stride(from: 2, through: 250, by: 2).map(String.init))
        #expect(try await log.read(.init(after: 0, limit: 1000), workspace: "b").items.count == 50)
        // A follower gets what was there and what comes.
        let followed = Mutexed<[Int64]>([])
        let task = Task {
            try await log.follow(.init(after: 248, limit: nil), workspace: nil) { event in followed.with { $0.append(event.cursor) } }
        }
        try await eventually("the old events") { followed.value == [249, 250] }
        try await store.pool.write { try log.append($0, at: 1, type: "new", workspace: "a", subject: "x", data: .null) }
        try await eventually("the new event") { followed.value == [249, 250, 251] }
        task.cancel()
        _ = try await task.value
        try store.end()
    }
}
