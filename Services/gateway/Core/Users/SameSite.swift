import Foundation
import GatewayContract
import HTTPTypes
import Hummingbird
import RPCContract

/// Keeps other sites from making a browser ask in its user's name.
///
/// The cookie is `SameSite=Strict`, so another site's requests come without it. A site of the same domain, or of another port, is no
/// other site to a browser: what changes something needs a header, which no page sets for another origin unless that allows it.
enum SameSite {
    static let header = "X-Requested-With"
    private static let field = HTTPField.Name(header)
    /// Source: W3C, Fetch Metadata Request Headers.
    private static let site = HTTPField.Name("Sec-Fetch-Site")

    /// - Throws: where another site may have made the request.
    static func check(_ request: Request) throws(Fault) {
        try checkOrigin(request)
        guard request.method != .get, request.method != .head else { return }
        guard field.flatMap({ request.headers[$0] })?.isEmpty == false else {
            throw Fault(
                .requestForeign, "A request with the cookie that changes something has the header \(header), such as `\(header): linda`.",
                path: header)
        }
    }

    /// What the browser itself says of who made it ask; a program says nothing.
    ///
    /// Over plain HTTP, and in old browsers, it says no more than the origin: host and port are this host's, as its own pages are. A proxy
    /// passes on `Host` as it came.
    static func checkOrigin(_ request: Request) throws(Fault) {
        let isOwn =
            if let told = site.flatMap({ request.headers[$0] }) {
                ["same-origin", "none"].contains(told)
            } else if let origin = request.headers[.origin] {
                isOwn(origin, request)
            } else {
                true
            }
        guard isOwn else { throw Fault(.requestForeign, "Another site made the browser ask; open the page of this host itself.") }
    }

    private static func isOwn(_ origin: String, _ request: Request) -> Bool {
        // Source: RFC 9110 §4.2.
        let ports = ["http": 80, "https": 443]
        guard let told = URLComponents(string: origin), let scheme = told.scheme, let port = ports[scheme], let host = told.host,
            let own = request.head.authority.flatMap({ URLComponents(string: "\(scheme)://\($0)") })
        else { return false }
        guard scheme == "https" || !GatewayContext.isSecure(request) else { return false }
        return host.lowercased() == own.host?.lowercased() && told.port ?? port == own.port ?? port
    }
}
