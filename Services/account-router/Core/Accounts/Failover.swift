import AccountContract
import GRDB
import JobQueue
import RPCContract
import Storage
import Vocabulary

/// Moves what waits on a number that cannot send it to numbers that can; nothing is lost and nothing sent twice.
///
/// Only what is still queued moves: what is being sent is Meta's. Free-form messages stay, as the open window belongs
/// to the number that the customer wrote to.
struct Failover: Sendable {
    let accounts: AccountStore
    let senders: Senders
    /// Rows of one transaction.
    private static let batch = 500

    /// By an operator's word: everything that can, to one number.
    func move(_ params: SwitchAccount.Params, workspace: String) async throws -> SwitchAccount.Reply {
        let from = try accounts.found(params.from, workspace: workspace)
        let to = try accounts.found(params.to, workspace: workspace)
        if let obstacle = RoutingTable.obstacle(to, .utility) {
            throw Fault(.noRoute, "The number \(params.to) cannot take over: \(obstacle).", path: "to")
        }
        var reply = SwitchAccount.Reply(messages: 0, stayed: 0, contacts: 0)
        var after = ""
        while true {
            let (moved, last) = try await step(
                from.phoneNumberID, after, ["utility", "authentication", "marketing"], "an operator switched numbers"
            ) {
                _, _, _, _ in
                to.phoneNumberID
            }
            reply.messages += moved.count
            guard let last else { break }
            after = last
        }
        senders.nudge(to.phoneNumberID)
        reply.contacts = params.contacts == false ? 0 : try await moveContacts(from, to)
        reply.stayed = try await accounts.pool.read { db in
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM message WHERE account = ? AND state = 'queued'", arguments: [params.from.rawValue]) ?? 0
        }
        return reply
    }

    /// Because a number rests or is banned: each message to the number that would be chosen for it now.
    ///
    /// - Returns: how many have moved; what no number can take stays where it is and waits.
    @discardableResult
    func relieve(_ number: PhoneNumberID) async throws -> Int {
        let account = try accounts.found(number)
        let categories: [Message.Category] = [.marketing, .utility, .authentication].filter { RoutingTable.obstacle(account, $0) != nil }
        guard !categories.isEmpty else { return 0 }
        var (count, after) = (0, "")
        while true {
            let (moved, last) = try await step(
                number, after, categories.map(\.rawValue), "\(account.health.rawValue): \(account.displayPhoneNumber) cannot send it"
            ) {
                [accounts] db, contact, category, allowed in
                do {
                    return try accounts.route(db, contact, category, among: allowed, workspace: account.workspace).account.phoneNumberID
                } catch is Fault {
                    return nil
                }
            }
            count += moved.count
            for target in Set(moved) { senders.nudge(target) }
            guard let last else { return count }
            after = last
        }
    }

    /// Moves one batch of what comes after a message; where to, and the last message that was looked at.
    private func step(
        _ number: PhoneNumberID,
        _ after: String,
        _ categories: [String],
        _ reason: String,
        _ target: @escaping @Sendable (Database, ContactID, Message.Category, Set<PhoneNumberID>?) throws -> PhoneNumberID?
    ) async throws -> (moved: [PhoneNumberID], last: String?) {
        let accounts = accounts
        let now = accounts.clock.now
        return try await accounts.commits.write { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT id, recipient, category, campaign FROM message WHERE account = ? AND state = 'queued' AND id > ?
                    ORDER BY id LIMIT \(Self.batch)
                    """,
                arguments: [number.rawValue, after]
            )
            var selections: [String: Set<PhoneNumberID>?] = [:]
            var moved: [PhoneNumberID] = []
            for row in rows where categories.contains(row["category"]) {
                let id: String = row["id"]
                let category: Message.Category = try row.word("category", in: "message")
                var allowed: Set<PhoneNumberID>?
                if let campaign = row["campaign"] as String? {
                    // A campaign's own choice of numbers holds here too.
                    if selections[campaign] == nil {
                        selections.updateValue(try CampaignRow.find(db, campaign).plan?.accounts.map(Set.init), forKey: campaign)
                    }
                    allowed = selections[campaign] ?? nil
                }
                guard let to = try target(db, ContactID(row["recipient"]), category, allowed), to != number else { continue }
                guard try JobTable.move(db, key: id, from: Outbox.queue(number), to: Outbox.queue(to), now: now) else { continue }
                try db.cachedStatement(sql: "UPDATE message SET account = ?, updatedAt = ? WHERE id = ?")
                    .execute(arguments: [to.rawValue, now, id])
                try Outbox.note(db, id, now, .queued, "moved to another number: \(reason)")
                if let campaign = row["campaign"] as String? {
                    try CampaignCounts.add(db, campaign, "queued", -1, on: number)
                    try CampaignCounts.add(db, campaign, "queued", 1, on: to)
                }
                moved.append(to)
            }
            let targets = moved
            db.afterCommit {
                accounts.loads.add(number, -targets.count)
                for target in targets { accounts.loads.add(target, 1) }
            }
            return (moved, rows.count == Self.batch ? rows.last?["id"] : nil)
        }
    }

    private func moveContacts(_ from: Account, _ to: Account) async throws -> Int {
        try await accounts.commits.write { db in
            try db.execute(
                sql: "UPDATE contactRoute SET sticky = ? WHERE workspace = ? AND sticky = ?",
                arguments: [to.phoneNumberID.rawValue, from.workspace, from.phoneNumberID.rawValue])
            return db.changesCount
        }
    }
}
