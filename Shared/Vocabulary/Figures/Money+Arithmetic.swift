/// All arithmetic with amounts: within one currency, and it stops at the ends of its range instead of trapping.
extension Money {
    /// Nothing, in a currency.
    package static func zero(in currency: String) -> Money { Money(currency: currency, micros: 0) }

    /// The sum; nil where the other amount is of another currency.
    package func plus(_ other: Money) -> Money? {
        guard other.currency == currency else { return nil }
        return Money(currency: currency, micros: micros.saturatingAdd(other.micros))
    }

    /// What so many cost of which one costs this.
    package func times(_ count: Int) -> Money {
        Money(currency: currency, micros: micros.saturatingMultiply(Int64(count)))
    }

    /// Whether it is the larger amount; nil where the other is of another currency.
    package func isMore(than other: Money) -> Bool? {
        other.currency == currency ? micros > other.micros : nil
    }
}
