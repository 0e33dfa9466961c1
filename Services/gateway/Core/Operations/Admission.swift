import Crypto
import Foundation
import GatewayContract
import HTTPTypes
import Hummingbird
import ServiceKit
import Vocabulary

/// Decides who may see the status page and the metrics: users of the whole host, and programs with an admin key.
///
/// A browser gives a password once, in a form, and gets a cookie that ends by itself. As long as the host has no users, it gives an admin
/// key in their place.
final class Admission: Sendable {
    /// Each counts, so that one can be changed while the other is still in use.
    let keys: [Secret]
    let clock: WallClock
    /// Who is logged in with a token.
    private let user: @Sendable (_ token: String) -> User?
    /// Whether somebody could log in as a user.
    private let hasUsers: @Sendable () -> Bool

    /// Bytes of a key that nobody guesses: whoever has one is let in whatever others try.
    private static let unguessable = 32
    /// Wrong keys of each address.
    private let wrong = WrongKeys()
    /// And of all together: a key that can be guessed is not tried from everywhere at once.
    private let wrongInAll = WrongKeys(tries: 10 * WrongKeys.tries)

    init(
        keys: [Secret], clock: WallClock, user: @escaping @Sendable (_ token: String) -> User?, hasUsers: @escaping @Sendable () -> Bool
    ) {
        self.keys = keys
        self.clock = clock
        self.user = user
        self.hasUsers = hasUsers
    }

    /// Whether a browser may show an admin key in its form: there is nobody to log in as.
    var takesKeyInForm: Bool { !hasUsers() }

    /// The outcome of a key that was given.
    enum Outcome: Equatable {
        case open, wrong
        /// A user of a workspace: the page shows what belongs to all.
        case foreign
        /// Too many wrong keys came before: no more are tried for so long.
        case tooMany(Milliseconds)
    }

    /// - Parameter address: from where it was given.
    func attempt(_ key: String, from address: String) -> Outcome {
        let now = clock.now
        let wait = wrong.wait(address, at: now) ?? wrongInAll.wait("", at: now)
        // Else anybody could keep everybody out with wrong keys.
        if wait == nil || key.utf8.count >= Self.unguessable, isKey(key) { return .open }
        if let wait { return .tooMany(wait) }
        wrong.note(address, key: key, at: now)
        wrongInAll.note("", key: key, at: now)
        return .wrong
    }

    /// How long a browser is let in that has shown an admin key.
    static let lifetime = Milliseconds.hours(12)

    /// - Parameter address: from where it comes.
    func outcome(of request: Request, from address: String) -> Outcome {
        let words = (request.headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer" else {
            if let user = SessionCookie.token(in: request).flatMap(user) { return Self.outcome(of: user) }
            return takesKeyInForm && SessionCookie.values(in: request).contains(where: isSession) ? .open : .wrong
        }
        let shown = String(words[1])
        if let user = user(shown) { return Self.outcome(of: user) }
        // A session that is over is no try of a key.
        return shown.hasPrefix(Sessions.prefix) ? .wrong : attempt(shown, from: address)
    }

    private static func outcome(of user: User) -> Outcome { user.workspace == nil ? .open : .foreign }

    func isKey(_ text: String) -> Bool {
        // Digests are compared: how much of a key is right cannot be read off the time.
        keys.contains { SHA256.hash(data: Data(text.utf8)) == SHA256.hash(data: Data($0.reveal().utf8)) }
    }

    /// A cookie that is good until its time is over or the key is another.
    ///
    /// - Parameter isSecure: whether the browser came over TLS, and is to send it over nothing else.
    func session(with key: String, isSecure: Bool) -> String {
        let end = (clock.now + Self.lifetime).seconds
        return SessionCookie.header("\(end).\(sign(end, key))", for: Self.lifetime, isSecure: isSecure)
    }

    private func isSession(_ value: String) -> Bool {
        let parts = value.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let end = Int64(parts[0]), (0...Timestamp.latest.seconds).contains(end), Timestamp(seconds: end) > clock.now
        else { return false }
        return keys.contains { SHA256.hash(data: Data(parts[1].utf8)) == SHA256.hash(data: Data(sign(end, $0.reveal()).utf8)) }
    }

    private func sign(_ end: Int64, _ key: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("linda-session:\(end)".utf8), using: SymmetricKey(data: Data(key.utf8)))
        return code.map { String(format: "%02x", $0) }.joined()
    }
}
