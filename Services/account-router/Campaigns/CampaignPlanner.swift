import AccountContacts
import AccountContract
import AccountNumbers
import AccountOutbox
import Coordination
import Foundation
import GRDB
import Logging
import RPCContract
import RPCTransport
import ServiceLifecycle
import Storage
import SyncContract
import TemplateContract
import Vocabulary

/// Freezes the recipients of planned campaigns, a chunk at a time; a crash goes on after the last chunk.
struct CampaignPlanner: Service {
    let store: Store
    let states: CampaignStates
    let preflight: Preflight
    let numbers: Numbers
    let routing: Routing
    let consents: ConsentStore
    let contactRoutes: ContactRoutes
    let templates: RPCClient
    let contacts: RPCClient
    let logger: Logger
    let arrived: Wakeup
    /// Tells that a campaign may run now.
    let planned: @Sendable () -> Void

    /// Recipients of one transaction.
    private static let chunk = 2000

    /// Campaigns that are planned at once: a long list does not hold up the others.
    private static let concurrency = 4

    func run() async throws {
        let tries = Mutexed(PlanningTries())
        let underWay = Mutexed<Set<CampaignID>>([])
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    // Read before the campaigns: whichever of them ends meanwhile is not begun again as it was.
                    let busy = underWay.value
                    do {
                        let all = try await store.read { try CampaignRow.all($0, .planning) }
                        tries.with { $0.keep(Set(all.map(\.campaign.id))) }
                        let due = all.filter { !busy.contains($0.campaign.id) && tries.value.isDue($0.campaign.id, at: store.now) }
                        for row in due.prefix(Self.concurrency - busy.count) {
                            underWay.with { _ = $0.insert(row.campaign.id) }
                            group.addTask {
                                await attempt(row, tries)
                                underWay.with { _ = $0.remove(row.campaign.id) }
                                arrived.set()
                            }
                        }
                        await arrived.wait(atMost: all.isEmpty ? nil : .seconds(1), clock: store.clock)
                    } catch {
                        logger.warning("campaigns to plan could not be read, retrying", metadata: ["error": "\(error)"])
                        try? await store.clock.sleep(for: .seconds(1))  // cut short when the process stops
                    }
                }
            }
        }
    }

    /// Plans a campaign; what is wrong with it and does not pass refuses it in the end.
    private func attempt(_ row: CampaignRow, _ tries: Mutexed<PlanningTries>) async {
        let id = row.campaign.id
        do {
            try await plan(row)
        } catch {
            logger.warning("a campaign could not be planned, retrying", metadata: ["campaign": "\(id)", "error": "\(error)"])
            guard let reason = tries.with({ $0.failed(id, error, at: store.now) }) else { return }
            do { try await states.set(id, .refused, from: [.planning], reason: reason) } catch {
                logger.warning("a campaign could not be refused, retrying", metadata: ["campaign": "\(id)", "error": "\(error)"])
            }
        }
    }

    /// Faults that do not pass by themselves.
    private static let lasting: [FaultCode] = [
        .templateUnknown, .languageNeeded, .templateNotApproved, .windowInvalid, .experimentUnknown, .templateRefused, .listUnknown,
        .params,
    ]

    /// All of one campaign, from where it was left.
    func plan(_ row: CampaignRow) async throws {
        guard let params = row.plan, row.damage == nil else {
            try await states.set(row.campaign.id, .refused, from: [.planning], reason: row.damage ?? "nothing was planned of it")
            return
        }
        do {
            try await checkList(row)
            if params.contacts != nil, row.cursor.isEmpty { try await gather(row, params) }
            while try await planChunk(of: row.campaign.id, params) {
                if Task.isCancelled { return }
            }
            try await conclude(row, params)
        } catch let fault as Fault where Self.lasting.contains(fault.code) {
            try await states.set(row.campaign.id, .refused, from: [.planning], reason: fault.message)
        }
    }

    /// A list that is gone has nobody in it, which would be said of its people instead.
    private func checkList(_ row: CampaignRow) async throws {
        guard let list = row.list else { return }
        let isThere = try await store.read { db in
            try Int.fetchOne(db, sql: "SELECT 1 FROM broadcastList WHERE id = ?", arguments: [list]) != nil
        }
        guard !isThere else { return }
        throw Fault(.listUnknown, "its list was deleted; plan it anew with another list, and end what recurs with recurrence.stop")
    }

    /// Contacts that have the words as a phrase, put into the campaign's own list.
    private func gather(_ row: CampaignRow, _ params: PlanCampaign.Params) async throws {
        guard let list = row.list else { return }
        let words = params.contacts ?? ""
        var cursor: PageCursor<ListContacts>?
        repeat {
            let meta = CallMeta(workspace: row.workspace)
            let page =
                words.isEmpty
                ? try await contacts.call(ListContacts.self, .init(limit: 1000, cursor: cursor), meta: meta)
                // Word by word, "Team A" would also reach Team B, whose names have an A somewhere.
                : try await contacts.call(SearchContacts.self, .init(query: words, asPhrase: true, limit: 1000, cursor: cursor), meta: meta)
            let rows = page.items.compactMap { contact -> BroadcastLists.Member? in
                guard let id = contact.bsuid ?? contact.phone else { return nil }
                // A contact without a name has their number in its place, and nobody is greeted with that.
                var variables = contact.name == contact.phone?.rawValue ? [:] : ["name": contact.name]
                variables["firstName"] = contact.firstName
                return BroadcastLists.Member(contact: id, recipient: Recipient(contact: id.rawValue, variables: variables))
            }
            _ = try await store.write { db in try BroadcastLists.insert(db, list, rows) }
            cursor = page.next
        } while cursor != nil
    }

    /// One chunk; whether there was one.
    private func planChunk(of id: CampaignID, _ params: PlanCampaign.Params) async throws -> Bool {
        let (row, members, languages, fills) = try await store.read { db in
            let row = try CampaignRow.read(db, id)
            return (row, try Self.nextMembers(db, row), try KeptLanguages(db, of: id), try VariableFills(db, of: id))
        }
        guard row.campaign.state == .planning, let last = members.last else { return false }
        let composed = try await compose(members, params, in: languages, workspace: row.workspace)
        let calmer: [Composed]? =
            if let template = params.cautious {
                try await compose(members, template: template, params, in: languages, workspace: row.workspace)
            } else { nil }
        try Self.check(composed, cautious: calmer ?? [], params, of: row.campaign)
        let all = composed + (calmer ?? [])
        let kept = languages.adding(all)
        let filled = fills.adding(
            VariableFills(variables: Set(all.flatMap(\.variables)), columns: Set(members.flatMap(\.variables.keys))))
        let times = try row.window.flatMap { window in try row.opening.map { try SendTimes(window, opening: $0) } }
        let startAt = row.opening ?? .zero
        let language = Set(composed.map(\.language)).count == 1 ? composed.first?.language : nil
        let allowed = params.accounts.map(Set.init)
        try await store.write { [self] db in
            // Cancelled meanwhile: nobody is added to it.
            guard try CampaignRow.read(db, id).campaign.state == .planning else { return }
            let counts = try CampaignCounts(db, id)
            var (n, planned, skipped) = (counts.planned + counts.skipped, 0, 0)
            let insert = try db.cachedStatement(
                sql: """
                    INSERT INTO campaignRecipient (campaign, n, contact, state, problem, account, reason, template, type, category, object, wabaID, language,
                      sendAt, cautious, zone, deadline, line, name)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'template', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """)
            for (index, (member, part)) in zip(members, composed).enumerated() {
                var (problem, account, reason) = (part.problem, String?.none, String?.none)
                if problem == nil { (account, reason, problem) = try choose(db, member.contact, part, among: allowed, of: row) }
                let due = times?.due(n, member.contact, zoneName: member.timeZone)
                try insert.execute(arguments: [
                    id, n, member.contact, problem == nil ? "planned" : "skipped", problem, account, reason, part.template,
                    part.category.rawValue, problem == nil ? part.components : nil, part.wabaID, part.language, due?.sendAt ?? startAt,
                    try problem == nil ? calmer?[index].body.map { try JSON.text($0) } : nil, member.timeZone, due?.deadline,
                    member.line, member.name,
                ])
                n += 1
                if problem == nil { planned += 1 } else { skipped += 1 }
            }
            if kept != languages { try kept.keep(db, of: id) }
            if filled != fills { try filled.keep(db, of: id) }
            try CampaignCounts.add(db, planned, "planned", of: id)
            try CampaignCounts.add(db, skipped, "skipped", of: id)
            try db.execute(
                sql: "UPDATE campaign SET cursor = ?, language = ?, version = ?, category = ?, skipped = skipped + ? WHERE id = ?",
                arguments: [
                    last.contact, language, composed.first?.version, composed.first?.category.rawValue, skipped, id,
                ])
        }
        return true
    }

    /// Those behind the last that has been planned.
    private static func nextMembers(_ db: Database, _ row: CampaignRow) throws -> [Member] {
        let members = try Row.fetchAll(
            db,
            sql:
                "SELECT contact, variables, timeZone, line FROM broadcastListMember WHERE list = ? AND contact > ? ORDER BY contact LIMIT ?",
            arguments: [row.list, row.cursor, chunk]
        )
        .map { try Member($0) }
        return bounded(members)
    }

    /// As many as fit a frame with what is filled in for them.
    private static func bounded(_ members: [Member]) -> [Member] {
        var bytes = 0
        let end = members.firstIndex { member in
            bytes += 64 + member.variables.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
            return bytes > 2 << 20
        }
        return Array(members.prefix(max(1, end ?? members.count)))
    }

    private struct Member: Sendable {
        var contact: ContactID
        var variables: [String: String]
        var timeZone: String?
        var line: Int?
        /// The name that the list has for them, for people who read the results.
        var name: String? { variables.first { $0.key.lowercased() == "name" }?.value.unicodeScalars.prefix(256).map(String.init).joined() }

        init(_ row: Row) throws {
            line = row["line"]
            contact = row["contact"] as ContactID
            timeZone = row["timeZone"]
            variables = try (row["variables"] as String?).map { try JSON.decode([String: String].self, from: $0) } ?? [:]
        }
    }

    /// One recipient's message, before it has a number.
    struct Composed: Sendable {
        var template: String
        var language: String
        var version: Int
        var category: Message.Category
        var wabaID: WABAID?
        var variables: [String]
        var components: String
        var problem: String?

        /// As it is sent; nil where it cannot be.
        var body: MessageDraft.Body? {
            problem != nil
                ? nil
                : MessageDraft.Body(
                    type: "template", category: category, object: MessageDesk.object(template, language, components), wabaID: wabaID)
        }
    }

    /// Each recipient's template and components; an experiment says who gets which.
    private func compose(
        _ members: [Member], _ params: PlanCampaign.Params, in languages: KeptLanguages, workspace: String
    ) async throws -> [Composed] {
        guard let experiment = params.experiment else {
            return try await compose(members, template: params.template ?? "", params, in: languages, workspace: workspace)
        }
        let assigned = try await templates.call(
            AssignExperiment.self, AssignExperiment.Params(name: experiment, contacts: members.map(\.contact)),
            meta: CallMeta(workspace: workspace))
        guard assigned.choices.count == members.count, assigned.choices.allSatisfy(assigned.templates.indices.contains) else {
            throw Fault(.internal, "template-service has not said of everybody which template of \(experiment) they get.")
        }
        var result = [Composed?](repeating: nil, count: members.count)
        for (index, template) in assigned.templates.enumerated() {
            let own = members.indices.filter { assigned.choices[$0] == index }
            guard !own.isEmpty else { continue }
            let composed = try await compose(own.map { members[$0] }, template: template, params, in: languages, workspace: workspace)
            for (member, part) in zip(own, composed) { result[member] = part }
        }
        return result.compactMap { $0 }
    }

    /// One template for many.
    private func compose(
        _ members: [Member], template: String, _ params: PlanCampaign.Params, in languages: KeptLanguages, workspace: String
    ) async throws -> [Composed] {
        let names = Set(members.flatMap(\.variables.keys)).sorted()
        let reply = try await templates.call(
            ComposeTemplateBatch.self,
            ComposeTemplateBatch.Params(
                name: template, language: params.language ?? languages[template], common: params.variables ?? [:], variables: names,
                rows: members.map { member in names.map { member.variables[$0] ?? "" } }),
            meta: CallMeta(workspace: workspace))
        guard reply.components.count == members.count else {
            throw Fault(.internal, "template-service has composed \(reply.components.count) of \(members.count) messages of \(template).")
        }
        let category = Message.Category(rawValue: reply.category.rawValue) ?? .marketing
        return reply.components.enumerated().map { position, components in
            Composed(
                template: reply.name, language: reply.language, version: reply.version, category: category, wabaID: reply.wabaID,
                variables: reply.variables,
                components: components,
                problem: reply.problems[String(position)])
        }
    }

    /// The number, or why the recipient is left out.
    private func choose(
        _ db: Database,
        _ contact: ContactID,
        _ composed: Composed,
        among allowed: Set<PhoneNumberID>?,
        of row: CampaignRow
    ) throws -> (account: String?, reason: String?, problem: String?) {
        let workspace = row.workspace
        if let list = row.list, try BroadcastLists.hasNamesake(db, contact, in: list, workspace: workspace) {
            return (nil, nil, "the same person is in the list under another name")
        }
        let (number, reason): (PhoneNumberID, String)
        do {
            let route = try routing.route(
                db, contact, composed.category, of: composed.wabaID, among: allowed, isForLater: true, workspace: workspace)
            (number, reason) = (route.account.phoneNumberID, route.reason)
        } catch let fault as Fault where fault.code == .noRoute {
            // An obstacle that passes, by itself or by somebody's hand, is no reason to leave anybody out: their turn may come later.
            let waiting = waitingPlaces(of: composed.wabaID, among: allowed, workspace: workspace)
            guard !waiting.isEmpty else { return (nil, nil, fault.message) }
            let share = Int(FNV1a.hash(contact.rawValue) % UInt64(waiting.count))
            (number, reason) = (waiting[share], "no number can send it now")
        }
        let person = try People.person(db, contact, workspace: workspace)
        let refusal = try consents.refusal(
            db, person, composed.category, isWindowOpen: { try contactRoutes.isOpen(db, person, on: number, workspace: workspace) },
            workspace: workspace)
        if let refusal { return (nil, nil, refusal.words) }
        return (number.rawValue, reason, nil)
    }

    /// Where people wait while no number can write to them: on those that come back by themselves, else on any that may send it.
    ///
    /// Banned, disabled or draining, a number may be mended or another added; whoever waits goes out from that one then.
    private func waitingPlaces(of waba: WABAID?, among allowed: Set<PhoneNumberID>?, workspace: String) -> [PhoneNumberID] {
        let all = numbers.thatMaySend(of: waba, among: allowed, workspace: workspace)
        let resting = all.filter {
            $0.enabled && $0.link == .registered && $0.duty == .active && [.resting, .restricted, .held].contains($0.health)
        }
        return (resting.isEmpty ? all : resting).map(\.phoneNumberID)
    }

    private func conclude(_ row: CampaignRow, _ params: PlanCampaign.Params) async throws {
        let id = row.campaign.id
        // What is given for everybody comes first: of the rows' columns not all may be kept.
        let fills = VariableFills(columns: Set((params.variables ?? [:]).keys)).adding(
            try await store.read { try VariableFills($0, of: id) })
        var told = try await preflight.report(id)
        if told.recipients > 0 { told.warnings += fills.warnings.map(\.plain) }
        let report = told
        let text = try JSON.text(report)
        let now = store.now
        let isNews = try await store.write { [states] db in
            try db.execute(
                sql: "UPDATE campaign SET report = ?, skipped = ?, plan = json_remove(plan, '$.fills') WHERE id = ?",
                arguments: [text, try CampaignCounts(db, id).skipped, id])
            // The campaign's own are the first and the last of its people's.
            try db.execute(
                sql: """
                    UPDATE campaign SET (firstAt, deadline) = (SELECT min(sendAt), coalesce(max(deadline), campaign.deadline)
                      FROM campaignRecipient WHERE campaign = ?1 AND state = 'planned') WHERE id = ?1 AND deadline IS NOT NULL
                    """, arguments: [id])
            guard params.start == true, report.blockers.isEmpty else {
                // The person who wanted it started is told why it is not.
                let reason = params.start == true ? "not started: \(report.blockers.joined(separator: "; "))" : nil
                return try states.set(db, id, .planned, from: [.planning], reason: reason)
            }
            // Planned and started in one step: a crash cannot come between.
            let campaign = try CampaignRow.read(db, id).campaign
            guard campaign.deadline.map({ $0 >= now }) ?? true else {
                return try states.set(db, id, .refused, from: [.planning], reason: "its window closed before it was planned")
            }
            let isLater = (campaign.startAt ?? .zero) > now
            return try states.set(db, id, isLater ? .scheduled : .running, from: [.planning], reason: nil)
        }
        if isNews { planned() }
    }
}
