import Foundation
import Supervision
import Support
import Testing

/// Whoever reaches the port may send what they like; the gateway's memory is not theirs.
@Suite(.timeLimit(.minutes(3))) struct GatewayMemoryTests {
    /// Of the 64 MiB that bodies may have together, as buffers grow in powers of two and are copied once; 921 MB without a bound.
    private static let most = 320 << 20
    private static let connections = 300

    /// Without a signature nothing of a body is read, and bodies that only look signed share the room that all have.
    @Test func unsignedAndSlowBodiesTakeLittleMemory() async throws {
        try await ProcessFixture.run("gateway") { gateway in
            let webhook = Webhook(url: "http://127.0.0.1:\(gateway.httpPort)/webhooks/whatsapp", secret: "s")
            let piece = String(repeating: "x", count: 64 << 10)
            for n in 0..<Self.connections {
                let peer = try RawSocket(port: gateway.httpPort)
                peer.offer(Self.head(signature: n % 2 == 0 ? nil : "sha256=none") + piece)
                #expect(await peer.line()?.contains(" 401 ") == true, "connection \(n)")
            }
            var slow: [RawSocket] = []
            for _ in 0..<Self.connections {
                let peer = try RawSocket(port: gateway.httpPort)
                peer.offer(Self.head(signature: "sha256=\(String(repeating: "0", count: 64))"))
                slow.append(peer)
            }
            // A megabyte each, which is more than all of them may have together.
            for round in 0..<16 {
                for peer in slow { peer.offer(piece) }
                let status = try await webhook.post(#"{"entry":[{"id":"\#(round)","changes":[{"field":"filler","value":"\#(piece)"}]}]}"#)
                #expect(status == 200, "round \(round)")
                let (now, peak) = (try Self.memory("VmRSS", of: gateway.child.pid), try Self.memory("VmHWM", of: gateway.child.pid))
                #expect(now < Self.most && peak < Self.most, "round \(round): \(now >> 20) MB, \(peak >> 20) MB at most")
            }
            withExtendedLifetime(slow) {}
        }
    }

    private static func head(signature: String?) -> String {
        let line = signature.map { "X-Hub-Signature-256: \($0)\r\n" } ?? ""
        return "POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 3145728\r\n\(line)\r\n"
    }

    /// What the kernel says of a process, in bytes.
    private static func memory(_ name: String, of process: Int32) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("\(name):") })
        return try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }) << 10
    }
}
