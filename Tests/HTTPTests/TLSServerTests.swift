import Foundation
import HTTPServer
import Hummingbird
import NIOCore
import NIOSSL
import ServiceLifecycle
import Support
import Testing
import Vocabulary

/// A server that speaks TLS, and clients that do, do not, or do half of it.
@Suite(.timeLimit(.minutes(1))) struct TLSServerTests {
    private func certificate(_ pair: TestCertificate) throws -> ServedCertificate {
        ServedCertificate(try TLSIdentity(chain: Array(pair.chain.utf8), key: Array(pair.key.utf8)))
    }

    private func serve(
        certificate: ServedCertificate?, handshake: Duration = .seconds(10), _ body: (UInt16) async throws -> Void
    ) async throws {
        let router = Router(context: BasicRequestContext.self)
        router.get("scheme") { request, _ in request.head.scheme ?? "none" }
        router.get("socket") { request, _ in
            Response(
                status: .switchingProtocols,
                headers: [
                    .connection: "Upgrade", .upgrade: "websocket", .secWebSocketAccept: request.headers[.secWebSocketKey] ?? "",
                ],
                body: ResponseBody { writer in
                    try? await gracefulShutdown()  // the end of the connection ends it too
                    try await writer.finish(nil)
                })
        }
        try await LoopbackServer.serve(router, certificate: certificate, handshake: handshake, body)
    }

    @Test func aRequestComesOverTLSAndIsKnownToHave() async throws {
        try await serve(certificate: try certificate(.first)) { port in
            let client = try await TLSClient(port: port, trusting: .first)
            #expect(try await client.ask("/scheme") == "https")
            #expect(try await client.ask("/scheme") == "https", "on the same connection")
            #expect(client.agreedProtocol == "http/1.1")
        }
        try await serve(certificate: nil) { port in
            let plain = try RawSocket(port: port)
            plain.send("GET /scheme HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
            while await plain.line() != nil {}
            // The body, which ends no line.
            #expect(await plain.piece() == Data("http".utf8))
        }
    }

    /// Neither an answer nor an alert: whoever speaks no TLS could read neither.
    @Test(arguments: ["GET / HTTP/1.1\r\nHost: t\r\n\r\n", "OPTIONS * HTTP/1.1\r\n\r\n", "DELETE /v1/", "D"])
    func plainHTTPIsClosedWithoutAnAnswer(request: String) async throws {
        try await serve(certificate: try certificate(.first)) { port in
            let plain = try RawSocket(port: port)
            plain.send(request)
            #expect(await plain.ends())
        }
    }

    @Test func whatIsOlderThanTLS12IsRefused() async throws {
        try await serve(certificate: try certificate(.first)) { port in
            let old = try await TLSClient(port: port, trusting: .first, newest: .tlsv11)
            await #expect(throws: (any Error).self) { try await old.send(ByteBuffer(string: "GET /")) }
            let supported = try await TLSClient(port: port, trusting: .first, newest: .tlsv12)
            #expect(try await supported.ask("/scheme") == "https")
        }
    }

    /// A peer begins a handshake and never ends it.
    @Test func halfAHandshakeHoldsUpNobodyForLong() async throws {
        try await serve(certificate: try certificate(.first), handshake: .milliseconds(200)) { port in
            let half = try RawSocket(port: port)
            // The head of a record of 512 bytes, and of a ClientHello in it (RFC 8446, 5.1 and 4).
            half.send(Data([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]))
            let other = try await TLSClient(port: port, trusting: .first)
            #expect(try await other.ask("/scheme") == "https")
            #expect(await half.ends())
        }
    }

    /// One that says nothing at all, as most scanners do, is given no more time.
    @Test func whoSaysNothingIsClosedLikewise() async throws {
        try await serve(certificate: try certificate(.first), handshake: .milliseconds(200)) { port in
            let silent = try RawSocket(port: port)
            #expect(await silent.ends())
        }
    }

    @Test func anotherCertificateIsForNewConnections() async throws {
        let served = try certificate(.first)
        try await serve(certificate: served) { port in
            let early = try await TLSClient(port: port, trusting: .first)
            #expect(try await early.ask("/scheme") == "https")
            served.replace(with: try certificate(.second).current)
            #expect(try await early.ask("/scheme") == "https", "the connection goes on")
            let late = try await TLSClient(port: port, trusting: .second)
            #expect(try await late.ask("/scheme") == "https")
            let stale = try await TLSClient(port: port, trusting: .first)
            await #expect(throws: (any Error).self) { try await stale.send(ByteBuffer(string: "GET /")) }
        }
    }

    /// Frames are looked for in what TLS has opened.
    @Test func aWebSocketIsServedOverTLS() async throws {
        try await serve(certificate: try certificate(.first)) { port in
            let client = try await TLSClient(port: port, trusting: .first)
            let wish = "GET /socket HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            try await client.send(ByteBuffer(string: "\(wish)Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"))
            try await eventually("the upgrade") { client.text.hasPrefix("HTTP/1.1 101 ") && client.text.contains("\r\n\r\n") }
            // A ping of two bytes with a mask of zeros (RFC 6455, 5.2).
            try await client.send(ByteBuffer(bytes: [0x89, 0x82, 0, 0, 0, 0, 0x68, 0x69]))
            try await eventually("the pong") { client.text.hasSuffix("\u{8A}\u{02}hi") }
            try await client.close()
        }
    }
}
