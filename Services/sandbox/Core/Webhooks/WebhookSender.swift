import Crypto
import Foundation
import HTTPClient
import Logging
import RPCContract
import SandboxContract
import ServiceKit
import ServiceLifecycle
import Synchronization
import Vocabulary

/// One thing that a webhook tells.
struct WebhookPart: Sendable {
    struct Item: Sendable {
        /// `messages` or `statuses`.
        var list: String
        var value: JSONValue
        var contact: JSONValue?
    }

    var waba: String
    var field: String
    var value: JSONValue
    var item: Item?
    /// Of management events, in seconds; messages and statuses have their own.
    var time: Timestamp?
}

/// Posts signed webhooks as Meta does: concurrently, batched, some twice, repeated until a 200 comes.
///
/// Source: Meta, webhooks overview: only 200 counts; retried with decreasing
/// frequency for up to 7 days; duplicates can come.
final class WebhookSender: Sendable {
    struct Statistics {
        var delivered = 0
        var retried = 0
        var dropped = 0
        var waiting = 0
        var p50 = 0.0
        var p99 = 0.0
    }

    private struct Delivery: Sendable {
        var body: Data
        var since: Double
        var attempts = 0
    }

    private struct State {
        var url: String?
        var generator: SeededGenerator
        var due = DueQueue<Delivery>()
        var delivered = 0
        var retried = 0
        var dropped = 0
        var underWay = 0
        var failureShare = 0.0
        var alarm = Alarm()
        var latencies = LatencyHistogram()
    }

    private static let concurrency = 32
    /// 7 days.
    private static let lifetime = 604_800_000.0
    private let http = HTTPClient(connectionsPerHost: concurrency)
    private let key: SymmetricKey
    private let verifyToken: Secret
    private let clock: WallClock
    /// How soon a post is repeated the first time, and how late at most.
    private let retries: ClosedRange<Milliseconds>
    private let state: Mutex<State>
    private let signal = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(appSecret: Secret, verifyToken: Secret, clock: WallClock, retries: ClosedRange<Milliseconds>, seed: UInt64) {
        key = SymmetricKey(data: Data(appSecret.reveal().utf8))
        self.verifyToken = verifyToken
        self.clock = clock
        self.retries = retries
        state = Mutex(State(generator: SeededGenerator(seed: seed ^ 0x5EED)))
    }

    /// So many posts do not reach the callback.
    func fail(_ share: Double) { state.withLock { $0.failureShare = share } }

    func wake() { signal.continuation.yield() }

    /// The handshake, then the callback stands.
    func subscribe(_ url: String?) async throws(Fault) {
        guard let url else { return state.withLock { $0.url = nil } }
        let challenge = String(state.withLock { UInt32.random(in: 1 ... .max, using: &$0.generator) })
        let token = verifyToken.reveal().addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let query = "hub.mode=subscribe&hub.challenge=\(challenge)&hub.verify_token=\(token)"
        do {
            let answer = try await http.perform(HTTPRequest(.get, "\(url)?\(query)", timeout: .seconds(10)))
            guard answer.status == 200, String(decoding: answer.body, as: UTF8.self) == challenge else {
                throw Fault(.handshakeFailed, "The callback answered \(answer.status) and not the challenge.", path: "url")
            }
        } catch let fault as Fault {
            throw fault
        } catch {
            throw Fault(.handshakeFailed, "The callback cannot be reached: \(error)", path: "url")
        }
        state.withLock { $0.url = url }
        wake()
    }

