import Foundation
import GatewayContract
import HTTPClient
import RPCContract
import Supervision
import Support
import Testing
import Vocabulary

/// What happens in all processes, over a WebSocket.
@Suite(.timeLimit(.minutes(3))) struct WebSocketTests {
    private static func key(_ linda: LindaFixture, _ role: Role = .viewer) async throws -> NewAPIKey {
        let params = CreateAPIKey.Params(name: "\(role) \(UUID().uuidString.prefix(8))", role: role)
        return try await linda.call(GatewayContract.self, CreateAPIKey.self, params, meta: CallMeta(workspace: "default"))
    }

    /// Makes events that say which they are: each is one key.
    private static func happen(_ linda: LindaFixture, _ count: Int) async throws {
        for _ in 0..<count { _ = try await key(linda, .ingest) }
    }

    /// Every event behind a cursor, as the pages of the same path tell it.
    private static func pages(_ linda: LindaFixture, _ key: String, after cursor: String) async throws -> [String] {
        let http = HTTPClient(connectionsPerHost: 1)
        let response = try await http.perform(
            HTTPRequest(
                .get, "\(linda.stack.address)/v1/events?limit=500&cursor=\(cursor)", headers: ["Authorization: Bearer \(key)"], body: .none)
        )
        return try JSON.decode(JSONValue.self, from: response.body)["items"]?.array?.compactMap { $0["cursor"]?.string } ?? []
    }

    /// Through a death of the gateway: each event once, from the first to the last, as pages tell it.
    @Test func nothingIsMissedAndNothingIsToldTwice() async throws {
        try await LindaFixture.run(expectsCrashes: true) { linda in
            let secret = try await Self.key(linda).secret
            let first = try #require(
                try await linda.call(GatewayContract.self, ListEvents.self, .init(), meta: CallMeta(workspace: "default")).items.first?
                    .cursor.text)
            var seen: [String] = []
            for round in 1...3 {
                try await Self.happen(linda, 4)
                if round == 2 { linda.stack.child("gateway")?.signal(SIGKILL) }
                var client: WebSocketClient?
                try await eventually("the gateway takes a WebSocket") {
                    // It may just be starting.
                    client = try? await WebSocketClient(linda.stack.address, key: secret, cursor: seen.last ?? first)
                    return client?.status == 101
                }
                let open = try #require(client)
                #expect(open.headers["sec-websocket-accept"] == WebSocketClient.accept && open.headers["upgrade"] == "websocket")
                let count = seen.count
                while seen.count < count + 4, let item = await open.text() {
                    guard item["type"]?.string?.hasPrefix("stream.") != true else { continue }
                    #expect(item["workspace"] == "default" && item["process"] != nil)
                    seen.append(try #require(item["cursor"]?.string))
                }
            }
            let told = try await Self.pages(linda, secret, after: first)
            #expect(seen == Array(told.prefix(seen.count)) && seen.count == 12 && told.count == 12, "\(seen) of \(told)")
        }
    }

    /// Whoever may not listen is answered over HTTP, and nothing is upgraded.
    @Test func aRefusalComesBeforeTheUpgrade() async throws {
        try await LindaFixture.run { linda in
            let (viewer, ingest) = (try await Self.key(linda), try await Self.key(linda, .ingest))
            func client(_ key: String, cursor: String? = nil, version: String = "13") async throws -> WebSocketClient {
                try await WebSocketClient(linda.stack.address, key: key, cursor: cursor, version: version)
            }
            let refused = try await client("linda_nobody")
            #expect(refused.status == 401 && refused.headers["connection"] == "close" && refused.headers["www-authenticate"] == "Bearer")
            #expect(try await client(ingest.secret).status == 403)
            #expect(try await client(viewer.secret, cursor: "zzz").status == 422)
            let old = try await client(viewer.secret, version: "8")
            #expect(old.status == 400 && old.headers["sec-websocket-version"] == "13")
            #expect(try await client(viewer.secret).status == 101)
        }
    }

    /// What a client does wrong costs it its connection, and nobody else anything.
    @Test func aClientThatMisbehavesIsClosedWithTheReason() async throws {
        try await LindaFixture.run { linda in
            let secret = try await Self.key(linda).secret
            let (address, other) = (linda.stack.address, try await WebSocketClient(linda.stack.address, key: secret))
            func closing(_ misbehave: (WebSocketClient) -> Void) async throws -> WebSocketClient.Message? {
                let client = try await WebSocketClient(address, key: secret)
                misbehave(client)
                return await client.closing()
            }
            #expect(try await closing { $0.send(0x9, isMasked: false) } == .close(1002, "a client masks its frames"))
            #expect(try await closing { $0.send(0x9, first: 0xC9) } == .close(1002, "no extension is spoken here"))
            #expect(try await closing { $0.send(0x9, Data(repeating: 1, count: 126)) }.map(Self.code) == 1002)
            #expect(try await closing { $0.send(0x1, Data("hello".utf8)) }.map(Self.code) == 1003)
            #expect(try await closing { $0.send(0x2, Data(repeating: 1, count: 4097)) } == .close(1009, "a frame has at most 4096 bytes"))
            #expect(try await closing { client in for _ in 0..<200 { client.send(0x9) } } == .close(1008, "too many frames"))
            #expect(try await closing { $0.send(0x8, Data([0x03, 0xE8])) } == .close(1000, ""))
            #expect(try await closing { $0.closeWriting() } == nil, "whoever closes without a word hears none")
            other.send(0x9, Data("still there".utf8))
            try await Self.happen(linda, 1)
            var messages: [WebSocketClient.Message] = []
            while messages.count < 2, let message = await other.next() { if message != .ping { messages.append(message) } }
            #expect(messages.contains(.pong(Data("still there".utf8))), "\(messages)")
            #expect(messages.contains { if case .text(let event) = $0 { event["type"] == "key.created" } else { false } }, "\(messages)")
        }
    }

    private static func code(_ message: WebSocketClient.Message) -> Int? { if case .close(let code, _) = message { code } else { nil } }

    /// Whoever has gone without a word is noticed; whoever is there hears how far it has come.
    @Test func whoAnswersNoPingIsClosed() async throws {
        try await LindaFixture.run(settings: ["gateway": ["events.heartbeat=500ms"]]) { linda in
            let secret = try await Self.key(linda).secret
            let gone = try await WebSocketClient(linda.stack.address, key: secret, answersPings: false)
            let there = try await WebSocketClient(linda.stack.address, key: secret)
            async let end = gone.closing()
            var (pings, cursor) = (0, nil as String?)
            while pings < 4 || cursor == nil, let message = await there.next() {
                if message == .ping { pings += 1 }
                if case .text(let value) = message, value["type"] == "stream.heartbeat" { cursor = value["cursor"]?.string }
                if case .close = message { break }
            }
            #expect(pings >= 4 && cursor?.isEmpty == false)
            #expect(await end == .close(1008, "2 pings were not answered"))
        }
    }

    /// The last message, and the reason with which it is closed, say where to go on.
    @Test func aStreamThatEndsSaysWhereToGoOn() async throws {
        try await LindaFixture.run(expectsCrashes: true) { linda in
            let (secret, revoked) = (try await Self.key(linda).secret, try await Self.key(linda))
            let (stays, ends) = (
                try await WebSocketClient(linda.stack.address, key: secret),
                try await WebSocketClient(linda.stack.address, key: revoked.secret)
            )
            func end(_ client: WebSocketClient) async -> (told: JSONValue, code: Int, reason: String)? {
                var last = JSONValue.null
                while let message = await client.next() {
                    if case .text(let value) = message { last = value }
                    if case .close(let code, let reason) = message { return (last, code, reason) }
                }
                return nil
            }
            _ = try await linda.call(
                GatewayContract.self, RevokeAPIKey.self, .init(id: revoked.key.id), meta: CallMeta(workspace: "default"))
            let key = try #require(await end(ends))
            #expect(key.told["type"] == "stream.ended" && key.code == 1008 && key.reason.hasPrefix("key-ended "))
            linda.stack.child("gateway")?.signal(SIGTERM)
            let stop = try #require(await end(stays))
            let cursor = try #require(stop.told["cursor"]?.string)
            #expect(stop.code == 1001 && stop.reason == "stopping \(cursor)" && stop.told["type"] == "stream.ended")
            try await eventually("its successor goes on there") {
                // It may not listen yet.
                (try? await WebSocketClient(linda.stack.address, key: secret, cursor: cursor))?.status == 101
            }
        }
    }
}
