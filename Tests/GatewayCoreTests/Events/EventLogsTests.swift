import GatewayContract
import RPCContract
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// The logs of all processes read as one.
@Suite struct EventLogsTests {
    /// Logs in memory, read as the processes read theirs.
    private func logs(_ logs: [[Event]]) -> EventLogs {
        EventLogs(
            logs.map { log in
                { params, workspace in
                    let end = log.last?.cursor ?? 0
                    guard let after = params.after else { return EventsRead.Reply(items: [], next: end) }
                    guard after <= end else { return EventsRead.Reply(items: [], next: end, isCut: true) }
                    let behind = log.filter { $0.cursor > after && (workspace == nil || $0.workspace == workspace) }
                        .filter { event in params.types.map { $0.contains(event.type) } ?? true }
                    let items = Array(behind.prefix(params.limit ?? 100))
                    let isShort = items.count < params.limit ?? 100
                    let first = log.first?.cursor ?? 1
                    return EventsRead.Reply(
                        items: items, next: max(after, isShort ? end : items.last?.cursor ?? 0), isCut: first > after + 1 ? true : nil)
                }
            })
    }

    private func event(_ cursor: Int64, at: Int64, type: String = "a.b", workspace: String = "w") -> Event {
        Event(cursor: cursor, at: Timestamp(milliseconds: at), type: type, workspace: workspace, subject: "s", data: [:])
    }

    /// Whatever the logs hold and however large the pages are: each event once, and those of a process in their order.
    @Test func everyPageGoesOnWhereTheOneBeforeEnded() async throws {
        var chance = SeededGenerator(seed: Seed.current)
        for _ in 0..<60 {
            let all = LogPosition.sources.map { _ in
                (0..<Int.random(in: 0...30, using: &chance)).map { n in
                    // Clocks go back now and then.
                    event(
                        Int64(n + 1), at: Int64(n * 10 + Int.random(in: 0...40, using: &chance)),
                        type: Bool.random(using: &chance) ? "a.b" : "c.d", workspace: Int.random(in: 0...3, using: &chance) == 0 ? "x" : "w"
                    )
                }
            }
            let logs = logs(all)
            let types: [String]? = Bool.random(using: &chance) ? ["c.d"] : nil
            var (params, seen) = (ListEvents.Params(limit: Int.random(in: 1...9, using: &chance), types: types), [LiveEvent]())
            while true {
                let page = try await logs.list(params, workspace: "w")
                #expect(page.items.count <= params.limit ?? 0 && page.isCut == nil)
                seen += page.items
                if params.cursor == page.next { break }
                params.cursor = page.next
            }
            for (source, name) in LogPosition.sources.enumerated() {
                let expected = all[source].filter { $0.workspace == "w" && (types?.contains($0.type) ?? true) }.map(\.at)
                #expect(seen.filter { $0.process == name }.map(\.at) == expected, "seed \(Seed.current)")
            }
            // From any event on, the same follows.
            guard let index = seen.indices.randomElement(using: &chance) else { continue }
            params = .init(cursor: seen[index].cursor, limit: 500, types: types)
            func names(_ events: some Sequence<LiveEvent>) -> [String] { events.map { "\($0.process) \($0.at)" } }
            #expect(names(try await logs.list(params, workspace: "w").items) == names(seen[(index + 1)...]), "seed \(Seed.current)")
        }
    }

    @Test func whatLiesBehindTheBoundIsLeftForLater() async throws {
        let logs = logs(LogPosition.sources.map { _ in (1...5).map { event($0, at: $0) } })
        let bound = try #require(LogPosition(place: "2.0.5.3.1"))
        let page = try await logs.page(.init(workspace: "w"), after: .beginning, limit: 100, upTo: bound)
        #expect(page.end == bound && page.items.count == 11)
        #expect(try await logs.page(.init(workspace: "nobody"), after: .beginning, limit: 100, upTo: bound).end == bound)
    }

    /// A log that was restored from an earlier copy is read on from its end, and the gap is told once.
    @Test func aLogThatWasSetBackIsReadOnFromItsEnd() async throws {
        var all = LogPosition.sources.map { _ in [event(1, at: 1)] }
        let back = try await logs(all).list(.init(cursor: "0.9.1.1.1.1"), workspace: "w")
        #expect(back.isCut == true && back.next == "1.1.1.1.1.1" && back.items.map(\.cursor) == ["1.1.1.1.1.1"])
        all[1].append(event(2, at: 2))
        let page = try await logs(all).list(.init(cursor: back.next), workspace: "w")
        #expect(page.isCut == nil && page.items.map(\.number) == [2])
    }

    /// Of what was removed before it was read one is told, but for who begins with the oldest there is.
    @Test func whatWasRemovedIsTold() async throws {
        let logs = logs(LogPosition.sources.map { _ in [event(8, at: 8)] })
        #expect(try await logs.list(.init(), workspace: "w").isCut == nil)
        #expect(try await logs.list(.init(cursor: "3.7.7.7.7.7"), workspace: "w").isCut == true)
        #expect(try await logs.list(.init(cursor: "7.7.7.7.7.7"), workspace: "w").isCut == nil)
        #expect(try await logs.list(.init(atEnd: true), workspace: "w").next == "8.8.8.8.8.8")
        // The page after it goes on behind the gap.
        let page = try await logs.list(.init(cursor: "3.7.7.7.7.7", limit: 1), workspace: "w")
        #expect(page.isCut == true)
        #expect(try await logs.list(.init(cursor: page.next), workspace: "w").isCut == nil)
        let fault = await #expect(throws: Fault.self) { try await logs.list(.init(cursor: "zzz"), workspace: "w") }
        #expect(fault?.path == "cursor")
    }
}
