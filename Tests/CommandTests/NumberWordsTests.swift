import AccountContract
import RPCContract
import Testing
import Vocabulary

@testable import linda

/// What is said of a business number, in the same words by every command.
@Suite struct NumberWordsTests {
    /// A number that is not registered sends nothing: no command calls it ready.
    @Test(
        arguments: [
            (.registered, .ready, "ready"), (.registered, .banned, "banned"), (.unlinked, .ready, "unlinked"),
            (.codeRequested, .ready, "codeRequested"),
        ] as [(Account.Link, Account.Health, String)])
    func oneWordSaysHowItStands(link: Account.Link, health: Account.Health, word: String) {
        var account = Account.example
        (account.link, account.health) = (link, health)
        #expect(account.condition == word)
        let items = [ListAccounts.Item(account: account, queued: 0, sending: 0)]
        for table in [Accounts.List.table(items, ids: false), Status.table(items)] {
            #expect(table.lines(width: nil)[1].contains(word), "\(table.lines(width: nil))")
        }
        let headline = Accounts.Health.headline(
            AccountHealth.Reply(account: account, score: 0, answering: true, rate: 1, learnedShare: 1, headroom: nil, steps: []))
        #expect(headline.contains("  \(word), quality"), "\(headline)")
        #expect(headline.hasSuffix(word == "ready" ? "answering" : "held back"), "\(headline)")
    }
    /// Whoever removes the master is told that there is none then, before and after.
    @Test func theMastersRemovalIsNoSecret() {
        var other = Account.example
        (other.phoneNumberID, other.role) = ("2", .secondary)
        let warning = Accounts.Remove.warning(.example, [other], [])
        #expect(warning == "It is the master, and without it there is none: linda accounts promote NUMBER makes another the master.")
        #expect(Accounts.Remove.warning(other, [.example], []) == nil)
        #expect(Accounts.Remove.warning(.example, [], []) == nil)
        #expect(
            Accounts.Remove.warning(.example, [], ["Diwali"]) == "It is the only number, and campaigns wait for one: Diwali.")
        let first = GetStrategy.Reply(name: .masterFirst, geographic: false)
        #expect(Accounts.Strategy.lines(first, [other]).count == 2 && Accounts.Strategy.lines(first, [other, .example]) == ["masterFirst"])
        #expect(Accounts.Strategy.lines(.init(name: .weighted, geographic: false), [other]) == ["weighted"])
    }

    /// People know numbers as they are dialled.
    @Test func numbersAreShownAsTheyAreDialled() {
        func shown(_ id: PhoneNumberID) -> String { id == "1" ? "+91 8047181001" : "+91 8047181002" }
        let route = PreviewRoute.Reply(account: "1", reason: "it is the master", others: ["2": "it is disabled"])
        #expect(Accounts.Route.lines(route, shown) == ["+91 8047181001: it is the master", "  not +91 8047181002: it is disabled"])
        var items = ListPortfolios.example.reply.items
        items[0].accounts = ["1", "2"]
        let row = Accounts.Limits.table(items, shown).lines(width: nil)[1]
        #expect(row.hasSuffix("+91 8047181001, +91 8047181002"), "\(row)")
    }
}
