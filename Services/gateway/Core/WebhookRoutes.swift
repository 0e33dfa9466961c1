import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Metrics
import NIOCore
import RPCContract
import ServiceKit
import Synchronization

/// Meta's side of the HTTP surface: the challenge and the deliveries.
///
/// A delivery is acknowledged when its bytes are on disk and not before;
/// nothing on this path looks into them.
/// Source: Meta, webhooks: create a webhook endpoint.
final class WebhookRoutes: Sendable {
    /// Meta, webhooks overview: payloads are up to 3 MB.
    static let bodyLimit = 3 * 1024 * 1024
    private static let signatureName = HTTPField.Name("X-Hub-Signature-256")

    private let inbox: Inbox
    private let key: SymmetricKey
    private let verifyToken: Secret
    private let logger: Logger
    private let refusals = Mutex(0)
    private let stored = Counter(label: "linda_webhook_requests_total", dimensions: [("outcome", "stored")])
    private let refused = Counter(label: "linda_webhook_requests_total", dimensions: [("outcome", "bad_signature")])
    private let tooLarge = Counter(label: "linda_webhook_requests_total", dimensions: [("outcome", "too_large")])
    private let failed = Counter(label: "linda_webhook_requests_total", dimensions: [("outcome", "not_stored")])
    private let duration = Metrics.Timer(label: "linda_webhook_duration_seconds")

    init(inbox: Inbox, appSecret: Secret, verifyToken: Secret, logger: Logger) {
        self.inbox = inbox
        key = SymmetricKey(data: Data(appSecret.reveal().utf8))
        self.verifyToken = verifyToken
        self.logger = logger
    }

    /// Requests with a wrong signature since the start.
    var refusedCount: Int { refusals.withLock { $0 } }

    func add(to router: Router<BasicRequestContext>) {
        router.get("webhooks/whatsapp") { request, _ in self.challenge(request) }
        router.post("webhooks/whatsapp") { request, _ in await self.deliver(request) }
    }

    private func challenge(_ request: Request) -> Response {
        let query = request.uri.queryParameters
        guard query["hub.mode"].map(String.init) == "subscribe", let token = query["hub.verify_token"],
            let challenge = query["hub.challenge"],
            Self.isEqual(String(token), verifyToken.reveal())
        else { return Self.answer(.forbidden, "hub.verify_token is not the one configured in the credential meta-verify-token\n") }
        return Self.answer(.ok, String(challenge.prefix(1024)))
    }

    private func deliver(_ request: Request) async -> Response {
        let start = ContinuousClock.now
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > Self.bodyLimit { return large() }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: Self.bodyLimit)
        } catch is NIOTooManyBytesError {
            return large()
        } catch {
            return Self.answer(.badRequest, "the body could not be read\n")
        }
        guard let name = Self.signatureName, let signature = request.headers[name].flatMap(Self.signature), isSigned(body, signature) else {
            refusals.withLock { $0 += 1 }
            refused.increment()
            return Self.answer(.unauthorized, "X-Hub-Signature-256 does not match the body\n")
        }
        do {
            try await inbox.append(body.withUnsafeReadableBytes { Data($0) })
        } catch {
            // Not 200: Meta delivers it again.
            failed.increment()
            logger.error("webhook not stored, Meta will retry", metadata: ["error": "\(error)"])
            return Self.answer(.serviceUnavailable, "not stored; deliver it again\n")
        }
        stored.increment()
        duration.recordNanoseconds(Int64((ContinuousClock.now - start).seconds * 1e9))
        return Response(status: .ok)
    }

    private func large() -> Response {
        tooLarge.increment()
        return Self.answer(.contentTooLarge, "a delivery has at most 3 MiB\n")
    }

    private func isSigned(_ body: ByteBuffer, _ signature: [UInt8]) -> Bool {
        body.withUnsafeReadableBytes { HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: $0, using: key) }
    }

    /// Compares in constant time by comparing digests.
    private static func isEqual(_ left: String, _ right: String) -> Bool {
        SHA256.hash(data: Data(left.utf8)) == SHA256.hash(data: Data(right.utf8))
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

    static func answer(_ status: HTTPResponse.Status, _ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
