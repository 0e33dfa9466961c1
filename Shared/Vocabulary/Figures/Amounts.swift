/// Amounts of several currencies, one of each: those of two are never added or compared.
package struct Amounts: Hashable, Sendable {
    private var byCurrency: [String: Money] = [:]

    package init() {}

    /// The amount of a currency; nil where there is none.
    package subscript(currency: String) -> Money? { byCurrency[currency] }

    /// Adds an amount to what there is of its currency.
    package mutating func add(_ money: Money) {
        byCurrency[money.currency] = (byCurrency[money.currency] ?? .zero(in: money.currency)).plus(money)
    }

    /// Keeps an amount if there is no smaller one of its currency.
    package mutating func keepLeast(_ money: Money) {
        if byCurrency[money.currency]?.isMore(than: money) != false { byCurrency[money.currency] = money }
    }

    /// In the order of their currencies.
    package var list: [Money] { byCurrency.values.sorted { $0.currency < $1.currency } }
}
