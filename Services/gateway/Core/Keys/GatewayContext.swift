import HTTPTypes
import Hummingbird
import NIOCore

/// What is known of a request beside what it says.
struct GatewayContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// From where a request comes, as it is counted.
    func address(of request: Request) -> String {
        ClientAddress.of(peer: channel.remoteAddress?.ipAddress, forwarded: Self.forwarded.map { request.headers[values: $0] } ?? [])
    }

    /// Whether a browser came over TLS, the gateway's own or as a proxy says: a cookie of it is sent over nothing else.
    static func isSecure(_ request: Request) -> Bool {
        request.head.scheme == "https" || scheme.flatMap { request.headers[$0] }?.lowercased() == "https"
    }

    private static let scheme = HTTPField.Name("X-Forwarded-Proto")
    private static let forwarded = HTTPField.Name("X-Forwarded-For")
}
