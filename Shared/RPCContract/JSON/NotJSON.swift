/// The text is not JSON from this byte on, or a string in it is no text.
package struct NotJSON: Error, CustomStringConvertible {
    package var offset: Int
    /// The half of a surrogate pair that stands alone: RFC 8259 §8.2 leaves to each reader what it makes of one.
    private(set) var half: UInt16?
    /// Of a half, the value that holds it.
    private(set) var path = ""

    init(offset: Int, half: UInt16? = nil) {
        self.offset = offset
        self.half = half
    }

    package var description: String {
        half.map { "not text from byte \(offset) on: \(Self.words($0))" } ?? "not JSON from byte \(offset) on"
    }

    static func words(_ half: UInt16) -> String {
        "\\u\(String(half, radix: 16)) alone; a character beyond U+FFFF is written as two such escapes"
    }

    /// The same, seen from the object or list around it.
    package func inside(_ place: @autoclosure () -> String) -> NotJSON {
        guard half != nil, path.utf8.count < 512 else { return self }
        let place = String(String.UnicodeScalarView(place().unicodeScalars.prefix(64)))
        var error = self
        error.path = path.isEmpty || path.first == "[" ? place + path : "\(place).\(path)"
        return error
    }
}
