import Resilience
import Vocabulary

/// A business number on Meta's side, with its limits.
struct SandboxNumber {
    var id: PhoneNumberID
    var wabaID: WABAID
    var display: String
    /// 0 lifts every limit.
    var messagesPerSecond: Int
    private var throughput: RateLimiter
    private var pairs: [String: RateLimiter] = [:]

    init(id: PhoneNumberID, wabaID: WABAID, display: String, messagesPerSecond: Int) {
        self.id = id
        self.wabaID = wabaID
        self.display = display
        self.messagesPerSecond = messagesPerSecond
        let rate = Double(max(1, messagesPerSecond))
        // Stricter than a one-second window: at most a tenth of a second's worth at once.
        throughput = RateLimiter(perSecond: rate, burst: max(2, rate / 10))
    }

    /// Throughput first, then the pair, as Meta answers them.
    mutating func admit(to contact: String, at now: Double) throws(MetaError) {
        guard messagesPerSecond > 0 else { return }
        guard throughput.take(at: now) else {
            throw MetaError(
                code: 130429,
                details:
                    "Message failed to send because there were too many messages sent from this phone number in a short period of time.")
        }
        if pairs.count > 20_000 { pairs = pairs.filter { !$0.value.isRested(at: now) } }
        // One in six seconds, with a burst of 45 that is borrowed.
        var pair = pairs[contact] ?? RateLimiter(perSecond: 1.0 / 6, burst: 45)
        guard pair.take(at: now) else {
            throw MetaError(
                code: 131056,
                details: "Message failed to send because there were too many messages sent from this phone number to the same phone number."
            )
        }
        pairs[contact] = pair
    }

    /// Inbound messages count too.
    mutating func countInbound(at now: Double) {
        guard messagesPerSecond > 0 else { return }
        _ = throughput.reserve(at: now)
    }
}

/// A template on Meta's side.
struct SandboxTemplate {
    enum Status: String { case pending = "PENDING", approved = "APPROVED", rejected = "REJECTED" }

    var id: String
    var name: String
    var language: String
    var category: String
    var status: Status
    var isNamed: Bool
    /// Variables of header and body, in order.
    var header: [String]
    var body: [String]
}
