import AccountContract
import Foundation
import Testing
import Vocabulary

@testable import linda

@Suite struct TableTests {
    private func table() -> Table {
        var table = Table("ID", "NAME", "WHY", "EMPTY")
        table.add("01M8EFQNC50WA2KN773A7QK36M", "आशा राव", "It waits for its number, which is held", "")
        table.add("2", "王小明", "", "")
        return table
    }

    /// Columns are what a terminal counts, not characters.
    @Test func lettersOfEveryScriptLineUp() {
        let lines = table().lines(width: nil)
        #expect(lines.count == 3)
        #expect(lines[0] == "ID                          NAME     WHY                                     EMPTY")
        let place = TerminalWidth.of(String(lines[0].prefix { $0 != "W" }))
        #expect(TerminalWidth.of(String(lines[1].components(separatedBy: "It waits")[0])) == place)
        #expect(TerminalWidth.of("आशा राव") == 7 && TerminalWidth.of("王小明") == 6 && TerminalWidth.of("e\u{301}") == 1)
    }

    @Test(arguments: [40, 50, 60, 70, 80, 200]) func nothingIsWiderThanTheTerminal(width: Int) {
        let lines = table().lines(width: width)
        #expect(lines.allSatisfy { TerminalWidth.of($0) <= width }, "\(lines)")
        #expect(!lines.contains { $0.contains("EMPTY") }, "a column in which nobody has anything is left out")
        // An id can still be copied.
        #expect(lines.contains { $0.contains("01M8EFQNC50WA2KN773A7QK36M") })
        #expect(lines.joined(separator: " ").contains("held"))
    }

    private func conversations(_ year: Int = 2026) -> Table {
        var table = Table("CUSTOMER", "NUMBER", "MESSAGES", "LAST", "WAITS FOR")
        table.addVerbatim("+91 9876543210 आशा लक्ष्मी नारायण राव", "+91 8047181000", "12", "2026-07-14T12:05:33+05:30", "a person")
        table.addVerbatim(
            "+91 9876543211 Venkatasubramanian Iyer", "+91 8047181001", "3", "\(year)-01-02T03:04:05+05:30", "Meta to take the answer")
        return table
    }

    /// The usual width holds what an operator looks at all day: no number is folded, and times say what tells them apart.
    @Test func eightyColumnsHoldNumbersNamesAndTimes() {
        let lines = conversations(2025).lines(width: 80)
        #expect(lines[0].hasPrefix("CUSTOMER ") && lines[0].hasSuffix("WAITS FOR"), "\(lines)")
        #expect(lines.allSatisfy { TerminalWidth.of($0) <= 80 }, "\(lines)")
        for words in ["+91 9876543210", "+91 8047181001", "Venkatasubramanian", "2026-07-14 12:05", "2025-01-02 03:04"] {
            #expect(lines.contains { $0.contains(words) }, "\(words): \(lines)")
        }
        #expect(!lines.contains { $0.contains("\u{A0}") }, "what is copied is what was written")
        #expect(conversations(2025).lines(width: nil)[2].contains("2025-01-02T03:04:05+05:30"), "a pipe gets all of it")
    }

    @Test func aYearThatAllShareGoesBeforeATextIsFoldedToNothing() {
        var table = Table("ID", "TO", "TYPE", "STATE", "AT", "WHY")
        table.add("01M8EFQNC50WA2KN773A7QK36M", "+91 9876543210", "template", "delivered", "2026-07-14T12:05:33+05:30", "")
        #expect(table.lines(width: 80)[1].hasSuffix("delivered  07-14 12:05"))
        #expect(table.lines(width: 200)[1].hasSuffix("2026-07-14T12:05:33+05:30"))
    }

    /// Without its distance from UTC a time would be read as the reader's own.
    @Test func aShortTimeKeepsItsZoneInTheHeading() {
        func lines(_ times: String...) -> [String] {
            var table = Table("ID", "TO", "AT", "WHY")
            for time in times { table.add("01M8EFQNC50WA2KN773A7QK36M", "+91 9876543210", time, "") }
            return table.lines(width: 62)
        }
        let utc = lines("2026-11-28T05:44:01Z")
        #expect(utc[0].hasSuffix("AT (UTC)") && utc[1].hasSuffix("  2026-11-28 05:44"), "\(utc)")
        let local = lines("2026-11-28T05:44:01+05:30", "2026-11-28T05:45:01+05:30")
        #expect(local[0].hasSuffix("AT (+05:30)") && local[2].hasSuffix("05:45"), "\(local)")
        let mixed = lines("2026-03-28T05:44:01+01:00", "2026-03-30T05:44:01+02:00")
        #expect(mixed[0].hasSuffix("AT"), "\(mixed)")
        #expect(mixed[1].hasSuffix("05:44 +01:00") && mixed[2].hasSuffix("05:44 +02:00"), "\(mixed)")
    }

