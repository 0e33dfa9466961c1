import GraphAPI
import Testing

/// What Meta says of its own limits is a text from outside like any other.
@Suite struct GraphUsageTests {
    private func app(_ members: String) -> [GraphUsage] { GraphUsage.read(["x-app-usage": "{\(members)}"]) }

    private func account(_ members: String) -> [GraphUsage] {
        GraphUsage.read(["x-business-use-case-usage": #"{"1022":[{"type":"messaging",\#(members)}]}"#])
    }

    @Test(
        arguments: [
            ("0", 0.0), ("101", 101), ("95.5", 95.5), ("-1", 0), ("-1e308", 0), ("9007199254740992", 0x1p53),
            ("9223372036854775807", 0x1p63),
            ("1e308", 1e308), (#""NaN""#, 0), (#""95""#, 0), ("null", 0), ("true", 0), ("[95]", 0), (#"{"a":[{}]}"#, 0),
        ] as [(String, Double)])
    func aShareThatCannotBeIsNone(number: String, percent: Double) {
        let member = #""call_count":\#(number)"#
        #expect(app(member) == [GraphUsage(kind: .app, account: nil, percent: percent, minutesToRegain: 0)])
        #expect(account(member) == [GraphUsage(kind: .messaging, account: "1022", percent: percent, minutesToRegain: 0)])
    }

    /// An account that was told to wait for ever would send nothing any more.
    @Test(
        arguments: [
            ("0", 0.0), ("5", 5), ("-1", 0), ("1440", 1440), ("1441", 1440), ("9007199254740992", 1440), ("9223372036854775807", 1440),
            ("1e308", 1440), (#""NaN""#, 0), (#""5""#, 0), ("null", 0), ("[5]", 0),
        ] as [(String, Double)])
    func aWaitIsADayAtMost(number: String, minutes: Double) {
        let usage = account(#""estimated_time_to_regain_access":\#(number)"#)
        #expect(usage == [GraphUsage(kind: .messaging, account: "1022", percent: 0, minutesToRegain: minutes)])
    }

    @Test func whatIsMissingIsNothingUsed() {
        #expect(GraphUsage.read([:]) == [])
        #expect(app("") == [GraphUsage(kind: .app, account: nil, percent: 0, minutesToRegain: 0)])
        let bad = #""call_count":-5,"total_time":40,"total_cputime":"NaN""#
        #expect(app(bad).map(\.percent) == [40])
    }

    @Test func numbersOfNoUseAreNone() {
        for number in [Double.nan, .infinity, -.infinity, -1] {
            let usage = GraphUsage(kind: .app, account: nil, percent: number, minutesToRegain: number)
            #expect(usage.percent == 0 && usage.minutesToRegain == 0, "\(number)")
        }
    }

    /// None of it is a usage, and none of it ends the process.
    @Test func garbageIsLeftOut() {
        let texts = [
            "", "{", "NaN", "null", "5", "[]", #""95""#, "1e400", #"{"call_count":1e400}"#, #"{"call_count":NaN}"#, "\u{0}",
            String(repeating: "[", count: 100_000), String(repeating: #"{"a":"#, count: 100_000), String(repeating: "9", count: 1_000_000),
        ]
        for text in texts {
            #expect(GraphUsage.read(["x-app-usage": text]) == [], "\(text.prefix(20))")
            #expect(GraphUsage.read(["x-business-use-case-usage": text]) == [], "\(text.prefix(20))")
        }
        for uses in ["5", "{}", "[]", "[5]", "[null]", #"["a"]"#, "[[[{}]]]"] {
            #expect(GraphUsage.read(["x-business-use-case-usage": #"{"1022":\#(uses)}"#]) == [], "\(uses)")
        }
    }
}
