import Foundation
import Testing

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

    @Test func aTextIsFoldedBetweenWords() {
        #expect(TerminalWidth.folded("one two three", to: 7) == ["one two", "three"])
        #expect(TerminalWidth.folded("abcdefghij k", to: 4) == ["abcd", "efgh", "ij k"])
        #expect(TerminalWidth.folded("", to: 4) == [""])
    }
}
