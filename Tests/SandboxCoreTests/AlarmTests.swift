import Testing

@testable import SandboxCore

@Suite struct AlarmTests {
    @Test func onlyTheEarliestTimerIsSet() {
        var alarm = Alarm()
        let set = [100.0, 100, 200, 50].map { alarm.set(for: $0) }
        #expect(set == [true, false, false, true])
    }

    /// The clock was put forward, so that it rang, and back again.
    @Test func whatHasRungHoldsUpNoOther() {
        var alarm = Alarm()
        _ = alarm.set(for: 100)
        alarm.hasRung(for: 100)
        let isSet = alarm.set(for: 200)
        #expect(isSet)
        alarm.hasRung(for: 100)
        let isSetBeside = alarm.set(for: 300)
        #expect(!isSetBeside, "the later one is still to ring")
    }
}
