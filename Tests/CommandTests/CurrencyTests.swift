import ArgumentParser
import Testing

@testable import linda

@Suite struct CurrencyTests {
    @Test(arguments: [("INR", "INR"), ("eur", "EUR")]) func threeLettersAreACurrency(text: String, code: String) {
        #expect(Currency(argument: text)?.code == code)
    }

    @Test(arguments: ["rupees", "₹", "IN", "IN1", "", " INR"]) func whatHasAnotherFormIsNone(text: String) {
        #expect(Currency(argument: text) == nil)
    }

    /// Before a file is read or a list is made.
    @Test func aWrongCurrencyIsRefusedWithTheFormItHas() {
        let error = #expect(throws: (any Error).self) {
            _ = try Linda.parseAsRoot([
                "campaigns", "plan", "C", "--template", "t", "--csv", "people.csv", "--budget", "5", "--currency", "rupees",
            ])
        }
        let told = error.map { Linda.fullMessage(for: $0) } ?? ""
        #expect(told.contains("'rupees' is invalid for '--currency <code>'") && told.contains("three letters (ISO 4217)"), "\(told)")
    }
}
