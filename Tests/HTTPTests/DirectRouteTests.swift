import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import ServiceLifecycle
import Supervision
import Support
import Synchronization
import Testing

@testable import HTTPServer

/// Answers what it was sent, when it is told to.
private final class Echo: DirectRoute {
    let method = HTTPTypes.HTTPRequest.Method.post
    let path = "/hook"
    let bodyLimit = 1000
    let budget: BodyBudget
    let tooLarge = Atomic(0)
    let crowded = Atomic(0)
    /// Answers that wait; nil where every request is answered at once.
    private let waiting: Mutex<[@Sendable () -> Void]?>

    init(waits: Bool, room: Int = 1_000_000) {
        waiting = Mutex(waits ? [] : nil)
        budget = BodyBudget(bytes: room)
    }

    func refusal(of head: HTTPTypes.HTTPRequest) -> DirectResponse? {
        head.headerFields[.authorization] == "no" ? DirectResponse(.unauthorized, "a\n") : nil
    }

    func answer(_ head: HTTPTypes.HTTPRequest, _ body: ByteBuffer, _ respond: @escaping @Sendable (DirectResponse) -> Void) {
        let answer: @Sendable () -> Void = { respond(DirectResponse(.ok, String(buffer: body) + "\n")) }
        let isHeld = waiting.withLock { waiting in
            waiting?.append(answer)
            return waiting != nil
        }
        if !isHeld { answer() }
    }

    func refusedTooLarge() { tooLarge.add(1, ordering: .relaxed) }
    func refusedForRoom() { crowded.add(1, ordering: .relaxed) }

    var waitingCount: Int { waiting.withLock { $0?.count ?? 0 } }

    func release() {
        let answers = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting ?? []
        }
        answers.forEach { $0() }
    }
}

