import Foundation
import GRDB
import GatewayContract
import RPCContract
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// Who is logged in, and what whoever guesses learns.
@Suite(.timeLimit(.minutes(2))) struct LoginsTests {
    private func run(_ body: (GatewayDesk, User) async throws -> Void) async throws {
        let desk = try GatewayDesk()
        try await body(desk, try await desk.user(.viewer, email: "asha@example.com"))
        try desk.pool.close()
        try FileManager.default.removeItem(atPath: desk.folder)
    }

    private func fault(_ desk: GatewayDesk, _ email: String, _ password: String, from address: String? = "192.0.2.7") async -> Fault? {
        do {
            _ = try await desk.people.logins.begin(.init(email: email, password: password), from: address)
            return nil
        } catch { return error as? Fault }
    }

    @Test func aRightPasswordOpensASession() async throws {
        try await run { desk, user in
            desk.now.set(GatewayDesk.start + .hours(1))
            let reply = try await desk.people.logins.begin(
                .init(email: "ASHA@Example.com", password: GatewayDesk.password), from: "192.0.2.7")
            let token = try #require(reply.token)
            #expect(token.hasPrefix("linda_session_") && token.count == 57)
            #expect(reply.session.address == "192.0.2.7" && reply.session.endsAt == GatewayDesk.start + .hours(13))
            #expect(reply.user.lastLoginAt == GatewayDesk.start + .hours(1) && desk.people.users.user(user.id) == reply.user)
            #expect(desk.people.sessions.session(with: token) == reply.session)
            for other in ["", "linda_session_", String(token.dropLast()), token + "x", token.uppercased()] {
                #expect(desk.people.sessions.session(with: other) == nil)
            }
        }
    }

    /// An address that nobody has, a wrong password and a user who is disabled are one answer.
    @Test func whatIsWrongIsNotTold() async throws {
        try await run { desk, user in
            let off = try await desk.user(.viewer, email: "off@example.com")
            _ = try await desk.people.users.update(
                .init(id: off.id, state: .disabled), UserPlace(off.id, ofHost: nil, GatewayDesk.call("w")))
            let faults = [
                await fault(desk, "nobody@example.com", GatewayDesk.password), await fault(desk, user.email, "wrong"),
                await fault(desk, off.email, GatewayDesk.password), await fault(desk, off.email, "wrong"),
            ]
            #expect(faults.allSatisfy { $0?.code == .loginWrong && $0?.message == faults[0]?.message && $0?.path == nil })
            #expect(desk.people.sessions.list(of: off.id) == [])
        }
    }

    @Test func aHundredWrongLoginsOfAnAddressAreEnough() async throws {
        try await run { desk, user in
            for n in 0..<WrongKeys.tries {
                let email = n.isMultiple(of: 2) ? user.email : "nobody\(n)@example.com"
                #expect(await fault(desk, email, "wrong")?.code == .loginWrong)
            }
            let refused = await fault(desk, user.email, GatewayDesk.password)
            #expect(refused?.code == .overloaded && refused?.retry == .after(.seconds(900)))
            #expect(await fault(desk, user.email, GatewayDesk.password, from: "192.0.2.8") == nil, "another address waits for nothing")
            #expect(await fault(desk, user.email, GatewayDesk.password, from: nil) == nil, "nor does the host")
            desk.now.update { $0 = $0 + .minutes(15) }
            #expect(await fault(desk, user.email, GatewayDesk.password) == nil)
        }
    }

    /// Those that come at once are no more tries than those that come one after the other.
    @Test func guessesAtOnceAreCountedAll() async throws {
        try await run { desk, user in
            for _ in 0..<(WrongKeys.tries - 1) { _ = await fault(desk, user.email, "wrong") }
            let codes = await withTaskGroup(of: FaultCode?.self) { group in
                for _ in 0..<PasswordLine.mostOfName { group.addTask { await fault(desk, user.email, "wrong")?.code } }
                return await group.reduce(into: [FaultCode: Int]()) { counts, code in if let code { counts[code, default: 0] += 1 } }
            }
            #expect(codes == [.loginWrong: 1, .overloaded: 3])
        }
    }

    /// Right ones cost as much.
    @Test func anAddressLogsInOnlySoOften() async throws {
        try await run { desk, user in
            for _ in 0..<Logins.most { #expect(await fault(desk, user.email, GatewayDesk.password) == nil) }
            let refused = await fault(desk, user.email, GatewayDesk.password)
            #expect(refused?.code == .overloaded && refused?.retry == .after(.seconds(900)))
            for other in ["192.0.2.8", nil] { #expect(await fault(desk, user.email, GatewayDesk.password, from: other) == nil) }
        }
    }

    /// A hash that costs less than one does by now is made anew by whoever shows the password.
    @Test func aLoginBringsAHashUpToDate() async throws {
        try await run { desk, user in
            let line = PasswordLine(costs: PasswordHash.Costs(kibibytes: 16, passes: 1))
            let logins = Logins(users: desk.people.users, line: line, clock: desk.clock)
            let before = try #require(try await desk.people.users.kept(email: user.email)?.hash)
            #expect(!before.has(line.costs) && before.has(GatewayDesk.costs))
            await #expect(throws: Fault.self) { _ = try await logins.begin(.init(email: user.email, password: "wrong"), from: nil) }
            #expect(try await desk.people.users.kept(email: user.email)?.hash == before)
            let login = CreateSession.Params(email: user.email, password: GatewayDesk.password)
            let tokens = [try await logins.begin(login, from: nil).token, try await logins.begin(login, from: nil).token]
            let after = try #require(try await desk.people.users.kept(email: user.email)?.hash)
            #expect(after.has(line.costs) && tokens.compactMap { $0.flatMap(desk.people.sessions.session) }.count == 2)
        }
    }

    /// What has happened to a user while their password was checked counts.
    @Test func aUserWhoHasChangedMeanwhileIsNotLoggedIn() async throws {
        try await run { desk, user in
            let users = desk.people.users
            let kept = try #require(try await users.kept(email: user.email))
            _ = try await users.setPassword(
                .init(id: user.id, password: "another password"), UserPlace(user.id, ofHost: nil, GatewayDesk.call("w")))
            #expect(try await users.logIn(kept, from: nil) == nil)
            let latest = try #require(try await users.kept(email: user.email))
            _ = try await users.delete(UserPlace(user.id, ofHost: nil, GatewayDesk.call("w")))
            #expect(try await users.logIn(latest, from: nil) == nil)
        }
    }

    /// Tokens are not of the run's chance, which can be replayed.
    @Test func whoKnowsTheSeedKnowsNoToken() async throws {
        var tokens: Set<String> = []
        for _ in 0..<2 {
            try await run { desk, user in
                let token = try await desk.token(user)
                tokens.insert(token)
            }
        }
        #expect(tokens.count == 2)
    }
}
