import RPCContract
import Testing
import Vocabulary

@testable import GatewayCore

/// The latest events, kept once for all who listen.
@Suite struct EventRingTests {
    private func event(_ cursor: Int64, subject: String = "s") -> Event {
        Event(cursor: cursor, at: Timestamp(milliseconds: cursor), type: "message.sent", workspace: "w", subject: subject, data: [:])
    }

    private func ring(count: Int = 100, bytes: Int = 1 << 20) -> EventRing {
        var ring = EventRing(count: count, bytes: bytes)
        for source in LogPosition.sources.indices { ring.begin(source, at: 10) }
        return ring
    }

    @Test func nothingIsKnownBeforeEveryLogHasBeenBegunWith() {
        var ring = EventRing()
        for source in LogPosition.sources.indices.dropLast() { ring.begin(source, at: 10) }
        #expect(ring.end == nil)
        ring.begin(LogPosition.sources.count - 1, at: 4)
        #expect(ring.end?.place == "10.10.10.10.10.4")
    }

    @Test func eachGetsWhatCameBehindTheNumberThatItHas() throws {
        var ring = ring()
        #expect(ring.entries(after: 0, limit: 10)?.entries.isEmpty == true)
        ring.append([event(11), event(12)], of: 2, upTo: 20)
        ring.append([event(11)], of: 0, upTo: 11)
        let all = try #require(ring.entries(after: 0, limit: 10))
        #expect(all.entries.map(\.position.place) == ["10.10.11.10.10.10", "10.10.12.10.10.10", "11.10.20.10.10.10"] && all.last == 3)
        let first = try #require(ring.entries(after: 0, limit: 1))
        #expect(first.entries.count == 1 && first.last == 1)
        #expect(ring.entries(after: 2, limit: 10)?.entries.map(\.event.cursor) == [11])
        #expect(ring.entries(after: 3, limit: 10)?.entries.isEmpty == true)
        #expect(ring.entries(after: 4, limit: 10) == nil, "nobody had that")
    }

    /// However much comes, little is kept, and who has not had the rest is told.
    @Test(arguments: [(100, 1 << 20), (100_000, 20_000)]) func itStaysSmall(count: Int, bytes: Int) throws {
        var ring = ring(count: count, bytes: bytes)
        for n in 1...5000 { ring.append([event(Int64(10 + n), subject: String(repeating: "x", count: 100))], of: 2, upTo: Int64(10 + n)) }
        #expect(ring.last == 5000 && ring.entries(after: 0, limit: 10) == nil)
        let kept = try #require((4000..<5000).first { ring.entries(after: $0, limit: 1) != nil })
        let rest = try #require(ring.entries(after: kept, limit: 10_000))
        #expect(rest.entries.map(\.number) == Array(kept + 1...5000))
        #expect(rest.entries.count <= count && rest.entries.reduce(0) { $0 + $1.frame.utf8.count } <= bytes)
    }

    @Test func behindABreakNobodyGoesOn() {
        var ring = ring()
        ring.append([event(11)], of: 1, upTo: 11)
        ring.breakOff()
        #expect(ring.entries(after: 0, limit: 10) == nil && ring.entries(after: 1, limit: 10) == nil)
        ring.append([event(19)], of: 1, upTo: 19)
        #expect(ring.entries(after: 1, limit: 10) == nil && ring.entries(after: 2, limit: 10)?.entries.count == 1)
    }

    /// A new one gives no number again: nobody takes its events for what they have seen.
    @Test func numbersGoOnAfterARest() {
        var ring = EventRing(after: 7)
        for source in LogPosition.sources.indices { ring.begin(source, at: 10) }
        #expect(ring.entries(after: 0, limit: 10) == nil && ring.entries(after: 6, limit: 10) == nil)
        ring.append([event(11)], of: 2, upTo: 11)
        #expect(ring.entries(after: 7, limit: 10)?.entries.map(\.number) == [8])
    }

    @Test(arguments: ["", ".", "1.2.3.4.5.6.7", "a", "-1", "1..2", "9007199254740992", "9223372036854775808", "1.2.3.4. 5", "NaN"])
    func whatIsNoPlaceIsNone(text: String) { #expect(LogPosition(place: text) == nil) }

    @Test func aPlaceOfBeforeAProcessCameBeginsThereWithItsFirst() {
        #expect(LogPosition(place: "1.2.3")?.place == "1.2.3.0.0.0")
        #expect(LogPosition(place: "1.2.3.4.5.9007199254740991")?.place == "1.2.3.4.5.9007199254740991")
    }
}