@Suite(.timeLimit(.minutes(2))) struct DirectRouteTests {
    private func serve(_ route: Echo, _ body: @Sendable (RawSocket, ServiceGroup) async throws -> Void) async throws {
        let folder = try Machine.temporaryFolder()
        let router = Router(context: BasicRequestContext.self)
        router.get("hello") { _, _ in "router\n" }
        router.post("echo") { request, _ in
            let body = try await request.body.collect(upTo: 100)
            return "router \(String(buffer: body))\n"
        }
        let logger = Logger(label: "t") { _ in SwiftLogNoOpLogHandler() }
        let server = SocketServer(descriptor: try Listener.unix(path: "\(folder)/h.sock"), router: router, direct: route, logger: logger)
        let group = ServiceGroup(services: [server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await body(try RawSocket("\(folder)/h.sock"), group)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        try FileManager.default.removeItem(atPath: folder)
    }

    private func post(_ path: String, _ body: String, _ more: String = "") -> String {
        "POST \(path) HTTP/1.1\r\nHost: t\r\nContent-Length: \(body.utf8.count)\r\n\(more)\r\n\(body)"
    }

    /// Status lines and bodies, in their order; fewer where the connection ends.
    private func answers(_ socket: RawSocket, _ count: Int) async -> [String] {
        var found: [String] = []
        while found.count < count, let line = await socket.line()?.trimmingCharacters(in: .whitespaces) {
            if line.hasPrefix("HTTP/1.1 ") { found.append(String(line.dropFirst(9).prefix(3))) }
            if ["a", "b", "c"].contains(line) || line.hasPrefix("router") { found.append(line) }
        }
        return found
    }

    @Test func pipelinedRequestsAreAnsweredInTheirOrderWhoeverAnswersThem() async throws {
        let route = Echo(waits: false)
        try await serve(route) { socket, _ in
            let hello = "GET /hello HTTP/1.1\r\nHost: t\r\n\r\n"
            socket.send(post("/hook", "a") + hello + post("/echo", "x") + post("/hook?q=1", "b") + post("/hook", "c") + hello)
            #expect(
                await answers(socket, 12)
                    == ["200", "a", "200", "router", "200", "router x", "200", "b", "200", "c", "200", "router"]
            )
        }
    }

    /// Refused by its head, a request is answered before its body has come, and nothing of that is held.
    @Test func whoIsRefusedByTheHeadIsNotListenedTo() async throws {
        let route = Echo(waits: false)
        try await serve(route) { socket, _ in
            socket.send("POST /hook HTTP/1.1\r\nHost: t\r\nAuthorization: no\r\nContent-Length: 900\r\n\r\nx")
            #expect(await answers(socket, 2) == ["401", "a"])
            #expect(route.budget.used == 0)
            #expect(await socket.line() == nil, "and the connection is closed")
        }
    }

    /// Half a body that never ends holds its room until somebody else needs it.
    @Test func whoSendsLongestWithoutAnEndGivesWay() async throws {
        let route = Echo(waits: false, room: 1000)
        try await serve(route) { socket, _ in
            socket.send("POST /hook HTTP/1.1\r\nHost: t\r\nContent-Length: 900\r\n\r\n" + String(repeating: "x", count: 600))
            try await eventually("half a body") { route.budget.used == 600 }
            let other = try RawSocket(socket.path)
            other.send(post("/hook", String(repeating: "y", count: 700)))
            #expect(await other.line()?.contains("200") == true)
            #expect(await answers(socket, 1) == ["503"])
            try await eventually("room for all") { route.budget.used == 0 && route.crowded.load(ordering: .relaxed) == 1 }
        }
    }

    /// What has come as a whole and waits is not taken away: the new one is refused.
    @Test func whatWaitsForItsAnswerKeepsItsRoom() async throws {
        let route = Echo(waits: true, room: 1000)
        try await serve(route) { socket, _ in
            socket.send(post("/hook", String(repeating: "x", count: 600)))
            try await eventually("a request that waits") { route.waitingCount == 1 }
            let other = try RawSocket(socket.path)
            other.send(post("/hook", String(repeating: "y", count: 700)))
            #expect(await other.line()?.contains("503") == true)
            route.release()
            #expect(await socket.line()?.contains("200") == true)
            try await eventually("room for all") { route.budget.used == 0 }
            // Gone in the middle, a peer leaves nothing behind.
            do {
                let third = try RawSocket(socket.path)
                third.send("POST /hook HTTP/1.1\r\nHost: t\r\nContent-Length: 900\r\n\r\nzzz")
                try await eventually("a little") { route.budget.used == 3 }
            }
            try await eventually("nothing") { route.budget.used == 0 }
        }
    }

    @Test func whatFollowsAnUnansweredRequestWaits() async throws {
        let route = Echo(waits: true)
        try await serve(route) { socket, _ in
            socket.send(post("/hook", "a") + post("/hook", "b") + "GET /hello HTTP/1.1\r\nHost: t\r\n\r\n")
            for _ in 1...2 {
                try await eventually("the one request that may wait") { route.waitingCount == 1 }
                route.release()
            }
            #expect(await answers(socket, 6) == ["200", "a", "200", "b", "200", "router"])
        }
    }

    @Test func onlyTheRouteItselfIsDirect() async throws {
        let route = Echo(waits: false)
        try await serve(route) { socket, _ in
            socket.send(post("/hooks", "a") + "GET /hook HTTP/1.1\r\nHost: t\r\n\r\n" + post("/hook", "b"))
            #expect(await answers(socket, 4) == ["404", "404", "200", "b"])
        }
    }

    @Test(arguments: [
        "Content-Length: 1001\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n3e9\r\n\(String(repeating: "x", count: 1001))\r\n0\r\n\r\n",
    ])
    func aBodyTooLargeIsRefusedAndTheConnectionClosed(_ rest: String) async throws {
        let route = Echo(waits: false)
        try await serve(route) { socket, _ in
            socket.send("POST /hook HTTP/1.1\r\nHost: t\r\n" + rest)
            var lines: [String] = []
            while let line = await socket.line() { lines.append(line) }
            #expect(lines.first?.hasPrefix("HTTP/1.1 413") == true)
            #expect(lines.contains { $0.lowercased().hasPrefix("connection: close") })
            #expect(lines.last?.contains("at most 1000 bytes") == true)
            #expect(route.tooLarge.load(ordering: .relaxed) == 1)
        }
    }

    @Test func aCallerThatAsksForItIsToldToContinueAndClosed() async throws {
        let route = Echo(waits: false)
        try await serve(route) { socket, _ in
            let request = post("/hook", "a", "Expect: 100-continue\r\nConnection: close\r\n")
            socket.send(String(request.dropLast(1)))
            #expect(await answers(socket, 1) == ["100"])
            socket.send("a")
            #expect(await answers(socket, 2) == ["200", "a"])
            #expect(await socket.line() == nil)
        }
    }

    @Test func shutdownAnswersWhatHasBeenReceived() async throws {
        let route = Echo(waits: true)
        try await serve(route) { socket, group in
            socket.send(post("/hook", "a"))
            try await eventually("the request") { route.waitingCount == 1 }
            await group.triggerGracefulShutdown()
            route.release()
            #expect(await answers(socket, 2) == ["200", "a"])
            #expect(await socket.line() == nil)
        }
    }

    @Test func aCallerThatHasSaidAllIsStillAnswered() async throws {
        let route = Echo(waits: true)
        try await serve(route) { socket, _ in
            socket.send(post("/hook", "a"))
            socket.closeWriting()
            try await eventually("the request") { route.waitingCount == 1 }
            route.release()
            #expect(await answers(socket, 2) == ["200", "a"])
            #expect(await socket.line() == nil)
        }
    }

    @Test func nonsenseAfterARequestIsRefusedAfterItsAnswer() async throws {
        let route = Echo(waits: true)
        try await serve(route) { socket, _ in
            socket.send(post("/hook", "a") + "this is no HTTP\r\n\r\n")
            try await eventually("the request") { route.waitingCount == 1 }
            route.release()
            #expect(await answers(socket, .max) == ["200", "a", "400"])
        }
    }

    @Test func aConnectionToBeClosedIsClosedWhateverElseIsSent() async throws {
        let route = Echo(waits: false)
        try await serve(route) { socket, _ in
            socket.send(post("/hook", "a", "Connection: close\r\n") + post("/hook", "b"))
            #expect(await answers(socket, 2) == ["200", "a"])
            #expect(await socket.line() == nil)
        }
    }

    @Test(arguments: ["/hook", "/hook/", "//hook", "/hook?x=/y"]) func theRouteIsFoundAsTheRouterFindsIt(_ path: String) async throws {
        try await serve(Echo(waits: false)) { socket, _ in
            socket.send(post(path, "a"))
            #expect(await answers(socket, 2) == ["200", "a"])
        }
    }

    /// Else its answers would pile up here.
    @Test func nothingIsReadFromACallerThatDoesNotRead() throws {
        final class Reads: ChannelOutboundHandler {
            typealias OutboundIn = Any
            var count = 0
            func read(context: ChannelHandlerContext) {
                count += 1
                context.read()
            }
        }
        let route = Echo(waits: false)
        let reads = Reads()
        let channel = EmbeddedChannel(handlers: [reads, DirectHandler(route)])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let head = HTTPTypes.HTTPRequest(method: .post, scheme: "http", authority: "t", path: "/hook")
        channel.isWritable = false
        channel.pipeline.fireChannelWritabilityChanged()
        channel.read()
        #expect(reads.count == 0)
        // What had been read before is not looked at.
        try channel.writeInbound(HTTPRequestPart.head(head))
        try channel.writeInbound(HTTPRequestPart.end(nil))
        #expect(try channel.readOutbound(as: HTTPResponsePart.self) == nil)
        channel.isWritable = true
        channel.pipeline.fireChannelWritabilityChanged()
        #expect(try channel.readOutbound(as: HTTPResponsePart.self) != nil)
        #expect(reads.count == 1)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test func theEndOfTheStreamWaitsForTheAnswersBeforeIt() throws {
        final class Ends: ChannelInboundHandler {
            typealias InboundIn = HTTPRequestPart
            var count = 0
            func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) { count += 1 }
        }
        let route = Echo(waits: true)
        let ends = Ends()
        let channel = EmbeddedChannel(handlers: [DirectHandler(route), ends])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.writeInbound(
            HTTPRequestPart.head(HTTPTypes.HTTPRequest(method: .post, scheme: "http", authority: "t", path: "/hook")))
        try channel.writeInbound(HTTPRequestPart.end(nil))
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(route.waitingCount == 1 && ends.count == 0)
        route.release()
        #expect(try channel.readOutbound(as: HTTPResponsePart.self) != nil)
        #expect(ends.count == 1)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }
}
