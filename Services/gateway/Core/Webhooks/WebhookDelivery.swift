import Crypto
import Foundation
import HTTPServer
import HTTPTypes
import Logging
import Metrics
import NIOCore
import RPCContract
import ServiceKit
import Synchronization

/// Takes Meta's deliveries.
///
/// A delivery is acknowledged when its bytes are on disk and not before;
/// nothing on this path looks into them.
/// Source: Meta, webhooks: create a webhook endpoint.
final class WebhookDelivery: DirectRoute {
    private static let signatureName = HTTPField.Name("X-Hub-Signature-256")

    let method = HTTPRequest.Method.post
    let path = "/webhooks/whatsapp"
    /// Meta, webhooks overview: payloads are up to 3 MB.
    let bodyLimit = 3 * 1024 * 1024

    let budget: BodyBudget

    private let inbox: Inbox
    private let gaps: DeliveryGaps
    /// Of the app secret, and while it is changed of the one before.
    private let keys: [SymmetricKey]
    private let logger: Logger
    private let refusals = Atomic(0)
    private let stored = Counter(label: "linda_webhook_requests_total", dimensions: [("outcome", "stored")])
    private let refused = Counter(label: "linda_webhook_requests_total", dimensions: [("outcome", "bad_signature")])
    private let tooLarge = Counter(label: "linda_webhook_requests_total", dimensions: [("outcome", "too_large")])
    private let crowded = Counter(label: "linda_webhook_requests_total", dimensions: [("outcome", "no_room")])
    private let failed = Counter(label: "linda_webhook_requests_total", dimensions: [("outcome", "not_stored")])
    private let duration = Metrics.Timer(label: "linda_webhook_duration_seconds")

    /// - Parameter bytes: of bodies that may be held at once.
    init(inbox: Inbox, gaps: DeliveryGaps, appSecrets: [Secret], bytes: Int, logger: Logger) {
        self.inbox = inbox
        self.gaps = gaps
        budget = BodyBudget(bytes: bytes)
        keys = appSecrets.map { SymmetricKey(data: Data($0.reveal().utf8)) }
        self.logger = logger
    }

    /// Requests with a wrong signature since the start.
    var refusedCount: Int { refusals.load(ordering: .relaxed) }

    func answer(_ head: HTTPRequest, _ body: ByteBuffer, _ respond: @escaping @Sendable (DirectResponse) -> Void) {
        // Machine time: how long Meta waits at its socket.
        let start = ContinuousClock.now
        guard let signature = Self.signature(of: head), isSigned(body, signature) else {
            return respond(refuse("X-Hub-Signature-256 does not match the body\n"))
        }
        inbox.append(body.withUnsafeReadableBytes { Data($0) }) { [self] problem in
            if let problem {
                // Not 200: Meta delivers it again.
                failed.increment()
                gaps.refused()
                logger.error("webhook not stored, Meta will retry", metadata: ["error": "\(problem)"])
                return respond(DirectResponse(.serviceUnavailable, "not stored; deliver it again\n"))
            }
            stored.increment()
            duration.recordNanoseconds(Int64((ContinuousClock.now - start).seconds * 1e9))  // Machine time: likewise.
            respond(DirectResponse(.ok))
        }
    }

    /// Nobody but Meta is listened to: without a signature's 64 digits its body is not even read.
    func refusal(of head: HTTPRequest) -> DirectResponse? {
        Self.signature(of: head) == nil ? refuse("X-Hub-Signature-256 is sha256= and 64 hexadecimal digits\n") : nil
    }

    func refusedTooLarge() { tooLarge.increment() }
    func refusedForRoom() {
        crowded.increment()
        gaps.refused()
    }

    private func refuse(_ text: String) -> DirectResponse {
        refusals.add(1, ordering: .relaxed)
        refused.increment()
        return DirectResponse(.unauthorized, text)
    }

    private static func signature(of head: HTTPRequest) -> [UInt8]? {
        signatureName.flatMap { head.headerFields[$0] }.flatMap(signature)
    }

    private func isSigned(_ body: ByteBuffer, _ signature: [UInt8]) -> Bool {
        body.withUnsafeReadableBytes { bytes in
            keys.contains { HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: bytes, using: $0) }
        }
    }

    /// The 32 bytes of `sha256=<64 hex digits>`.
    static func signature(_ header: String) -> [UInt8]? {
        let text = header.utf8
        guard text.count == 71, text.starts(with: "sha256=".utf8) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        var high: UInt8?
        for character in text.dropFirst(7) {
            let digit: UInt8
            switch character {
            case 0x30...0x39: digit = character - 0x30
            case 0x61...0x66: digit = character - 0x61 + 10
            case 0x41...0x46: digit = character - 0x41 + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
    }
}
