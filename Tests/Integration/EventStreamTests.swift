import AccountContract
import Foundation
import GatewayContract
import HTTPClient
import RPCContract
import RPCTransport
import Supervision
import Support
import Testing
import Vocabulary

/// What happens in all processes, over HTTP: as pages, and as it happens.
@Suite(.timeLimit(.minutes(3))) struct EventStreamTests {
    private static let template = SendMessage.Template(name: "greeting_news", variables: ["name": "Asha"])

    private static func key(_ linda: LindaFixture, _ role: Role, workspace: String = "default", numbers: [PhoneNumberID]? = nil)
        async throws -> NewAPIKey
    {
        let client = linda.client(GatewayContract.self)
        let params = CreateAPIKey.Params(name: "\(role) \(UUID().uuidString.prefix(8))", role: role, numbers: numbers)
        let key = try await client.call(CreateAPIKey.self, params, meta: CallMeta(workspace: workspace))
        await client.close()
        return key
    }

    private static func send(_ linda: LindaFixture, _ keys: ClosedRange<Int>) async throws {
        for n in keys {
            _ = try await linda.send(.init(to: "+91 98765 \(43_000 + n)", template: template, requestKey: "k\(n)"))
        }
    }

    /// Every event of a process's log, by its cursor there.
    private static func log(_ linda: LindaFixture, _ contract: any Contract.Type) async throws -> [Int64] {
        let client = linda.client(contract)
        var (cursors, after): ([Int64], Int64) = ([], 0)
        while true {
            let page = try await client.call(EventsRead.self, .init(after: after, limit: 1000), meta: CallMeta(workspace: "default"))
            cursors += page.items.map(\.cursor)
            if page.next == after { break }
            after = page.next
        }
        await client.close()
        return cursors
    }

    /// Not every step of each is told: a death may take the answer, and whoever reads at once has no `delivered`.
    private static func tells(ofMessages count: Int) -> ([JSONValue]) -> Bool {
        { read in
            Set(read.filter { $0["type"]?.string?.hasPrefix("message.") == true }.compactMap { $0["subject"]?.string }).count >= count
        }
    }

    /// Through deaths of the gateway and of account-router: each event once, in its process's order, from the first to the last.
    @Test func nothingIsMissedAndNothingIsToldTwice() async throws {
        try await LindaFixture.run(expectsCrashes: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let secret = try await Self.key(linda, .viewer).secret
            let client = linda.client(GatewayContract.self)
            var cursor = try #require(
                try await client.call(ListEvents.self, .init(limit: 1), meta: CallMeta(workspace: "default")).items.first?.cursor.text)
            await client.close()
            let start = cursor.split(separator: "-").last?.split(separator: ".").compactMap { Int64($0) } ?? []
            var seen: [(process: String, cursor: String)] = []
            // What a program does: it comes again with the last that it had.
            func listen(until isEnough: ([JSONValue]) -> Bool) async throws {
                var read: [JSONValue] = []
                while !isEnough(read) {
                    // The gateway may just be starting.
                    let stream = try? await EventStreamClient(linda.stack.address, key: secret, cursor: cursor)
                    guard let stream, stream.status == 200 else {
                        try await Task.sleep(for: .milliseconds(100))  // between two tries
                        continue
                    }
                    while !isEnough(read), let item = await stream.next() {
                        guard !item.name.hasPrefix("stream.") else { continue }
                        cursor = try #require(item.id)
                        #expect(item.data["cursor"]?.string == cursor && item.data["type"]?.string == item.name)
                        seen.append((try #require(item.data["process"]?.string), cursor))
                        read.append(item.data)
                    }
                }
            }
            for (round, victim) in [nil, "account-router", "gateway"].enumerated() {
                try await Self.send(linda, (round * 10 + 1)...(round * 10 + 10))
                if let victim { linda.stack.child(victim)?.signal(SIGKILL) }
                try await listen(until: Self.tells(ofMessages: 10))
            }
            // All that has happened by now.
            try await eventually("everything is told") {
                let sources: [(String, any Contract.Type)] = [("account-router", AccountContract.self), ("gateway", GatewayContract.self)]
                for (name, contract) in sources {
                    let index = try #require(["gateway", "template-service", "account-router"].firstIndex(of: name))
                    // The place behind an event has its process's own cursor at the process's place.
                    let told = seen.filter { $0.process == name }.compactMap { item in
                        item.cursor.split(separator: "-").last.flatMap { Int64($0.split(separator: ".")[index]) }
                    }
                    let expected = try await Self.log(linda, contract).filter { $0 > start[index] }
                    #expect(told == Array(expected.prefix(told.count)), "\(name)")
                    guard told.count == expected.count else {
                        try await listen { !$0.isEmpty }
                        return false
                    }
                }
                return true
            }
        }
    }

    @Test func oneHearsOfWhatOneMaySee() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let (viewer, other) = (try await Self.key(linda, .viewer), try await Self.key(linda, .viewer, workspace: "other"))
            let narrow = try await Self.key(linda, .viewer, numbers: [LindaFixture.numbers[0]])
            let (ingest, address) = (try await Self.key(linda, .ingest), linda.stack.address)
            #expect(try await EventStreamClient(address, key: narrow.secret).status == 403, "events are not about one number")
            #expect(try await EventStreamClient(address, key: ingest.secret).status == 403)
            #expect(try await EventStreamClient(address, key: "linda_nobody").status == 401)
            for cursor in ["zzz", "00000000-1.1.1.1.1"] {
                #expect(try await EventStreamClient(address, key: viewer.secret, cursor: cursor).status == 422)
            }
            let ahead = PageCursor<ListEvents>("9007199254740991.0.0.0.0").text
            #expect(try await EventStreamClient(address, key: viewer.secret, cursor: ahead).status == 422, "it has not happened")
            let stream = try await EventStreamClient(address, key: viewer.secret, query: "?types=message.queued&types=order.created")
            let foreign = try await EventStreamClient(address, key: other.secret)
            #expect(stream.status == 200 && foreign.status == 200)
            try await Self.send(linda, 1...3)
            for _ in 1...3 {
                let item = try #require(await stream.next())
                #expect(item.name == "message.queued" && item.data["workspace"] == "default")
            }
            // What happens in the other workspace comes first to who listens there.
            _ = try await Self.key(linda, .viewer, workspace: "other")
            let first = try #require(await foreign.next())
            #expect(first.name == "key.created" && first.data["workspace"] == "other", "\(first)")
            // A key that is taken back hears nothing more.
            let client = linda.client(GatewayContract.self)
            _ = try await client.call(RevokeAPIKey.self, .init(id: other.key.id), meta: CallMeta(workspace: "other"))
            var last = await foreign.next()
            while let item = last, item.name != "stream.ended" { last = await foreign.next() }
            #expect(last?.data["reason"] == "The key is not in force any more.")
            #expect(last?.name == "stream.ended" && last?.data["cursor"]?.string?.isEmpty == false)
            #expect(await foreign.next() == nil)
            await client.close()
        }
    }

    /// The same path gives pages, and says where to go on.
    @Test func pagesEndWhereTheStreamBegins() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let (secret, http) = (try await Self.key(linda, .viewer).secret, HTTPClient(connectionsPerHost: 1))
            func page(_ query: String) async throws -> JSONValue {
                let response = try await http.perform(
                    HTTPRequest(
                        .get, "\(linda.stack.address)/v1/events\(query)", headers: ["Authorization: Bearer \(secret)"], body: .none))
                return try JSON.decode(JSONValue.self, from: response.body)
            }
            try await Self.send(linda, 1...2)
            try await eventually("Meta has both") { try await page("?types=message.accepted")["items"]?.array?.count == 2 }
            let next = try #require(try await page("?limit=500")["next"]?.string)
            #expect(try await page("?limit=1&cursor=\(next)")["next"]?.string?.isEmpty == false)
            #expect(try await page("?atEnd=true")["items"]?.array == [])
            #expect(try await page("?atEnd=true&cursor=\(next)")["path"] == "atEnd")
            let stream = try await EventStreamClient(linda.stack.address, key: secret, query: "?cursor=\(next)")
            try await Self.send(linda, 3...3)
            var item = await stream.next()
            while let found = item, found.name != "message.queued" { item = await stream.next() }
            #expect(item?.data["data"]?["account"] != nil, "\(String(describing: item))")
        }
    }

    /// Who listens holds up nobody's end.
    @Test func theStreamEndsWithTheProcess() async throws {
        try await LindaFixture.run(expectsCrashes: true) { linda in
            let secret = try await Self.key(linda, .viewer).secret
            let stream = try await EventStreamClient(linda.stack.address, key: secret)
            #expect(stream.status == 200)
            linda.stack.child("gateway")?.signal(SIGTERM)
            let item = await stream.next()
            #expect(item?.name == "stream.ended")
            #expect(await stream.next() == nil)
            // Its successor goes on where it ended.
            let cursor = try #require(item?.data["cursor"]?.string)
            try await eventually("its successor") {
                // It may not listen yet.
                (try? await EventStreamClient(linda.stack.address, key: secret, cursor: cursor))?.status == 200
            }
        }
    }
}
