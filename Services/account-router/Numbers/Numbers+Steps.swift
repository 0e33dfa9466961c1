package import AccountContract
import AccountPacing
import Coordination
package import GRDB
package import RPCContract
import Storage
package import Vocabulary

/// The record of what was done with numbers, and what follows from what Meta says of them.
extension Numbers {
    /// Takes in a word about a number; every change is a step with its reason, in the transaction that makes it.
    ///
    /// - Parameter time: when Meta said it, where that is known and the word may come late.
    /// - Returns: the account as it is now, where it has changed.
    @discardableResult
    package func hear(_ db: Database, _ word: NumberHealth.Word, of id: PhoneNumberID, saidAt time: Timestamp? = nil) throws -> Account? {
        var account = try Self.account(db, id)
        let ends = try Row.fetchOne(db, sql: "SELECT restrictedUntil, barredUntil FROM account WHERE phoneNumberID = ?", arguments: [id])
        let (until, bar) = (ends?["restrictedUntil"] as Timestamp?, ends?["barredUntil"] as Timestamp?)
        // A number that somebody else gives back stays banned for what Meta holds against it.
        if case .attached = word {
            guard account.health == .banned, try cause(db, of: .banned, id)?.hasPrefix(NumberHealth.detachment) == true else {
                return nil
            }
        }
        let isLocked = try account.health == .held && cause(db, of: .held, id)?.hasPrefix(NumberHealth.lock) == true
        let before = NumberHealth(
            quality: account.quality, health: account.health, marketingShare: account.marketingShare, isRestricted: until != nil,
            isBarred: account.health == .restricted || bar.map { $0 > store.now } ?? false, isLocked: isLocked)
        guard let (next, reason) = before.after(word) else {
            // Kept all the same: locks of before may be heard after it.
            if word == .reinstated {
                let text = "\(NumberHealth.reinstatement): nothing changes for the number"
                try note(db, "notice", of: id, from: "account", to: "REINSTATE", text)
            }
            return nil
        }
        if case .locked = word, let time, let end = try reinstatedAt(db, id), time < end { return nil }
        (account.quality, account.health, account.marketingShare) = (next.quality, next.health, next.marketingShare)
        try write(db, account)
        // Where Meta names no end, a restriction lasts a day or more, and its end is not always told.
        try db.execute(
            sql: "UPDATE account SET healthAt = ?, restrictedUntil = ?, barredUntil = ? WHERE phoneNumberID = ?",
            arguments: [
                store.now, next.isRestricted ? until ?? store.now + .days(1) : nil, next.isBarred ? bar ?? store.now + .days(1) : nil, id,
            ])
        if !next.isBarred { try endBars(db, of: id) }
        let isQuality =
            next.health == before.health && next.marketingShare == before.marketingShare && next.isRestricted == before.isRestricted
            && next.isBarred == before.isBarred && next.isLocked == before.isLocked
        func text(_ health: NumberHealth) -> String {
            isQuality ? health.quality.rawValue : "\(health.health.rawValue) \(health.marketingShare) %"
        }
        let memory: JSONValue = [
            "quality": .string(before.quality.rawValue), "health": .string(before.health.rawValue),
            "marketingShare": .integer(Int64(before.marketingShare)), "restrictedUntil": until.map { .integer($0.milliseconds) } ?? .null,
            "barredUntil": bar.map { .integer($0.milliseconds) } ?? .null, "isDecidedByMeta": .bool(before.isDecidedByMeta(next)),
        ]
        try note(db, isQuality ? "quality" : "health", of: id, from: text(before), to: text(next), reason, before: memory)
        try append(
            db, "account.health", account,
            data: [
                "health": .string(next.health.rawValue), "quality": .string(next.quality.rawValue),
                "marketingShare": .integer(Int64(next.marketingShare)), "reason": .string(reason),
            ])
        return account
    }

    /// Notes what was done with a number, and why.
    ///
    /// - Parameter before: what it was before, for a step that can be taken back.
    package func note(
        _ db: Database,
        _ kind: String,
        of id: PhoneNumberID,
        from: String,
        to: String,
        _ reason: String,
        before: JSONValue? = nil
    ) throws {
        try db.execute(
            sql: #"INSERT INTO accountStep (phoneNumberID, at, kind, "from", "to", reason, before) VALUES (?, ?, ?, ?, ?, ?, ?)"#,
            arguments: [id, store.now, kind, from, to, reason, before.map { JSON.text($0) }]
        )
    }

