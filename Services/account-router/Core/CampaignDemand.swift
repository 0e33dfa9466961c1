import AccountContract
import Vocabulary

/// The rate that campaigns ask for together at each moment, summed once however many are asked about.
struct CampaignDemand {
    /// When windows open, in order: nothing is asked for more than at one of these moments.
    private var moments: [Timestamp] = []
    /// In each row twice as many moments as in the row before: the most that is asked for at any of those that begin with a place.
    private var peaks: [[Double]] = []

    init(_ campaigns: some Sequence<PlanCapacity.Coming>) {
        // A window that closes before it opens is never open.
        let opening = campaigns.filter { $0.startAt < $0.deadline }.sorted { $0.startAt < $1.startAt }
        let closing = opening.sorted { $0.deadline < $1.deadline }
        var (opened, closed) = (0, 0)
        var sum = SteadySum()
        var loads: [Double] = []
        while opened < opening.count {
            let moment = opening[opened].startAt
            while opened < opening.count, opening[opened].startAt == moment {
                sum.add(Self.rate(opening[opened]))
                opened += 1
            }
            while closing[closed].deadline <= moment {
                sum.add(-Self.rate(closing[closed]))
                closed += 1
            }
            moments.append(moment)
            loads.append(sum.value)
        }
        peaks = [loads]
        var width = 1
        while 2 * width <= loads.count {
            let last = peaks[peaks.count - 1]
            peaks.append((0...(loads.count - 2 * width)).map { max(last[$0], last[$0 + width]) })
            width *= 2
        }
    }

    /// The most that they ask for at once while a campaign among them is open.
    func most(during campaign: PlanCapacity.Coming) -> Double {
        let (first, end) = (place(of: campaign.startAt), place(of: campaign.deadline))
        guard first < end else { return 0 }
        // Two spans that overlap cover them all.
        let level = Int.bitWidth - 1 - (end - first).leadingZeroBitCount
        return max(peaks[level][first], peaks[level][end - (1 << level)])
    }

    /// Messages a second that a campaign's window asks for.
    private static func rate(_ campaign: PlanCapacity.Coming) -> Double {
        Double(campaign.messages) / max(.seconds(1), campaign.deadline - campaign.startAt).seconds
    }

    /// Where the first moment stands that does not come before a time.
    private func place(of time: Timestamp) -> Int {
        var (low, high) = (0, moments.count)
        while low < high {
            let middle = (low + high) / 2
            if moments[middle] < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// A sum that keeps what rounding would lose (Neumaier), so that what comes and goes leaves nothing behind.
private struct SteadySum {
    private var total = 0.0
    private var lost = 0.0

    var value: Double { total + lost }

    mutating func add(_ term: Double) {
        let next = total + term
        lost += abs(total) >= abs(term) ? (total - next) + term : (term - next) + total
        total = next
    }
}
