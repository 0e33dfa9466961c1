import AccountContract
import AccountNumbers
import AccountOutbox
import GRDB
import GraphAPI
import RPCContract
import Storage
import Vocabulary

/// Turns recipients that are due into messages, each in the transaction that marks it.
struct CampaignHandover: Sendable {
    let store: Store
    let numbers: Numbers
    let routing: Routing
    let outbox: Outbox
    let tariffs: Tariffs

    /// The outcome of one transaction.
    struct Part: Sendable {
        var looked = 0
        /// Handed over, by number.
        var numbers: [PhoneNumberID: Int] = [:]
        var skipped = 0
        /// Of those who were skipped: by their own wish, in time.
        var optedOut = 0
        var count: Int { numbers.values.reduce(0, +) }
        /// The campaign does not run any more: somebody has paused it meanwhile.
        var isStopped = false
        /// No number can send any of it now.
        var isStuck = false
        /// The number that the next would go out from has enough to do.
        var isFull = false
        /// Why it cannot go on by itself: the budget is used up, or no number is left that may send it.
        var halt: String?
    }

    /// The properties that decide which numbers may send a message.
    private struct Kind: Hashable {
        var category: Message.Category
        var wabaID: WABAID?
    }

    /// One transaction's prices, purse and outcome.
    private struct Round {
        let now: Timestamp
        let prices: Tariffs.Table
        let gate: SendingGate
        var rooms: [PhoneNumberID: Int]
        var purse: CampaignPurse
        /// Numbers to which messages of a kind may be given now; asked once.
        var usable: [Kind: Set<PhoneNumberID>] = [:]
        /// Looked at, and put off because no number can send it now.
        var stuck = 0
        var part = Part()
    }

    /// Hands over recipients of one queue that are due, in one transaction.
    ///
    /// - Parameters:
    ///   - limit: of recipients.
    ///   - rooms: how many each number may be given.
    func handOver(_ row: CampaignRow, _ queue: CampaignQueue, limit: Int, rooms: [PhoneNumberID: Int], now: Timestamp) async throws
        -> Part
    {
        let id = row.campaign.id
        return try await store.write { [self] db in
            let current = try CampaignRow.read(db, id)
            guard current.campaign.state == .running else { return Part(isStopped: true) }
            var round = Round(
                now: now, prices: try tariffs.table(db, workspace: row.workspace, at: now), gate: current.gate, rooms: rooms,
                purse: try CampaignPurse(db, current))
            let recipients = try due(db, id, queue, limit: limit, now: now)
            round.part.looked = recipients.count
            for recipient in recipients where !round.part.isStuck && !round.part.isFull && round.part.halt == nil {
                try hand(db, recipient, of: row, &round)
            }
            if round.stuck > 0, round.stuck == recipients.count { round.part.isStuck = true }
            let part = round.part
            try CampaignCounts.add(db, -part.count - part.skipped, "planned", of: id)
            for (number, count) in part.numbers { try CampaignCounts.add(db, count, "queued", of: id, on: number) }
            try CampaignCounts.add(db, part.skipped, "skipped", of: id)
            try CampaignCounts.add(db, part.optedOut, CampaignCounts.skippedOptOut, of: id)
            // Judged before its deadline, and tried again since.
            if part.optedOut > 0 { try CampaignStates(store: store).judgeAgain(db, id) }
            return part
        }
    }

