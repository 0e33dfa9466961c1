import Foundation
import GatewayContract
import HTTPServer
import HTTPTypes
import Hummingbird
import RPCContract
import Vocabulary

/// Finds out who asks: a key or a session as a bearer token, or a session as a browser's cookie.
struct Askers: Sendable {
    private let apiKeys: APIKeys
    private let users: Users
    private let sessions: Sessions
    private let clock: WallClock
    private let wrongKeys = WrongKeys()

    init(apiKeys: APIKeys, users: Users, sessions: Sessions, clock: WallClock) {
        self.apiKeys = apiKeys
        self.users = users
        self.sessions = sessions
        self.clock = clock
    }

    /// - Parameter address: from where the request comes.
    /// - Throws: where it shows nothing that is in force, and where another site may have made a browser ask.
    func asker(of request: Request, from address: String) throws(Fault) -> Asker {
        let words = (request.headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        // Another scheme is meant for a proxy.
        if words.count == 2, words[0].lowercased() == "bearer" {
            let secret = words[1].trimmingCharacters(in: .whitespaces)
            if let key = apiKeys.key(with: secret) { return Asker(key) }
            return try user(with: secret, isBrowser: false, from: address)
        }
        let tokens = SessionCookie.tokens(in: request)
        guard let token = tokens.first else { throw Self.nothing }
        guard tokens.count == 1 else { throw Self.several }
        let asker = try user(with: token, isBrowser: true, from: address)
        try SameSite.check(request)
        return asker
    }

    /// Whether whoever asked still may.
    func isInForce(_ asker: Asker) -> Bool {
        guard let id = asker.id else { return false }
        return asker.isKey ? apiKeys.isInForce(id) : sessions.isOpen(id)
    }

    private func user(with token: String, isBrowser: Bool, from address: String) throws(Fault) -> Asker {
        if let session = sessions.session(with: token), let user = users.user(session.user) {
            return Asker(user, by: session, isBrowser: isBrowser)
        }
        let now = clock.now
        if let wait = wrongKeys.wait(address, at: now) {
            throw Fault(
                .overloaded,
                "From this address came \(WrongKeys.tries) different keys that are not in force; a key that is in force is taken at once.",
                retry: .after(wait.duration))
        }
        wrongKeys.note(address, key: token, at: now)
        throw token.hasPrefix(Sessions.prefix)
            ? Fault(
                .keyMissing,
                "The session is over: it has ended, or the user has another password or is disabled. Log in again: POST /v1/sessions.")
            : Fault(.keyMissing, "The key is not in force: it was never given, was taken back, or has expired.")
    }

    private static let several = Fault(
        .keyMissing,
        "The request shows more than one session as a cookie, and one of them may be somebody else's: remove this site's cookies, and log in again."
    )

    private static let nothing = Fault(
        .keyMissing,
        "Show a key or a session: `Authorization: Bearer KEY`. `linda keys create` makes a key, POST /v1/sessions opens a session.")
}
