import AccountContract
import Coordination
import GRDB
import RPCTransport
import Storage
import Support
import SyncContract
import Vocabulary

@testable import AccountCampaigns
@testable import AccountOutbox

/// Planner, feeder and batches on a real database, each moved by hand.
struct CampaignScene {
    let desk: OutboxDesk
    let templates = TemplatesInMemory()
    let planner: CampaignPlanner
    let feeder: CampaignFeeder
    let batches: BatchFiller
    let recurrences: Recurrences

    /// - Parameters:
    ///   - meta: where Meta answers; by default nobody does.
    ///   - plans: what watches the database's statements.
    init(meta: String, plans: StatementPlans? = nil) async throws {
        desk = try await OutboxDesk(meta: meta, plans: plans)
        let messages = MessageDesk(
            numbers: desk.numbers, routing: desk.routing, outbox: desk.outbox, templates: templates.client, graph: desk.graph,
            senders: desk.senders)
        planner = CampaignPlanner(
            store: desk.store, states: desk.states,
            preflight: Preflight(store: desk.store, numbers: desk.numbers, tariffs: desk.tariffs), numbers: desk.numbers,
            routing: desk.routing,
            consents: desk.consents, contactRoutes: desk.contactRoutes, templates: templates.client,
            contacts: RPCClient(SyncContract.self, in: templates.network, name: "test"), logger: desk.quiet, arrived: Wakeup()
        ) {}
        feeder = CampaignFeeder(
            store: desk.store, campaigns: desk.campaigns, states: desk.states, numbers: desk.numbers,
            handover: CampaignHandover(
                store: desk.store, numbers: desk.numbers, routing: desk.routing, outbox: desk.outbox, tariffs: desk.tariffs),
            rates: desk.rates, senders: desk.senders, arrived: Wakeup(), batchLimit: 1, logger: desk.quiet)
        batches = BatchFiller(store: desk.store, campaigns: desk.campaigns, routing: desk.routing, desk: messages)
        recurrences = Recurrences(
            campaigns: desk.campaigns, windows: desk.windows, clock: desk.store.clock, logger: desk.quiet, changed: Wakeup())
    }

    static func run(
        meta: String = "http://127.0.0.1:1", plans: StatementPlans? = nil, _ body: (CampaignScene) async throws -> Void
    ) async throws {
        let scene = try await CampaignScene(meta: meta, plans: plans)
        try await scene.templates.serve { try await body(scene) }
        try scene.desk.end()
    }

    static func people(_ count: Int) -> [Recipient] {
        (0..<count).map { Recipient(contact: String(919_800_000_000 + $0), variables: ["name": "N\($0)"]) }
    }

    /// Asked for and planned; its state afterwards.
    @discardableResult
    func plan(_ params: PlanCampaign.Params) async throws -> Campaign {
        let campaign = try await desk.campaigns.plan(params, workspace: "w")
        try await planner.plan(row(campaign.id))
        return try await row(campaign.id).campaign
    }

    func row(_ id: CampaignID) async throws -> CampaignRow { try await desk.campaigns.find(id.rawValue, workspace: "w") }
    func counts(_ id: CampaignID) async throws -> [String: Int] { try await desk.pool.read { try CampaignCounts($0, id).places } }
    func pass(_ time: Milliseconds) { desk.now.update { $0 = $0 + time } }

    /// Sends what waits, as if Meta took everything.
    func send() async throws {
        while true {
            let ids = try await desk.lease()
            if ids.isEmpty { return }
            for id in ids { try await desk.accept(id) }
        }
    }
}
