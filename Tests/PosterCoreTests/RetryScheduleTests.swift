import Foundation
import Support
import Testing
import Vocabulary

@testable import PosterCore

/// When what failed is tried again.
@Suite struct RetryScheduleTests {
    @Test func sevenPausesTakeAboutTwentyEightHours() {
        var chance = SeededGenerator(seed: Seed.current)
        let pauses = (1...7).compactMap { RetrySchedule.pause(after: $0, asked: nil, using: &chance) }
        #expect(pauses.count == 7)
        for (pause, wanted) in zip(pauses, RetrySchedule.pauses) {
            #expect(abs((pause - wanted).count) <= wanted.count / 10 + 1, "\(pause) instead of \(wanted)")
        }
        let all = RetrySchedule.pauses.reduce(Milliseconds.zero) { $0 + $1 }
        #expect(all > .hours(27) && all < .hours(28))
        #expect(RetrySchedule.pause(after: 8, asked: .seconds(1), using: &chance) == nil, "then it is given up")
    }

    /// What failed together does not come again together.
    @Test func chanceSpreadsThem() {
        var chance = SeededGenerator(seed: Seed.current)
        let pauses = Set((0..<100).compactMap { _ in RetrySchedule.pause(after: 3, asked: nil, using: &chance) })
        #expect(pauses.count > 50)
    }

    @Test func whoAsksForLongerIsLeftAloneForLonger() {
        var chance = SeededGenerator(seed: Seed.current)
        #expect(RetrySchedule.pause(after: 1, asked: .minutes(30), using: &chance) == .minutes(30))
        let usual = RetrySchedule.pause(after: 3, asked: .seconds(1), using: &chance)
        #expect(usual.map { $0 > .minutes(26) } == true)
    }

    private static let now = Timestamp(milliseconds: 1_790_000_000_000)

    @Test(arguments: [
        (503, "120", Milliseconds.seconds(120)), (429, "0", .seconds(0)), (429, "86400", .hours(1)),
        (503, "Mon, 21 Sep 2026 14:14:20 GMT", .seconds(60)), (503, "Tue, 22 Sep 2026 14:13:20 GMT", .hours(1)),
        (503, "Mon, 21 Sep 2026 14:13:00 GMT", nil), (503, "soon", nil), (503, "-5", nil), (500, "120", nil), (200, "120", nil),
    ])
    func aReceiverAsksForRest(status: Int, text: String, pause: Milliseconds?) {
        #expect(RetryAfter.pause(status, headers: ["retry-after": text], at: Self.now) == pause, "\(text)")
    }

    @Test func whoAsksForNothingGetsNothing() { #expect(RetryAfter.pause(503, headers: [:], at: Self.now) == nil) }
}
