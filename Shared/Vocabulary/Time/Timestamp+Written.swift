import Foundation

extension Timestamp {
    /// Reads a moment as people write it (ISO 8601): `2026-11-30T06:00:00+05:30`, or with Z for UTC.
    ///
    /// Foundation alone takes the 31st of November for the 1st of December, and 24:30 for half past midnight on the day after.
    ///
    /// - Returns: nil where the text has another form, or names a day or a time of day that does not exist.
    package init?(written text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count > Self.form.count, Self.has(Self.form, bytes.prefix(Self.form.count)), Self.isZone(bytes[Self.form.count...])
        else { return nil }
        func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        guard (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day) else { return nil }
        guard number(11..<13) <= 23, number(14..<16) <= 59, number(17..<19) <= 59 else { return nil }
        guard let date = try? Date(text, strategy: .iso8601) else { return nil }  // nil says all that there is to say
        self = date.timestamp
    }

    /// Reads a day as people write it, such as `2026-10-01`: its beginning in UTC.
    ///
    /// - Returns: nil where the text has another form, or names a day that does not exist.
    package init?(writtenDay text: String) {
        guard text.utf8.count == 10 else { return nil }
        self.init(written: "\(text)T00:00:00Z")
    }

    /// A 0 stands for any digit.
    private static let form = Array("0000-00-00T00:00:00".utf8)

    private static func has(_ form: [UInt8], _ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count == form.count && zip(bytes, form).allSatisfy { $1 == 0x30 ? (0x30...0x39).contains($0) : $0 == $1 }
    }

    /// Whether it is Z or an offset of less than a day: `+05:30`, `+0530` or `+05`, perhaps behind a fraction of a second.
    private static func isZone(_ rest: ArraySlice<UInt8>) -> Bool {
        let zone = rest.first == UInt8(ascii: ".") ? rest.dropFirst().drop { (0x30...0x39).contains($0) } : rest
        if zone.elementsEqual("Z".utf8) { return true }
        guard zone.first == UInt8(ascii: "+") || zone.first == UInt8(ascii: "-") else { return false }
        let offset = zone.dropFirst()
        guard ["00:00", "0000", "00"].contains(where: { has(Array($0.utf8), offset) }) else { return false }
        let digits = offset.filter { $0 != UInt8(ascii: ":") }.map { Int($0 - 0x30) }
        return digits[0] * 10 + digits[1] <= 23 && (digits.count == 2 || digits[2] <= 5)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
