/// The people who were written to just now: one message in six seconds to the same person, bursts borrowed from the time that follows.
///
/// Source: Meta, pair rate limit: up to 45 at once, and n of them block the pair for about n × 6 s. A pair is kept
/// only while it owes something, so memory follows the traffic of the last seconds: 16 bytes for each.
struct PairLedger: Sendable {
    /// A little slower than 6 s: what is admitted now is posted a moment later.
    private static let interval = 6200.0
    private static let burst = 44.0
    /// With so many in debt the number has other troubles than one more person.
    private let capacity: Int
    /// When each pair will owe nothing any more, by a hash of the contact.
    private var dues: [UInt64: Double] = [:]
    private var prunedAt = 1000

    init(capacity: Int = 4_000_000) {
        self.capacity = capacity
    }

    var count: Int { dues.count }

    /// Milliseconds until one more message conforms; 0 means now.
    func wait(_ contact: UInt64, at now: Double) -> Double {
        guard let due = dues[contact] else { return dues.count < capacity ? 0 : Self.interval }
        return max(0, due - Self.interval * (Self.burst - 1) - now)
    }

    mutating func take(_ contact: UInt64, at now: Double) {
        prune(at: now)
        dues[contact] = max(dues[contact] ?? 0, now) + Self.interval
    }

    mutating func giveBack(_ contact: UInt64, at now: Double) {
        guard let due = dues[contact] else { return }
        dues[contact] = due - Self.interval > now ? due - Self.interval : nil
    }

    /// Meta said 131056: the pair rests.
    mutating func hold(_ contact: UInt64, until time: Double) {
        dues[contact] = max(dues[contact] ?? 0, time + Self.interval * (Self.burst - 1))
    }

    /// Two turn out to be one, who owes what both owed.
    mutating func merge(_ contact: UInt64, into other: UInt64, at now: Double) {
        guard let due = dues.removeValue(forKey: contact), due > now else { return }
        dues[other] = max(dues[other] ?? 0, now) + due - now
    }

    private mutating func prune(at now: Double) {
        guard dues.count > prunedAt * 2 || dues.count >= capacity else { return }
        dues = dues.filter { $0.value > now }
        prunedAt = max(1000, dues.count)
    }
}
