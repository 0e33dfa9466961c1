import RPCContract
import Resilience
import Vocabulary

/// A business number on Meta's side, with its limits and its registration.
struct SandboxNumber {
    enum Registration: Equatable {
        case unlinked
        case codeSent(code: String, until: Double)
        case verified
        case registered
    }

    var id: PhoneNumberID
    var wabaID: WABAID
    var portfolio: String
    var display: String
    /// 0 lifts every limit.
    private(set) var messagesPerSecond: Int
    var quality = "GREEN"
    var registration = Registration.registered
    var pin: String?
    /// When it was registered or deregistered: at most ten times in 72 hours.
    var registrations: [Double] = []
    /// While its throughput is upgraded everything is refused.
    var maintenanceUntil = 0.0
    /// 1 is Meta's own; a smaller one a stricter bucket, for proving the pacer.
    private let tolerance: Double
    private var throughput: RateLimiter
    private var pairs: [String: RateLimiter] = [:]

    init(id: PhoneNumberID, wabaID: WABAID, portfolio: String, display: String, messagesPerSecond: Int, tolerance: Double = 1) {
        self.id = id
        self.wabaID = wabaID
        self.portfolio = portfolio
        self.display = display
        self.messagesPerSecond = messagesPerSecond
        self.tolerance = tolerance
        throughput = Self.bucket(messagesPerSecond, tolerance)
    }

    /// A second's worth at once, as Meta counts by the second; less with a smaller tolerance.
    private static func bucket(_ messagesPerSecond: Int, _ tolerance: Double) -> RateLimiter {
        let rate = Double(max(1, messagesPerSecond))
        return RateLimiter(perSecond: rate, burst: max(2, rate * tolerance))
    }

    mutating func set(messagesPerSecond: Int) {
        self.messagesPerSecond = messagesPerSecond
        throughput = Self.bucket(messagesPerSecond, tolerance)
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
        var pair = pairs[contact] ?? RateLimiter(perSecond: 1.0 / 6, burst: 45 * tolerance)
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

/// A portfolio on Meta's side: whom its numbers have written to first within a day.
struct SandboxPortfolio {
    private static let day = 86_400_000.0

    /// nil where the limit is lifted.
    var limit: Int?
    private var lastAt: [String: Double] = [:]
    private var order: [(contact: String, at: Double)] = []
    private var head = 0

    init(limit: Int?) { self.limit = limit }

    mutating func admit(_ contact: String, at now: Double) throws(MetaError) {
        guard let limit else { return }
        while head < order.count, order[head].at + Self.day <= now {
            let entry = order[head]
            head += 1
            if lastAt[entry.contact] == entry.at { lastAt[entry.contact] = nil }
        }
        if head > 10_000 {
            order.removeFirst(head)
            head = 0
        }
        guard lastAt[contact] != nil || lastAt.count < limit else {
            throw MetaError(code: 131048, details: "The messaging limit of \(limit) people in 24 hours is reached.")
        }
        lastAt[contact] = now
        order.append((contact, now))
    }
}

/// A template on Meta's side.
struct SandboxTemplate {
    enum Status: String { case pending = "PENDING", approved = "APPROVED", rejected = "REJECTED", paused = "PAUSED", disabled = "DISABLED" }

    /// When Meta rated it last.
    var ratedAt: Timestamp
    var id: String
    var name: String
    var language: String
    var category: String
    var status: Status
    var quality = "UNKNOWN"
    var isNamed: Bool
    /// As it was made.
    var components: JSONValue = []
    /// IMAGE, VIDEO, DOCUMENT or LOCATION, where the header is no text.
    var media: String?
    /// Buttons that need a parameter: addresses with a suffix, and one-time codes.
    var buttons: [Int] = []
    /// Variables of header and body, in order.
    var header: [String]
    var body: [String]
}
