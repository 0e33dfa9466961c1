import AccountContract
import Testing
import Vocabulary

@testable import linda

@Suite struct RateCardTests {
    private func read(_ text: String) throws -> [Tariff] { try RateCard.read(text, from: "r.csv") }

    private func problem(_ text: String) -> String {
        let trouble = #expect(throws: Trouble.self) { try read(text) }
        return trouble?.description ?? ""
    }

    @Test func pricesAreReadWithOrWithoutAHeader() throws {
        let line = "IN,marketing,inr,0.8631,2026-10-01"
        let items = try read("Country,category,currency,amount,day\r\n\(line)\r\n\r\n* , utility, USD, 1, 2026-10-01\r\n")
        #expect(items.map(\.country) == ["IN", "*"] && items.map(\.category) == [.marketing, .utility])
        #expect(items.map(\.price) == [Money(currency: "INR", micros: 863_100), Money(currency: "USD", micros: 1_000_000)])
        #expect(try read(line) == [items[0]])
    }

    /// Whoever corrects one line learns of the others in the same run, each by the line that an editor shows.
    @Test func everyWrongLineIsTold() {
        let told = problem(
            """
            IN,marketing,INR,0.8631,2026-10-01
            india,marketing,INR,0.8631,2026-10-01

            IN,marketng,INR,0.8631,2026-10-01
            IN,marketing,rupees,0.8631,2026-10-01
            IN,marketing,INR,cheap,2026-10-01
            IN,marketing,INR,0.8631,tomorrow
            IN,marketing
            """)
        let words = [
            "r.csv:2: \"india\" is no country", "r.csv:4: \"marketng\" is no category", "r.csv:5: \"rupees\" is no currency",
            "r.csv:6: \"cheap\" is no amount", "r.csv:7: \"tomorrow\" is no day", "r.csv:8: expected country,category",
            "nothing was imported",
        ]
        let lines = told.split(separator: "\n")
        #expect(lines.count == words.count && zip(lines, words).allSatisfy { $0.hasPrefix($1) }, "\(told)")
    }

    @Test func aDayThatDoesNotExistIsRefused() {
        #expect(problem("IN,marketing,INR,0.8631,2026-02-31").hasPrefix("r.csv:1: \"2026-02-31\" is no day"))
    }

    @Test func ofManyWrongLinesTheFirstAreTold() {
        let lines = problem(String(repeating: "x\n", count: 50)).split(separator: "\n")
        #expect(lines.count == 22 && lines[19].hasPrefix("r.csv:20: ") && lines[20] == "… and 30 more", "\(lines)")
        #expect(problem("country,category,currency,amount,day\n").contains("has no prices"))
    }
}
