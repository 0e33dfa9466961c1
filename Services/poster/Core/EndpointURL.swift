import Foundation
import HTTPClient
import PosterContract
import RPCContract

/// Where events may be posted, as far as the URL alone tells; addresses behind names are looked at as they are connected to.
struct EndpointURL: Sendable {
    let allowsPrivate: Bool

    /// - Throws: where the URL points to this host, to its network, or has no TLS.
    func check(_ url: String) throws(Fault) {
        guard let problem = problem(url) else { return }
        throw Fault(
            .endpointRefused, "url: \(problem). An operator may allow it: endpoints.allowPrivate, in poster's settings.", path: "url")
    }

    /// Why nothing is posted there; nil where it may be.
    func problem(_ url: String) -> String? {
        guard !allowsPrivate else { return nil }
        guard let parts = URLComponents(string: url), let host = parts.host?.lowercased() else { return "it names no host" }
        guard parts.scheme?.lowercased() == "https" else { return "it has no TLS: it begins with http:, not with https:" }
        if let bytes = PublicAddress.bytes(of: host) { return PublicAddress.problem(bytes) }
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        // Source: RFC 6761 §6.3: whatever ends so is this host.
        guard name != "localhost", !name.hasSuffix(".localhost") else { return "\(name) is this host" }
        return nil
    }

    /// What is asked about each address before it is connected to.
    ///
    /// There is a rule where all are allowed, too: a request that has one goes through no proxy of the environment.
    var addresses: HTTPRequest.AddressCheck {
        guard !allowsPrivate else { return { _ in nil } }
        return { PublicAddress.problem($0) }
    }
}
