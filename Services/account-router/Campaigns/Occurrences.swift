import AccountContract
import RPCContract
import Vocabulary

/// At which openings of its window what recurs goes out.
///
/// A plain value: the window, what is planned already and what was left out say which opening is the next.
struct Occurrences: Sendable {
    /// A campaign of the row that has not ended.
    struct Live: Sendable {
        var id: CampaignID
        var state: Campaign.State
        /// Whether somebody of it was handed over to a number: it cannot be left out as a whole any more.
        var isOut: Bool
        /// When its window is over for everybody.
        var end: Timestamp
    }

    let window: DeliveryWindow
    /// The first opening for which nothing has been planned.
    let nextAt: Timestamp
    /// Its campaigns by their opening.
    let live: [Timestamp: Live]
    /// Openings that somebody has left out, those of the last weeks among them.
    let leftOut: Set<Timestamp>
    /// When those that are left out would have begun, where more is known than the clock tells.
    let begins: [Timestamp: Timestamp]

    /// Whether an opening goes out already, or has passed.
    ///
    /// Its campaign knows: in everybody's own zone the first message may be due most of a day after the first that is possible.
    func hasBegun(_ opening: Timestamp, at now: Timestamp) -> Bool {
        if let campaign = live[opening] { return campaign.isOut || campaign.end <= now }
        // An occurrence that is still to be planned has not begun: it goes out until its window is over.
        if opening >= nextAt, !leftOut.contains(opening) { return opening + window.width <= now }
        return (begins[opening] ?? window.earliest(opening)) <= now
    }

    func isOpening(_ moment: Timestamp) throws -> Bool { try Opening.following(window, after: moment - 1) == moment }

    /// Whether a campaign is planned for an opening, or will be.
    func isDue(_ opening: Timestamp) throws -> Bool {
        if live[opening] != nil { return true }
        return try opening >= nextAt && isOpening(opening)
    }

    /// The openings that come next and have not begun, those that are left out among them.
    func coming(_ count: Int, at now: Timestamp) throws -> [Timestamp] {
        var found = Set(try openSkips(at: now)).union(live.keys.filter { !hasBegun($0, at: now) })
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
        return (live.keys.filter { !hasBegun($0, at: now) } + [unplanned]).min() ?? unplanned
    }

    /// The openings that are left out and have not begun, in order, without those at which the window no longer opens.
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
