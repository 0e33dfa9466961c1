import Foundation
import HTTPTypes
import Hummingbird
import Vocabulary

/// The one cookie of the gateway: a user's session, or that somebody has shown the admin key.
enum SessionCookie {
    private static let name = "linda_session"

    /// Over TLS a browser takes a name that begins so from this host alone: no neighbour of the domain slips another cookie in.
    ///
    /// Source: RFC 6265bis, §4.1.3.2.
    static func name(isSecure: Bool) -> String { isSecure ? "__Host-\(name)" : name }

    /// The values that a request shows under the name.
    static func values(in request: Request) -> [String] {
        let name = name(isSecure: GatewayContext.isSecure(request))
        return (request.headers[.cookie] ?? "").split(separator: ";").compactMap { pair in
            let parts = pair.trimmingCharacters(in: .whitespaces).split(separator: "=", maxSplits: 1)
            return parts.count == 2 && parts[0] == name ? String(parts[1]) : nil
        }
    }

    /// All tokens of users that are shown.
    static func tokens(in request: Request) -> [String] { values(in: request).filter { $0.hasPrefix(Sessions.prefix) } }

    /// A user's token, if one is shown; of several nobody knows which one is the user's own.
    static func token(in request: Request) -> String? {
        let tokens = tokens(in: request)
        return tokens.count == 1 ? tokens.first : nil
    }

    /// The header that gives it to a browser.
    ///
    /// - Parameters:
    ///   - time: how long the browser keeps it; until it is closed if nil. The server ends it sooner all the same.
    ///   - isSecure: whether the browser came over TLS, and is to send it over nothing else.
    static func header(_ value: String, for time: Milliseconds? = nil, isSecure: Bool) -> String {
        let age = time.map { "; Max-Age=\($0.count / 1000)" } ?? ""
        return "\(name(isSecure: isSecure))=\(value); Path=/\(age); HttpOnly; SameSite=Strict\(isSecure ? "; Secure" : "")"
    }

    /// The header that takes it away.
    static func taken(isSecure: Bool) -> String { header("", for: .zero, isSecure: isSecure) }
}
