import AccountContract
import RPCContract
import Vocabulary

/// At which openings of its window what recurs goes out.
///
/// A plain value: the window, what is planned already and what was left out say which opening is the next.
struct Occurrences: Sendable {
    let window: DeliveryWindow
    /// The first opening for which nothing has been planned.
    let nextAt: Timestamp
    /// Campaigns that are planned and have not begun, by their opening.
    let planned: [Timestamp: String]
    /// Openings that somebody has left out, those of the last weeks among them.
    let leftOut: Set<Timestamp>

    /// Whether the first message of an opening may be out already.
    func hasBegun(_ opening: Timestamp, at now: Timestamp) -> Bool {
        opening + window.spreadFrom.milliseconds - window.lead <= now
    }

    func isOpening(_ moment: Timestamp) throws -> Bool { try Opening.following(window, after: moment - 1) == moment }

    /// Whether a campaign is planned for an opening, or will be.
    func isDue(_ opening: Timestamp) throws -> Bool {
        if planned[opening] != nil { return true }
        return try opening >= nextAt && isOpening(opening)
    }

    /// The openings that come next and have not begun, those that are left out among them.
    func coming(_ count: Int, at now: Timestamp) throws -> [Timestamp] {
        var found = Set(try openSkips(at: now)).union(planned.keys.filter { !hasBegun($0, at: now) })
        var place = try firstUnplanned(at: now)
        for _ in 0..<count {
            found.insert(place)
            place = try Opening.following(window, after: place)
        }
        return Array(found.sorted().prefix(count))
    }

    /// The next opening at which it goes out.
    func next(at now: Timestamp) throws -> Timestamp {
        let unplanned = try Self.place(from: firstUnplanned(at: now), in: window, without: leftOut)
        return (planned.keys.filter { !hasBegun($0, at: now) } + [unplanned]).min() ?? unplanned
    }

    /// What is left out and has not begun, in order; what the window does not open at any more is nobody's concern.
    func openSkips(at now: Timestamp) throws -> [Timestamp] {
        try leftOut.filter { try !hasBegun($0, at: now) && isOpening($0) }.sorted()
    }

    private func firstUnplanned(at now: Timestamp) throws -> Timestamp {
        guard hasBegun(nextAt, at: now) else { return nextAt }
        return max(nextAt, try Opening.next(window, after: now))
    }

    /// The first opening from one on that is not left out.
    static func place(from opening: Timestamp, in window: DeliveryWindow, without leftOut: Set<Timestamp>) throws -> Timestamp {
        var place = opening
        while leftOut.contains(place) { place = try Opening.following(window, after: place) }
        return place
    }
}
