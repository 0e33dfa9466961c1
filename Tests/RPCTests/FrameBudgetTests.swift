import Synchronization
import Testing
import Vocabulary

@testable import RPCTransport

/// What all connections of a server hold together.
@Suite struct FrameBudgetTests {
    private final class Events: Sendable {
        private let all = Mutex<[String]>([])
        func add(_ event: String) { all.withLock { $0.append(event) } }
        var list: [String] { all.withLock { $0 } }
    }

    @Test func whoeverHasGoneLongestWithoutGettingOnGivesWay() {
        let (budget, events) = (FrameBudget(bytes: 100), Events())
        let peers = ["half", "deaf", "busy"].map { name in FrameAccount(budget) { events.add(name) } }
        let (half, deaf, busy) = (peers[0], peers[1], peers[2])
        half.received(25)
        deaf.received(10)
        deaf.framed(10)
        deaf.served(10)
        deaf.replying(20)
        #expect(budget.used == 45)
        // What is served holds nobody up, however much it is.
        for _ in 0..<9 {
            busy.received(5)
            busy.framed(5)
        }
        #expect(events.list.isEmpty && budget.used == 90)
        deaf.replying(6)
        #expect(events.list == ["half"] && budget.used == 71)
        // Who holds less than its share is no reason for what is short.
        busy.replying(1)
        deaf.replying(25)
        #expect(events.list == ["half", "deaf"])
        busy.served(45)
        busy.replied(1)
        #expect(budget.used == 0)
        half.received(1000)
        #expect(budget.used == 0, "whoever has given way counts no more")
    }

    @Test func nobodyReadsOnUntilThereIsRoom() {
        let (budget, events) = (FrameBudget(bytes: 100), Events())
        let (one, other) = (FrameAccount(budget) { events.add("gone") }, FrameAccount(budget) { events.add("gone") })
        for _ in 0..<3 {
            one.received(40)
            one.framed(40)
        }
        #expect(!one.mayRead { events.add("one reads") })
        #expect(!other.mayRead { events.add("other reads") })
        one.served(10)
        #expect(events.list.isEmpty && budget.used == 110)
        one.served(40)
        #expect(Set(events.list) == ["one reads", "other reads"])
        one.served(40)
        #expect(events.list.count == 2, "each is told once")
        #expect(other.mayRead {})
        one.close()
        #expect(budget.used == 0)
    }

    /// Whatever order things come in, what is held is what is held, and nothing stays behind.
    @Test(arguments: 0..<20) func nothingStaysBehind(seed: UInt64) {
        let budget = FrameBudget(bytes: 1000)
        let gone = Mutex<Set<Int>>([])
        let peers = (0..<5).map { n in FrameAccount(budget) { gone.withLock { _ = $0.insert(n) } } }
        var held = [(incoming: Int, whole: Int, unread: Int)](repeating: (0, 0, 0), count: 5)
        var generator = SeededGenerator(seed: seed)
        var wrong: [Int] = []
        for step in 0..<500 {
            let (n, bytes) = (Int.random(in: 0..<5, using: &generator), Int.random(in: 1...200, using: &generator))
            switch Int.random(in: 0..<5, using: &generator) {
            case 0:
                peers[n].received(bytes)
                held[n].incoming += bytes
            case 1:
                let whole = min(bytes, held[n].incoming)
                peers[n].framed(whole)
                held[n].incoming -= whole
                held[n].whole += whole
            case 2:
                let served = min(bytes, held[n].whole)
                peers[n].served(served)
                held[n].whole -= served
            case 3:
                peers[n].replying(bytes)
                held[n].unread += bytes
            default:
                let read = min(bytes, held[n].unread)
                peers[n].replied(read)
                held[n].unread -= read
            }
            let left = held.indices.filter { n in !gone.withLock { $0.contains(n) } }
            let stalled = left.reduce(0) { $0 + held[$1].incoming + held[$1].unread }
            if stalled > 500 || budget.used != stalled + left.reduce(0, { $0 + held[$1].whole }) { wrong.append(step) }
        }
        #expect(wrong.isEmpty, "seed \(seed)")
        for peer in peers { peer.close() }
        #expect(budget.used == 0, "seed \(seed)")
    }
}
