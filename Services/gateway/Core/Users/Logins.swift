import GatewayContract
import RPCContract
import RPCTransport
import Vocabulary

/// Opens sessions for whoever knows a password; whoever guesses waits.
final class Logins: Sendable {
    private let users: Users
    private let line: PasswordLine
    private let clock: WallClock
    /// Wrong logins of each address.
    private let wrong = WrongKeys()
    /// Right ones cost as much to try: an address has only so many.
    private let right = WrongKeys(tries: Logins.most)

    /// Right logins of one address in `WrongKeys.memory`.
    static let most = 300
    private static let rounds = 2

    init(users: Users, line: PasswordLine, clock: WallClock) {
        self.users = users
        self.line = line
        self.clock = clock
    }

    /// - Parameter address: from where whoever logs in comes; nil for whoever is on the host.
    func begin(_ params: CreateSession.Params, from address: String?) async throws -> CreateSession.Reply {
        try checkPace(address)
        // Once more where another hash was kept meanwhile, such as that of a login at the same time.
        for _ in 0..<Self.rounds {
            let kept = try await users.kept(email: params.email)
            let found = try await line.run(for: Applicant(address: address, email: params.email)) { [self] () throws(Fault) in
                try trial(of: params.password, kept, from: address)
            }
            guard found.isRight, let kept else { break }
            if let reply = try await users.logIn(kept, renewed: found.renewed, from: address) { return reply }
        }
        throw Fault(.loginWrong, "E-mail address or password is wrong, or the user is disabled; an owner can set another password.")
    }

    private struct Trial: Sendable {
        var isRight: Bool
        /// Of the same password, where a hash costs something else by now.
        var renewed: PasswordHash?
    }

    private func trial(of password: String, _ kept: Users.Kept?, from address: String?) throws(Fault) -> Trial {
        // Those who came together wait in the line, and each of them counts.
        try checkPace(address)
        // An address that nobody has, and a user who is disabled, cost as much and are answered alike.
        guard try (kept?.hash ?? line.costs.nobodys).isOf(password), let kept, kept.user.state == .active else {
            wrong.note(address ?? "", at: clock.now)
            return Trial(isRight: false)
        }
        if let address { right.note(address, at: clock.now) }
        return Trial(isRight: true, renewed: kept.hash.has(line.costs) ? nil : try PasswordHash(of: password, line.costs))
    }

    private func checkPace(_ address: String?) throws(Fault) {
        let now = clock.now
        if let wait = wrong.wait(address ?? "", at: now) {
            throw Fault(
                .overloaded, "From this address came \(WrongKeys.tries) wrong logins in a quarter of an hour.", retry: .after(wait.duration)
            )
        }
        guard let address, let wait = right.wait(address, at: now) else { return }
        throw Fault(
            .overloaded, "From this address came \(Self.most) logins in a quarter of an hour; a session is used more than once.",
            retry: .after(wait.duration))
    }
}
