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

    private func rupees(_ micros: Int64) -> Money { Money(currency: "INR", micros: micros) }
    private let dollar = Money(currency: "USD", micros: 1_000_000)

    @Test func sumsAndComparisonsAreOfOneCurrency() {
        #expect(rupees(2).plus(rupees(3)) == rupees(5) && rupees(2).plus(rupees(-3)) == rupees(-1))
        #expect(rupees(2).plus(dollar) == nil && dollar.plus(.zero(in: "INR")) == nil)
        #expect(rupees(3).isMore(than: rupees(2)) == true && rupees(2).isMore(than: rupees(2)) == false)
        #expect(rupees(3).isMore(than: dollar) == nil)
        #expect(rupees(863_100).times(3) == rupees(2_589_300) && rupees(5).times(0) == .zero(in: "INR"))
    }

    @Test func arithmeticStopsAtTheEndsOfTheRange() {
        #expect(rupees(.max).plus(rupees(1)) == rupees(.max) && rupees(.min).plus(rupees(-1)) == rupees(.min))
        #expect(rupees(.max).times(2) == rupees(.max) && rupees(.max).times(-2) == rupees(.min))
        #expect(rupees(Money.greatest).isExact && !rupees(Money.greatest + 1).isExact)
        #expect(Money("9007199254.740991", currency: "INR") == rupees(Money.greatest))
        #expect(Money("9007199254.740992", currency: "INR") == nil)
    }

    @Test func eachCurrencyHasAnAmountOfItsOwn() {
        var (sums, least) = (Amounts(), Amounts())
        for money in [dollar, rupees(4), rupees(3), rupees(5)] {
            sums.add(money)
            least.keepLeast(money)
        }
        #expect(sums.list == [rupees(12), dollar] && least.list == [rupees(3), dollar])
        #expect(sums["INR"] == rupees(12) && sums["EUR"] == nil && Amounts().list.isEmpty)
    }
}
