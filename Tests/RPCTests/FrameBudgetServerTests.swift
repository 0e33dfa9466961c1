import Foundation
import Logging
import RPCContract
import Supervision
import Support
import Synchronization
import Testing

@testable import RPCTransport

/// The budget of bytes at work in a server.
@Suite(.timeLimit(.minutes(2))) struct FrameBudgetServerTests {
    /// Peers that send half and peers that read nothing end before memory does, and the others are served meanwhile.
    @Test func peersThatHoldTooMuchGiveWay() async throws {
        var limits = RPCLimits()
        limits.bytes = 4_000_000
        try await EchoServer().run(limits: limits) { server, served in
            var halves: [RawSocket] = []
            for _ in 0..<40 {
                let half = try RawSocket(server.path)
                half.offer(#"{"jsonrpc":"2.0","method":"test.echo","params":{"text":""# + String(repeating: "x", count: 100_000))
                halves.append(half)
            }
            let deaf = try RawSocket(server.path)
            let text = String(repeating: "y", count: 60_000)
            for id in 0..<100 {
                deaf.offer(#"{"jsonrpc":"2.0","method":"test.echo","params":{"text":"\#(text)"},"id":\#(id)}"# + "\n")
            }
            let client = server.client
            for number in 0..<50 {
                let reply = try await client.call(Echo.self, Echo.Params(text: text, number: number))
                #expect(reply.number == number)
            }
            #expect(served.heldBytes <= 4_000_000)
            #expect(try #require(await halves[0].line()).contains("-32000"), "the first to stall is told")
            #expect(await halves[0].line() == nil)
            await client.close()
            withExtendedLifetime(halves) {}
        }
    }

    /// Who reads nothing and gives way is gone a moment later, though what it was told cannot be written.
    @Test func whoGivesWayIsGoneWhetherItReadsOrNot() async throws {
        var limits = RPCLimits()
        limits.bytes = 200_000
        try await EchoServer().run(limits: limits) { server, served in
            let deaf = try RawSocket(server.path)
            let text = String(repeating: "y", count: 60_000)
            let calls = (0..<30).map { #"{"jsonrpc":"2.0","method":"test.echo","params":{"text":"\#(text)"},"id":\#($0)}"# + "\n" }
            deaf.sendMeanwhile(calls.joined())
            // Its own end finds the connection closed: writing fails.
            try await eventually("its end") { deaf.isBroken }
            try await eventually("nothing of it is held") { served.heldBytes == 0 }
        }
    }

    /// A batch whose replies are more than a frame is refused instead of held.
    @Test func aBatchAnswersWithAFrameAtMost() async throws {
        var limits = RPCLimits()
        limits.frameBytes = 350_000
        try await EchoServer().run(limits: limits) { server, served in
            let socket = try RawSocket(server.path)
            func batch(_ count: Int) -> String {
                let calls = (0..<count).map { #"{"jsonrpc":"2.0","method":"test.large","id":\#($0)}"# }
                return "[\(calls.joined(separator: ","))]\n"
            }
            socket.send(batch(3))
            #expect(try #require(await socket.line()).hasPrefix("[{"))
            for count in [4, 40] {
                socket.send(batch(count))
                let answer = try #require(await socket.line())
                #expect(answer.hasPrefix("{") && answer.contains("-32600"), "\(answer.prefix(200))")
            }
            socket.send(batch(1))
            #expect(try #require(await socket.line()).contains(#""id":0"#), "the connection goes on")
            try await eventually("nothing is held") { served.heldBytes == 0 }
        }
    }

    @Test func heldBytesComeBackToNothing() async throws {
        try await EchoServer().run { server, served in
            do {
                let socket = try RawSocket(server.path)
                socket.send("\n \n")
                socket.send(#"{"jsonrpc":"2.0","method":"test.echo","params":{"text":"a"}}"# + "\n")
                socket.send(#"[{"jsonrpc":"2.0","method":"test.echo","params":{"text":"a"}},1]"# + "\n")
                #expect(try #require(await socket.line()).contains("-32600"))
                socket.send(#"{"jsonrpc":"2.0","method":"test.echo","params":{"text":"a"},"id":1}"# + "\n")
                #expect(try #require(await socket.line()).contains(#""id":1"#))
                try await eventually("nothing is held by a connection that waits") { served.heldBytes == 0 }
                socket.send(#"{"jsonrpc":"2.0""#)
                try await eventually("the beginning of a frame") { served.heldBytes == 16 }
            }
            try await eventually("nothing is held by one that is gone") { served.heldBytes == 0 }
        }
    }
}
