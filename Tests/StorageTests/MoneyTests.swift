import Testing

@testable import Vocabulary

/// Amounts as people write, pay and read them.
@Suite struct MoneyTests {
    @Test(arguments: [
        ("20000.5", "INR", true, "20000.50 INR"), ("0.01", "INR", true, "0.01 INR"), ("0.001", "INR", false, "0.001 INR"),
        ("5.000", "INR", true, "5.00 INR"), ("500", "JPY", true, "500 JPY"), ("4.5", "JPY", false, "4 JPY"),
        ("0.4", "JPY", false, "0.4 JPY"), ("0.8631", "INR", false, "0.8631 INR"), ("0.5", "INR", true, "0.50 INR"),
        ("0", "JPY", true, "0 JPY"), ("1.8631", "INR", false, "1.86 INR"),
        ("1.234", "KWD", true, "1.234 KWD"), ("1.2345", "KWD", false, "1.234 KWD"), ("1.2345", "CLF", true, "1.2345 CLF"),
    ])
    func aCurrencyHasItsDigits(text: String, currency: String, isPayable: Bool, shown: String) throws {
        let money = try #require(Money(text, currency: currency))
        #expect(money.isPayable == isPayable)
        #expect(money.description == shown)
    }
}
