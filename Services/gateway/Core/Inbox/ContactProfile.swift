import RPCContract
import Vocabulary

/// What Meta tells of whoever wrote, beside their name and ids.
struct ContactProfile: Codable, Equatable, Sendable {
    var username: String?
    /// Meta's hash of their keys.
    var identityHash: String?

    /// - Returns: nil where Meta tells nothing.
    init?(_ entry: JSONValue?) {
        username = entry?["profile"]?["username"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        identityHash = entry?["identity_key_hash"]?.text.flatMap { (1...1024).contains($0.utf8.count) ? $0 : nil }
        if username == nil, identityHash == nil { return nil }
    }
}
