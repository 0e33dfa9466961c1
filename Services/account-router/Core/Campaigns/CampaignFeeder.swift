import AccountContract
import Foundation
import GRDB
import GraphAPI
import JobQueue
import Logging
import RPCContract
import Resilience
import ServiceLifecycle
import Storage
import Vocabulary

/// Moves recipients of running campaigns into the outbox as they fall due, never far ahead of what the numbers can send.
///
/// A recipient becomes a message in the transaction that marks it, so that a crash neither loses nor repeats one.
final class CampaignFeeder: Service {
    private let campaigns: Campaigns
    private let tariffs: Tariffs
    private let senders: Senders
    private let watch: DeadlineWatch
    private let logger: Logger
    private let arrived: Signal
    /// Batches that are fed at once; the others wait for their turn.
    private let batchLimit: Int
    private let hasSettled = Mutexed(false)
    private let limiters = Mutexed<[String: RateLimiter]>([:])
    private let rates = Mutexed<[String: [(at: Timestamp, done: Int)]]>([:])

    /// Recipients of one transaction.
    private static let chunk = 500
    /// Seconds of sending that are taken into the outbox ahead.
    private static let lookahead = 3.0

    init(campaigns: Campaigns, tariffs: Tariffs, senders: Senders, arrived: Signal, batchLimit: Int, logger: Logger) {
        self.campaigns = campaigns
        self.tariffs = tariffs
        self.senders = senders
        self.arrived = arrived
        self.batchLimit = batchLimit
        self.logger = logger
        watch = DeadlineWatch(campaigns: campaigns)
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                var next: Timestamp?
                do {
                    next = try await turn()
                } catch {
                    logger.warning("campaigns could not be fed, retrying", metadata: ["error": "\(error)"])
                    next = campaigns.clock.now + 1000
                }
                await arrived.wait(atMost: next.map { campaigns.clock.pause(until: $0) })
            }
        }
    }

    /// Messages a second of a campaign over the last ten seconds.
    func rate(_ id: String) -> Double {
        rates.with { rates in
            guard let samples = rates[id], let first = samples.first, let last = samples.last, last.at > first.at else { return 0 }
            return Double(max(0, last.done - first.done)) * 1000 / Double((last.at - first.at).count)
        }
    }

    /// Looks after every campaign once; when to look again, or nil where only news makes a difference.
    private func turn() async throws -> Timestamp? {
        if !hasSettled.value {
            // A cancellation that a crash cut short is brought to its end.
            for id in try await campaigns.unsettled() { try await campaigns.settleCancelled(id) }
            hasSettled.with { $0 = true }
        }
        let now = campaigns.clock.now
        let (scheduled, running) = try await campaigns.pool.read { db in
            (try CampaignRow.all(db, .scheduled), try CampaignRow.all(db, .running))
        }
        var next: Timestamp?
        func again(at time: Timestamp) { next = min(next ?? time, time) }
        for row in scheduled {
            let startAt = row.campaign.startAt ?? .zero
            // Spread before the moment, it begins before the moment.
            let first = try await campaigns.firstDue(row.campaign.id) ?? startAt
            if min(first, startAt) <= now {
                try await campaigns.set(row.campaign.id, .running, from: [.scheduled], reason: nil)
                again(at: now)
            } else {
                again(at: min(first, startAt))
            }
        }
        var batches = 0
        for row in running {
            if row.campaign.kind == .batch {
                batches += 1
                if batches > batchLimit { continue }
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
        let alive = Set(running.map(\.campaign.id))
        rates.with { rates in rates = rates.filter { alive.contains($0.key) } }
        limiters.with { limiters in limiters = limiters.filter { alive.contains($0.key) } }
        return next
    }

    /// One campaign; when it wants to be looked at again, nil once it has ended.
    private func feed(_ row: CampaignRow) async throws -> Timestamp? {
        let id = row.campaign.id
        let now = campaigns.clock.now
        let counts = try await campaigns.pool.read { try CampaignCounts($0, id) }
        sample(id, counts, now)
        if counts.left == 0 {
            try await finish(row)
            return nil
        }
        try await watch.look(row, counts, rate: rate(id), now: now)
        guard counts.planned > 0 else { return now + 250 }
        var room = max(0, lookahead(row) - counts.queued)
        if let rate = row.campaign.rate { room = min(room, allowance(id, rate, now)) }
        var fed = 0
        while fed < room {
            let part = try await step(row, limit: min(Self.chunk, room - fed), now: now)
            fed += part.count
            take(part.count, of: id, now)
            for number in part.numbers.keys { senders.nudge(number) }
            if part.isStopped { return nil }
            if part.isBroke {
                // What has been handed over is within the budget and goes out first.
                guard fed + counts.left == counts.planned else { return now + 250 }
                try await campaigns.set(
                    id, .paused, from: [.running], reason: "the budget is used up; campaign.setBudget gives it another")
                return nil
            }
            // No number can send any of it now.
            if part.isStuck { return now + 5000 }
            if part.looked < min(Self.chunk, room - fed + part.count) {
                // Nothing more is due yet.
                let due = try await campaigns.firstDue(id)
                return due.map { max($0, now + 50) } ?? now + 250
            }
        }
        return now + 100
    }

    /// With a rate of its own a campaign hands over no more than comes due in half a second, longer than a look takes.
    private func allowance(_ id: String, _ rate: Int, _ now: Timestamp) -> Int {
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

    private func take(_ count: Int, of id: String, _ now: Timestamp) {
        limiters.with { limiters in
            for _ in 0..<count { _ = limiters[id]?.reserve(at: Double(now.milliseconds)) }
        }
    }

    /// What the campaign's numbers send in a few seconds.
    private func lookahead(_ row: CampaignRow) -> Int {
        let accounts = campaigns.accounts
        let rate = accounts.accounts(of: row.workspace).map { accounts.rate($0, row.campaign.category ?? .utility) }.reduce(0, +)
        return rate.isFinite ? max(200, Int(rate * Self.lookahead)) : 8000
    }

    private func sample(_ id: String, _ counts: CampaignCounts, _ now: Timestamp) {
        let done = counts.done
        rates.with { rates in
            var samples = rates[id] ?? []
            if let last = samples.last, now - last.at < 500 { return }
            samples.append((now, done))
            samples.removeAll { $0.at < now - 10_000 }
            rates[id] = samples
        }
    }

    private struct Part: Sendable {
        var looked = 0
        /// Handed over, by number.
        var numbers: [PhoneNumberID: Int] = [:]
        var count: Int { numbers.values.reduce(0, +) }
        /// The campaign was paused: by its budget, or by somebody else meanwhile.
        var isStopped = false
        var isStuck = false
        /// The next message would pass the budget.
        var isBroke = false
    }

    private func step(_ row: CampaignRow, limit: Int, now: Timestamp) async throws -> Part {
        let (id, workspace) = (row.campaign.id, row.workspace)
        let (accounts, outbox, tariffs) = (campaigns.accounts, campaigns.outbox, tariffs)
        let allowed = row.plan?.accounts.map(Set.init)
        return try await campaigns.commits.write { db in
            var part = Part()
            let current = try CampaignRow.find(db, id)
            guard current.campaign.state == .running else {
                part.isStopped = true
                return part
            }
            let prices = try tariffs.table(db, workspace: workspace, at: now)
            var (spent, currency) = (current.spent, current.currency)
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT * FROM campaignRecipient INDEXED BY campaignDue
                        WHERE campaign = ? AND state = 'planned' AND sendAt <= ? ORDER BY sendAt, n LIMIT ?
                        """), arguments: [id, now, limit])
            part.looked = rows.count
            var skipped = 0
            for recipient in rows {
                let (n, contact): (Int, ContactID) = (recipient["n"], ContactID(recipient["contact"]))
                let category: Message.Category = try recipient.word("category", in: "campaignRecipient")
                let price = prices.price(contact, category)
                if let budget = current.budget, let price, price.currency == currency, spent.saturatingAdd(price.micros) > budget {
                    part.isBroke = true
                    break
                }
                // The first price says in which currency the campaign is counted; others are not added to it.
                let counted = price.flatMap { $0.currency == (currency ?? $0.currency) ? $0 : nil }
                do {
                    let (number, reason) = try Self.number(db, recipient, contact, category, allowed, accounts, workspace)
                    let isCautious = accounts.account(number)?.quality == .yellow
                    let calmer =
                        try isCautious ? (recipient["cautious"] as String?).map { try JSON.decode(MessageDraft.Body.self, from: $0) } : nil
                    let draft = MessageDraft(
                        workspace: workspace,
                        requestKey: "campaign:\(id):\(n):\(recipient["tries"] as Int)",
                        fingerprint: 0,
                        account: number,
                        to: contact,
                        body: calmer ?? Self.body(recipient, row, category),
                        options: try (recipient["options"] as String?).map { try JSON.decode(OutboundMessage.Options.self, from: $0) }
                            ?? OutboundMessage.Options(),
                        fallback: try (recipient["fallback"] as String?).map { try JSON.decode(MessageDraft.Body.self, from: $0) },
                        priority: row.campaign.priority,
                        reason: calmer == nil ? reason : "\(reason); its quality is YELLOW, so the cautious template goes out",
                        campaign: id,
                        attemptLimit: row.attempts
                    )
                    let reply = try outbox.enqueue(db, draft, now)
                    try db.cachedStatement(
                        sql:
                            "UPDATE campaignRecipient SET state = 'queued', message = ?, account = ?, charged = ? WHERE campaign = ? AND n = ?"
                    )
                    .execute(arguments: [reply.id, number.rawValue, counted?.micros ?? 0, id, n])
                    part.numbers[number, default: 0] += 1
                    if let counted {
                        spent = spent.saturatingAdd(counted.micros)
                        currency = counted.currency
                    }
                } catch let fault as Fault where fault.code == .noRoute {
                    // What no number can send to one it can send to nobody of the category.
                    part.isStuck = true
                    break
                } catch let fault as Fault where fault.code != .internal {
                    try db.cachedStatement(sql: "UPDATE campaignRecipient SET state = 'skipped', problem = ? WHERE campaign = ? AND n = ?")
                        .execute(arguments: [fault.message, id, n])
                    skipped += 1
                }
            }
            try CampaignCounts.add(db, id, "planned", -part.count - skipped)
            for (number, count) in part.numbers { try CampaignCounts.add(db, id, "queued", count, on: number) }
            try CampaignCounts.add(db, id, "skipped", skipped)
            if spent != current.spent {
                try db.execute(
                    sql: "UPDATE campaign SET spent = ?, currency = ? WHERE id = ?", arguments: [spent, currency, id])
            }
            return part
        }
    }

    /// The frozen number while it can send; else the one that would be chosen now.
    private static func number(
        _ db: Database,
        _ recipient: Row,
        _ contact: ContactID,
        _ category: Message.Category,
        _ allowed: Set<PhoneNumberID>?,
        _ accounts: AccountStore,
        _ workspace: String
    ) throws -> (PhoneNumberID, String) {
        let frozen = PhoneNumberID(recipient["account"] as String? ?? "")
        if let account = accounts.account(frozen), RoutingTable.obstacle(account, category) == nil {
            return (frozen, recipient["reason"] as String? ?? "")
        }
        let route = try accounts.route(db, contact, category, among: allowed, workspace: workspace)
        return (route.account.phoneNumberID, "the planned number cannot send it; \(route.reason)")
    }

    private static func body(_ recipient: Row, _ row: CampaignRow, _ category: Message.Category) -> MessageDraft.Body {
        let object = recipient["object"] as String? ?? "[]"
        guard row.campaign.kind == .campaign else {
            return MessageDraft.Body(type: recipient["type"] as String? ?? "text", category: category, object: object)
        }
        let template = recipient["template"] as String? ?? row.campaign.template ?? ""
        return MessageDraft.Body(
            type: "template", category: category,
            object: MessageDesk.object(template, recipient["language"] as String? ?? row.campaign.language ?? "", object))
    }

    private func finish(_ row: CampaignRow) async throws {
        let (outbox, id) = (campaigns.outbox, row.campaign.id)
        let now = campaigns.clock.now
        let isFinished = try await campaigns.commits.write { db in
            // Looked at again where nothing can come in between: somebody may be planned anew.
            guard try CampaignCounts(db, id).left == 0 else { return false }
            return try Campaigns.set(db, id, .finished, from: [.running], reason: nil, now: now, outbox: outbox)
        }
        if isFinished { try await watch.finished(row) }
    }
}
