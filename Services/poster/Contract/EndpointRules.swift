import Foundation
package import RPCContract

/// What can be said of an endpoint's URL and headers without a look at the network.
package enum EndpointRules {
    /// The members that a receiver's program is told by the sender alone.
    ///
    /// Source: Standard Webhooks and RFC 9110 §7.
    private static let reserved: Set = [
        "host", "content-length", "content-type", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "expect",
        "proxy-authorization", "proxy-connection", "user-agent", "webhook-id", "webhook-timestamp", "webhook-signature",
    ]

    /// - Throws: where the text is no URL to which anything can be posted.
    package static func check(url text: String) throws(Fault) {
        guard let problem = problem(with: text) else { return }
        throw Fault(.params, "url \(problem); give one such as https://shop.example/webhooks.", path: "url")
    }

    private static func problem(with text: String) -> String? {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return "has characters that a URL writes in another way: spaces, or those that are no ASCII"
        }
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased() else { return "is not a URL" }
        guard ["https", "http"].contains(scheme) else { return "begins with \(scheme.prefix(16)):, not with https:" }
        guard let host = parts.host, !host.isEmpty else { return "names no host" }
        guard parts.user == nil, parts.password == nil else { return "has a user or a password in it, which belong into headers" }
        guard parts.fragment == nil else { return "has a part behind #, which is not sent" }
        if let port = parts.port, !(1...65_535).contains(port) { return "names the port \(port), which does not exist" }
        return nil
    }

    /// - Throws: where a name or a value is no header, or one that is the sender's own.
    package static func check(headers: [String: String]) throws(Fault) {
        var names: Set<String> = []
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            let path = "headers.\(name.prefix(64))"
            guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(isToken) else {
                throw Fault(.params, "\(path) is not the name of a header: it has 1 to 64 letters, digits and hyphens.", path: path)
            }
            guard !reserved.contains(name.lowercased()) else {
                throw Fault(.params, "\(path) is set by the sender itself; leave it out.", path: path)
            }
            guard names.insert(name.lowercased()).inserted else {
                throw Fault(.params, "\(path) is given twice, in other capitals.", path: path)
            }
            guard value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }), value.utf8.first != 0x20, value.utf8.last != 0x20 else {
                throw Fault(.params, "\(path) has characters that no header may have: it is printable ASCII.", path: path)
            }
        }
    }

    /// Source: RFC 9110 §5.6.2, of its tokens those that are used.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
