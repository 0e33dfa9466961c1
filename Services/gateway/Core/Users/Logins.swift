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

    init(users: Users, line: PasswordLine, clock: WallClock) {
        self.users = users
        self.line = line
        self.clock = clock
    }

    /// - Parameter address: from where whoever logs in comes; nil for whoever is on the host.
    func begin(_ params: CreateSession.Params, from address: String?) async throws -> CreateSession.Reply {
        try checkPace(address)
        let kept = try await users.kept(email: params.email)
        let isRight = try await line.run { [self] () throws(Fault) in
            // Those who came together wait here, and each of them counts.
            try checkPace(address)
            // An address that nobody has, and a user who is disabled, cost as much and are answered alike.
            let isRight = try (kept?.hash ?? line.costs.nobodys).isOf(params.password) && kept?.user.state == .active
            if !isRight { wrong.note(address ?? "", at: clock.now) }
            return isRight
        }
        guard isRight, let kept, let reply = try await users.logIn(kept, from: address) else {
            throw Fault(.loginWrong, "E-mail address or password is wrong, or the user is disabled; an owner can set another password.")
        }
        return reply
    }

    private func checkPace(_ address: String?) throws(Fault) {
        guard let wait = wrong.wait(address ?? "", at: clock.now) else { return }
        throw Fault(
            .overloaded, "From this address came \(WrongKeys.tries) wrong logins in a quarter of an hour.", retry: .after(wait.duration))
    }
}
