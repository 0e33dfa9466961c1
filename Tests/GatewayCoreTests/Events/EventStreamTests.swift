import Foundation
import GRDB
import GatewayContract
import Hummingbird
import RPCContract
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// What happens, told to one client as it happens.
@Suite(.timeLimit(.minutes(1))) struct EventStreamTests {
    /// Logs of which one grows.
    private final class Logs: Sendable {
        let own = MutexBox<[Event]>([])
        /// The first event that is kept.
        let first = MutexBox<Int64>(1)

        func happens(_ type: String, in workspace: String = "w") {
            own.update { log in
                log.append(
                    Event(
                        cursor: Int64(log.count + 1), at: .zero, type: type, workspace: workspace, subject: "s\(log.count + 1)", data: [:]))
            }
        }

        var logs: EventLogs {
            EventLogs(
                LogPosition.sources.indices.map { source in
                    { [own, first] params, workspace in
                        let log = source == 0 ? own.value : []
                        let end = Int64(log.count)
                        guard let after = params.after else { return .init(items: [], next: end) }
                        let items = log.filter {
                            $0.cursor > after && $0.cursor >= first.value && (workspace ?? $0.workspace) == $0.workspace
                                && (params.types?.contains($0.type) ?? true)
                        }
                        let page = Array(items.prefix(params.limit ?? 100))
                        // As long as this log is waited for.
                        if page.isEmpty, params.wait != nil { try await Task.sleep(for: .milliseconds(5)) }
                        let isCut = source == 0 && first.value > after + 1
                        return .init(
                            items: page, next: page.count < items.count ? page.last?.cursor ?? end : max(after, end),
                            isCut: isCut ? true : nil)
                    }
                })
        }
    }

    /// A stream and what has been written of it.
    private func run(
        _ logs: Logs, from place: LogPosition?, types: Set<String> = [],
        _ body: (_ written: BodyCollector, _ isInForce: MutexBox<Bool>) async throws -> Void
    ) async throws -> String {
        let desk = try GatewayDesk()
        let feed = EventFeed(logs: logs.logs, most: 1, clock: desk.clock, logger: desk.quiet)
        let stream = EventStream(feed: feed, logs: logs.logs, heartbeat: .seconds(15))
        let (written, isInForce) = (BodyCollector(), MutexBox(true))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await feed.run() }
            let response = try await stream.response(.init(workspace: "w", types: types), as: .lines, from: place, of: "k") {
                isInForce.value
            }
            #expect(
                response.status == .ok && response.headers[.contentType] == "text/event-stream"
                    && response.headers[.cacheControl] == "no-store")
            let isOver = MutexBox(false)
            group.addTask {
                try await response.body.write(written)
                isOver.set(true)
            }
            try await body(written, isInForce)
            isInForce.set(false)
            try await eventually("the end of the stream") {
                // Something of nobody's wakes it.
                logs.happens("z.z", in: "nobody")
                return isOver.value
            }
            group.cancelAll()
        }
        try desk.pool.close()
        try FileManager.default.removeItem(atPath: desk.folder)
        return written.text
    }

    private func types(_ text: String) -> [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("event: ") }.map { String($0.dropFirst(7)) }
    }

    @Test func whatComesIsToldFromThePlaceOn() async throws {
        let logs = Logs()
        for type in ["a.a", "b.b", "c.c"] { logs.happens(type) }
        logs.happens("d.d", in: "other")
        let text = try await run(logs, from: LogPosition(place: "1.0.0.0.0")) { written, _ in
            try await eventually("what was there") { types(written.text).count == 2 }
            logs.happens("e.e")
            logs.happens("f.f", in: "other")
            try await eventually("what comes") { types(written.text).count == 3 }
        }
        #expect(text.hasPrefix("retry: 1000\n\n"))
        #expect(types(text) == ["b.b", "c.c", "e.e", "stream.ended"], "each once, in order, and nobody else's")
        #expect(text.contains("The key is not in force any more.") && text.contains(#""cursor":"#), "and where to go on")
    }

    @Test func withoutAPlaceItBeginsNow() async throws {
        let logs = Logs()
        logs.happens("a.a")
        let text = try await run(logs, from: nil, types: ["b.b"]) { written, _ in
            try await eventually("the stream") {
                logs.happens("c.c")
                logs.happens("b.b")
                return types(written.text).contains("b.b")
            }
        }
        #expect(Set(types(text)) == ["b.b", "stream.ended"])
    }

    @Test func whatWasRemovedIsToldOnce() async throws {
        let logs = Logs()
        for _ in 0..<5 { logs.happens("a.a") }
        logs.first.set(4)
        let text = try await run(logs, from: .beginning) { written, _ in
            try await eventually("what is left") { types(written.text).count { $0 == "a.a" } == 2 }
        }
        #expect(types(text) == ["stream.cut", "a.a", "a.a", "stream.ended"])
    }

    @Test func aPlaceThatHasNotComeIsRefused() async throws {
        let fault = await #expect(throws: Fault.self) { _ = try await run(Logs(), from: LogPosition(place: "9.0.0.0.0")) { _, _ in } }
        #expect(fault?.code == .params && fault?.path == "cursor")
    }

    /// Over HTTP: whoever does not accept a stream gets a page, and a cursor that cannot be read is told before anything begins.
    @Test func onlyWhoAcceptsAStreamGetsOne() async throws {
        try await GatewayDesk.run { desk in
            let (api, key) = (desk.api(), try await desk.bearer(.viewer))
            #expect(try await api.ask(.get, "/v1/events", with: key)["content-type"] == "application/json")
            let accepting = key.merging(["Accept": "text/event-stream"]) { $1 }
            for (query, more) in [("cursor=x", [:]), ("", ["Last-Event-ID": "x"]), ("types=no", [:])] as [(String, [String: String])] {
                let answer = try await api.ask(.get, "/v1/events?\(query)", with: accepting.merging(more) { $1 })
                #expect(answer.status == 422, "\(query) \(more): \(answer.text)")
            }
        }
    }
}