    /// Packs parts into requests: often several in one, sometimes the same request twice.
    func deliver(_ parts: [WebhookPart]) {
        guard !parts.isEmpty else { return }
        let now = Double(clock.now.milliseconds)
        state.withLock { state in
            // Nobody has subscribed: Meta keeps nothing for later.
            guard state.url != nil else { return }
            var rest = parts[...]
            while !rest.isEmpty {
                let size = state.generator.share() < 0.3 ? Int.random(in: 2...20, using: &state.generator) : 1
                let body = Self.body(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
                let delivery = Delivery(body: body, since: now)
                state.due.insert(delivery, due: now)
                if state.generator.share() < 0.01 { state.due.insert(delivery, due: now + 200 * state.generator.share()) }
            }
        }
        wake()
    }

    /// Lets happen what is due and posts it, until the process ends.
    ///
    /// - Parameter advance: what is due now, and when something is due next.
    func run(_ advance: @Sendable () async -> (parts: [WebhookPart], next: Double?)) async {
        await withDiscardingTaskGroup { group in
            for await _ in signal.stream.cancelOnGracefulShutdown() {
                while !Task.isCancelled {
                    let (parts, next) = await advance()
                    deliver(parts)
                    let isBusy = post(in: &group)
                    if parts.isEmpty, !isBusy {
                        scheduleWake([next, state.withLock { $0.due.nextDue }].compactMap { $0 }.min(), in: &group)
                        break
                    }
                }
            }
            group.cancelAll()
        }
    }

    /// Starts what may start; whether anything did.
    private func post(in group: inout DiscardingTaskGroup) -> Bool {
        let now = Double(clock.now.milliseconds)
        var started = false
        while true {
            let ready: (Delivery, String)? = state.withLock { state in
                guard let url = state.url, state.underWay < Self.concurrency, let delivery = state.due.take(at: now) else { return nil }
                state.underWay += 1
                return (delivery, url)
            }
            guard let (delivery, url) = ready else { return started }
            started = true
            group.addTask {
                await self.post(delivery, to: url)
                self.wake()
            }
        }
    }

    private func post(_ delivery: Delivery, to url: String) async {
        let signature = HMAC<SHA256>.authenticationCode(for: delivery.body, using: key).map { String(format: "%02x", $0) }.joined()
        // Machine time: how long whoever is called needs at a socket.
        let start = ContinuousClock.now
        let headers = ["Content-Type: application/json", "X-Hub-Signature-256: sha256=\(signature)"]
        let isCutOff = state.withLock { $0.failureShare > 0 && $0.generator.share() < $0.failureShare }
        var answer: HTTPResponse?
        if !isCutOff {
            let request = HTTPRequest(.post, url, headers: headers, body: .bytes(delivery.body), timeout: .seconds(10))
            // No answer counts as any answer but 200 does: it is delivered again.
            answer = try? await http.perform(request)
        }
        // Machine time: likewise.
        let milliseconds = (ContinuousClock.now - start).seconds * 1000
        let now = Double(clock.now.milliseconds)
        state.withLock { state in
            state.underWay -= 1
            if answer?.status == 200 {
                state.delivered += 1
                state.latencies.record(milliseconds: milliseconds)
            } else {
                state.retried += 1
                var again = delivery
                again.attempts += 1
                guard now - delivery.since < Self.lifetime else { return state.dropped += 1 }
                let pause = Double(retries.lowerBound.count) * Double(1 << min(delivery.attempts, 40))
                state.due.insert(again, due: now + min(Double(retries.upperBound.count), pause))
            }
        }
    }

    private func scheduleWake(_ due: Double?, in group: inout DiscardingTaskGroup) {
        guard let due, state.withLock({ $0.alarm.set(for: due) }) else { return }
        group.addTask {
            try? await self.clock.sleep(until: .zero + Milliseconds(due.rounded(.up)))  // ends early only with the group
            self.state.withLock { $0.alarm.hasRung(for: due) }
            self.wake()
        }
    }

    func statistics() -> Statistics {
        state.withLock { state in
            Statistics(
                delivered: state.delivered,
                retried: state.retried,
                dropped: state.dropped,
                waiting: state.due.count + state.underWay,
                p50: state.latencies.percentile(0.5),
                p99: state.latencies.percentile(0.99)
            )
        }
    }

    /// Meta's envelope; parts of one number share a change.
    static func body(_ parts: [WebhookPart]) -> Data {
        var entries: [(waba: String, time: Timestamp?, changes: [JSONValue])] = []
        var index = 0
        while index < parts.count {
            let first = parts[index]
            var items: [WebhookPart.Item] = []
            while index < parts.count, parts[index].waba == first.waba, parts[index].field == first.field, parts[index].value == first.value
            {
                if let item = parts[index].item { items.append(item) }
                index += 1
                if first.item == nil { break }
            }
            let change: JSONValue = ["field": .string(first.field), "value": value(first.value, items)]
            if let last = entries.indices.last, entries[last].waba == first.waba, entries[last].time == first.time {
                entries[last].changes.append(change)
            } else {
                entries.append((first.waba, first.time, [change]))
            }
        }
        let body: JSONValue = [
            "object": "whatsapp_business_account",
            "entry": .array(
                entries.map { entry in
                    var members: [String: JSONValue] = ["id": .string(entry.waba), "changes": .array(entry.changes)]
                    members["time"] = entry.time.map { .integer($0.seconds) }
                    return .object(members)
                }),
        ]
        let text = JSON.text(body)
        // Meta signs bytes in which everything beyond ASCII is escaped.
        return Data(
            text.unicodeScalars.map { $0.isASCII ? String($0) : String($0).utf16.map { String(format: "\\u%04x", $0) }.joined() }.joined()
                .utf8)
    }

    private static func value(_ base: JSONValue, _ items: [WebhookPart.Item]) -> JSONValue {
        guard !items.isEmpty, case .object(var members) = base else { return base }
        for list in ["messages", "statuses"] {
            let values = items.filter { $0.list == list }.map(\.value)
            if !values.isEmpty { members[list] = .array(values) }
        }
        var contacts: [JSONValue] = []
        for contact in items.compactMap(\.contact) where !contacts.contains(contact) { contacts.append(contact) }
        if !contacts.isEmpty { members["contacts"] = .array(contacts) }
        return .object(members)
    }
}
