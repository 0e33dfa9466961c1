import Observability
import RPCContract
import Support
import Testing
import Vocabulary

/// Chance that is given, so that a seed replays it.
@Suite struct ChanceTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)

    private func ids(_ chance: Chance) -> [String] { (0..<20).map { _ in ULID.make(at: Self.now, using: chance) } }

    @Test func aSeedGivesTheSameIDsAgain() {
        let seed = Seed.current
        #expect(ids(.seeded(seed)) == ids(.seeded(seed)) && ids(.seeded(seed)) != ids(.seeded(seed + 1)), "seed \(seed)")
        #expect(ids(.system) != ids(.system))
    }

    /// Else the parts of a process would give the same ids.
    @Test func copiesDrawFromOneSource() {
        let chance = Chance.seeded(Seed.current)
        let copy = chance
        #expect(Set(ids(chance) + ids(copy) + ids(chance)).count == 60, "seed \(Seed.current)")
    }

    @Test func aSeedGivesTheSameTracesAgain() throws {
        func traces(_ seed: UInt64) -> [String] {
            let ring = SpanRing(chance: .seeded(seed))
            let root = TraceContext.root(using: .seeded(seed)).traceparent
            for parent in [nil, root] { ring.record("a.b", traceparent: parent, start: Self.now, duration: .zero, fault: nil) }
            return [root] + ring.spans(trace: nil).flatMap { [$0.traceID, $0.spanID] }
        }
        let seed = Seed.current
        #expect(traces(seed) == traces(seed) && traces(seed) != traces(seed + 1), "seed \(seed)")
        #expect(TraceContext(traceparent: traces(seed)[0])?.isSampled == true)
    }
}
