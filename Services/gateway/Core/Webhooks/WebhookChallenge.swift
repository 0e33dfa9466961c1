import Crypto
import Foundation
import Hummingbird
import ServiceKit

/// Answers the request with which Meta checks that the webhook's address is ours.
///
/// Source: Meta, webhooks: create a webhook endpoint.
struct WebhookChallenge: Sendable {
    let path: String
    let verifyTokens: [Secret]

    func add(to router: Router<GatewayContext>) {
        router.get(RouterPath(path)) { request, _ in answer(request) }
    }

    func answer(_ request: Request) -> Response {
        let query = request.uri.queryParameters
        guard query["hub.mode"].map(String.init) == "subscribe", let token = query["hub.verify_token"],
            let challenge = query["hub.challenge"],
            verifyTokens.contains(where: { Self.isEqual(String(token), $0.reveal()) })
        else { return .text(.forbidden, "hub.verify_token is not the one configured in the credential meta-verify-token\n") }
        return .text(.ok, String(challenge.prefix(1024)))
    }

    /// Compares in constant time by comparing digests.
    private static func isEqual(_ left: String, _ right: String) -> Bool {
        SHA256.hash(data: Data(left.utf8)) == SHA256.hash(data: Data(right.utf8))
    }
}
