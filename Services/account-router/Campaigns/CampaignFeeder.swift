import AccountContract
import AccountNumbers
import AccountOutbox
import Coordination
import GRDB
import Logging
import Resilience
import ServiceLifecycle
import Storage
import Vocabulary

/// Moves recipients of running campaigns into the outbox as they fall due, never far ahead of what the numbers can send.
///
/// A recipient becomes a message in the transaction that marks it, so that a crash neither loses nor repeats one.
final class CampaignFeeder: Service {
    private let store: Store
    private let campaigns: Campaigns
    private let states: CampaignStates
    private let numbers: Numbers
    private let handover: CampaignHandover
    private let rates: CampaignRates
    private let senders: Senders
    private let watch: DeadlineWatch
    private let logger: Logger
    private let arrived: Wakeup
    /// Batches that are fed at once; the others wait for their turn.
    private let batchLimit: Int
    private let hasSettled = Mutexed(false)
    /// The last reading of the clock, to notice that it was set back; a step while the process did not run is found before it runs.
    private let readAt: Mutexed<Timestamp>
    /// Campaigns that ran at the last look.
    private let followed = Mutexed<Set<CampaignID>>([])
    private let limiters = Mutexed<[CampaignID: RateLimiter]>([:])
    /// Batches of which nothing could go out when they were looked at last.
    private let parked = Mutexed<Set<CampaignID>>([])

    /// Recipients of one transaction.
    private static let chunk = 500
    /// Seconds of sending that are taken into the outbox ahead.
    private static let lookahead = 3.0

