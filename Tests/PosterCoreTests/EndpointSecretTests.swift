import Foundation
import PosterContract
import RPCContract
import Testing
import Vocabulary

@testable import PosterCore

/// Signatures as receivers check them.
@Suite struct EndpointSecretTests {
    /// Source: the test of Standard Webhooks' own libraries.
    @Test func aKnownSignatureIsMade() {
        let secret = EndpointSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        let body = Data(#"{"test": 2432232314}"#.utf8)
        let signature = secret.signature(of: body, id: "msg_p5jXN8AQM9LWM0D4loKWxJek", at: Timestamp(seconds: 1_614_265_330))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func aNewSecretHas24BytesOfItsOwn() throws {
        let secrets = (0..<50).map { _ in EndpointSecret.make().text }
        #expect(Set(secrets).count == 50)
        for secret in secrets { #expect(secret.hasPrefix("whsec_") && Data(base64Encoded: String(secret.dropFirst(6)))?.count == 24) }
    }

    /// While secrets overlap a receiver that knows either finds its signature.
    @Test func everySecretInForceSigns() throws {
        let now = Timestamp(milliseconds: 1_790_000_000_500)
        let (new, old, ended) = (EndpointSecret.make(), EndpointSecret.make(), EndpointSecret.make())
        let endpoint = PostedEndpoint(
            id: "e", workspace: "w", url: "https://shop.example/", headers: ["X-Shop": "berlin"], rate: nil, state: .enabled,
            signings: [.init(secret: new), .init(secret: old, until: now + 1), .init(secret: ended, until: now)])
        let event = PostedEvent(id: "evt_1", type: "order.created", subject: "s", at: now, data: ["a": 1])
        let (headers, body) = event.request(to: endpoint, at: now)
        let signatures = [new, old].map { $0.signature(of: body, id: "evt_1", at: now) }
        #expect(headers.contains("webhook-signature: \(signatures.joined(separator: " "))"))
        #expect(headers.contains("webhook-id: evt_1") && headers.contains("webhook-timestamp: 1790000000"))
        #expect(headers.contains("X-Shop: berlin") && headers.contains("Content-Type: application/json"))
        let payload = try JSON.decode(JSONValue.self, from: body)
        #expect(
            payload == [
                "type": "order.created", "timestamp": "2026-09-21T14:13:20.500Z", "version": 1, "workspace": "w", "subject": "s",
                "data": ["a": 1],
            ], "\(payload)")
    }
}
