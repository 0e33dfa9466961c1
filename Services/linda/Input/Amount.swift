import Vocabulary

/// An amount of money as it is written on the command line.
enum Amount {
    static func read(_ text: String, _ currency: Currency) throws -> Money {
        guard let money = Money(text, currency: currency.code) else {
            throw Trouble("\(text): expected an amount such as 5000 or 4999.50, up to nine billion")
        }
        return money
    }
}
