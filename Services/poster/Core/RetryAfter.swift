import Vocabulary

/// How long a receiver asks to be left alone, in the header Retry-After.
///
/// Source: RFC 9110 §10.2.3: seconds, or a moment as RFC 9110 §5.6.7 writes it.
enum RetryAfter {
    /// Nobody is left alone for longer.
    static let most = Milliseconds.hours(1)

    /// - Returns: nil where the receiver asks for nothing, or nothing that can be read.
    static func pause(_ status: Int, headers: [String: String], at now: Timestamp) -> Milliseconds? {
        guard [429, 503].contains(status), let text = headers["retry-after"] else { return nil }
        if let seconds = Int(text) { return seconds < 0 ? nil : min(most, .seconds(seconds)) }
        guard let moment = moment(text) else { return nil }
        let pause = moment - now
        return pause > .zero ? min(most, pause) : nil
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// A moment such as `Sun, 06 Nov 1994 08:49:37 GMT`; nil where it is written in another way.
    private static func moment(_ text: String) -> Timestamp? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else { return nil }
        return Timestamp(written: "\(parts[3])-\(month < 9 ? "0" : "")\(month + 1)-\(parts[1])T\(parts[4])Z")
    }
}
