import AccountContract
import Testing
import Vocabulary

@testable import AccountContacts

/// The last line of a history is what holds.
@Suite struct ConsentHistoryTests {
    private func states(_ steps: (Consent.State, Int64)...) -> [Consent.State] {
        let recorded = steps.map {
            Consent.Step(state: $0.0, at: Timestamp(milliseconds: $0.1), source: "keyword", actor: nil, proof: nil)
        }
        return ConsentHistory.inOrder(recorded).map(\.state)
    }

    @Test func aStopOfTheSameSecondStandsBehindWhatItEnds() {
        #expect(states((.granted, 5_400), (.stopped, 5_000)) == [.granted, .stopped])
        #expect(states((.granted, 6_000), (.stopped, 5_000)) == [.stopped, .granted], "a second later it was taken back")
        #expect(states((.marketingStopped, 9_000), (.stopped, 5_000)) == [.marketingStopped, .stopped], "the wider one holds")
    }

    @Test func whatIsRecordedLateStandsAtItsMoment() {
        #expect(states((.stopped, 5_000), (.granted, 5_400)) == [.stopped, .granted])
        #expect(states((.stopped, 5_000), (.granted, 1_000), (.resumed, 8_000)) == [.granted, .stopped, .resumed])
        // What the STOP ended is not brought back by a statement of before.
        #expect(states((.granted, 5_400), (.stopped, 5_000), (.granted, 5_200)) == [.granted, .granted, .stopped])
        #expect(states().isEmpty)
    }
}