    /// The latest steps of a number, oldest first: so many of what was done with it, and as many notices beside them.
    ///
    /// - Parameter areOfState: only those that changed its quality or health.
    func steps(_ db: Database, _ id: PhoneNumberID, areOfState: Bool = false, limit: Int = 50) throws -> [AccountHealth.Step] {
        let kinds = areOfState ? ["kind IN ('quality', 'health')"] : ["kind <> 'notice'", "kind = 'notice'"]
        return try kinds.flatMap { kind in
            try Row.fetchAll(
                db, sql: "SELECT * FROM accountStep WHERE phoneNumberID = ? AND \(kind) ORDER BY id DESC LIMIT ?", arguments: [id, limit])
        }
        .sorted { ($0["id"] as Int64) < ($1["id"] as Int64) }
        .map { row in
            AccountHealth.Step(
                id: row["id"], at: row["at"], kind: row["kind"], from: row["from"], to: row["to"], reason: row["reason"],
                reverted: row["reverted"] == 1)
        }
    }

    /// Steps of each number that are kept, and as many notices.
    private static let keptSteps = 1000

    /// Forgets the oldest steps and notices of numbers that have very many.
    func pruneSteps() async throws {
        let numbers = all().map(\.phoneNumberID)
        try await store.write { db in
            for (number, sign) in numbers.flatMap({ [($0, "="), ($0, "<>")] }) {
                let place = "FROM accountStep WHERE phoneNumberID = ?1 AND kind \(sign) 'notice'"
                try db.cachedStatement(
                    sql: "DELETE \(place) AND id <= (SELECT id \(place) ORDER BY id DESC LIMIT 1 OFFSET \(Self.keptSteps))"
                )
                .execute(arguments: [number])
            }
        }
    }

