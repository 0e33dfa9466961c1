import AccountContract
import Foundation
import GRDB
import GraphAPI
import HTTPClient
import JobQueue
import Logging
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountContacts
@testable import AccountCore
@testable import AccountNumbers
@testable import AccountOutbox
@testable import AccountPacing

/// An outbox on a real database, with time moved by hand.
struct OutboxDesk {
    let folder: String
    let pool: DatabasePool
    let now = MutexBox(Timestamp(milliseconds: 1_000_000_000))
    let store: Store
    let numbers: Numbers
    let consents: ConsentStore
    let contactRoutes: ContactRoutes
    let notices: ConsentNotices
    let people: People
    let outbox: Outbox
    let statuses: StatusRecorder
    let gaps: WebhookGaps
    let inbound: CustomerMessages
    let campaigns: Campaigns
    let lists: BroadcastLists
    let states: CampaignStates
    let failover: Failover
    let pacer: Pacer
    let loads: Loads
    let graph: GraphClient
    let senders: Senders
    let routing: Routing
    let tariffs: Tariffs
    let windows: WindowStore
    let rates = CampaignRates()
    let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// - Parameters:
    ///   - meta: where Meta answers; by default nobody does.
    ///   - seed: ids are drawn from it.
    ///   - plans: what watches the database's statements.
    init(meta: String = "http://127.0.0.1:1", seed: UInt64 = Seed.current, plans: StatementPlans? = nil) async throws {
        folder = try Machine.temporaryFolder()
        pool = try MigratedDatabase.open(
            .accountRouter, path: "\(folder)/t.sqlite", migrator: AccountMigrations.migrator, onConnection: { plans?.watch($0) })
        let clock = WallClock { [now] in now.value }
        store = Store(
            reads: Reads(pool), commits: GroupCommit(pool), events: EventLog(Reads(pool)), clock: clock,
            chance: .seeded(seed))
        (pacer, loads) = (Pacer(clock: clock), Loads())
        numbers = try Numbers(store: store, pacer: pacer, loads: loads) { try Outbox.release($0, $1, at: $2) }
        consents = ConsentStore(store: store, rule: ConsentRule(requiresGrant: true))
        contactRoutes = ContactRoutes(store: store)
        notices = ConsentNotices(store: store)
        people = People(store: store, listeners: [consents, notices, contactRoutes, PacedPeople(pacer: pacer)])
        states = CampaignStates(store: store)
        let refusals = Refusals(store: store, numbers: numbers, consents: consents, campaigns: states)
        routing = Routing(store: store, numbers: numbers, contactRoutes: contactRoutes)
        outbox = Outbox(
            store: store, consents: consents, contactRoutes: contactRoutes, people: people, loads: loads, numbers: numbers,
            routing: routing, listeners: [CampaignLedger(states: states), refusals])
        gaps = WebhookGaps(store: store)
        statuses = StatusRecorder(store: store, outbox: outbox, numbers: numbers, gaps: gaps, pacer: pacer)
        graph = GraphClient(http: HTTPClient(connectionsPerHost: 1), host: meta, version: "v24.0") { "token" }
        senders = Senders(
            store: store, numbers: numbers, outbox: outbox, graph: graph, urgentGraph: graph, pacer: pacer, concurrency: 1, logger: quiet)
        inbound = CustomerMessages(
            store: store, numbers: numbers, consents: consents, notices: notices, contactRoutes: contactRoutes, people: people,
            outbox: outbox, senders: senders, logger: quiet)
        failover = Failover(
            clock: clock, numbers: numbers, contactRoutes: contactRoutes, outbox: outbox,
            routing: routing, senders: senders, interval: .seconds(5), logger: quiet)
        lists = BroadcastLists(store: store)
        windows = WindowStore(store: store)
        tariffs = Tariffs(store: store)
        campaigns = Campaigns(
            store: store, states: states, numbers: numbers, outbox: outbox, lists: lists, windows: windows, rates: rates
        ) {}
        let number = AddAccount.Params(phoneNumberID: "1", wabaID: "2", displayPhoneNumber: "+918047181000", displayName: "A")
        _ = try await numbers.add(number, workspace: "w")
    }

