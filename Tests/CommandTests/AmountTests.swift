import AccountContract
import Testing
import Vocabulary

@testable import linda

@Suite struct AmountTests {
    @Test(arguments: [
        ("0", "INR", "above 0, or leave --budget out for no limit"), ("0.00", "INR", "above 0"),
        ("0.001", "INR", "INR has 2 digits at most behind the point"), ("4.5", "JPY", "JPY has no digits behind the point"),
        ("-5", "INR", "expected an amount such as 5000"), ("5,000", "INR", "expected an amount such as 5000"),
    ])
    func whatIsNoBudgetIsRefusedWithTheReason(text: String, code: String, words: String) throws {
        let currency = try #require(Currency(argument: code))
        let trouble = #expect(throws: Trouble.self) { try Amount.budget(text, currency, unlimited: "leave --budget out") }
        #expect(trouble?.description.contains(words) == true, "\(trouble?.description ?? "")")
    }

    @Test func aBudgetIsReadInItsCurrency() throws {
        let yen = try #require(Currency(argument: "JPY"))
        #expect(try Amount.budget("4500", yen, unlimited: "none") == Money(currency: "JPY", micros: 4_500_000_000))
    }

    /// Of all that is in a campaign's way, what its budget has.
    @Test func whatTheBudgetHasIsTold() {
        var progress = CampaignProgress.example
        #expect(CampaignsCommand.Budget.problems(progress).isEmpty)
        progress.report?.blockers.append("the budget cannot be kept: it is in EUR, and the rate card is in INR")
        #expect(CampaignsCommand.Budget.problems(progress).count == 1)
        progress.report?.blockers = []
        progress.campaign.standing = "the budget is used up: 2.59 INR of 1.00 INR is spent or on its way"
        #expect(CampaignsCommand.Budget.problems(progress).first == progress.campaign.standing)
    }
}