    private func due(_ db: Database, _ id: CampaignID, _ queue: CampaignQueue, limit: Int, now: Timestamp) throws -> [Row] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT * FROM campaignRecipient INDEXED BY campaignDue
                    WHERE campaign = ? AND state = 'planned' AND account = ? AND category = ? AND sendAt <= ? ORDER BY sendAt, n LIMIT ?
                    """), arguments: [id, queue.number, queue.category.rawValue, now, limit])
    }

    private func hand(
        _ db: Database,
        _ recipient: Row,
        of row: CampaignRow,
        _ round: inout Round
    ) throws {
        let (id, n, contact): (CampaignID, Int, ContactID) = (row.campaign.id, recipient["n"], recipient["contact"])
        let verdict = round.gate.verdict(
            contact, zone: recipient["zone"], deadline: recipient["deadline"] ?? row.campaign.deadline, at: round.now)
        switch verdict {
        case .open: break
        case .later(let time): return try postpone(db, n, of: id, until: time)
        case .never(let problem): return try skip(db, n, of: id, for: problem, &round)
        }
        let category: Message.Category = try recipient.word("category", in: "campaignRecipient")
        if recipient["isAsked"] == 1, numbers.account(try Self.planned(recipient)) == nil {
            return try skip(db, n, of: id, for: "the number that was asked for was removed", &round)
        }
        if recipient["isAsked"] == 1, try waits(db, recipient, of: row, category, at: round.now) { return }
        var waba = recipient["wabaID"] as WABAID?
        do {
            let outgoing = try outgoing(db, recipient, of: row, to: contact, category, in: &round)
            waba = outgoing.body.wabaID
            let price = round.prices.price(contact, outgoing.body.category)
            if let obstacle = round.purse.obstacle(price) {
                round.part.halt = obstacle
                return
            }
            let draft = try draft(db, recipient, of: row, to: contact, outgoing, in: &round)
            guard let room = round.rooms[draft.account], room > 0 else {
                round.part.isFull = true
                return
            }
            round.rooms[draft.account] = room - 1
            let reply = try outbox.enqueue(db, draft, round.now)
            try db.cachedStatement(
                sql: """
                    UPDATE campaignRecipient SET state = 'queued', message = ?, account = ?, charged = ?, currency = ?
                    WHERE campaign = ? AND n = ?
                    """
            )
            .execute(arguments: [reply.id, draft.account, price?.micros ?? 0, price?.currency, id, n])
            round.part.numbers[draft.account, default: 0] += 1
            if let price {
                round.purse.pay(price)
                try CampaignSpending.add(db, price, of: id)
            }
        } catch let fault as Fault where fault.code == .noRoute {
            try stick(db, recipient, of: row, with: waba, because: fault, &round)
        } catch let fault as Fault where fault.code != .internal {
            let deadline: Timestamp = recipient["deadline"] ?? row.campaign.deadline ?? round.now
            let isWish = [.consentStopped, .consentMissing].contains(fault.code)
            if isWish, round.now <= deadline { round.part.optedOut += 1 }
            try skip(db, n, of: id, for: fault.message, &round)
        }
    }

    /// Whether the number that was asked for cannot send now: its recipient waits, and not at the head of the queue.
    private func waits(_ db: Database, _ recipient: Row, of row: CampaignRow, _ category: Message.Category, at now: Timestamp) throws
        -> Bool
    {
        let number = try Self.planned(recipient)
        if let account = numbers.account(number), RoutingTable.obstacle(account, category) == nil { return false }
        try postpone(db, recipient["n"], of: row.campaign.id, until: now + Self.patience)
        return true
    }

    /// Before a recipient whom no number can write to now is looked at again.
    private static let patience = Milliseconds.seconds(30)

    private func postpone(_ db: Database, _ n: Int, of id: CampaignID, until time: Timestamp) throws {
        try db.cachedStatement(sql: "UPDATE campaignRecipient SET sendAt = ? WHERE campaign = ? AND n = ?")
            .execute(arguments: [time, id, n])
    }

    /// No number can send it now: it waits, unless none is left that ever could.
    private func stick(
        _ db: Database, _ recipient: Row, of row: CampaignRow, with waba: WABAID?, because fault: Fault, _ round: inout Round
    ) throws {
        let (id, n) = (row.campaign.id, recipient["n"] as Int)
        let isBatch = row.campaign.kind == .batch
        if recipient["isAsked"] == 1, !numbers.maySend(try Self.planned(recipient), of: waba) {
            return try skip(db, n, of: id, for: fault.message, &round)
        }
        guard !numbers.thatMaySend(of: waba, among: row.plan?.accounts.map(Set.init), workspace: row.workspace).isEmpty else {
            let whose = waba.map { ": its template belongs to the account \($0)" } ?? ""
            let problem = "no number is left that it may go out from\(whose); account.add adds one"
            if isBatch { return try skip(db, n, of: id, for: problem, &round) }
            round.part.halt = problem
            return
        }
        // If no number can send to one person of a campaign, none can send to anybody, unless messages or templates differ.
        guard isBatch || row.campaign.experiment != nil else {
            round.part.isStuck = true
            return
        }
        try postpone(db, n, of: id, until: round.now + Self.patience)
        round.stuck += 1
    }

    private func skip(_ db: Database, _ n: Int, of id: CampaignID, for problem: String, _ round: inout Round) throws {
        try db.cachedStatement(sql: "UPDATE campaignRecipient SET state = 'skipped', problem = ? WHERE campaign = ? AND n = ?")
            .execute(arguments: [problem, id, n])
        round.part.skipped += 1
    }

    private func draft(
        _ db: Database,
        _ recipient: Row,
        of row: CampaignRow,
        to contact: ContactID,
        _ outgoing: Outgoing,
        in round: inout Round
    ) throws -> MessageDraft {
        let kind = Kind(category: outgoing.body.category, wabaID: outgoing.body.wabaID)
        let (number, why) = try number(db, recipient, of: row, to: contact, kind, in: &round)
        let reason = outgoing.note.map { "\(why); \($0)" } ?? why
        let isCautious = numbers.account(number)?.quality == .yellow
        let calmer = try isCautious ? (recipient["cautious"] as String?).map { try JSON.decode(MessageDraft.Body.self, from: $0) } : nil
        return MessageDraft(
            workspace: row.workspace,
            requestKey: "campaign:\(row.campaign.id):\(recipient["n"] as Int):\(recipient["tries"] as Int)",
            fingerprint: 0,
            account: number,
            to: contact,
            body: calmer ?? outgoing.body,
            options: try (recipient["options"] as String?).map { try JSON.decode(OutboundMessage.Options.self, from: $0) }
                ?? OutboundMessage.Options(),
            fallback: outgoing.fallback,
            // Answers and single messages come before every campaign.
            priority: max(Senders.urgent + 1, row.campaign.priority),
            reason: calmer == nil ? reason : "\(reason); its quality is YELLOW, so the cautious template goes out",
            campaign: row.campaign.id,
            attemptLimit: row.attempts,
            isAsked: recipient["isAsked"] == 1
        )
    }

    /// The message that goes out to a recipient now.
    private struct Outgoing {
        var body: MessageDraft.Body
        /// For when the window closes before it has gone.
        var fallback: MessageDraft.Body?
        var note: String?
    }

    /// The content, or its fallback where the window is closed; under the category that Meta has its template in now.
    private func outgoing(
        _ db: Database, _ recipient: Row, of row: CampaignRow, to contact: ContactID, _ category: Message.Category, in round: inout Round
    ) throws -> Outgoing {
        let fallback = try (recipient["fallback"] as String?).map { try JSON.decode(MessageDraft.Body.self, from: $0) }
        var outgoing = Outgoing(body: try Self.body(recipient, row, category), fallback: fallback)
        if category == .service, let fallback {
            var number = try Self.planned(recipient)
            let usable = usable(Kind(category: category), of: row, in: &round)
            if recipient["isAsked"] != 1, !usable.contains(number), !usable.isEmpty {
                number = try routing.route(db, contact, category, among: usable, workspace: row.workspace).account.phoneNumberID
            }
            if try !routing.isOpen(db, contact, on: number, workspace: row.workspace) {
                outgoing = Outgoing(body: fallback, note: "the 24-hour window is closed, so the fallback template goes out")
            }
        }
        if outgoing.body.type == "template", let waba = outgoing.body.wabaID,
            let moved = try outbox.categories.category(of: outgoing.body.object, in: waba)
        {
            outgoing.body.category = moved
        }
        return outgoing
    }

    /// Numbers to which messages of a kind may be given now.
    private func usable(_ kind: Kind, of row: CampaignRow, in round: inout Round) -> Set<PhoneNumberID> {
        if let known = round.usable[kind] { return known }
        let usable = numbers.thatTakeCampaigns(
            kind.category, of: kind.wabaID, among: row.plan?.accounts.map(Set.init), workspace: row.workspace)
        round.usable[kind] = usable
        return usable
    }

    /// The frozen number while it can send; else the one that would be chosen now.
    private func number(
        _ db: Database,
        _ recipient: Row,
        of row: CampaignRow,
        to contact: ContactID,
        _ kind: Kind,
        in round: inout Round
    ) throws -> (PhoneNumberID, String) {
        let frozen = try Self.planned(recipient)
        let usable = usable(kind, of: row, in: &round)
        // A sender who named the number wants that one, as soon as it can.
        if recipient["isAsked"] == 1 {
            _ = try numbers.route(
                RouteRequest(contact: contact, category: kind.category, waba: kind.wabaID, asked: frozen), workspace: row.workspace)
            return (frozen, recipient.text("reason"))
        }
        let waits =
            usable.isEmpty && numbers.maySend(frozen, of: kind.wabaID)
            && numbers.account(frozen).map { RoutingTable.obstacle($0, kind.category) == nil && $0.duty != .draining } == true
        // Where none can now, it waits where it was planned: for Meta to answer, or for the portfolio's limit.
        if usable.contains(frozen) || waits { return (frozen, recipient.text("reason")) }
        let route = try routing.route(db, contact, kind.category, of: kind.wabaID, among: usable, workspace: row.workspace)
        return (route.account.phoneNumberID, "the planned number cannot send it; \(route.reason)")
    }

    /// The number that was chosen when it was planned.
    private static func planned(_ recipient: Row) throws -> PhoneNumberID { try recipient.value("account", in: "campaignRecipient") }

    /// The message that is planned for a recipient.
    static func body(_ recipient: Row, _ row: CampaignRow, _ category: Message.Category) throws -> MessageDraft.Body {
        let object: String = try recipient.value("object", in: "campaignRecipient")
        guard row.campaign.kind == .campaign else {
            return MessageDraft.Body(
                type: try recipient.value("type", in: "campaignRecipient"), category: category, object: object, wabaID: recipient["wabaID"])
        }
        // The campaign's, where a recipient has none of its own.
        let own: (template: String?, language: String?) = (recipient["template"], recipient["language"])
        let template: String = try own.template ?? row.campaign.template ?? recipient.value("template", in: "campaignRecipient")
        let language: String = try own.language ?? row.campaign.language ?? recipient.value("language", in: "campaignRecipient")
        return MessageDraft.Body(
            type: "template", category: category,
            object: MessageDesk.object(template, language, object),
            wabaID: recipient["wabaID"])
    }
}