    /// Why a number came into a state the last time; nil where that is not known.
    ///
    /// What else was heard of it while it was in the state is a step as well, and not why; but for a bill, which holds on
    /// what a lock has held.
    func cause(_ db: Database, of health: Account.Health, _ id: PhoneNumberID) throws -> String? {
        try String.fetchOne(
            db,
            sql: #"""
                SELECT reason FROM accountStep
                WHERE phoneNumberID = ?1 AND kind = 'health' AND reverted = 0 AND "to" LIKE ?2
                    AND ("from" NOT LIKE ?2 OR reason LIKE ?3)
                ORDER BY id DESC LIMIT 1
                """#,
            arguments: [id, "\(health.rawValue)%", "\(NumberHealth.bill)%"])
    }

    /// When Meta last reinstated a number's account; nil where it is not known to have done so.
    private func reinstatedAt(_ db: Database, _ id: PhoneNumberID) throws -> Timestamp? {
        try Timestamp.fetchOne(
            db, sql: "SELECT at FROM accountStep WHERE phoneNumberID = ? AND reason LIKE ? ORDER BY id DESC LIMIT 1",
            arguments: [id, "\(NumberHealth.reinstatement)%"])
    }

    /// Meta says when its restriction of a number ends.
    package func restrict(_ db: Database, _ id: PhoneNumberID, until time: Timestamp) throws {
        try db.execute(sql: "UPDATE account SET restrictedUntil = ? WHERE phoneNumberID = ?", arguments: [time, id])
    }

    /// Meta has given a number 1,000 messages a second.
    ///
    /// - Returns: whether that is news, and nobody holds it to less.
    @discardableResult
    package func upgrade(_ db: Database, _ id: PhoneNumberID, _ reason: String) throws -> Bool {
        var account = try Self.account(db, id)
        let isCapped = try Bool.fetchOne(db, sql: "SELECT isCapped FROM account WHERE phoneNumberID = ?", arguments: [id]) ?? false
        guard account.messagesPerSecond < 1000, !isCapped else { return false }
        let from = account.messagesPerSecond
        account.messagesPerSecond = 1000
        try write(db, account)
        try note(db, "rate", of: id, from: "\(from)/s", to: "1000/s", reason)
        try append(db, "account.updated", account)
        return true
    }

    func health(_ id: PhoneNumberID, workspace: String) async throws -> AccountHealth.Reply {
        let account = try found(id, workspace: workspace)
        let status = pacer.status(id)
        let (trouble, taken) = try await store.read { [self] db in
            let found: (NumberTrouble?, [AccountHealth.Step]) = (try self.trouble(db, account), try self.steps(db, id))
            return found
        }
        return AccountHealth.Reply(
            account: account,
            score: account.score,
            answering: !pacer.isBlocked(id),
            rate: status?.rate ?? 0,
            learnedShare: status?.share ?? 1,
            headroom: status?.headroom,
            trouble: trouble?.text,
            steps: taken
        )
    }

    func quality(_ workspace: String) async throws -> QualityStatus.Reply {
        let numbers = accounts(of: workspace)
        return try await store.read { [self] db in
            QualityStatus.Reply(
                items: try numbers.map { account in
                    let last = try steps(db, account.phoneNumberID, areOfState: true)
                    let health = NumberHealth(quality: account.quality, health: account.health, marketingShare: account.marketingShare)
                    return QualityStatus.Item(
                        account: account.phoneNumberID, quality: account.quality, health: account.health,
                        marketingShare: account.marketingShare, trend: Self.trend(last), explanation: health.explanation, last: last.last)
                }
            )
        }
    }

    /// By the last two ratings that differ.
    private static func trend(_ steps: [AccountHealth.Step]) -> QualityStatus.Trend {
        let words = ["banned", "held", "resting", "red", "cautious", "yellow", "recovering", "unknown", "ready", "green"]
        func rank(_ text: String) -> Int { words.firstIndex { text.hasPrefix($0) } ?? 0 }
        guard let last = steps.last, !last.reverted else { return .steady }
        return rank(last.to) < rank(last.from) ? .falling : rank(last.to) > rank(last.from) ? .rising : .steady
    }

    /// Ends the hold of all numbers of a number's account (WABA): the bill is paid, the lock lifted.
    func release(_ id: PhoneNumberID, workspace: String) async throws -> Account {
        let waba = try found(id, workspace: workspace).wabaID
        try await change { [self] db in
            for account in try Self.read(db) where account.wabaID == waba && account.workspace == workspace {
                try hear(db, .released, of: account.phoneNumberID)
            }
        }
        for account in accounts(of: workspace) where account.wabaID == waba { unblock(account.phoneNumberID) }
        return try found(id)
    }

    /// Takes a step back: the number is treated as before it.
    func revert(_ id: Int64, actor: String?, workspace: String) async throws -> Account {
        let number = Mutexed<PhoneNumberID?>(nil)
        try await change { [self] db in
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM accountStep WHERE id = ? AND before IS NOT NULL", arguments: [id])
            else {
                throw Fault(.stepUnknown, "There is no step \(id) that can be taken back; account.health lists them.", path: "id")
            }
            let phone = row["phoneNumberID"] as PhoneNumberID
            guard try Self.account(db, phone).workspace == workspace else {
                throw Fault(.stepUnknown, "There is no step \(id).", path: "id")
            }
            number.with { $0 = phone }
            guard row["reverted"] == 0 else { return }
            let later = try Row.fetchOne(
                db,
                sql: """
                    SELECT * FROM accountStep WHERE phoneNumberID = ? AND id > ? AND before IS NOT NULL AND reverted = 0
                    ORDER BY id DESC LIMIT 1
                    """,
                arguments: [phone, id])
            try Self.checkWhose(later ?? row)
            if let later = later?["id"] as Int64? {
                throw Fault(.stepOvertaken, "Step \(later) came after step \(id) and holds; take that one back first.", path: "id")
            }
            var account = try Self.account(db, phone)
            let before = try JSON.decode(JSONValue.self, from: row["before"] as String)
            let from = "\(account.health.rawValue) \(account.marketingShare) %"
            guard let health = before["health"]?.string.flatMap({ Account.Health(rawValue: $0) }),
                let share = before["marketingShare"]?.integer.map({ Int($0) })
            else { throw Fault(.internal, "Table accountStep, id \(id): before does not say to what it would be taken back.") }
            (account.health, account.marketingShare) = (health, share)
            try write(db, account)
            try db.execute(
                // A bar that holds has the end that Meta named last.
                sql: """
                    UPDATE account SET restrictedUntil = ?2,
                      barredUntil = coalesce((SELECT max(until) FROM accountBar WHERE phoneNumberID = ?1), ?3) WHERE phoneNumberID = ?1
                    """,
                arguments: [phone, before["restrictedUntil"]?.integer, before["barredUntil"]?.integer])
            try db.execute(sql: "UPDATE accountStep SET reverted = 1 WHERE id = ?", arguments: [id])
            try note(
                db, "operator", of: phone, from: from, to: "\(account.health.rawValue) \(account.marketingShare) %",
                "step \(id) was taken back by \(actor ?? "an operator")")
            try append(db, "account.health", account, data: ["health": .string(account.health.rawValue), "reason": "taken back"])
        }
        guard let number = number.value else { throw Fault(.stepUnknown, "There is no step \(id).", path: "id") }
        return try found(number)
    }

    /// Refuses to take back what Meta has decided: Meta refuses the number's messages all the same, and says nothing a second time.
    private static func checkWhose(_ step: Row) throws {
        let before = try JSON.decode(JSONValue.self, from: step["before"] as String)
        // Steps that were taken before this was kept tell it by the states themselves.
        let states = [step["from"] as String, step["to"]]
        let isState = [Account.Health.banned, .restricted].contains { health in states.contains { $0.hasPrefix(health.rawValue) } }
        guard before["isDecidedByMeta"]?.bool ?? isState else { return }
        throw Fault(
            .stepOfMeta,
            "Step \(step["id"] as Int64) is Meta's decision (\(step["reason"] as String)): taking it back here does not make Meta take the number's messages. It ends at Meta's side only: see WhatsApp Manager. Linda follows Meta's next word on her own.",
            path: "id")
    }
}