    init(
        store: Store,
        campaigns: Campaigns,
        states: CampaignStates,
        numbers: Numbers,
        handover: CampaignHandover,
        rates: CampaignRates,
        senders: Senders,
        arrived: Wakeup,
        batchLimit: Int,
        logger: Logger
    ) {
        self.store = store
        self.campaigns = campaigns
        self.states = states
        self.numbers = numbers
        self.handover = handover
        self.rates = rates
        self.senders = senders
        self.arrived = arrived
        self.batchLimit = batchLimit
        self.logger = logger
        readAt = Mutexed(store.now)
        watch = DeadlineWatch(store: store, states: states, numbers: numbers)
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                var next: Timestamp?
                do {
                    next = try await look()
                } catch {
                    logger.warning("campaigns could not be fed, retrying", metadata: ["error": "\(error)"])
                    next = store.now + 1000
                }
                await arrived.wait(atMost: next.map { store.clock.pause(until: $0) })
            }
        }
    }

    /// Looks after every campaign once; when to look again, or nil where only news makes a difference.
    func look() async throws -> Timestamp? {
        if !hasSettled.value { try await settle() }
        let now = store.now
        let step = readAt.value - now
        if step > 1000 { try await store.write { [campaigns] db in try campaigns.rebase(db, by: step) } }
        readAt.with { $0 = now }
        var (scheduled, running, standing) = try await store.read { db in
            (try CampaignRow.all(db, .scheduled), try CampaignRow.all(db, .running), try CampaignRow.standing(db))
        }
        for row in running { if let damage = row.damage { await stop(row, for: damage) } }
        scheduled.removeAll { $0.damage != nil }
        running.removeAll { $0.damage != nil }
        // What Meta's answer has paused since the last look keeps nothing queued, as what a hand has paused.
        let fed = Set(running.map(\.campaign.id))
        for id in followed.value.subtracting(fed) where try await campaigns.isPaused(id) { try await campaigns.withdraw(id) }
        followed.with { $0 = fed }
        var next: Timestamp?
        func again(at time: Timestamp) { next = min(next ?? time, time) }
        for row in standing {
            // Nothing of it moves: what it has promised may be missed all the same.
            let counts = try await store.read { try CampaignCounts($0, row.campaign.id) }
            try await watch.look(row, counts, rate: 0, now: now)
            again(at: now + .seconds(5))
        }
        for row in scheduled {
            let startAt = row.campaign.startAt ?? .zero
            // Spread before the moment, it begins before the moment.
            let first = try await campaigns.firstDue(row.campaign.id) ?? startAt
            if min(first, startAt) <= now {
                try await states.set(row.campaign.id, .running, from: [.scheduled], reason: nil)
                again(at: now)
            } else {
                again(at: min(first, startAt))
            }
        }
        var batches = 0
        for row in running {
            if row.campaign.kind == .batch {
                // One of which nothing waits but a status has done its work: it leaves its place.
                let counts = try await store.read { try CampaignCounts($0, row.campaign.id) }
                let isParked = counts.queued == 0 && parked.value.contains(row.campaign.id)
                if counts.planned + counts.queued > 0, !isParked { batches += 1 }
                if batches > batchLimit, counts.planned + counts.queued > 0, !isParked { continue }
            }
            do {
                // One that has ended makes room for the next batch.
                again(at: try await feed(row) ?? now)
            } catch {
                // Its own trouble: the others go on, and it is looked at again.
                logger.warning("a campaign could not be fed, retrying", metadata: ["campaign": "\(row.campaign.id)", "error": "\(error)"])
                again(at: now + 1000)
            }
        }
        rates.keep(fed)
        limiters.with { limiters in limiters = limiters.filter { fed.contains($0.key) } }
        parked.with { $0.formIntersection(fed) }
        return next
    }

    /// What a crash cut short, as a cancellation, is brought to its end.
    private func settle() async throws {
        for id in try await campaigns.unsettled() { try await campaigns.settleCancelled(id) }
        for id in try await campaigns.halted() { try await campaigns.withdraw(id) }
        hasSettled.with { $0 = true }
    }

    /// It cannot be read, perhaps by this version only: it pauses, and the others go on.
    private func stop(_ row: CampaignRow, for damage: String) async {
        let id = row.campaign.id
        logger.error("a campaign cannot be read, it is paused", metadata: ["campaign": "\(id)", "problem": "\(damage)"])
        do {
            guard try await states.set(id, .paused, from: [.running], reason: damage) else { return }
            try await campaigns.withdraw(id)
        } catch {
            logger.warning("a campaign could not be paused, retrying", metadata: ["campaign": "\(id)", "error": "\(error)"])
        }
    }

    /// One campaign; when it wants to be looked at again, nil once it has ended.
    private func feed(_ row: CampaignRow) async throws -> Timestamp? {
        let id = row.campaign.id
        let now = store.now
        let counts = try await store.read { try CampaignCounts($0, id) }
        rates.sample(id, done: counts.done, at: now)
        if counts.left == 0 {
            try await finish(row)
            return nil
        }
        try await watch.look(row, counts, rate: rates.rate(id), now: now)
        if counts.queued > 0, row.isTooLate(at: now) { try await campaigns.failLate(id) }
        guard counts.planned > 0 else { return now + 250 }
        var room = row.campaign.rate.map { allowance(id, $0, now) } ?? .max
        // The places that each number still has: one that cannot send does not use up the others'.
        let places = numbers.accounts(of: row.workspace).map {
            ($0.phoneNumberID, max(0, lookahead($0, row) - (counts.byNumber[$0.phoneNumberID]?["queued"] ?? 0)))
        }
        var rooms = Dictionary(places) { first, _ in first }
        let queues = try await campaigns.queues(id)
        var next = queues.map(\.firstDue).filter { $0 > now }.min() ?? .latest
        var isStuck = room > 0
        // Where nothing could go out last time, one of each queue tells whether it can now: all of a campaign are of a kind.
        let first = row.campaign.kind != .batch && parked.value.contains(id) ? 1 : Self.chunk
        for queue in queues where queue.firstDue <= now {
            var chunk = first
            while room > 0 {
                let limit = min(chunk, room)
                chunk = Self.chunk
                let part = try await handover.handOver(row, queue, limit: limit, rooms: rooms, now: now)
                take(part.count, of: id, now)
                room -= part.count
                for (number, count) in part.numbers {
                    rooms[number, default: 0] -= count
                    senders.nudge(number)
                }
                if part.isStopped { return nil }
                if let problem = part.halt { return try await pause(row, for: problem) }
                // Messages that one number cannot take do not stand in the way of another's.
                if !part.isStuck { isStuck = false }
                if part.isStuck || part.isFull || part.looked < limit { break }
                // Put off or left out, all of it: the others have their turn before the rest.
                if part.count == 0 {
                    next = min(next, now + 10)
                    break
                }
            }
        }
        // A batch of which nothing can go out leaves its place to others meanwhile.
        parked.with { parked in
            if isStuck { parked.insert(id) } else { parked.remove(id) }
        }
        return min(max(next, now + 10), now + (isStuck ? 5000 : 100))
    }

    /// It cannot go on by itself: what has been handed over is within the budget, and goes out first.
    private func pause(_ row: CampaignRow, for problem: String) async throws -> Timestamp? {
        let current = try await store.read { try CampaignCounts($0, row.campaign.id) }
        guard current.left == current.planned else { return store.now + 250 }
        try await states.set(row.campaign.id, .paused, from: [.running], reason: problem)
        return nil
    }

    /// With a rate of its own a campaign hands over no more than comes due in half a second, longer than a look takes.
    private func allowance(_ id: CampaignID, _ rate: Int, _ now: Timestamp) -> Int {
        limiters.with { limiters in
            var limiter = limiters[id] ?? RateLimiter(perSecond: Double(rate), burst: 1)
            limiter.set(perSecond: Double(rate), burst: 1)
            // Owed for longer than was ever handed over: the clock was set back.
            if limiter.wait(at: Double(now.milliseconds)) > 2000 + 1000 / Double(rate) {
                limiter = RateLimiter(perSecond: Double(rate), burst: 1)
            }
            limiters[id] = limiter
            return limiter.units(from: Double(now.milliseconds), until: Double(now.milliseconds) + 500)
        }
    }

    private func take(_ count: Int, of id: CampaignID, _ now: Timestamp) {
        limiters.with { limiters in
            for _ in 0..<count { _ = limiters[id]?.reserve(at: Double(now.milliseconds)) }
        }
    }

    /// How much of a campaign a number sends in a few seconds.
    private func lookahead(_ account: Account, _ row: CampaignRow) -> Int {
        let rate = numbers.rate(account, row.campaign.category ?? .utility)
        let most = rate.isFinite ? max(50, Int(rate * Self.lookahead)) : 8000
        // With a rate of its own no more waits than that of one second: what has gathered would go out at the number's pace.
        return min(most, row.campaign.rate ?? .max)
    }

    private func finish(_ row: CampaignRow) async throws {
        let id = row.campaign.id
        try await store.write { [states] db in
            // Looked at again where nothing can come in between: somebody may be planned anew.
            guard try CampaignCounts(db, id).left == 0 else { return }
            try states.set(db, id, .finished, from: [.running], reason: nil)
        }
    }
}
