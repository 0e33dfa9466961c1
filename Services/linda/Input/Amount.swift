import Vocabulary

/// An amount of money as it is written on the command line.
enum Amount {
    /// A budget: above 0, and in whole units of what the currency is paid in.
    ///
    /// - Parameter unlimited: how no limit is said instead.
    static func budget(_ text: String, _ currency: Currency, unlimited: String) throws -> Money {
        guard let money = Money(text, currency: currency.code) else {
            throw Trouble("\(text): expected an amount such as 5000 or 4999.50, up to nine billion")
        }
        guard money.micros > 0 else {
            throw Trouble("\(text): with a budget of 0 nothing could be sent; give an amount above 0, or \(unlimited) for no limit")
        }
        let digits = Money.digits(of: currency.code)
        guard money.isPayable else {
            throw Trouble("\(text): \(currency.code) has \(digits == 0 ? "no digits" : "\(digits) digits at most") behind the point")
        }
        return money
    }
}
