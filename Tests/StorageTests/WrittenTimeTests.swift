import Testing
import Vocabulary

@Suite struct WrittenTimeTests {
    @Test(arguments: [
        ("1970-01-02T00:00:00Z", 86_400_000), ("1970-01-01T05:30:00+05:30", 0), ("2028-02-29T00:00:00Z", 1_835_395_200_000),
    ])
    func aMomentIsRead(text: String, milliseconds: Int) {
        #expect(Timestamp(written: text) == Timestamp(milliseconds: Int64(milliseconds)))
    }

    /// Foundation by itself takes many of them for a moment of a day after.
    @Test(arguments: [
        "2026-11-31T06:00:00+05:30", "2026-02-31T10:00:00Z", "2027-02-29T10:00:00Z", "2100-02-29T10:00:00Z", "2026-11-30T24:30:00Z",
        "2026-11-30T10:60:00Z", "2026-11-30T10:00:60Z", "2026-13-01T10:00:00Z", "2026-00-10T10:00:00Z", "2026-11-00T10:00:00Z",
        "2026-11-30T10:00:00", "2026-11-30T10:00:00+24:00", "2026-11-30T10:00:00+05:60", "2026-11-30T10:00:00Z.", "tomorrow", "",
    ])
    func whatDoesNotExistIsRefused(text: String) {
        #expect(Timestamp(written: text) == nil)
    }

    @Test func aDayIsItsBeginningInUTC() {
        #expect(Timestamp(writtenDay: "1970-01-02")?.milliseconds == 86_400_000)
        for text in ["2026-02-31", "2026-2-1", "2026-10-01T00:00:00Z", "today"] { #expect(Timestamp(writtenDay: text) == nil, "\(text)") }
    }
}