    /// A time that a customer writes may be of another zone, and a space of theirs may be wider.
    @Test func wordsStayAsTheyWereWritten() {
        var table = Table("AT", "", "TYPE", "STATE", "WORDS")
        let words = "come 2026-10-01T10:00:00Z to 5\u{A0}MG\u{A0}Road"
        table.addVerbatim("2026-07-14T12:05:33+05:30", "→", "text", "", words)
        for width in [40, 60, 70, 200] {
            let lines = table.lines(width: width)
            #expect(lines.contains { $0.contains("come 2026-10-01T10:00:00Z") }, "\(width): \(lines)")
            #expect(lines.contains { $0.contains("5\u{A0}MG\u{A0}Road") }, "\(width): \(lines)")
        }
        #expect(table.lines(width: 70)[1].hasPrefix("2026-07-14 12:05  →"), "its own time is short")
    }

    @Test func aTextIsFoldedBetweenWords() {
        #expect(TerminalWidth.folded("one two three", to: 7) == ["one two", "three"])
        #expect(TerminalWidth.folded("abcdefghij k", to: 4) == ["abcd", "efgh", "ij k"])
        #expect(TerminalWidth.folded("", to: 4) == [""])
    }

    /// Sentences are folded at their spaces; what is copied, such as an address or an id, stays whole, however long.
    @Test(arguments: [20, 60, 80]) func aSentenceIsFoldedAtSpacesOnly(width: Int) {
        let address = "https://127.0.0.1:43123/a-rather-long-address/of-some-service/v24.0/phone_number"
        let text = "INBOX  1234 deliveries, 1234 events, 0 repeated, 0 pending, 2 dead letters, 0 refused, see \(address)"
        let lines = TerminalText.lines(text, width: width)
        #expect(lines.flatMap { $0.split(separator: " ") } == text.split(separator: " "), "\(lines)")
        #expect(
            lines.allSatisfy { TerminalWidth.of($0) <= width || $0.contains("https:") && $0.split(separator: " ").count == 1 }, "\(lines)")
    }

    /// One line a row: what is newest stays on the screen.
    @Test(arguments: [false, true]) func campaignsAreOneLineEachAtEightyColumns(ids: Bool) {
        var campaign = Campaign.example
        campaign.name = "A campaign of Diwali with quite a long name here"
        (campaign.state, campaign.standing) = (.running, "+918047181000 is banned since 2026-09-21T14:15:00Z, and no other number can send")
        let all = Array(repeating: campaign, count: 12)
        let lines = CampaignsCommand.List.table(all, ids: ids).lines(width: 80)
        #expect(lines.count == 13 && lines.allSatisfy { TerminalWidth.of($0) <= 80 }, "\(lines)")
        #expect(lines[1].contains("A campaign of") && lines[1].contains("running") && lines[1].contains("…"), "\(lines)")
        #expect(lines[1].contains(campaign.id.rawValue) == ids, "\(lines)")
        #expect(CampaignsCommand.List.table(all, ids: ids).lines(width: nil)[1].contains("no other number can send"), "a pipe gets all")
        #expect(CampaignsCommand.List.troubles([campaign]).first?.hasSuffix("no other number can send") == true)
        campaign.standing = "nobody is due before 2026-09-21T14:15:00Z"
        #expect(CampaignsCommand.List.troubles([campaign]).isEmpty, "it goes as it should")
    }

    @Test(arguments: [false, true]) func numbersAreOneLineEachAtEightyColumns(ids: Bool) {
        var item = ListAccounts.Item(account: .example, queued: 12, sending: 3, trouble: nil)
        item.account.displayName = "Sweets of the old town, Pune and Mumbai"
        let lines = Accounts.List.table([item, item, item], ids: ids).lines(width: 80)
        #expect(lines.count == 4 && lines.allSatisfy { TerminalWidth.of($0) <= 80 }, "\(lines)")
        #expect(lines[1].contains(item.account.spelled) && lines[1].contains("Sweets of the"), "\(lines)")
        #expect(lines[1].contains(item.account.phoneNumberID.rawValue) == ids, "\(lines)")
    }
}
