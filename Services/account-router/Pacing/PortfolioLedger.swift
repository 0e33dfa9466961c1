/// The people whom a portfolio has written to first within the last 24 hours, against Meta's messaging limit.
///
/// Source: Meta, messaging limits: unique people that the business writes to outside a customer service window, in
/// a rolling 24 hours, for all numbers of the portfolio together. Meta counts deliveries; what is sent is counted
/// here, so the limit is never passed. People are linked from who was written to longest ago, and at most as many are
/// kept as the largest limit has: what was sent while there was none counts once there is one.
package struct PortfolioLedger: Sendable {
    /// 24 hours.
    package static let period = 86_400_000.0
    /// Meta's smallest limit, which holds until Meta has said another.
    package static let smallest = 250
    /// Meta's largest limit beside none at all.
    private static let largest = 100_000

    private struct Person {
        var at: Double
        var older: UInt64?
        var newer: UInt64?
        /// Whether the last message was their first in 24 hours.
        var wasNew: Bool
    }

    /// nil where Meta has lifted it.
    private(set) var limit: Int?
    private var people: [UInt64: Person] = [:]
    private var oldest: UInt64?
    private var newest: UInt64?

    init(limit: Int?) { self.limit = limit }

    mutating func set(limit: Int?) {
        self.limit = limit
    }

    /// People that may still be written to now.
    mutating func headroom(at now: Double) -> Int? {
        expire(at: now)
        return limit.map { max(0, $0 - people.count) }
    }

    /// Milliseconds until this person may be written to; 0 means now.
    mutating func wait(_ contact: UInt64, at now: Double) -> Double {
        guard let limit else { return 0 }
        expire(at: now)
        // With more people than the limit, which is another now, the oldest alone does not make room: asked again then.
        guard people[contact] == nil, people.count >= limit, let first = oldest.flatMap({ people[$0] }) else { return 0 }
        return max(1, first.at + Self.period - now)
    }

    mutating func take(_ contact: UInt64, at now: Double) {
        let wasNew = people[contact] == nil
        unlink(contact)
        if people.count >= max(limit ?? 0, Self.largest), let oldest { unlink(oldest) }
        people[contact] = Person(at: now, older: newest, newer: nil, wasNew: wasNew)
        if let newest { people[newest]?.newer = contact }
        newest = contact
        oldest = oldest ?? contact
    }

    /// The last message to a person did not go out; who was written to before it counts from this one.
    mutating func giveBack(_ contact: UInt64) {
        if people[contact]?.wasNew == true { unlink(contact) }
    }

    /// Adds the people whom it wrote to before all that it knows; read after a restart.
    mutating func absorb(_ earlier: [(contact: UInt64, at: Double)]) {
        // People who are older than all that a full one keeps change nothing.
        let isFull = people.count >= max(limit ?? 0, Self.largest)
        if isFull, let first = oldest.flatMap({ people[$0]?.at }), earlier.allSatisfy({ $0.at <= first }) { return }
        var known = people.mapValues(\.at)
        for (contact, at) in earlier { known[contact] = max(known[contact] ?? at, at) }
        (people, oldest, newest) = ([:], nil, nil)
        for (contact, at) in known.sorted(by: { $0.value < $1.value }) { take(contact, at: at) }
    }

    /// Two turn out to be one, who was written to last when either was.
    mutating func merge(_ contact: UInt64, into other: UInt64) {
        guard let first = people[contact] else { return }
        guard let second = people[other] else {
            // It takes the place of the first among those that are linked.
            people[contact] = nil
            people[other] = first
            if let older = first.older { people[older]?.newer = other } else { oldest = other }
            if let newer = first.newer { people[newer]?.older = other } else { newest = other }
            return
        }
        if first.at <= second.at { return unlink(contact) }
        unlink(other)
        merge(contact, into: other)
    }

    private mutating func expire(at now: Double) {
        while let first = oldest, let person = people[first], person.at + Self.period <= now { unlink(first) }
    }

    private mutating func unlink(_ contact: UInt64) {
        guard let person = people.removeValue(forKey: contact) else { return }
        if let older = person.older { people[older]?.newer = person.newer } else { oldest = person.newer }
        if let newer = person.newer { people[newer]?.older = person.older } else { newest = person.older }
    }
}
