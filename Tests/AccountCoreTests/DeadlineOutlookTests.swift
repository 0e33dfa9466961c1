import Testing
import Vocabulary

@testable import AccountCampaigns

/// Whether a promise is in danger, told neither late nor without need.
@Suite struct DeadlineOutlookTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)

    /// 1,000 people by ten minutes from now, at 80 a second.
    private func outlook(_ change: (inout DeadlineOutlook) -> Void) -> Bool {
        var outlook = DeadlineOutlook(
            all: 1000, target: 99, lost: 0, backlog: 0, oldest: nil, coming: 0, deadline: Self.now + .minutes(10), rate: 0, capacity: 80)
        change(&outlook)
        return outlook.isAtRisk(at: Self.now)
    }

    private func due(_ seconds: Int, deadline minutes: Int = 10) -> DeadlineOutlook.Due {
        .init(since: Self.now - .seconds(seconds), deadline: Self.now + .minutes(minutes))
    }

    @Test func nothingIsAtRiskBetweenTwoZones() {
        #expect(!outlook { $0.coming = 500 }, "nothing moves, and nothing is due")
        #expect(
            !outlook { ($0.coming, $0.backlog, $0.oldest) = (300, 200, due(2)) }, "a zone opens: the rate is still that of the quiet before"
        )
        #expect(!outlook { ($0.coming, $0.backlog, $0.oldest, $0.rate) = (500, 5, due(60), 10) }, "spread over the window")
    }

    @Test func whatStandsStillIsAtRisk() {
        #expect(outlook { ($0.backlog, $0.oldest, $0.rate) = (200, due(60), 0) })
        #expect(!outlook { ($0.backlog, $0.oldest, $0.rate) = (10, due(60), 0) }, "so many may be late")
        #expect(outlook { ($0.backlog, $0.oldest, $0.rate) = (11, due(60), 0) })
        #expect(outlook { ($0.coming, $0.capacity) = (500, 0) }, "no number can send")
    }

    @Test func aZonesOwnDeadlineCounts() {
        #expect(!outlook { ($0.backlog, $0.oldest, $0.rate) = (500, due(60), 5) })
        #expect(outlook { ($0.backlog, $0.oldest, $0.rate) = (500, due(60, deadline: 1), 5) })
    }

    @Test func whatCannotBeDoneInTimeIsSaidAtOnce() {
        #expect(outlook { ($0.all, $0.coming) = (100_000, 100_000) }, "48,000 in ten minutes at the most")
        #expect(!outlook { ($0.all, $0.coming) = (40_000, 40_000) })
        #expect(outlook { ($0.coming, $0.deadline) = (100, Self.now) })
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
                    ($0.all, $0.backlog, $0.coming, $0.rate, $0.capacity, $0.oldest) = (count, count, count, rate, rate, due(60))
                }
                _ = DeadlineOutlook.expected(left: count, rate: rate, now: .latest)
            }
        }
    }
}