    func end() throws {
        try checkCounts()
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    /// What is kept of the numbers of messages and consents is what counting them gives, whatever has happened.
    private func checkCounts() throws {
        try pool.read { db in
            let counted = try Row.fetchAll(
                db, sql: "SELECT workspace, account, state, count(*) AS n FROM message GROUP BY workspace, account, state ORDER BY 1, 2, 3")
            let kept = try Row.fetchAll(db, sql: "SELECT workspace, account, state, n FROM messageCount WHERE n != 0 ORDER BY 1, 2, 3")
            #expect(counted == kept)
            let consents = try Row.fetchAll(db, sql: "SELECT workspace, state, count(*) AS n FROM consent GROUP BY 1, 2 ORDER BY 1, 2")
            #expect(try consents == Row.fetchAll(db, sql: "SELECT workspace, state, n FROM consentCount WHERE n != 0 ORDER BY 1, 2"))
        }
    }

    func commit(_ draft: MessageDraft) async throws -> MessageID {
        let now = now.value
        return try await store.write { [outbox] db in try outbox.enqueue(db, draft, now).id }
    }

    func queued(_ key: String = "k", on number: PhoneNumberID = "1", workspace: String = "w") async throws -> MessageID {
        let body = MessageDraft.Body(type: "template", category: .utility, object: #"{"name":"t","language":{"code":"en"}}"#)
        let draft = MessageDraft(
            workspace: workspace, requestKey: key, fingerprint: 1, account: number, to: "919876543210", body: body, priority: 100,
            reason: "test"
        )
        return try await commit(draft)
    }

    /// A message that was being sent when the process ended.
    func interrupted(key: String = "k") async throws -> MessageID {
        let id = try await queued(key)
        try await lease()
        #expect(try outbox.recover() == 1)
        #expect(try await state(id) == .unknown)
        return id
    }

    /// What the sender would be given now.
    @discardableResult
    func lease(_ number: PhoneNumberID = "1") async throws -> [MessageID] {
        let time = now.value
        return try await pool.write { [outbox] db in
            let jobs = try JobTable.claim(db, queue: Outbox.queue(number), limit: 10, now: time)
            _ = try outbox.markSending(db, jobs, number)
            return jobs.map(\.message)
        }
    }

    /// Whether a leased message would be posted.
    func isSendable(_ id: MessageID) async throws -> Bool {
        let outbox = outbox
        return try await pool.read { db in try outbox.prepare(db, id) != nil }
    }

    func addCampaign(_ id: CampaignID, deadline: Timestamp) async throws {
        try await pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO campaign (id, workspace, requestKey, fingerprint, kind, name, state, priority, attempts, deadline, createdAt)
                    VALUES (?1, 'w', ?1, 0, 'campaign', 'C', 'running', 500, 3, ?2, 0)
                    """, arguments: [id, deadline])
        }
    }

    /// Recipients of a campaign, each with a queued message.
    func queueRecipients(of campaign: CampaignID, _ count: Int) async throws {
        let now = now.value
        try await store.write { [outbox] db in
            for n in 0..<count {
                let body = MessageDraft.Body(type: "template", category: .utility, object: #"{"name":"t","language":{"code":"en"}}"#)
                let contact = ContactID(String(919_800_000_000 + n))
                let draft = MessageDraft(
                    workspace: "w", requestKey: "campaign:\(n)", fingerprint: 1, account: "1", to: contact, body: body, priority: 500,
                    reason: "test", campaign: campaign)
                try db.execute(
                    sql: """
                        INSERT INTO campaignRecipient (campaign, n, contact, state, message, type, category, object)
                        VALUES (?, ?, ?, 'queued', ?, 'template', 'utility', '[]')
                        """,
                    arguments: [campaign, n, contact.rawValue, try outbox.enqueue(db, draft, now).id])
            }
            try CampaignCounts.add(db, count, "queued", of: campaign, on: "1")
        }
    }

    func fail(_ id: MessageID) async throws {
        _ = try await store.write { [outbox] db in try outbox.advance(db, id, to: .failed, code: 131026, error: "no WhatsApp") }
    }

    func accept(_ id: MessageID) async throws {
        _ = try await store.write { [outbox] db in
            for job in try JobTable.lost(db, queues: "send:") where job.key == id.rawValue { try JobTable.complete(db, id: job.id) }
            return try outbox.advance(db, id, to: .accepted, wamid: WAMID("wamid.\(id)"))
        }
    }

    func state(_ id: MessageID) async throws -> Message.State { try await outbox.get(id, workspace: "w").state }

    func status(_ callbackData: String, at: Timestamp) async throws {
        let status = MessageStatus(wamid: "wamid.x", phoneNumberID: "1", status: "sent", at: at, callbackData: callbackData)
        _ = try await statuses.record(.init(statuses: [status]))
    }
}
