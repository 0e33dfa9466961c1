import Testing
import Vocabulary

@testable import AccountCampaigns

/// Whether a promise is in danger, told neither late nor without need.
@Suite struct DeadlineOutlookTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)

    /// 1,000 people by ten minutes from now, at 80 a second.
    private func outlook(_ change: (inout DeadlineOutlook) -> Void) -> Bool {
        var outlook = DeadlineOutlook(
            all: 1000, target: 99, lost: 0, backlog: 0, dueBy: Self.now + .minutes(10), busySince: nil, coming: 0,
            deadline: Self.now + .minutes(10), rate: 0, capacity: 80)
        change(&outlook)
        return outlook.isAtRisk(at: Self.now)
    }

    private func before(_ seconds: Int) -> Timestamp { Self.now - .seconds(seconds) }

    @Test func nothingIsAtRiskBetweenTwoZones() {
        #expect(!outlook { $0.coming = 500 }, "nothing moves, and nothing is due")
        #expect(
            !outlook { ($0.coming, $0.backlog, $0.busySince) = (300, 200, before(2)) }, "a zone opens: the rate is that of the quiet before"
        )
        #expect(!outlook { ($0.coming, $0.backlog, $0.busySince, $0.rate) = (500, 50, before(60), 10) }, "spread over the window")
    }

    @Test func whatStandsStillIsAtRisk() {
        #expect(outlook { ($0.backlog, $0.busySince, $0.rate) = (200, before(60), 0) })
        #expect(!outlook { ($0.backlog, $0.busySince, $0.rate) = (10, before(60), 0) }, "so many may be late")
        #expect(outlook { ($0.backlog, $0.busySince, $0.rate) = (11, before(60), 0) })
        #expect(outlook { ($0.coming, $0.capacity) = (500, 0) }, "no number can send")
    }

    @Test func aZonesOwnDeadlineCounts() {
        #expect(!outlook { ($0.backlog, $0.busySince, $0.rate) = (500, before(60), 5) })
        #expect(outlook { ($0.backlog, $0.busySince, $0.rate, $0.dueBy) = (500, before(60), 5, Self.now + .minutes(1)) })
    }

    @Test func whatCannotBeDoneInTimeIsSaidAtOnce() {
        #expect(outlook { ($0.all, $0.coming) = (100_000, 100_000) }, "48,000 in ten minutes at the most")
        #expect(!outlook { ($0.all, $0.coming) = (40_000, 40_000) })
        #expect(outlook { ($0.coming, $0.deadline) = (100, Self.now) })
    }

    /// What is at risk for those that are lost is what the verdict would be.
    @Test(arguments: [99, 99.9, 99.7, 90.7, 100, 1, 33.3]) func theLastOneThatMayBeLostIsTheVerdicts(target: Double) {
        for all in [1, 3, 10, 1000, 10_000, 99_999] {
            for lost in [0, 1, 2, 3, all / 100, all / 10, all - 1, all] where lost <= all {
                let isKept = Double(all - lost) * 100 / Double(all) >= target
                #expect(outlook { ($0.all, $0.lost, $0.target) = (all, lost, target) } != isKept, "\(lost) of \(all) at \(target)")
            }
        }
    }

    @Test func whoIsLeftOutCounts() {
        #expect(!outlook { $0.lost = 10 })
        #expect(outlook { $0.lost = 11 })
        #expect(outlook { $0.lost = 1000 })
        #expect(!outlook { ($0.all, $0.coming) = (0, 0) })
    }

    @Test func oddNumbersEndNothing() {
        for rate in [0, -1, .infinity, .nan, 1e300] as [Double] {
            for count in [0, -1, 1 << 53, .max / 4] {
                _ = outlook {
                    ($0.all, $0.backlog, $0.coming, $0.rate, $0.capacity, $0.busySince) = (count, count, count, rate, rate, before(60))
                }
                _ = DeadlineOutlook.expected(left: count, rate: rate, now: .latest)
            }
        }
    }
}
