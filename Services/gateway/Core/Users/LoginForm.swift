import Foundation

/// What somebody has typed into the form of the door.
///
/// Source: WHATWG URL, `application/x-www-form-urlencoded`.
struct LoginForm {
    /// As long as the longest password may be, each sign of it written in its longest form, and the rest.
    static let limit = 16_384

    let key: String
    let email: String
    let password: String

    /// What cannot be read is empty, and so opens nothing.
    init(_ text: String) {
        var fields: [Substring: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, fields[parts[0]] == nil else { continue }
            fields[parts[0]] = String(parts[1]).replacing("+", with: " ").removingPercentEncoding ?? ""
        }
        (key, email, password) = (fields["key"] ?? "", fields["email"] ?? "", fields["password"] ?? "")
    }
}
