import Foundation
import Logging
import RPCContract
import Supervision
import Support
import Synchronization
import Testing

@testable import RPCTransport

@Suite(.timeLimit(.minutes(2))) struct RPCServerTests {
    @Test func callsAreAnsweredOverOneConnection() async throws {
        try await EchoServer().run { server, _ in
            let client = server.client
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<500 {
                    group.addTask {
                        let reply = try await client.call(Echo.self, Echo.Params(text: "n\(index)", number: index))
                        #expect(reply.number == index)
                    }
                }
                try await group.waitForAll()
            }
            await client.close()
        }
    }

    @Test(arguments: [
        (#"{"#, "-32700"), (#"not json"#, "-32700"), (#"{"jsonrpc":"2.0","method":1,"id":1}"#, "-32600"), (#"[]"#, "-32600"),
        ("1", "-32600"), (#"{"jsonrpc":"2.0","method":"test.echo","params":{"text":"a"},"id":1x}"#, "-32700"),
        (#"{"jsonrpc":"2.0","method":"test.echo","params":{"text":"a","x":@@},"id":1}"#, "-32700"),
        (#"[{"jsonrpc":"2.0","method":"test.echo","params":{"text":"a"},"id":1}] x"#, "-32700"),
        (#"{"jsonrpc":"2.0","method":"nothing.here","id":1}"#, "-32601"),
        (#"{"jsonrpc":"2.0","method":"test.ehco","id":1}"#, "did you mean test.echo?"),
        (#"{"jsonrpc":"1.0","method":"test.echo","id":1}"#, "-32600"),
        (#"{"jsonrpc":"2.0","method":"test.echo","params":["a"],"id":1}"#, "-32602"),
        (#"{"jsonrpc":"2.0","method":"test.echo","params":{"text":5},"id":1}"#, #""path":"text""#),
        (#"{"jsonrpc":"2.0","method":"test.echo","params":{"text":"a","number":"x"},"id":1}"#, #""path":"number""#),
        (#"{"jsonrpc":"2.0","method":"test.echo","params":{"text":"bad"},"id":1}"#, #""path":"text""#),
        (#"{"jsonrpc":"2.0","method":"test.echo","params":{},"id":1}"#, "is missing"),
        (#"{"jsonrpc":"2.0","method":"test.echo","params":{"text":"a","_meta":{"deadlineMs":"x"}},"id":1}"#, #""path":"_meta.deadlineMs""#),
        (
            #"{"jsonrpc":"2.0","method":"test.echo","params":{"text":"a","_meta":{"worksapce":"x"}},"id":1}"#,
            "_meta.worksapce is not known: did you mean workspace?"
        ),
        (#"{"jsonrpc":"2.0","method":"test.echo","params":{"text":"a","_meta":{"requestKey":"k"}},"id":1}"#, #""result":{"text":"a"}"#),
        (
            #"{"jsonrpc":"2.0","method":"test.keyed","params":{"requestKey":"k","_meta":{"requestKey":"k"}},"id":1}"#,
            #""path":"_meta.requestKey""#
        ),
        (#"{"jsonrpc":"2.0","method":"test.undeclared","id":1}"#, "-32603"),
    ])
    func whatIsWrongIsToldByCodeAndPlace(frame: String, expected: String) async throws {
        try await EchoServer().run { server, _ in
            let socket = try RawSocket(server.path)
            socket.send(frame + "\n")
            let answer = try #require(await socket.line())
            #expect(answer.contains(expected), "\(answer)")
            // The connection goes on.
            socket.send(#"{"jsonrpc":"2.0","method":"test.echo","params":{"text":"still"},"id":"x"}"# + "\n")
            #expect(try #require(await socket.line()) == #"{"jsonrpc":"2.0","id":"x","result":{"text":"still"}}"#)
        }
    }

    @Test func batchesAndNotificationsFollowTheSpecification() async throws {
        try await EchoServer().run { server, _ in
            let socket = try RawSocket(server.path)
            socket.send(#"{"jsonrpc":"2.0","method":"test.echo","params":{"text":"silent"}}"# + "\n")
            socket.send(
                #"[{"jsonrpc":"2.0","method":"test.echo","params":{"text":"a"},"id":1},{"jsonrpc":"2.0","method":"test.echo","params":{"text":"n"}},7]"#
                    + "\n"
            )
            let line = try #require(await socket.line())
            let replies = try #require(try JSON.decode(JSONValue.self, from: line).array)
            #expect(replies.count == 2)
            #expect(replies.contains { $0["id"] == 1 && $0["result"]?["text"] == "a" })
            #expect(replies.contains { $0["error"]?["code"] == -32600 })
            // A peer that closes its writing side still gets its answer.
            socket.send(#"{"jsonrpc":"2.0","method":"test.echo","params":{"text":"last"},"id":9}"# + "\n")
            socket.closeWriting()
            #expect(try #require(await socket.line()).contains("last"))
            #expect(await socket.line() == nil)
        }
    }

    @Test func anOversizedFrameIsAnsweredAndTheConnectionClosed() async throws {
        var limits = RPCLimits()
        limits.frameBytes = 1000
        try await EchoServer().run(limits: limits) { server, _ in
            let socket = try RawSocket(server.path)
            socket.send(String(repeating: "x", count: 5000))
            #expect(try #require(await socket.line()).contains("-32004"))
            #expect(await socket.line() == nil)
        }
    }

    @Test func moreCallsThanAllowedAreRefusedNotHung() async throws {
        var limits = RPCLimits()
        limits.inFlight = 4
        try await EchoServer().run(limits: limits) { server, _ in
            let socket = try RawSocket(server.path)
            for id in 1...6 { socket.send(#"{"jsonrpc":"2.0","method":"test.wait","id":\#(id)}"# + "\n") }
            for _ in 5...6 { #expect(try #require(await socket.line()).contains("-32000")) }
            // Taking a call back frees its place.
            socket.send(#"{"jsonrpc":"2.0","method":"call.cancel","params":{"id":2}}"# + "\n")
            let answer = try #require(await socket.line())
            #expect(answer.contains("-32006") && answer.contains(#""id":2"#), "\(answer)")
        }
    }

    @Test func callsEndWithTheirCallerAndTheirDeadline() async throws {
        try await EchoServer().run { server, _ in
            do {
                let socket = try RawSocket(server.path)
                socket.send(#"{"jsonrpc":"2.0","method":"test.wait","id":1}"# + "\n")
                try await eventually("start of the call") { server.started.withLock { $0 } == 1 }
            }
            try await eventually("cancellation of the caller's call") { server.cancelled.withLock { $0 } == 1 }
            let client = server.client
            let fault = await #expect(throws: Fault.self) { try await client.call(Wait.self, Nothing(), deadline: .milliseconds(50)) }
            #expect(fault?.code == .deadline)
            try await eventually("cancellation at the deadline") { server.cancelled.withLock { $0 } == 2 }
            await client.close()
        }
    }

    @Test func eachCallEndsAtItsOwnDeadlineWhicheverCameFirst() async throws {
        try await EchoServer().run { server, _ in
            let client = server.client
            let ended = await withTaskGroup(of: Int.self) { group in
                for allowed in [900, 100, 500] {
                    group.addTask {
                        let fault = await #expect(throws: Fault.self) {
                            try await client.call(Wait.self, Nothing(), deadline: .milliseconds(allowed))
                        }
                        #expect(fault?.code == .deadline)
                        return allowed
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(ended == [100, 500, 900])
            try await eventually("cancellation of all three") { server.cancelled.withLock { $0 } == 3 }
            await client.close()
        }
    }

    /// Whoever waits for the outer call hears which process was silent, and not only that somebody was.
    @Test func aCallThatIsMadeForAnotherEndsBeforeIt() async throws {
        #expect(RPCClient.allowed(.seconds(10), within: nil) == .seconds(10))
        #expect(RPCClient.allowed(.seconds(10), within: .seconds(10)) == .milliseconds(9500))
        #expect(RPCClient.allowed(.seconds(1), within: .seconds(10)) == .seconds(1))
        #expect(RPCClient.allowed(.seconds(10), within: .milliseconds(200)) == .milliseconds(180))
        try await EchoServer().run { server, _ in
            let client = RPCClient(path: server.path, name: "test", process: "neighbour")
            // The connection is open before the time runs.
            _ = try await client.call(Echo.self, Echo.Params(text: "a"))
            let outer = CallContext(id: "outer", meta: CallMeta(), end: .now + .milliseconds(200))
            let fault = await CallContext.$current.withValue(outer) {
                await #expect(throws: Fault.self) { try await client.call(Wait.self, Nothing()) }
            }
            #expect(fault?.code == .deadline && fault?.message.hasPrefix("neighbour did not answer test.wait in ") == true)
            await client.close()
        }
    }

    @Test func aCallThatFindsNoPlaceEndsInTime() async throws {
        try await EchoServer().run { server, _ in
            let client = RPCClient(path: server.path, name: "test", process: "server", inFlight: 1)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await client.call(Wait.self, Nothing()) }  // cancelled below
                try await eventually("start of the call") { server.started.withLock { $0 } == 1 }
                let late = await #expect(throws: Fault.self) {
                    try await client.call(Echo.self, Echo.Params(text: "a"), deadline: .milliseconds(50))
                }
                #expect(late?.code == .deadline)
                let waiting = Task { try await client.call(Echo.self, Echo.Params(text: "a")) }
                try await eventually("a call that waits") { client.places.waitingCount == 1 }
                waiting.cancel()
                let withdrawn = await #expect(throws: Fault.self) { try await waiting.value }
                #expect(withdrawn?.code == .cancelled)
                group.cancelAll()
            }
            // The place is free again, and neither of those two holds it.
            #expect(try await client.call(Echo.self, Echo.Params(text: "b")).text == "b")
            await client.close()
        }
    }

    @Test func peersAreHeldToTheirAllowList() async throws {
        try await EchoServer().run(policy: PeerPolicy { _ in .process(.gateway) }) { server, _ in
            let client = server.client
            _ = try await client.call(Echo.self, Echo.Params(text: "allowed"))
            let fault = await #expect(throws: Fault.self) { try await client.call(Wait.self, Nothing()) }
            #expect(fault?.code == .peer)
            await client.close()
        }
        try await EchoServer().run(policy: PeerPolicy { _ in .unknown }) { server, _ in
            let client = server.client
            let fault = await #expect(throws: Fault.self) { try await client.call(Echo.self, Echo.Params(text: "a")) }
            #expect(fault?.code == .peer)
            await client.close()
        }
    }

    @Test func drainFinishesWhatIsInFlight() async throws {
        try await EchoServer().run { server, rpc in
            let client = server.client
            _ = try await client.call(Echo.self, Echo.Params(text: "a"))
            let waiting = Task { try await client.call(Wait.self, Nothing(), deadline: .milliseconds(400)) }
            try await eventually("start of the call") { server.started.withLock { $0 } == 1 }
            rpc.drain()
            let fault = await #expect(throws: Fault.self) { try await waiting.value }
            #expect(fault?.code == .deadline)
            await client.close()
        }
    }

    /// An answer that the caller's connection would not survive is refused, and the next call is served.
    @Test func anAnswerThatNoFrameTakesIsRefused() async throws {
        var limits = RPCLimits()
        limits.frameBytes = 50_000
        try await EchoServer().run(limits: limits) { server, _ in
            let client = server.client
            let fault = await #expect(throws: Fault.self) { try await client.call(Large.self, Nothing()) }
            #expect(fault?.code == .frame && fault?.message.contains("ask for fewer") == true, "\(fault as Any)")
            let next = try await client.call(Echo.self, Echo.Params(text: "a"))
            #expect(next.text == "a")
            await client.close()
        }
    }

    /// A process that ends with each try may end because of the call: it is given up and says so.
    @Test func aCallThatNoProcessSurvivesIsGivenUp() async throws {
        let folder = try Machine.temporaryFolder()
        let descriptor = try Listener.unix(path: "\(folder)/t.sock")
        let taken = Atomic(0)
        let ends = Thread {
            while case let peer = accept(descriptor, nil, nil), peer >= 0 {
                var bytes = [UInt8](repeating: 0, count: 4096)
                if read(peer, &bytes, bytes.count) > 0 { taken.add(1, ordering: .relaxed) }
                close(peer)
            }
        }
        ends.start()
        let client = RPCClient(path: "\(folder)/t.sock", name: "test", process: "server")
        let fault = await #expect(throws: Fault.self) { try await client.call(Echo.self, Echo.Params(text: "a")) }
        #expect(fault?.code == .lost && taken.load(ordering: .relaxed) == 3)
        await client.close()
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
        try FileManager.default.removeItem(atPath: folder)
    }

    /// Neither a follower without an id nor a peer that does not read keeps a process from ending.
    @Test func noPeerHoldsUpTheEnd() async throws {
        try await EchoServer().run { server, rpc in
            let follower = try RawSocket(server.path)
            follower.send(#"{"jsonrpc":"2.0","method":"test.wait"}"# + "\n")
            try await eventually("start of the call") { server.started.withLock { $0 } == 1 }
            let deaf = try RawSocket(server.path)
            let text = String(repeating: "x", count: 10_000)
            for id in 0..<200 {
                deaf.offer(#"{"jsonrpc":"2.0","method":"test.echo","params":{"text":"\#(text)"},"id":\#(id)}"# + "\n")
            }
            rpc.drain()
        }
    }

    /// A reply many times larger than the socket's buffer comes whole to a caller that has closed its sending side.
    @Test func aLargeReplyIsNotCut() async throws {
        try await EchoServer().run { server, _ in
            let socket = try RawSocket(server.path)
            let text = String(repeating: "x", count: 2_000_000)
            // The last line needs no newline.
            socket.send(#"{"jsonrpc":"2.0","method":"test.echo","params":{"text":"\#(text)"},"id":1}"#)
            socket.closeWriting()
            let reply = try JSON.decode(JSONValue.self, from: try #require(await socket.line()))
            #expect(reply["result"]?["text"]?.string == text)
            #expect(await socket.line() == nil)
        }
    }

    @Test func idsNest() async throws {
        let seen = Mutex<[String]>([])
        var router = RPCRouter()
        router.on(Echo.self) { params, call in
            seen.withLock { $0.append(call.context.id) }
            return params
        }
        let folder = try Machine.temporaryFolder()
        let server = RPCServer(
            router: router, policy: PeerPolicy { _ in .trusted }, logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() }
        )
        let descriptor = try Listener.unix(path: "\(folder)/t.sock")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run(descriptor: descriptor) }
            let client = RPCClient(path: "\(folder)/t.sock", name: "router", process: "t")
            try await CallContext.$current.withValue(CallContext(id: "gateway:inbound#81", meta: CallMeta(workspace: "w"))) {
                _ = try await client.call(Echo.self, Echo.Params(text: "a"))
            }
            await client.close()
            server.drain()
            try await group.waitForAll()
        }
        let id = try #require(seen.withLock { $0.first })
        #expect(id.hasPrefix("gateway:inbound#81/router:test.echo#"))
        try FileManager.default.removeItem(atPath: folder)
    }
}
