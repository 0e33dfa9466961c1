import Foundation

/// How long things took, in classes that are five percent wide: what is asked of it costs the same for ten and a million.
struct LatencyHistogram {
    private static let least = 0.01
    private static let growth = 1.05
    /// Up to some fifty minutes.
    private var counts = [Int](repeating: 0, count: 400)
    private var total = 0

    mutating func record(milliseconds: Double) {
        let place = log(max(milliseconds, Self.least) / Self.least) / log(Self.growth)
        counts[Int(min(Double(counts.count - 1), place))] += 1
        total += 1
    }

    /// The time in milliseconds that this share of all did not exceed; 0 where nothing was recorded.
    func percentile(_ share: Double) -> Double {
        var left = Int((Double(total) * share).rounded(.up))
        guard left > 0 else { return 0 }
        for (place, count) in counts.enumerated() {
            left -= count
            if left <= 0 { return Self.least * pow(Self.growth, Double(place + 1)) }
        }
        return 0
    }
}
