import AccountContract
import AccountNumbers
import AccountPacing
import Coordination
import GRDB
import Logging
import Metrics
import RPCContract
import ServiceLifecycle
import Storage
import Vocabulary

/// Keeps what each number sends and has learned, and tells when more comes in than it may send.
struct LoadWatch: Service {
    let store: Store
    let numbers: Numbers
    let pacer: Pacer
    let outbox: Outbox
    let logger: Logger

    /// Between two looks.
    private static let interval = Milliseconds.seconds(5)
    /// The time that waiting work needs from which a number counts as saturated, and below which it no longer does.
    private static let saturated = Milliseconds.seconds(60)
    private static let relaxed = Milliseconds.seconds(10)

    func run() async throws {
        let pause = Wakeup()
        var full: Set<PhoneNumberID> = []
        await restorePortfolios()
        var unwritten: [PhoneNumberID: LoadMeter.Load] = [:]
        var noted: Set<PhoneNumberID> = []
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            await cancelWhenGracefulShutdown {
                await pause.wait(atMost: store.clock.pause(until: store.clock.now + Self.interval))
            }
            // The last look is after the wait was cut short.
            do {
                try await look(&full, &unwritten)
                let present = Set(numbers.all().map(\.phoneNumberID))
                Self.forget(noted.subtracting(present))
                full.formIntersection(present)
                noted = present
            } catch {
                logger.warning("what the numbers send could not be kept, retrying", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Nobody is written to first before it is known who was.
    private func restorePortfolios() async {
        let pause = Wakeup()
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do { return try await outbox.restorePortfolios(pacer) } catch {
                logger.error("whom the numbers wrote to cannot be read, retrying", metadata: ["error": "\(error)"])
                await cancelWhenGracefulShutdown { await pause.wait(atMost: .seconds(1), clock: store.clock) }
            }
        }
    }

    /// For whoever watches: what waits on a number, how long it needs for that, and whether Meta answers.
    private func note(_ number: PhoneNumberID) {
        let gauges = Self.gauges(number)
        gauges.waiting.record(numbers.waiting(number))
        gauges.seconds.record(numbers.queueTime(number).seconds)
        gauges.breaker.record(pacer.isBlocked(number) ? 1 : 0)
    }

    private static func gauges(_ number: PhoneNumberID) -> (waiting: Gauge, seconds: Gauge, breaker: Gauge) {
        let labels = [("number", number.rawValue)]
        return (
            Gauge(label: "linda_outbox_waiting", dimensions: labels),
            Gauge(label: "linda_outbox_waiting_seconds", dimensions: labels),
            Gauge(label: "linda_graph_breaker_open", dimensions: labels)
        )
    }

    /// Of numbers that were removed there is nothing to tell any more.
    static func forget(_ gone: Set<PhoneNumberID>) {
        for number in gone {
            let gauges = gauges(number)
            gauges.waiting.destroy()
            gauges.seconds.destroy()
            gauges.breaker.destroy()
        }
    }

    /// - Parameters:
    ///   - full: the numbers that are known to be saturated.
    ///   - unwritten: what has been sent and is not in the database yet.
    func look(_ full: inout Set<PhoneNumberID>, _ unwritten: inout [PhoneNumberID: LoadMeter.Load]) async throws {
        let now = store.clock.now
        try await store.read { [outbox, numbers] db in numbers.set(waiting: try outbox.waiting(db)) }
        let all = numbers.all()
        for account in all { note(account.phoneNumberID) }
        var changed: [(account: Account, time: Milliseconds, isFull: Bool)] = []
        for account in all {
            let time = numbers.queueTime(account.phoneNumberID)
            let isFull = full.contains(account.phoneNumberID)
            if !isFull, time >= Self.saturated { changed.append((account, time, true)) }
            if isFull, time < Self.relaxed { changed.append((account, time, false)) }
        }
        let shares = all.compactMap { account in pacer.status(account.phoneNumberID).map { (account.phoneNumberID, $0.share) } }
        let learned = Dictionary(shares) { first, _ in first }
        unwritten.merge(pacer.drainMeters()) { $0 + $1 }
        let (news, loads) = (changed, unwritten)
        try await store.write { [numbers] db in
            try numbers.record(db, loads: loads, learned: learned, at: now)
            for (account, time, isFull) in news {
                try numbers.append(
                    db, isFull ? "account.saturated" : "account.relaxed", account,
                    data: ["queuedSeconds": .integer(Int64(time.seconds.rounded()))])
            }
        }
        unwritten = [:]
        for (account, _, isFull) in news {
            if isFull { full.insert(account.phoneNumberID) } else { full.remove(account.phoneNumberID) }
        }
    }
}
