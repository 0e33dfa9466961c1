/// The Graph calls of one kind that an account makes, against what it may make in a rolling hour.
///
/// Source: Meta, rate limits of the WhatsApp Business Management API: 5,000 an hour with a registered number, 200 without.
struct CallLedger {
    var limit: Int
    /// Calls by minute, oldest first.
    private var minutes: [(at: Int64, calls: Int)] = []

    init(limit: Int) { self.limit = limit }

    /// Counts a call; whether it is within the limit.
    mutating func take(at now: Double) -> Bool {
        let minute = expire(at: now)
        guard count < limit else { return false }
        if minutes.last?.at == minute { minutes[minutes.count - 1].calls += 1 } else { minutes.append((minute, 1)) }
        return true
    }

    /// Percent of the limit; and minutes until calls are taken again, 0 while they are.
    mutating func usage(at now: Double) -> (percent: Int, minutesToRegain: Int) {
        let minute = expire(at: now)
        let regain = count < limit ? 0 : (minutes.first?.at ?? minute) + 60 - minute
        return (limit > 0 ? count * 100 / limit : 100, Int(regain))
    }

    private var count: Int { minutes.reduce(0) { $0 + $1.calls } }

    private mutating func expire(at now: Double) -> Int64 {
        let minute = Int64(now / 60_000)
        minutes.removeAll { $0.at <= minute - 60 }
        return minute
    }
}
