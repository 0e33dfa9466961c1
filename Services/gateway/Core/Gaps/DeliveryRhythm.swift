import Foundation
import Vocabulary

/// How often deliveries come, and so from when on their absence tells of a gap.
///
/// A number that is busy is missed after seconds. Where little comes, silence means little: only a long one counts.
struct DeliveryRhythm {
    /// The longest silence that may still be one.
    let silence: Milliseconds
    private(set) var lastAt: Timestamp?
    /// The longest pause of late in milliseconds; it counts for less the longer ago it was.
    private var longest: Double

    /// Deliveries come in bunches: a pause of so many of the longest is no gap yet.
    private static let usual = 3.0
    /// Shorter silences are those of a network.
    private static let least = Milliseconds.seconds(15)
    /// Milliseconds in which a pause fades to a third.
    private static let memory = 60_000.0

    init(silence: Milliseconds, lastAt: Timestamp? = nil) {
        self.silence = silence
        self.lastAt = lastAt
        // Until many have come, only the longest silence counts.
        longest = Double(silence.count) / Self.usual
    }

    /// Silence from which on deliveries may be missing.
    var patience: Milliseconds {
        min(silence, max(Self.least, Milliseconds(Int64(longest * Self.usual))))
    }

    /// Since when deliveries may be missing, where one comes now; nil where none are.
    func silentSince(_ now: Timestamp) -> Timestamp? {
        guard let lastAt else { return nil }
        // The clock was set back: how long nothing came cannot be told, so it may have been long.
        if now < lastAt { return lastAt - now > .seconds(1) ? now - silence : nil }
        return now - lastAt >= patience ? lastAt : nil
    }

    mutating func took(at now: Timestamp) {
        if let lastAt, now >= lastAt {
            // By time, not by the number of deliveries: a bunch of a thousand tells no more than one of ten.
            let pause = Double(min(now - lastAt, silence).count)
            longest = max(pause, longest * exp(-pause / Self.memory))
        }
        lastAt = now
    }
}
