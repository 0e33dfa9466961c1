import Crypto
import Foundation
import Vocabulary

/// A secret of an endpoint, in the form of Standard Webhooks: `whsec_` and the base64 of its bytes.
///
/// Source: https://github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md: 24 to 64 bytes, HMAC-SHA256.
struct EndpointSecret: Sendable, Equatable {
    let text: String

    private static let prefix = "whsec_"

    init(_ text: String) { self.text = text }

    /// A new one of 24 bytes.
    static func make() -> EndpointSecret {
        // Secure chance: whoever knows the seed of a run knows no secret of it.
        let chance = SymmetricKey(size: SymmetricKeySize(bitCount: 192)).withUnsafeBytes { Data($0) }
        return EndpointSecret(prefix + chance.base64EncodedString())
    }

    /// One signature of a body, as it stands in the header webhook-signature.
    ///
    /// - Parameters:
    ///   - id: webhook-id.
    ///   - now: webhook-timestamp, in seconds.
    func signature(of body: Data, id: String, at now: Timestamp) -> String {
        let bytes = Data(base64Encoded: String(text.dropFirst(Self.prefix.count))) ?? Data(text.utf8)
        var hash = HMAC<SHA256>(key: SymmetricKey(data: bytes))
        hash.update(data: Data("\(id).\(now.seconds).".utf8))
        hash.update(data: body)
        return "v1,\(Data(hash.finalize()).base64EncodedString())"
    }
}
