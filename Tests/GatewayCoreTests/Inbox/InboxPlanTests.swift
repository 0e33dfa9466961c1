import GRDB
import GatewayContract
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// What screens ask of deliveries, dead letters, keys and users, and what goes on all day, is found by an index, in its order.
@Suite struct InboxPlanTests {
    private static func plans() -> StatementPlans {
        StatementPlans(
            bounded: [
                "inboundOrder": "what waits is counted from the index alone", "inboundStatus": "statuses that wait",
                "inboundReady": "what may be handled now", "deliveryGap": "a row for each outage of ours, for a while",
                "deliveryGapUntold": "outages that account-router has not been told of", "apiKey": "people make them",
                "apiSecret": "two of a key at most", "apiUser": "people make them, and 5,000 at most",
            ],
            exceptions: [])
    }

    @Test func everythingIsFoundByAnIndex() async throws {
        let plans = Self.plans()
        let desk = try InboxTests.Desk(plans: plans)
        let problems = try await plans.problems(of: desk.pool) {
            try await handle(desk)
            try await list(desk)
            try await keep(desk)
            let now = desk.now.value
            try await desk.inbox.prune(before: now + .days(1))
            try await IdempotencyKeys.prune(desk.pool, now: now + .days(100))
        }
        #expect(problems == [])
        #expect(plans.count > 40, "\(plans.count)")
        let references = try await desk.pool.read { try StatementPlans.unservedReferences($0) }
        #expect(references == [])
        try desk.end()
    }

    private func handle(_ desk: InboxTests.Desk) async throws {
        _ = try await desk.inbox.noteStart()
        try await desk.receive("a1", "a2", "a3")
        _ = try await desk.inbox.splitNext(10)
        for _ in 1...2 { _ = try await desk.inbox.noteBeginning([.message: 10, .status: 10]) }
        _ = try await desk.inbox.takeAlone(1)
        try await desk.inbox.noteEnd()
        for lane in [Payload.Lane.message, .status, .management] { _ = try await desk.inbox.ready(lane, limit: 10, excluding: []) }
        let events = try await desk.inbox.ready(.message, limit: 10, excluding: []).items
        try await desk.inbox.postpone(events, by: .seconds(5), error: "away")
        desk.now.set(desk.now.value + 5000)
        for event in events.prefix(1) { try await desk.inbox.bury(event, reason: "x", error: "y") }
        for event in try await desk.inbox.ready(.message, limit: 1, excluding: []).items { try await desk.inbox.finish([event]) }
        _ = try await desk.inbox.replay(since: .zero)
        _ = try await desk.inbox.statistics(refused: 0)
        _ = try await desk.inbox.waiting()
    }

    private func list(_ desk: InboxTests.Desk) async throws {
        for params in [
            ListInbox.Params(), .init(kind: "message"), .init(kind: "message", state: .dead), .init(state: .dead), .init(state: .pending),
            .init(kind: "status", state: .done, cursor: "2"),
        ] {
            _ = try await desk.inbox.list(params)
        }
        for state in DeadLetter.State.allCases { _ = try await desk.letters.list(.init(state: state)) }
        let letter = try #require(try await desk.letters.list(.init()).items.first)
        _ = try await desk.letters.retry(letter.id)
        _ = try await desk.letters.act(.init(action: .purge))
        _ = try await desk.letters.act(.init(action: .resolve))
    }

    /// Keys and outages.
    private func keep(_ desk: InboxTests.Desk) async throws {
        let clock = WallClock { [now = desk.now] in now.value }
        let keys = try APIKeys(desk.pool, events: EventLog(Reads(desk.pool)), clock: clock, chance: .system)
        let key = try await keys.create(.init(name: "k", role: .viewer), workspace: "w").key
        for workspace in ["w", nil] { _ = try await keys.list(.init(limit: 1), of: workspace) }
        _ = try await keys.rotate(.init(id: key.id), of: "w")
        _ = try await keys.revoke(key.id, of: "w")
        try await keys.prune(before: desk.now.value)
        try await know(desk, clock)
        let gaps = try DeliveryGaps(desk.pool, clock: clock, silence: .minutes(5))
        try await gaps.told(gaps.untold())
        try await gaps.prune(before: desk.now.value)
    }

    /// Users and where they are logged in.
    private func know(_ desk: InboxTests.Desk, _ clock: WallClock) async throws {
        let line = PasswordLine(costs: GatewayDesk.costs)
        let limits = Sessions.Limits(idle: .hours(1), longest: .days(1))
        let sessions = try Sessions(desk.pool, clock: clock, chance: .system, limits: limits)
        let users = try Users(
            desk.pool, events: EventLog(Reads(desk.pool)), clock: clock, chance: .system, line: line, sessions: sessions)
        var made: [User] = []
        for name in ["a", "b"] {
            let params = CreateUser.Params(email: "\(name)@example.com", name: name, role: .owner, password: GatewayDesk.password)
            made.append(try await users.create(params, workspace: "w", for: .host))
        }
        let asked = UserPlace(made[0].id, ofHost: nil, GatewayDesk.call("w"))
        for workspace in ["w", nil] { _ = try await users.list(.init(limit: 1), of: workspace) }
        let login = CreateSession.Params(email: made[0].email, password: GatewayDesk.password)
        for _ in 0...Sessions.mostOfUser { _ = try await Logins(users: users, line: line, clock: clock).begin(login, from: "a") }
        let open = try #require(sessions.list(of: made[0].id).first)
        _ = try await sessions.end(open.id, of: made[0].id)
        let token = try await Logins(users: users, line: line, clock: clock).begin(login, from: nil).token ?? ""
        desk.now.update { $0 = $0 + .minutes(2) }
        #expect(sessions.session(with: token) != nil)
        let first = CreateUser.Params(email: "c@example.com", name: "c", role: .owner, password: GatewayDesk.password, ofHost: true)
        _ = try await users.create(first, workspace: "w", for: .host, onlyFirst: true)
        try await sessions.prune()
        try await sessions.end(with: token)
        _ = try await users.get(asked)
        _ = try await users.update(.init(id: made[0].id, role: .viewer), asked)
        _ = try await users.setPassword(.init(id: made[0].id, password: GatewayDesk.password), asked)
        _ = try await users.delete(asked)
    }

    /// A page looks through so many events, whatever is asked for, and the next goes on from there.
    @Test func aKindThatIsRareIsFoundPageByPage() async throws {
        let desk = try InboxTests.Desk()
        let count = Inbox.searched * 2 + 10
        try await desk.pool.write { db in
            try db.execute(
                sql: """
                    WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < ?)
                    INSERT INTO inboundEvent (id, payloadID, lane, kind, dedupeKey, entryID, raw, state, ready, nextAt, receivedAt)
                    SELECT id, 1, 'status', iif(id IN (1, 5), 'error', 'status'), id, '1', '{}', 'done', 0, 0, 0 FROM n
                    """, arguments: [count])
        }
        var (params, ids, pages) = (ListInbox.Params(kind: "error"), [Int64](), 0)
        repeat {
            let page = try await desk.inbox.list(params)
            ids += page.items.map(\.id)
            params.cursor = page.next
            pages += 1
        } while params.cursor != nil && pages < 10
        #expect(ids == [5, 1] && pages == 3, "\(ids) on \(pages) pages")
        try desk.end()
    }
}
