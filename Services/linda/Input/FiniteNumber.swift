import ArgumentParser

/// A number that can be reckoned with and sent: `nan` and `inf`, which Swift reads as numbers, JSON cannot write.
struct FiniteNumber: ExpressibleByArgument, ExpressibleByFloatLiteral, Equatable {
    let value: Double

    var defaultValueDescription: String { "\(value)" }

    init(floatLiteral value: Double) { self.value = value }

    init?(argument: String) {
        guard let value = Double(argument), value.isFinite else { return nil }
        self.value = value
    }
}
