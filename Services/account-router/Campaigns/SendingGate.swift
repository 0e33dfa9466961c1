import AccountContract
import Vocabulary

/// Whether somebody may be written to now, by what their campaign has promised.
///
/// Asked for whatever waits, each time that it could go out: planned or queued, after an outage, a pause or a retry.
struct SendingGate: Sendable {
    enum Verdict: Sendable, Equatable {
        case open
        /// It is quiet where the person is.
        case later(Timestamp)
        /// It would come too late.
        case never(String)
    }

    private let window: DeliveryWindow?
    private let quiet: QuietHours?
    /// Whether it is sent after its deadline all the same.
    private let isLateAllowed: Bool
    private let zones = ZoneNames()

    init(_ window: DeliveryWindow?, isLateAllowed: Bool) {
        self.window = window
        quiet = window?.quietHours.flatMap { QuietHours($0) }
        self.isLateAllowed = isLateAllowed
    }

    /// - Parameters:
    ///   - zone: the person's own, where it is known by name.
    ///   - deadline: nil where nothing was promised.
    func verdict(_ contact: ContactID, zone: String?, deadline: Timestamp?, at now: Timestamp) -> Verdict {
        let limit = isLateAllowed ? nil : deadline
        if let limit, limit < now { return .never("its window closed at \(limit.words(by: window))") }
        guard let end = quiet?.end(ifQuietAt: now, in: zones.zone(zone, contact)) else { return .open }
        if let limit, limit < end { return .never("its window closes while it is quiet where the person is") }
        return .later(end)
    }
}
