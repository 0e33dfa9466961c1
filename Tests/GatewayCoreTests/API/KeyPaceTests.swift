import RPCContract
import Testing
import Vocabulary

@testable import GatewayCore

@Suite struct KeyPaceTests {
    private static let start = Timestamp(milliseconds: 1_790_000_000_000)

    @Test func aClockThatIsSetBackHoldsNoKeyBack() throws {
        let pace = KeyPace(perSecond: 2, from: Self.start)
        for left in [1, 0] { #expect(try pace.take("a", at: Self.start) == left) }
        let fault = #expect(throws: Fault.self) { try pace.take("a", at: Self.start) }
        #expect(fault?.code == .overloaded && fault?.retry == .after(.milliseconds(500)))
        #expect(try pace.take("b", at: Self.start) == 1, "another waits for nothing")
        #expect(try pace.take("a", at: Self.start - .hours(3)) == 1)
        // Also where that is after its start.
        for left in [1, 0] { #expect(try pace.take("a", at: Self.start + .hours(5)) == left) }
        #expect(try pace.take("a", at: Self.start + .hours(2)) == 1)
    }

    /// As many keys as may be: what has rested is let go, and what has not stays refused.
    @Test func manyKeysAreNotKeptForEver() throws {
        let pace = KeyPace(perSecond: 1, from: Self.start)
        for n in 0..<1500 { #expect(try pace.take("\(n)", at: Self.start) == 0) }
        #expect(throws: Fault.self) { try pace.take("7", at: Self.start) }
        #expect(try pace.take("7", at: Self.start + .seconds(1)) == 0)
    }
}
