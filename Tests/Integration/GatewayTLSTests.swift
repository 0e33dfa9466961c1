import Foundation
import GatewayContract
import RPCContract
import RPCTransport
import Supervision
import Support
import Testing

/// The gateway with a certificate of its own, as one without a proxy runs it.
@Suite(.timeLimit(.minutes(1))) struct GatewayTLSTests {
    @Test func aReloadTakesTheNewCertificateWithoutARestart() async throws {
        try await ProcessFixture.run(
            "gateway",
            environment: { ["LINDA_GATEWAY_TLS_CERTIFICATE": "\($0)/tls.pem", "LINDA_GATEWAY_TLS_KEY": "\($0)/tls.key"] },
            prepare: { try TestCertificate.first.write(into: $0) }
        ) { gateway in
            let early = try await TLSClient(port: gateway.httpPort, trusting: .first)
            #expect(try await early.ask("/readyz") == "ready")
            let client = gateway.client(GatewayContract.self)
            func health() async throws -> ServiceHealth.Check? {
                try await client.call(ServiceHealth.self, Nothing()).checks.first { $0.name == "certificate" }
            }
            #expect(try await health()?.healthy == true)

            try TestCertificate(chain: TestCertificate.second.chain, key: TestCertificate.first.key).write(into: gateway.folder)
            gateway.child.signal(SIGHUP)
            try await eventually("the trouble") { try await health()?.detail?.contains("is not the key of the first certificate") == true }
            #expect(gateway.logs.lines().filter { $0.contains("a certificate cannot be taken from its files") }.count == 1)

            try TestCertificate.second.write(into: gateway.folder)
            gateway.child.signal(SIGHUP)
            try await eventually("the new certificate") { try await health()?.healthy == true }
            let late = try await TLSClient(port: gateway.httpPort, trusting: .second)
            #expect(try await late.ask("/readyz") == "ready")
            #expect(try await early.ask("/readyz") == "ready", "the old connection goes on")
            for client in [early, late] { try await client.close() }
            await client.close()
        }
    }

    @Test func withoutItsKeyItDoesNotStart() async throws {
        let refusal = try await ProcessFixture.refusal(
            "gateway", credentials: ["meta-app-secret": "s", "meta-verify-token": "v", "admin-key": "k"],
            arguments: ["--set", "tls.certificate=/nowhere/tls.pem", "--set", "tls.key=/nowhere/tls.key"])
        #expect(refusal.ending == .exited(78) && refusal.lines.contains { $0.contains("/nowhere/tls.pem cannot be read") }, "\(refusal)")
    }
}
