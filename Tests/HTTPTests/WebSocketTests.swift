import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOWebSocket
import Support
import Testing

@testable import HTTPServer

/// The protocol of WebSockets, piece by piece and on a real socket.
@Suite(.timeLimit(.minutes(1))) struct WebSocketTests {
    private func head(_ fields: HTTPFields, _ method: HTTPTypes.HTTPRequest.Method = .get) -> HTTPTypes.HTTPRequest {
        HTTPTypes.HTTPRequest(method: method, scheme: nil, authority: nil, path: "/", headerFields: fields)
    }

    private let wish: HTTPFields = [
        .connection: "keep-alive, Upgrade", .upgrade: "WebSocket", .secWebSocketVersion: "13",
        .secWebSocketKey: "dGhlIHNhbXBsZSBub25jZQ==",
    ]

    @Test func aHandshakeIsAnsweredOrSaysWhatIsWrong() throws {
        let fields = try WebSocketHandshake.fields(answering: head(wish))
        #expect(fields[.secWebSocketAccept] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" && fields[.upgrade] == "websocket")
        #expect(WebSocketHandshake.isWished(head(wish)) && !WebSocketHandshake.isWished(head(wish, .post)))
        for (name, value) in [
            (HTTPField.Name.secWebSocketVersion, "8"), (.secWebSocketKey, "short"), (.secWebSocketKey, "no base64 at all!"),
        ] {
            var wrong = wish
            wrong[name] = value
            #expect(throws: WebSocketHandshake.Flaw.self) { try WebSocketHandshake.fields(answering: head(wrong)) }
        }
        for (name, value) in [(HTTPField.Name.connection, "keep-alive"), (.upgrade, "h2c")] {
            var other = wish
            other[name] = value
            #expect(!WebSocketHandshake.isWished(head(other)), "\(value)")
        }
    }

    @Test(arguments: [0, 1, 125, 126, 65_535, 65_536]) func aFrameSaysHowLongItIs(length: Int) throws {
        let payload = Data((0..<length).map { UInt8(truncatingIfNeeded: $0) })
        var frames = ServerFrames()
        let bytes = Array(WebSocketFrames.frame(.text, payload).readableBytesView)
        frames.add(bytes.dropLast())
        if length > 0 { #expect(frames.next() == nil) }
        frames.add(bytes.suffix(1))
        #expect(frames.next() == ServerFrames.Frame(opcode: 1, payload: payload) && frames.next() == nil)
    }

    @Test func aReasonFitsIntoTheFrameThatCloses() {
        var frames = ServerFrames()
        frames.add(WebSocketFrames.close(1013, String(repeating: "ü", count: 100)).readableBytesView)
        let payload = frames.next()?.payload ?? Data()
        #expect(payload.count == 124 && payload.prefix(2) == Data([0x03, 0xF5]))
        #expect(String(validating: payload.dropFirst(2), as: UTF8.self)?.count == 61)
    }

    private static let mask: WebSocketMaskingKey = [1, 2, 3, 4]

    private func frame(_ opcode: WebSocketOpcode, _ bytes: [UInt8] = []) -> WebSocketFrame {
        var data = ByteBuffer(bytes: bytes)
        data.webSocketMask(Self.mask)
        return WebSocketFrame(fin: true, opcode: opcode, maskKey: Self.mask, data: data)
    }

    @Test func aClientPingsPongsAndCloses() {
        var conduct = WebSocketConduct()
        #expect(conduct.take(frame(.ping, [9, 8])) == .pong(ByteBuffer(bytes: [9, 8])))
        #expect(conduct.take(frame(.pong)) == .nothing)
        for (payload, code) in [([], 1000), ([0x03, 0xE9], 1001), ([0x0F, 0xA0, 65], 4000), ([0x03, 0xED], 1002), ([3], 1002)]
            as [([UInt8], UInt16)]
        {
            #expect(conduct.take(frame(.connectionClose, payload)) == .end(code))
        }
    }

    @Test func aClientThatDoesAnythingElseIsRefused() {
        func code(_ frame: WebSocketFrame) -> UInt16? {
            var conduct = WebSocketConduct()
            guard case .refuse(let code, let reason) = conduct.take(frame) else { return nil }
            #expect(reason.utf8.count <= 123)
            return code
        }
        #expect(code(frame(.text, [65])) == 1003 && code(frame(.binary)) == 1003)
        #expect(code(WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer())) == 1002, "not masked")
        #expect(code(WebSocketFrame(fin: true, rsv1: true, opcode: .ping, maskKey: Self.mask, data: ByteBuffer())) == 1002)
        #expect(code(frame(.continuation)) == 1002)
        var conduct = WebSocketConduct()
        for _ in 0..<WebSocketConduct.framesPerBeat { #expect(conduct.take(frame(.pong)) == .nothing) }
        #expect(conduct.take(frame(.pong)) == .refuse(1008, "too many frames"))
    }

    @Test func whoLeavesTwoPingsUnansweredIsGone() {
        var conduct = WebSocketConduct()
        for _ in 0..<5 {
            #expect(conduct.beat() == .ping && conduct.beat() == .ping)
            _ = conduct.take(frame(.pong))
        }
        #expect(conduct.beat() == .ping && conduct.beat() == .ping && conduct.beat() == .refuse(1008, "2 pings were not answered"))
    }

    /// Nothing can follow a request that wishes for another protocol: its decoder has stopped.
    @Test(arguments: ["h2c", "websocket"]) func whoIsNotUpgradedIsAnsweredAndClosed(protocol name: String) async throws {
        try await TestServer.run { address in
            let socket = try RawSocket(port: UInt16(address.split(separator: ":").last ?? "") ?? 0)
            let upgrade = "Connection: Upgrade\r\nUpgrade: \(name)\r\n"
            let post = "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n"
            // The first is answered as ever, though the other is on its way already.
            socket.send("\(post)\r\na\n\(post)\(upgrade)\r\nb\n\(post)\r\nc\n")
            var lines: [String] = []
            while let line = await socket.line() { lines.append(line.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()) }
            #expect(lines.filter { ["a", "b", "c"].contains($0) } == ["a", "b"], "\(lines)")
            #expect(lines.filter { $0.hasPrefix("connection:") } == ["connection: close"], "\(lines)")
        }
    }
}
