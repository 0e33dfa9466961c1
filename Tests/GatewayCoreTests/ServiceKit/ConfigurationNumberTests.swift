import ServiceKit
import Testing
import Vocabulary

/// Numbers as somebody may write them by mistake.
@Suite struct ConfigurationNumberTests {
    private func read(_ setting: String) throws(StartRefusal) -> Bounded {
        try Configuration(process: "gateway", file: nil, overrides: [setting]).settings(Bounded.self).own
    }

    private func refusal(_ setting: String) -> String? {
        do throws(StartRefusal) {
            _ = try read(setting)
            return nil
        } catch { return error.description }
    }

    @Test(arguments: [
        "", " ", "0", "-1", "101", "1.0", "1e1", "0x10", "9007199254740992", "9223372036854775807", "9223372036854775808",
        "-9223372036854775809", "1e400", "NaN", "inf", String(repeating: "9", count: 10_000),
    ])
    func aNumberOutOfBoundsIsRefusedWithItsPlace(text: String) {
        let told = refusal("few=\(text)")
        #expect(told?.contains("--set: few must be a whole number from 1 to 100, not \"") == true, "\(told ?? "taken")")
        #expect(told?.count ?? 0 < 300, "a value is not told at length")
    }

    @Test func numbersAtTheirBoundsAreTaken() throws {
        #expect(try read("few=1").few == 1)
        #expect(try read("few=100").few == 100)
        #expect(try read("wide=9223372036854775807").wide == .max)
        #expect(try read("wide=-9223372036854775808").wide == .min)
        #expect(refusal("wide=9223372036854775808")?.contains("--set: wide must be") == true)
    }

    @Test(arguments: [
        "", "0", "0s", "-1s", "59s", "8d", "d", "ms", "5", "9007199254740992s", "9223372036854775807ms", "9223372036854775807d",
        "9223372036854775808d", "1e308d", "1e400s", "-1e308d", "NaNs", "nand", "infd", "infinitys",
    ])
    func aSpanOutOfBoundsIsRefusedWithItsPlace(text: String) {
        let told = refusal("span=\(text)")
        let isTold = told?.contains("--set: span must be a duration such as 250ms, 30s, 5m, 24h or 7d, from 1m to 7d, not \"") == true
        #expect(isTold, "\(told ?? "taken")")
    }

    @Test func spansAtTheirBoundsAreTaken() throws {
        #expect(try read("span=60s").span == .minutes(1))
        #expect(try read("span=7d").span == .days(7))
        #expect(try read("span=168h").span == .days(7))
        // Where the setting has no bound of its own, the end of the range is it.
        #expect(try read("length=9223372036854775807d").length == Milliseconds(Int64.max))
        #expect(try read("length=0ms").length == .zero)
    }
}

private struct Bounded: ProcessSettings {
    let few: Int
    let wide: Int
    let span: Milliseconds
    let length: Milliseconds

    init(_ reader: inout SettingsReader) throws(StartRefusal) {
        few = try reader.whole("few", 1...100, default: 5, "A few.")
        wide = try reader.whole("wide", Int.min...Int.max, default: 0, "Any number.")
        span = try reader.span("span", .minutes(1) ... .days(7), default: "1h", "A span.")
        length = try reader.span("length", .zero...Milliseconds(Int64.max), default: "1h", "Any length.")
    }
}
