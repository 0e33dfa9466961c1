import Hummingbird
import Support
import Testing
import Vocabulary

@testable import GatewayCore

@Suite struct WrongKeysTests {
    private static let start = Timestamp(milliseconds: 1_790_000_000_000)

    @Test func anAddressWaitsForTheRestOfItsQuarterOfAnHour() {
        let keys = WrongKeys()
        for n in 0..<WrongKeys.tries {
            #expect(keys.wait("a", at: Self.start + .seconds(n)) == nil)
            keys.note("a", at: Self.start + .seconds(n))
        }
        #expect(keys.wait("a", at: Self.start + .minutes(5)) == .minutes(10) && keys.wait("b", at: Self.start + .minutes(5)) == nil)
        #expect(keys.wait("a", at: Self.start + .minutes(15)) == nil)
        #expect(keys.wait("a", at: Self.start - .hours(1)) == nil, "a clock that is set back keeps nobody waiting")
    }

    /// A program whose key has ended guesses nothing.
    @Test func theSameKeyOnceMoreIsNoOtherGuess() {
        let keys = WrongKeys(tries: 2)
        for _ in 0..<5 { keys.note("a", key: "x", at: Self.start) }
        #expect(keys.wait("a", at: Self.start) == nil)
        keys.note("a", key: "y", at: Self.start)
        #expect(keys.wait("a", at: Self.start) == WrongKeys.memory)
    }

    @Test func howeverManyAskLittleIsKept() {
        let keys = WrongKeys()
        for n in 0..<40_000 { keys.note("\(n)", at: Self.start + Milliseconds(Int64(n))) }
        #expect(keys.count <= 10_001)
        keys.note("x", at: Self.start + .hours(1))
        #expect(keys.count <= 10_001)
    }

    @Test(arguments: [
        ("192.0.2.7", [], "192.0.2.7"), ("192.0.2.7", ["198.51.100.1"], "192.0.2.7"), ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.1, 203.0.113.9"], "203.0.113.9"), ("::1", ["203.0.113.9", "198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["nonsense"], "127.0.0.1"), ("::ffff:192.0.2.7", [], "192.0.2.7"), ("::ffff:127.0.0.1", ["192.0.2.7"], "192.0.2.7"),
    ])
    func onlyAProxyOnThisHostIsBelieved(peer: String, forwarded: [String], address: String) {
        #expect(ClientAddress.of(peer: peer, forwarded: forwarded) == address)
    }

    @Test func aNetworkOfIPv6IsOneAddress() throws {
        func text(_ address: String) -> String {
            ClientAddress.of(peer: address, forwarded: [])
        }
        #expect(text("2001:db8:1:2::1") == text("2001:db8:1:2:ffff::9") && text("2001:db8:1:2::1") != text("2001:db8:1:3::1"))
        #expect(ClientAddress.of(peer: nil, forwarded: ["192.0.2.7"]).isEmpty)
    }

    @Test func aRequestKnowsFromWhereItComes() async throws {
        let router = Router(context: GatewayContext.self)
        router.get("/") { request, context in "\(context.address(of: request))\n" }
        try await LoopbackServer.run(router) { address in
            let socket = try RawSocket(port: UInt16(address.split(separator: ":").last ?? "") ?? 0)
            for (more, told) in [("", "127.0.0.1"), ("X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.7\r\n", "192.0.2.7")] {
                socket.send("GET / HTTP/1.1\r\nHost: t\r\n\(more)\r\n")
                var line = await socket.line()
                while let found = line, found != told, !found.isEmpty { line = await socket.line() }
                #expect(line == told)
            }
        }
    }
}
