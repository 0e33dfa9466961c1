import AccountContract
import AccountNumbers
import AccountOutbox
import GRDB
import GraphAPI
import JobQueue
import RPCContract
import Storage
import Vocabulary

/// Owns campaigns and batches: their life from plan to end.
package struct Campaigns: Sendable {
    let store: Store
    let states: CampaignStates
    let numbers: Numbers
    let outbox: Outbox
    private let lists: BroadcastLists
    private let windows: WindowStore
    let rates: CampaignRates
    let failureReasons = FailureReasons()
    /// Wakes planner and feeder.
    private let wake: @Sendable () -> Void

    init(
        store: Store,
        states: CampaignStates,
        numbers: Numbers,
        outbox: Outbox,
        lists: BroadcastLists,
        windows: WindowStore,
        rates: CampaignRates,
        wake: @escaping @Sendable () -> Void
    ) {
        self.store = store
        self.states = states
        self.numbers = numbers
        self.outbox = outbox
        self.lists = lists
        self.windows = windows
        self.rates = rates
        self.wake = wake
    }

    // MARK: Planning

    /// - Parameter check: looks at the templates at once; without it the planner finds out when the recipients are frozen.
    func plan(_ params: PlanCampaign.Params, checkedBy check: TemplateCheck? = nil, workspace: String) async throws -> Campaign {
        let fingerprint = MessageDraft.fingerprint(of: try JSON.text(params, sorted: true))
        if let known = try await known(params.requestKey, fingerprint, workspace: workspace) { return known }
        for account in params.accounts ?? [] { _ = try numbers.found(account, workspace: workspace) }
        let now = store.now
        var window: DeliveryWindow?
        var startAt = params.startAt
        if let id = params.window {
            let found = try await windows.find(id, workspace: workspace)
            window = found
            startAt = try Opening.next(found, after: now)
        }
        if let startAt, startAt < now {
            throw Fault(
                .windowPast, "startAt has passed; choose a later time, or leave it out to begin when it is started.", path: "startAt")
        }
        // A plan that can never work leaves no row, so its key is free for a corrected one.
        try await check?.check(params, workspace: workspace)
        let (list, problems) = try await source(params, fingerprint, workspace: workspace)
        var stored = params
        (stored.recipients, stored.csv) = (nil, nil)
        return try await insert(
            stored, list: list, window: window, startAt: startAt, problems: problems, isRecurring: params.recurring == true,
            requestKey: params.requestKey,
            fingerprint: fingerprint, workspace: workspace)
    }

    /// Where the recipients come from: a list, always; those given with the campaign make a hidden one, filled at once.
    ///
    /// It is named after what was asked for: after a crash others under the same key are not added to it.
    private func source(_ params: PlanCampaign.Params, _ fingerprint: Int64, workspace: String) async throws -> (
        list: ListID, problems: [RowProblem]
    ) {
        if let list = params.list { return (try await lists.get(list, workspace: workspace).id, []) }
        let list = try await lists.create("recipients of request \(fingerprint)", workspace: workspace, isHidden: true).id
        guard params.recipients != nil || params.csv != nil else { return (list, []) }
        let add = AddToBroadcastList.Params(
            id: list.rawValue, recipients: params.recipients, csv: params.csv, countryCode: params.countryCode)
        return (list, try await lists.add(add, workspace: workspace).problems)
    }

    func insert(
        _ params: PlanCampaign.Params,
        list: ListID?,
        window: DeliveryWindow?,
        startAt: Timestamp?,
        problems: [RowProblem] = [],
        isRecurring: Bool = false,
        of recurrence: WindowStore.PlannedRecurrence? = nil,
        refusal: String? = nil,
        requestKey: String,
        fingerprint: Int64,
        workspace: String
    ) async throws -> Campaign {
        let now = store.now
        let id: CampaignID = store.newID(at: now)
        let state = refusal == nil ? Campaign.State.planning : .refused
        let plan = try JSON.text(params)
        let definition = try window.map { try JSON.text($0) }
        let deadline = window.flatMap { window in startAt.map { $0 + window.width } }
        let next = try isRecurring ? window.flatMap { window in try startAt.map { try Opening.following(window, after: $0) } } : nil
        let known = try await store.write { [self] db -> Campaign? in
            // Left out or ended since it was read, there is nothing to plan.
            if let recurrence, try !WindowStore.isDue(db, recurrence) { throw WindowStore.Moved() }
            // Asked twice at once: the first has made it.
            if let known = try Self.known(db, requestKey, fingerprint, workspace: workspace) { return known }
            if let next, let window {
                try WindowStore.recur(
                    db, id: id, name: params.name, plan: plan, list: list, window: window, next: next, workspace: workspace)
            }
            try db.execute(
                sql: """
                    INSERT INTO campaign (id, workspace, requestKey, fingerprint, kind, name, state, reason, template, experiment, language, plan, list, priority, rate,
                      attempts, window, startAt, deadline, target, budget, currency, createdAt, skipped)
                    VALUES (?, ?, ?, ?, 'campaign', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, workspace, requestKey, fingerprint, params.name, state.rawValue, refusal, params.template, params.experiment,
                    params.language, plan, list,
                    params.priority ?? 500,
                    params.rate, params.attempts ?? 3, definition, startAt, deadline, window?.target,
                    params.budget?.micros, params.budget?.currency, now, problems.count,
                ])
            // Rows that were wrong are part of the report.
            for (n, problem) in problems.enumerated() {
                try db.execute(
                    sql: "INSERT INTO campaignRecipient (campaign, n, contact, line, state, problem) VALUES (?, ?, '', ?, 'skipped', ?)",
                    arguments: [id, n, problem.line, "line \(problem.line): \(problem.problem)"])
            }
            try CampaignCounts.add(db, problems.count, "skipped", of: id)
            try store.append(
                db, "campaign.\(state.rawValue)", workspace: workspace, subject: id,
                data: ["name": .string(params.name), "reason": refusal.map { .string($0) } ?? .null])
            if refusal != nil { try states.judge(db, id) }
            return nil
        }
        if let known { return known }
        wake()
        return try await campaign(id)
    }

    func isKnown(_ requestKey: String, workspace: String) async throws -> Bool {
        try await store.read { db in
            try Int.fetchOne(db, sql: "SELECT 1 FROM campaign WHERE workspace = ? AND requestKey = ?", arguments: [workspace, requestKey])
                != nil
        }
    }

    /// Whether a campaign of a name runs.
    func isRunning(_ name: String, workspace: String) async throws -> Bool {
        try await store.read { db in
            try CampaignRow.all(db, .running).contains { $0.workspace == workspace && $0.campaign.name == name }
        }
    }

    private func known(_ requestKey: String, _ fingerprint: Int64, workspace: String) async throws -> Campaign? {
        try await store.read { db in try Self.known(db, requestKey, fingerprint, workspace: workspace) }
    }

    private static func known(_ db: Database, _ requestKey: String, _ fingerprint: Int64, workspace: String) throws -> Campaign? {
        let row = try Row.fetchOne(
            db, sql: "SELECT * FROM campaign WHERE workspace = ? AND requestKey = ?", arguments: [workspace, requestKey])
        guard let row else { return nil }
        guard row["fingerprint"] == fingerprint else {
            throw Fault(.requestKeyReused, "This requestKey belongs to another campaign; use a new key.", path: "requestKey")
        }
        return try CampaignRow(row).campaign
    }

    // MARK: Batches

    func create(_ params: CreateBatch.Params, workspace: String) async throws -> Campaign {
        let fingerprint = MessageDraft.fingerprint(of: try JSON.text(params, sorted: true))
        if let known = try await known(params.requestKey, fingerprint, workspace: workspace) { return known }
        let now = store.now
        let id: CampaignID = store.newID(at: now)
        try await store.write { db in
            try db.execute(
                sql: """
                    INSERT INTO campaign (id, workspace, requestKey, fingerprint, kind, name, state, priority, rate, attempts, createdAt)
                    VALUES (?, ?, ?, ?, 'batch', ?, 'open', ?, ?, ?, ?)
                    """,
                arguments: [
                    id, workspace, params.requestKey, fingerprint, params.name, params.priority ?? 300, params.rate, params.attempts ?? 3,
                    now,
                ])
        }
        return try await campaign(id)
    }

    // MARK: Living

    func start(_ reference: String, workspace: String) async throws -> Campaign {
        let now = store.now
        let row = try await find(reference, workspace: workspace, for: .start)
        let id = row.campaign.id
        try CampaignStep.start.check(row.campaign)
        try await checkBlockers(row)
        try Self.checkTime(row, now)
        let isLater = (row.campaign.startAt ?? .zero) > now
        try await store.write { [states] db in
            let isStarted = try states.set(db, id, isLater ? .scheduled : .running, from: [row.campaign.state], reason: nil)
            // In one step: after a crash it would go out once, and never again.
            if isStarted { try WindowStore.begin(db, with: id) }
        }
        wake()
        return try await campaign(id)
    }

    /// A campaign that has missed its window is not sent late, unless that was asked for when it was planned.
    private static func checkTime(_ row: CampaignRow, _ now: Timestamp) throws(Fault) {
        guard let deadline = row.campaign.deadline, deadline < now, !row.isLateAllowed else { return }
        throw Fault(
            .windowPast, "Its window closed at \(deadline.words(by: row.window)); plan it for another, or with late: true.", path: "id")
    }

    /// The id of a batch, by id or name.
    func batch(_ reference: String, workspace: String) async throws -> CampaignID {
        try await store.read { try CampaignRow.batch($0, reference, workspace: workspace) }
    }

    func pause(_ reference: String, workspace: String) async throws -> Campaign {
        let row = try await find(reference, workspace: workspace)
        let id = row.campaign.id
        // Again after a crash in between: what is left of it is done.
        if row.campaign.state != .paused {
            try CampaignStep.pause.check(row.campaign)
            try await states.set(id, .paused, from: [.running, .scheduled], reason: "by an operator")
        }
        try await withdraw(id)
        wake()
        return try await campaign(id)
    }

    func resume(_ reference: String, workspace: String) async throws -> Campaign {
        let row = try await find(reference, workspace: workspace)
        let id = row.campaign.id
        if row.campaign.state == .running { return row.campaign }
        try CampaignStep.resume.check(row.campaign)
        // A budget that was given meanwhile may be one that cannot be kept.
        try await checkBlockers(row)
        try Self.checkTime(row, store.now)
        // It would be paused again at once for the same reason; failed messages may have given money back meanwhile.
        let now = store.now
        if let obstacle = try await store.read({ [self] db in try budgetObstacle(db, row, at: now) }) {
            throw Fault(.campaignBlocked, "\(row.campaign.name) cannot go on: \(obstacle).", path: "id")
        }
        let isLater = (row.campaign.startAt ?? .zero) > now
        try await states.set(id, isLater ? .scheduled : .running, from: [.paused], reason: nil)
        wake()
        return try await campaign(id)
    }

    func cancel(_ reference: String, workspace: String) async throws -> Campaign {
        let row = try await find(reference, workspace: workspace)
        let id = row.campaign.id
        if row.campaign.state != .cancelled {
            try CampaignStep.cancel.check(row.campaign)
            try await states.set(id, .cancelled, from: Campaign.State.allCases.filter { !$0.hasEnded }, reason: "by an operator")
        }
        try await settleCancelled(id)
        wake()
        return try await campaign(id)
    }

    func set(_ params: SetCampaignBudget.Params, workspace: String) async throws -> Campaign {
        let row = try await find(params.id, workspace: workspace)
        let id = row.campaign.id
        try Self.checkCurrency(params.budget, row)
        let now = store.now
        try await store.write { [self] db in
            try db.execute(
                sql: "UPDATE campaign SET budget = ?, currency = ? WHERE id = ?",
                arguments: [params.budget?.micros, params.budget?.currency, id])
            let changed = try CampaignRow.read(db, id)
            // A campaign that stood still for its budget may be resumed now, or still may not.
            if CampaignSpending.isObstacle(changed.campaign.reason) {
                let reason = try budgetObstacle(db, changed, at: now)
                try db.execute(sql: "UPDATE campaign SET reason = ? WHERE id = ?", arguments: [reason, id])
            }
            guard var report = changed.report else { return }
            Preflight.judge(params.budget, &report)
            try db.execute(sql: "UPDATE campaign SET report = ? WHERE id = ?", arguments: [JSON.text(report), id])
        }
        return try await campaign(id)
    }

    /// A budget in a currency in which nothing is priced would stop the campaign at its next message.
    private static func checkCurrency(_ budget: Money?, _ row: CampaignRow) throws(Fault) {
        let known = row.report?.cost.map(\.currency) ?? []
        guard let budget, !known.isEmpty, !known.contains(budget.currency) else { return }
        throw Fault(
            .params,
            "The budget is in \(budget.currency), and what \(row.campaign.name) costs is in \(known.joined(separator: ", ")): give it in that currency.",
            path: "budget.currency")
    }

    /// Failed recipients are planned again; each gets a new message.
    func retry(_ params: RetryCampaign.Params, workspace: String) async throws -> RetryCampaign.Reply {
        let row = try await find(params.id, workspace: workspace)
        let id = row.campaign.id
        guard [.running, .paused, .finished].contains(row.campaign.state) else {
            throw Fault(
                .campaignState, "\(row.campaign.name) is \(row.campaign.state.rawValue); what has not failed cannot be tried again.",
                path: "id")
        }
        try Self.checkTime(row, store.now)
        // Counted as they are met: later some may have failed anew.
        var (retried, left, unclear) = (0, 0, 0)
        var notBefore = Timestamp.zero
        var last = -1
        while true {
            let after = last
            let part = try await store.write { [states, outbox] db in
                let rows = try Row.fetchAll(
                    db,
                    sql: """
                        SELECT r.n, r.message, r.problem, m.errorCode, m.account, m.failedAt, m.isUnclear
                        FROM campaignRecipient r JOIN messageOutcome m ON m.id = r.message
                        WHERE r.campaign = ? AND r.state = 'queued' AND r.n > ? AND m.state = 'failed' AND m.isRetried = 0
                        ORDER BY r.n LIMIT 1000
                        """,
                    arguments: [id, after])
                var counts: [PhoneNumberID: Int] = [:]
                var (latest, unclear) = (Timestamp.zero, 0)
                for row in rows where Self.maySucceed(row["errorCode"], params.codes) {
                    if row["isUnclear"], params.unclear != true {
                        unclear += 1
                        continue
                    }
                    try outbox.markRetried(db, row["message"])
                    let due = Outbox.earliest(code: row["errorCode"], failedAt: row["failedAt"]) ?? .zero
                    try db.cachedStatement(
                        sql:
                            "UPDATE campaignRecipient SET state = 'planned', problem = NULL, message = NULL, charged = 0, tries = tries + 1, sendAt = ? WHERE campaign = ? AND n = ?"
                    )
                    .execute(arguments: [due, id, row["n"] as Int])
                    latest = max(latest, due)
                    counts[row["account"], default: 0] += 1
                    // They may want it again.
                    if row["problem"] as String? != nil { try CampaignCounts.add(db, -1, CampaignCounts.failedOptOut, of: id) }
                }
                // Together with its recipients, so that a finished campaign never has somebody left.
                let count = counts.values.reduce(0, +)
                if count > 0 { try states.set(db, id, .running, from: [.finished], reason: nil) }
                try CampaignCounts.planAgain(db, counts, of: id)
                return (count: count, left: rows.count - count, unclear: unclear, latest: latest, last: rows.last?["n"] as Int?)
            }
            (retried, left, unclear) = (retried + part.count, left + part.left, unclear + part.unclear)
            notBefore = max(notBefore, part.latest)
            guard let next = part.last else { break }
            last = next
        }
        wake()
        return RetryCampaign.Reply(
            retried: retried, left: left, notBefore: notBefore > store.now ? notBefore : nil, unclear: unclear > 0 ? unclear : nil)
    }

    /// Whether a failed message is written again: one of the wanted codes, or one whose fault may have gone away.
    static func maySucceed(_ code: Int?, _ wanted: [Int]? = nil) -> Bool {
        if let wanted { return code.map(wanted.contains) ?? false }
        // A fault of the recipient or the text stays.
        return code.map { GraphErrorCode.of($0)?.maySucceedLater ?? false } ?? true
    }

    private func campaign(_ id: CampaignID) async throws -> Campaign { try await store.read { try CampaignRow.read($0, id).campaign } }

    func find(_ reference: String, workspace: String, for purpose: CampaignRow.Purpose = .change) async throws -> CampaignRow {
        try await store.read { try CampaignRow.find($0, reference, workspace: workspace, for: purpose) }
    }
}
