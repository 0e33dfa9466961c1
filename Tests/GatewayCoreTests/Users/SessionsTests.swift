import Foundation
import GRDB
import GatewayContract
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// How long a session is open, and what ends it.
@Suite(.timeLimit(.minutes(1))) struct SessionsTests {
    private func run(_ body: (GatewayDesk, User) async throws -> Void) async throws {
        let desk = try GatewayDesk()
        try await body(desk, try await desk.user(.viewer))
        try desk.pool.close()
        try FileManager.default.removeItem(atPath: desk.folder)
    }

    /// The same rows, as the process finds them when it starts again.
    private func restarted(_ desk: GatewayDesk, idle: Milliseconds = .hours(12)) throws -> Sessions {
        try Sessions(desk.pool, clock: desk.clock, chance: .system, limits: .init(idle: idle, longest: .days(7)))
    }

    @Test func aSessionEndsAfterItsLastUse() async throws {
        try await run { desk, user in
            let (sessions, token) = (desk.people.sessions, try await desk.token(user))
            desk.now.set(GatewayDesk.start + .hours(11))
            #expect(sessions.session(with: token)?.endsAt == GatewayDesk.start + .hours(23))
            desk.now.set(GatewayDesk.start + .hours(23) - 1)
            #expect(sessions.session(with: token) != nil)
            desk.now.update { $0 = $0 + .hours(12) }
            #expect(sessions.session(with: token) == nil && sessions.list(of: user.id) == [])
        }
    }

    @Test func aSessionThatIsAlwaysUsedEndsAfterAWeek() async throws {
        try await run { desk, user in
            let (sessions, token) = (desk.people.sessions, try await desk.token(user))
            for hour in stride(from: 0, to: 168, by: 8) {
                desk.now.set(GatewayDesk.start + .hours(hour))
                #expect(sessions.session(with: token) != nil, "\(hour)")
            }
            desk.now.set(GatewayDesk.start + .days(7) - 1)
            #expect(sessions.session(with: token)?.endsAt == GatewayDesk.start + .days(7))
            desk.now.set(GatewayDesk.start + .days(7))
            #expect(sessions.session(with: token) == nil)
        }
    }

    /// A clock that was ahead when somebody logged in gives them no longer a session.
    @Test func aClockThatIsSetBackMakesNoSessionLonger() async throws {
        try await run { desk, user in
            let (sessions, token) = (desk.people.sessions, try await desk.token(user))
            desk.now.set(GatewayDesk.start - .minutes(5))
            #expect(sessions.session(with: token) != nil, "a clock is put right by little every day")
            desk.now.set(GatewayDesk.start - .minutes(5) - 1)
            #expect(sessions.session(with: token) == nil && sessions.list(of: user.id) == [])
            desk.now.set(GatewayDesk.start + .hours(10))
            #expect(sessions.session(with: token) != nil)
            // Used at ten, then it is nine: whoever uses it has used it now.
            desk.now.set(GatewayDesk.start + .hours(9))
            #expect(sessions.session(with: token)?.endsAt == GatewayDesk.start + .hours(21))
            desk.now.set(GatewayDesk.start + .hours(21))
            #expect(sessions.session(with: token) == nil)
        }
    }

    /// Whoever logged in while the clock was ahead is logged out for good, though nobody may use it yet.
    @Test func whatHasNotBegunCanBeEnded() async throws {
        try await run { desk, user in
            let sessions = desk.people.sessions
            desk.now.set(GatewayDesk.start + .days(1))
            let tokens = [try await begin(desk, user), try await begin(desk, user)]
            let first = try #require(sessions.session(with: tokens[0]))
            desk.now.set(GatewayDesk.start)
            #expect(tokens.allSatisfy { sessions.session(with: $0) == nil })
            #expect(try await sessions.end(first.id, of: user.id).id == first.id)
            try await sessions.end(with: tokens[1])
            try await sessions.end(with: "linda_session_nobody")
            #expect(try await desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM session") } == 0)
            desk.now.set(GatewayDesk.start + .days(1))
            #expect(tokens.allSatisfy { sessions.session(with: $0) == nil })
        }
    }

    /// A host whose clock is behind when it starts has logged nobody out once it is right.
    @Test func aClockThatIsBehindAtTheStartEndsNothing() async throws {
        try await run { desk, user in
            let token = try await begin(desk, user)
            desk.now.set(GatewayDesk.start - .days(30))
            let sessions = try restarted(desk)
            #expect(sessions.session(with: token) == nil)
            desk.now.set(GatewayDesk.start)
            #expect(sessions.session(with: token)?.user == user.id)
        }
    }

    /// Of those that are too many, those go first that nobody can use.
    @Test func whatHasNotBegunTakesNobodysPlace() async throws {
        try await run { desk, user in
            desk.now.set(GatewayDesk.start + .days(1))
            for _ in 0..<Sessions.mostOfUser { _ = try await begin(desk, user) }
            desk.now.set(GatewayDesk.start)
            var tokens: [String] = []
            for _ in 0..<Sessions.mostOfUser { tokens.append(try await begin(desk, user)) }
            #expect(tokens.allSatisfy { desk.people.sessions.session(with: $0) != nil })
            #expect(try await desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM session") } == Sessions.mostOfUser)
        }
    }

    /// With the shortest time, too, each use counts; and what a row does not say yet ends nothing and hides nothing.
    @Test func everyUseCountsAtOnce() async throws {
        try await run { desk, user in
            let tokens = [try await begin(desk, user), try await begin(desk, user)]
            let sessions = try restarted(desk, idle: .minutes(1))
            for second in stride(from: 0, through: 100, by: 50) {
                desk.now.set(GatewayDesk.start + .seconds(second))
                #expect(tokens.allSatisfy { sessions.session(with: $0) != nil }, "\(second)")
            }
            desk.now.set(GatewayDesk.start + .seconds(159))
            try await sessions.prune()
            #expect(try await desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM session") } == 2)
            let open = try #require(sessions.list(of: user.id).first)
            #expect(open.lastUsedAt == GatewayDesk.start + .seconds(100))
            #expect(try await sessions.end(open.id, of: user.id) == open)
            desk.now.set(GatewayDesk.start + .seconds(160))
            #expect(tokens.allSatisfy { sessions.session(with: $0) == nil })
            try await sessions.prune()
            #expect(try await desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM session") } == 0)
        }
    }

    /// A use within the minute after the last is in no row.
    @Test func aRowThatLagsIsNotPruned() async throws {
        try await run { desk, user in
            let token = try await begin(desk, user)
            let sessions = try restarted(desk, idle: .minutes(1))
            try await desk.pool.write { try $0.execute(sql: "UPDATE session SET endsAt = lastUsedAt + 60000") }
            desk.now.set(GatewayDesk.start + .seconds(59))
            #expect(sessions.session(with: token) != nil)
            desk.now.set(GatewayDesk.start + .seconds(61))
            try await sessions.prune()
            #expect(try await desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM session") } == 1)
            #expect(sessions.session(with: token) != nil)
        }
    }

    /// Uses that were written down count after a restart, and the settings are those of now.
    @Test func aRestartEndsNothing() async throws {
        try await run { desk, user in
            let token = try await desk.token(user)
            desk.now.set(GatewayDesk.start + .hours(6))
            #expect(desk.people.sessions.session(with: token) != nil)
            try await desk.people.sessions.flush()
            desk.now.set(GatewayDesk.start + .hours(17))
            #expect(try restarted(desk).session(with: token)?.user == user.id)
            #expect(try restarted(desk, idle: .hours(11)).session(with: token) == nil)
            let kept = try await desk.pool.read { try String.fetchAll($0, sql: "SELECT hex(digest) FROM session").joined() }
            #expect(
                !kept.isEmpty && kept != Data(token.utf8).map { String(format: "%02X", $0) }.joined(), "the token itself is kept nowhere")
        }
    }

    @Test func aUserHasSoManyAtMost() async throws {
        try await run { desk, user in
            let sessions = desk.people.sessions
            var tokens: [String] = []
            for n in 0..<Sessions.mostOfUser {
                desk.now.set(GatewayDesk.start + .minutes(n))
                tokens.append(try await begin(desk, user))
            }
            // The first was used since, so the second goes.
            desk.now.set(GatewayDesk.start + .hours(1))
            #expect(sessions.session(with: tokens[0]) != nil)
            tokens.append(try await begin(desk, user))
            #expect(tokens.map { sessions.session(with: $0) == nil } == [false, true] + Array(repeating: false, count: 19))
            #expect(sessions.list(of: user.id).count == Sessions.mostOfUser)
            #expect(try await desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM session") } == Sessions.mostOfUser)
        }
    }

    @Test func oneEndsAndTheOthersStay() async throws {
        try await run { desk, user in
            let (sessions, other) = (desk.people.sessions, try await desk.user(.viewer, workspace: "other"))
            let tokens = [try await begin(desk, user), try await begin(desk, user), try await begin(desk, other)]
            let first = try #require(sessions.session(with: tokens[0]))
            let fault = await #expect(throws: Fault.self) { _ = try await sessions.end(first.id, of: other.id) }
            #expect(fault?.code == .sessionUnknown, "another's is none")
            #expect(try await sessions.end(first.id, of: user.id).id == first.id)
            await #expect(throws: Fault.self) { _ = try await sessions.end(first.id, of: user.id) }
            #expect(tokens.map { sessions.session(with: $0) == nil } == [true, false, false] && !sessions.isOpen(first.id))
            try await desk.pool.write { db in try sessions.end(db, of: user.id) }
            #expect(tokens.map { sessions.session(with: $0) == nil } == [true, true, false])
            #expect(try restarted(desk).session(with: tokens[2]) != nil && restarted(desk).session(with: tokens[1]) == nil)
        }
    }

    /// More than one piece of them, and none that was used since it was written down.
    @Test func whatIsOverIsForgotten() async throws {
        try await run { desk, user in
            let (sessions, token) = (desk.people.sessions, try await begin(desk, user))
            try await desk.pool.write { db in
                try db.execute(
                    sql: """
                        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
                        INSERT INTO session (id, digest, user, createdAt, lastUsedAt, endsAt) SELECT 'x' || i, CAST('x' || i AS BLOB), ?, 0, 0, i FROM n
                        """, arguments: [user.id])
            }
            desk.now.set(GatewayDesk.start + .hours(11))
            #expect(sessions.session(with: token) != nil)
            desk.now.set(GatewayDesk.start + .hours(13))
            try await sessions.prune()
            #expect(try await desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM session") } == 1)
            #expect(sessions.session(with: token) != nil)
            desk.now.set(GatewayDesk.start + .days(2))
            try await sessions.prune()
            #expect(try await desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM session") } == 0)
        }
    }

    private func begin(_ desk: GatewayDesk, _ user: User) async throws -> String {
        let sessions = desk.people.sessions
        return try await desk.pool.write { db in try sessions.begin(db, of: user.id, from: "192.0.2.7").token }
    }
}
