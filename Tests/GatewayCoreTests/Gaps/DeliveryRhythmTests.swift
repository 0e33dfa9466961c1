import Testing
import Vocabulary

@testable import GatewayCore

/// From when on the absence of deliveries tells of a gap.
@Suite struct DeliveryRhythmTests {
    private let start = Timestamp(milliseconds: 1_790_000_000_000)

    /// After so many deliveries at one pace.
    private func rhythm(_ count: Int, every pause: Milliseconds) -> DeliveryRhythm {
        var rhythm = DeliveryRhythm(silence: .minutes(5))
        var now = start
        for _ in 0..<count {
            rhythm.took(at: now)
            now = now + pause
        }
        return rhythm
    }

    @Test func untilManyHaveComeOnlyALongSilenceCounts() {
        #expect(DeliveryRhythm(silence: .minutes(5)).patience == .minutes(5))
        #expect(rhythm(2, every: 10).patience > .minutes(4))
    }

    /// A number at work is missed after seconds, and no network's moment is a gap.
    @Test func aBusyNumberIsMissedSoon() {
        #expect(rhythm(200, every: .seconds(1)).patience <= .seconds(21))
        #expect(rhythm(1000, every: 500).patience == .seconds(15))
    }

    /// So many statuses within seconds, then a minute of nothing, again and again: none of it is a gap.
    @Test(arguments: [3, 20, 100, 1000]) func whatComesInBunchesIsNotMissedBetweenThem(size: Int) throws {
        var rhythm = DeliveryRhythm(silence: .minutes(5))
        var now = start
        var gaps = 0
        for _ in 0..<50 {
            for number in 1...size {
                rhythm.took(at: now)
                now = now + (number == size ? .seconds(60) : 20)
                if rhythm.silentSince(now) != nil { gaps += 1 }
            }
        }
        #expect(gaps == 0)
    }

    /// Once it is quiet again, the usual pause grows with it.
    @Test func aQuietTimeIsLearnt() throws {
        var rhythm = rhythm(200, every: .seconds(1))
        var now = try #require(rhythm.lastAt)
        var gaps = 0
        for _ in 0..<50 {
            now = now + .minutes(2)
            if rhythm.silentSince(now) != nil { gaps += 1 }
            rhythm.took(at: now)
        }
        #expect((1...5).contains(gaps), "\(gaps)")
    }

    @Test func nothingIsMissedBeforeTheFirst() {
        #expect(DeliveryRhythm(silence: .minutes(5)).silentSince(start) == nil)
    }

    /// How long nothing came cannot be told: it may have been long. Afterwards time counts from the new moment.
    @Test func aClockThatIsSetBackIsAGap() {
        var rhythm = rhythm(1, every: 0)
        let now = start - .hours(2)
        #expect(rhythm.silentSince(now) == now - .minutes(5))
        #expect(rhythm.silentSince(start - 500) == nil, "two threads that read the clock")
        rhythm.took(at: now)
        #expect(rhythm.silentSince(now + .minutes(4)) == nil)
        #expect(rhythm.silentSince(now + .minutes(6)) == now)
    }

    @Test func theEndsOfTimeAreLivedThrough() {
        var rhythm = DeliveryRhythm(silence: .minutes(5))
        for time in [Int64.min, -1, 0, 1 << 53, Int64.max, 0] {
            _ = rhythm.silentSince(Timestamp(milliseconds: time))
            rhythm.took(at: Timestamp(milliseconds: time))
            #expect(rhythm.patience >= .seconds(15) && rhythm.patience <= .minutes(5))
        }
    }
}
