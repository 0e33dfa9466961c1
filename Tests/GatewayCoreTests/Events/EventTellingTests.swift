import Coordination
import Foundation
import GatewayContract
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import RPCContract
import ServiceLifecycle
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// A slow client beside a fast one.
@Suite(.timeLimit(.minutes(2))) struct EventTellingTests {
    /// More than are kept for all who listen.
    private static let count: Int64 = 20_000
    /// From this event on the slow client waits.
    private static let gated: Int64 = 3

    private struct Told: Sendable {
        var frames = ServerFrames()
        var cursors: [String] = []
        var last: JSONValue = .null
        var closed: (code: Int, reason: String)?

        mutating func take(_ buffer: ByteBuffer) throws {
            frames.add(buffer.readableBytesView)
            while let frame = frames.next() {
                if frame.opcode == 8 {
                    closed = (
                        frame.payload.prefix(2).reduce(0) { $0 << 8 | Int($1) }, String(decoding: frame.payload.dropFirst(2), as: UTF8.self)
                    )
                    continue
                }
                last = try JSON.decode(JSONValue.self, from: frame.payload)
                if last["type"] == "a.b", let cursor = last["cursor"]?.string { cursors.append(cursor) }
            }
        }
    }

    /// A client that takes what it is sent when it is let.
    private struct Client: ResponseBodyWriter {
        let told: MutexBox<Told>
        var gate: @Sendable () async -> Void = {}

        func write(_ buffer: ByteBuffer) async throws {
            try told.update { told in Result { try told.take(buffer) } }.get()
            await gate()
        }

        func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }

    /// The first log has as many events as have happened, the others none.
    private func logs(_ happened: MutexBox<Int64>, _ mayGoOn: @escaping @Sendable (Int64) -> Bool) -> EventLogs {
        EventLogs(
            LogPosition.sources.indices.map { source in
                { params, _ in
                    let end = source == 0 ? happened.value : 0
                    guard let after = params.after else { return EventsRead.Reply(items: [], next: end) }
                    guard after < end else {
                        if params.wait != nil { try await Task.sleep(for: .milliseconds(20)) }  // as a log waits for its next event
                        return EventsRead.Reply(items: [], next: after)
                    }
                    while !mayGoOn(after) { try await Task.sleep(for: .milliseconds(1)) }  // until the fast client has these
                    let last = min(end, after + Int64(params.limit ?? 100))
                    let items = (after + 1...last).map {
                        Event(cursor: $0, at: .zero, type: "a.b", workspace: "w", subject: "s", data: [:])
                    }
                    return EventsRead.Reply(items: items, next: last)
                }
            })
    }

    @Test func aSlowClientIsDroppedWithItsCursorAndHoldsUpNobody() async throws {
        let (happened, fast, slow, late) = (MutexBox<Int64>(0), MutexBox(Told()), MutexBox(Told()), MutexBox(Told()))
        let (isLet, release) = (MutexBox(false), Wakeup())
        let logs = logs(happened) { after in Int64(fast.value.cursors.count) + 4000 >= after }
        let feed = EventFeed(logs: logs, most: 9, clock: .system, logger: Logger(label: "test"))
        func telling(_ told: MutexBox<Told>, until count: Int) throws -> EventTelling {
            EventTelling(
                feed: feed, logs: logs, wish: .init(workspace: "w"), form: .messages([:]), listener: try feed.listen(with: "k"),
                heartbeat: .seconds(1)
            ) { told.value.cursors.count >= count ? .stopping : nil }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await feed.run() }
            let (first, second) = (try telling(fast, until: Int(Self.count)), try telling(slow, until: .max))
            try await withThrowingTaskGroup(of: Void.self) { clients in
                clients.addTask {
                    var writer: any ResponseBodyWriter = Client(told: fast)
                    try await first.tell(from: .beginning, to: &writer)
                    isLet.set(true)
                    release.set()
                }
                clients.addTask {
                    var writer: any ResponseBodyWriter = Client(told: slow) {
                        if !isLet.value, slow.value.cursors.count >= Int(Self.gated) { await release.wait() }
                    }
                    try await second.tell(from: .beginning, to: &writer)
                }
                // One by one, so that both have caught up and get the last of them from the feed.
                for number in 1...Self.gated {
                    happened.set(number)
                    try await eventually("both have event \(number)") {
                        fast.value.cursors.count == Int(number) && slow.value.cursors.count == Int(number)
                    }
                }
                happened.set(Self.count)
                try await clients.waitForAll()
            }
            #expect(fast.value.cursors.count == Int(Self.count) && fast.value.closed?.code == 1001)
            let (cursor, closed) = (try #require(slow.value.cursors.last), try #require(slow.value.closed))
            #expect(slow.value.cursors.count < Int(Self.count) && closed == (1013, "too-slow \(cursor)"))
            #expect(slow.value.last["type"] == "stream.ended" && slow.value.last["cursor"]?.string == cursor)
            // It comes again, and has everything once.
            let place = try #require(LogPosition(place: String(cursor.drop { $0 != "-" }.dropFirst())))
            var writer: any ResponseBodyWriter = Client(told: late)
            try await telling(late, until: Int(Self.count) - slow.value.cursors.count).tell(from: place, to: &writer)
            #expect(slow.value.cursors + late.value.cursors == fast.value.cursors)
            group.cancelAll()
        }
    }

    /// Whoever reads messages is told what whoever reads lines is, and the end once more as the reason with which it is closed.
    @Test func bothFormsSayTheSame() throws {
        let event = Event(cursor: 8, at: .zero, type: "a.b", workspace: "w", subject: "data: {}\n\n", data: ["x": "data: \n"])
        let items = [LiveEvent(event, of: 0, at: .beginning), LiveEvent(event, of: 1, at: .beginning)]
        var told = Told()
        try told.take(EventForm.messages([:]).events(items))
        #expect(told.cursors == items.map(\.cursor.text) && told.last["subject"] == "data: {}\n\n" && told.last["data"]?["x"] == "data: \n")
        let lines = String(buffer: EventForm.lines.events(items))
        #expect(lines.hasSuffix("data: \(JSON.text(told.last, sorted: true))\n\n"))
        #expect(EventForm.messages([:]).opening == nil && EventForm.lines.opening.map { String(buffer: $0) } == EventFrame.opening)
        try told.take(EventForm.messages([:]).heartbeat(.beginning))
        #expect(told.last == ["type": "stream.heartbeat", "cursor": .string(EventFrame.cursor(.beginning))])
        try told.take(EventForm.messages([:]).cut)
        #expect(told.last["type"] == "stream.cut")
        for end in [StreamEnd.stopping, .keyEnded, .slow, .away, .setBack, .over] {
            try told.take(EventForm.messages([:]).end(end, at: .beginning))
            let cursor = EventFrame.cursor(.beginning)
            #expect(told.last == ["type": "stream.ended", "reason": .string(end.reason), "cursor": .string(cursor)])
            #expect(try #require(told.closed) == (Int(end.code), "\(end.word) \(cursor)"))
            // Also with the longest cursor there is.
            #expect(end.word.utf8.count + 1 + 8 + 1 + 5 * 16 + 4 <= 123)
        }
    }
}
