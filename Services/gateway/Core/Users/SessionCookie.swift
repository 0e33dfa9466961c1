import Foundation
import HTTPTypes
import Hummingbird
import Vocabulary

/// The one cookie of the gateway: a user's session, or that somebody has shown the admin key.
enum SessionCookie {
    static let name = "linda_session"

    /// The values that a request shows under the name.
    static func values(in request: Request) -> [String] {
        (request.headers[.cookie] ?? "").split(separator: ";").compactMap { pair in
            let parts = pair.trimmingCharacters(in: .whitespaces).split(separator: "=", maxSplits: 1)
            return parts.count == 2 && parts[0] == name ? String(parts[1]) : nil
        }
    }

    /// A user's token, if one is shown.
    static func token(in request: Request) -> String? { values(in: request).first { $0.hasPrefix(Sessions.prefix) } }

    /// The header that gives it to a browser.
    ///
    /// - Parameters:
    ///   - time: how long the browser keeps it; until it is closed if nil. The server ends it sooner all the same.
    ///   - isSecure: whether the browser came over TLS, and is to send it over nothing else.
    static func header(_ value: String, for time: Milliseconds? = nil, isSecure: Bool) -> String {
        let age = time.map { "; Max-Age=\($0.count / 1000)" } ?? ""
        return "\(name)=\(value); Path=/\(age); HttpOnly; SameSite=Strict\(isSecure ? "; Secure" : "")"
    }

    /// The header that takes it away.
    static func taken(isSecure: Bool) -> String { header("", for: .zero, isSecure: isSecure) }
}
