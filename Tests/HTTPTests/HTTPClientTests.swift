import Foundation
import HTTPClient
import Supervision
import Support
import Testing

/// The client against a real server on loopback.
@Suite(.timeLimit(.minutes(2))) struct HTTPClientTests {
    @Test func bodiesGoThereAndBack() async throws {
        try await TestServer.run { url in
            let http = HTTPClient()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for n in 0..<100 {
                    group.addTask {
                        let request = HTTPRequest(
                            .post, "\(url)/echo", headers: ["Content-Type: text/x\(n)"], body: .bytes(Data("n\(n)".utf8)))
                        let answer = try await http.perform(request)
                        #expect(answer.status == 200)
                        #expect(answer.body == Data("n\(n)".utf8))
                        #expect(answer.headers["content-type"] == "text/x\(n)")
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func filesAreStreamedBothWays() async throws {
        try await TestServer.run { url in
            let folder = try Machine.temporaryFolder()
            let data = Data((0..<(20 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) })
            try data.write(to: URL(fileURLWithPath: "\(folder)/up"))
            let request = HTTPRequest(.post, "\(url)/echo", body: .file(path: "\(folder)/up"), responseLimit: 10, saveTo: "\(folder)/down")
            let answer = try await HTTPClient().perform(request)
            #expect(answer.body.isEmpty)
            #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/down")) == data)
            try FileManager.default.removeItem(atPath: folder)
        }
    }

    @Test func failuresSayWhetherTheRequestMayHaveBeenSent() async throws {
        let closed = try Listener.tcp(port: 0)
        close(closed.descriptor)
        let http = HTTPClient()
        let refused = await #expect(throws: HTTPFailure.self) {
            try await http.perform(HTTPRequest(.get, "http://127.0.0.1:\(closed.port)/"))
        }
        #expect(refused?.mayHaveBeenSent == false)
        try await TestServer.run { url in
            let late = await #expect(throws: HTTPFailure.self) {
                try await http.perform(HTTPRequest(.get, "\(url)/silent", timeout: .milliseconds(200)))
            }
            #expect(late?.mayHaveBeenSent == true)
            let broken = await #expect(throws: HTTPFailure.self) { try await http.perform(HTTPRequest(.get, "\(url)/broken")) }
            #expect(broken?.mayHaveBeenSent == true)
            let long = await #expect(throws: HTTPFailure.self) {
                try await http.perform(HTTPRequest(.post, "\(url)/echo", body: .bytes(Data(count: 1000)), responseLimit: 10))
            }
            #expect(long?.description.contains("longer") == true)
            // Where its status is what counts, it is cut.
            var cut = HTTPRequest(.post, "\(url)/echo", body: .bytes(Data(count: 1000)), responseLimit: 10)
            cut.cutsAnswer = true
            let beginning = try await http.perform(cut)
            #expect(beginning.status == 200 && beginning.body.count == 10 && beginning.isCut)
            let missing = await #expect(throws: HTTPFailure.self) {
                try await http.perform(HTTPRequest(.post, "\(url)/echo", body: .file(path: "/nonexistent")))
            }
            #expect(missing?.mayHaveBeenSent == false)
            let scheme = await #expect(throws: HTTPFailure.self) { try await http.perform(HTTPRequest(.get, "file:///etc/passwd")) }
            #expect(scheme?.mayHaveBeenSent == false)
        }
    }

    @Test func aCancelledTaskAbandonsItsTransfer() async throws {
        try await TestServer.run { url in
            let http = HTTPClient()
            let task = Task { try await http.perform(HTTPRequest(.get, "\(url)/silent")) }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    /// What a burst needed is given back soon, not with the next request, which may be long in coming.
    @Test func connectionsOfABurstAreGivenBack() async throws {
        try await TestServer.run { url in
            let http = HTTPClient(connectionsPerHost: 400, rest: .milliseconds(100))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<300 {
                    group.addTask {
                        let answer = try await http.perform(HTTPRequest(.get, "\(url)/crowd/300"))
                        #expect(answer.status == 200)
                    }
                }
                try await group.waitForAll()
            }
            let port = try #require(url.split(separator: ":").last.flatMap { Int($0) })
            try await eventually("no more than are kept for later") { try Self.connections(to: port) <= 64 }
            // What is kept is used.
            let next = try await http.perform(HTTPRequest(.get, "\(url)/crowd/1"))
            #expect(next.status == 200)
            #expect(try Self.connections(to: port) <= 64)
        }
    }

    /// Sockets of this machine that are connected to the port, or that it has closed on its side alone.
    ///
    /// Source: proc(5), /proc/net/tcp: the remote address's port and the state, 01 for ESTABLISHED and 08 for CLOSE_WAIT.
    private static func connections(to port: Int) throws -> Int {
        let suffix = ":" + String(format: "%04X", port)
        // Read to its end: it has no size, and is longer than what one read gives.
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/net/tcp"))
        defer { try? file.close() }  // it was only read
        return try String(decoding: file.readToEnd() ?? Data(), as: UTF8.self).split(separator: "\n").count { line in
            let columns = line.split(separator: " ")
            return columns.count > 3 && columns[2].hasSuffix(suffix) && ["01", "08"].contains(columns[3])
        }
    }

    /// A kept connection that closes without a byte: curl would post again by itself.
    @Test func aPostIsNeverRepeatedByItself() async throws {
        let server = try SilentCloser()
        let http = HTTPClient(connectionsPerHost: 1)
        let url = "http://127.0.0.1:\(server.port)/"
        #expect(try await http.perform(HTTPRequest(.post, url, body: .bytes(Data("one".utf8)))).status == 200)
        let failure = await #expect(throws: HTTPFailure.self) {
            try await http.perform(HTTPRequest(.post, url, body: .bytes(Data("two".utf8))))
        }
        #expect(failure?.mayHaveBeenSent == true)
        #expect(server.bodies == ["one", "two"])
    }
}
