import Support
import Testing
import Vocabulary

@testable import PosterCore

/// How much one endpoint may take at once.
@Suite struct EndpointPaceTests {
    private let now = Timestamp(milliseconds: 1_790_000_000_000)

    private func places(_ pace: inout EndpointPace, at time: Timestamp, rate: Int? = nil) -> Int? {
        guard case .places(let places) = pace.room(at: time, rate: rate) else { return nil }
        return places
    }

    @Test func itGrowsWithSuccessUpToItsMost() {
        var pace = EndpointPace(most: 4)
        #expect(places(&pace, at: now) == 1, "nobody knows it yet")
        #expect(!pace.isProven)
        for _ in 0..<10 {
            pace.begins(at: now)
            pace.succeeded()
        }
        #expect(places(&pace, at: now) == 4 && pace.isProven)
        pace.begins(at: now)
        #expect(places(&pace, at: now) == 3)
    }

    /// One that is dead costs one request now and then, and less and less often.
    @Test func aDeadOneIsTriedAloneAndEverMoreRarely() {
        var pace = EndpointPace(most: 32)
        var chance = SeededGenerator(seed: Seed.current)
        for _ in 0..<40 {
            pace.begins(at: now)
            pace.succeeded()
        }
        var (time, requests) = (now, 0)
        let end = now + .hours(1)
        while time < end {
            switch pace.room(at: time, rate: nil) {
            case .places(let places):
                // Each takes as long as it may.
                for _ in 0..<places { pace.begins(at: time) }
                time += .seconds(15)
                for _ in 0..<places { pace.failed(at: time, asked: nil, using: &chance) }
                requests += places
            case .rest(let pause): time += pause
            }
        }
        #expect(requests < 32 + 30 && requests > 32 + 8, "\(requests) requests in an hour")
        #expect(places(&pace, at: time + .seconds(300)) == 1)
        pace.release()
        #expect(places(&pace, at: time) == 1, "somebody says that it is well")
        pace.begins(at: time)
        pace.succeeded()
        #expect(places(&pace, at: time) == 2)
    }

    @Test func whoAsksForRestGetsIt() {
        var pace = EndpointPace(most: 4)
        var chance = SeededGenerator(seed: Seed.current)
        pace.begins(at: now)
        pace.failed(at: now, asked: .minutes(2), using: &chance)
        #expect(pace.room(at: now + .seconds(119), rate: nil) == .rest(.seconds(1)))
        #expect(places(&pace, at: now + .minutes(2)) == 1)
        #expect(places(&pace, at: now - .days(1)) == 1, "a clock that was set back holds nobody for a day")
    }

    /// Neither the rate nor a rest lasts longer by the step.
    @Test func aClockThatIsSetBackSilencesNobody() {
        var pace = EndpointPace(most: 4)
        var chance = SeededGenerator(seed: Seed.current)
        #expect(places(&pace, at: now, rate: 1) == 1)
        pace.begins(at: now)
        pace.succeeded()
        #expect(places(&pace, at: now - .days(1), rate: 1) == 1)
        pace.begins(at: now - .days(1))
        pace.failed(at: now - .days(1), asked: .minutes(2), using: &chance)
        #expect(pace.room(at: now - .days(1) - .minutes(50), rate: 1) == .rest(.minutes(2)))
    }

    @Test(arguments: [1, 7, 100]) func theRateIsKept(rate: Int) {
        var pace = EndpointPace(most: 256)
        for _ in 0..<300 {
            pace.begins(at: now)
            pace.succeeded()
        }
        var (time, count) = (now, 0)
        while time < now + .seconds(10) {
            switch pace.room(at: time, rate: rate) {
            case .places(let places):
                for _ in 0..<places {
                    pace.begins(at: time)
                    pace.succeeded()
                }
                count += places
                if places == 0 { time += 1 }
            case .rest(let pause): time += pause
            }
        }
        #expect(abs(count - rate * 10) <= 1 + rate / 10 + 1, "\(count)")
    }
}
