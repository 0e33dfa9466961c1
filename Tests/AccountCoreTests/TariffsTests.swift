import AccountContract
import GRDB
import Testing
import Vocabulary

@testable import AccountCampaigns

@Suite struct TariffsTests {
    private func tariff(_ country: String, _ micros: Int64, from: Int64, currency: String = "INR") -> Tariff {
        Tariff(
            country: country, category: .marketing, price: Money(currency: currency, micros: micros), from: Timestamp(milliseconds: from))
    }

    @Test func thePriceOfTheDayAndTheCountryHolds() async throws {
        let desk = try await OutboxDesk()
        let tariffs = Tariffs(store: desk.store)
        let items = [tariff("IN", 100, from: 0), tariff("IN", 200, from: 1000), tariff("*", 900, from: 0, currency: "USD")]
        #expect(try await tariffs.add(items, workspace: "w").known == 3)
        func price(_ contact: ContactID, at time: Int64, workspace: String = "w", _ category: Message.Category = .marketing) async throws
            -> Money?
        {
            try await desk.pool.read {
                try tariffs.table($0, workspace: workspace, at: Timestamp(milliseconds: time)).price(contact, category)
            }
        }
        #expect(try await price("919876543210", at: 999) == Money(currency: "INR", micros: 100))
        #expect(try await price("919876543210", at: 1000) == Money(currency: "INR", micros: 200))
        #expect(try await price("IN.13491208655302741918", at: 1000) == Money(currency: "INR", micros: 200), "a BSUID has its country")
        #expect(try await price("4915112345678", at: 1000) == Money(currency: "USD", micros: 900), "for the rest of the world")
        #expect(try await price("4915112345678", at: -1) == nil, "before any")
        #expect(try await price("919876543210", at: 1000, .utility) == nil)
        #expect(try await price("919876543210", at: 1000, workspace: "other") == nil)
        // The same day again is a correction.
        #expect(try await tariffs.add([tariff("IN", 250, from: 1000)], workspace: "w").known == 3)
        #expect(try await price("919876543210", at: 2000) == Money(currency: "INR", micros: 250))
        #expect(try await tariffs.list(workspace: "w").items.map(\.price.micros) == [900, 250])
        try desk.end()
    }
}
