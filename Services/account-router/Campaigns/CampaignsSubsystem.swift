package import AccountContacts
import AccountContract
package import AccountNumbers
package import AccountOutbox
import Coordination
package import Logging
import RPCContract
package import RPCTransport
package import ServiceKit
package import ServiceLifecycle
package import Storage
package import Vocabulary

/// Campaigns and batches: lists, delivery windows, planning, handing over, deadlines, tariffs.
package struct CampaignsSubsystem: Subsystem {
    package let campaigns: Campaigns
    package let tariffs: Tariffs
    private let lists: BroadcastLists
    private let windows: WindowStore
    private let check: TemplateCheck
    private let batches: BatchFiller
    private let planner: CampaignPlanner
    private let feeder: CampaignFeeder
    private let recurrences: Recurrences
    private let reports: ExperimentReports
    private let toRecur: Wakeup
    private let retention: Milliseconds
    private let clock: WallClock

    /// - Parameters:
    ///   - batchLimit: batches that are sent at once; the others wait for their turn.
    ///   - retention: how long ended campaigns are kept, and how long one may wait that nobody starts, resumes or adds to.
    package init(
        store: Store,
        states: CampaignStates,
        numbers: Numbers,
        consents: ConsentStore,
        contactRoutes: ContactRoutes,
        outbox: Outbox,
        routing: Routing,
        desk: MessageDesk,
        senders: Senders,
        templates: RPCClient,
        contacts: RPCClient,
        batchLimit: Int,
        retention: Milliseconds,
        logger: Logger
    ) {
        let (toPlan, toRecur, toFeed) = (Wakeup(), Wakeup(), Wakeup())
        let wake: @Sendable () -> Void = {
            toPlan.set()
            toRecur.set()
            toFeed.set()
        }
        let rates = CampaignRates()
        self.toRecur = toRecur
        self.retention = retention
        clock = store.clock
        tariffs = Tariffs(store: store)
        lists = BroadcastLists(store: store)
        windows = WindowStore(store: store)
        check = TemplateCheck(templates: templates)
        campaigns = Campaigns(
            store: store, states: states, numbers: numbers, outbox: outbox, lists: lists, windows: windows, rates: rates, wake: wake)
        batches = BatchFiller(store: store, campaigns: campaigns, routing: routing, desk: desk)
        planner = CampaignPlanner(
            store: store, states: states, preflight: Preflight(store: store, numbers: numbers, tariffs: tariffs), numbers: numbers,
            routing: routing, consents: consents, contactRoutes: contactRoutes, templates: templates, contacts: contacts, logger: logger,
            arrived: toPlan,
            planned: wake)
        feeder = CampaignFeeder(
            store: store, campaigns: campaigns, states: states, numbers: numbers,
            handover: CampaignHandover(store: store, numbers: numbers, routing: routing, outbox: outbox, tariffs: tariffs), rates: rates,
            senders: senders, arrived: toFeed, batchLimit: batchLimit, logger: logger)
        recurrences = Recurrences(campaigns: campaigns, windows: windows, clock: store.clock, logger: logger, changed: toRecur)
        reports = ExperimentReports(store: store, templates: templates, logger: logger)
    }

    package var prunes: [Prune] {
        let (campaigns, clock, retention) = (campaigns, clock, retention)
        return [
            Prune("campaigns that stand still") { try await campaigns.expire(before: clock.now - retention) },
            Prune("recipients of campaigns") { try await campaigns.pruneLists() },
            Prune("campaigns") { try await campaigns.prune(before: clock.now - retention) },
        ]
    }

    package var health: [HealthCheck] {
        [
            HealthCheck("campaigns") { [campaigns] in
                do { return try await campaigns.withoutNumbers() } catch { return "the campaigns cannot be read: \(error)" }
            }
        ]
    }

    package var services: [any Service] { [planner, feeder, recurrences, reports] }

    package func bind(_ router: inout RPCRouter) {
        bindLists(&router)
        bindCampaigns(&router)
        bindBatches(&router)
    }

    private func bindLists(_ router: inout RPCRouter) {
        router.on(CreateBroadcastList.self) { params, call in
            try await lists.create(params.name, workspace: call.workspace, isHidden: params.isHidden ?? false)
        }
        router.on(AddToBroadcastList.self) { params, call in try await lists.add(params, workspace: call.workspace) }
        router.on(RemoveFromBroadcastList.self) { params, call in try await lists.remove(params, workspace: call.workspace) }
        router.on(GetBroadcastList.self) { params, call in try await lists.get(params.id, workspace: call.workspace) }
        router.on(ListBroadcastLists.self) { _, call in try await lists.all(workspace: call.workspace) }
        router.on(DeleteBroadcastList.self) { params, call in
            try await lists.delete(params.id, workspace: call.workspace)
            return Nothing()
        }
        router.on(CreateWindow.self) { params, call in
            let reply = try await windows.create(params, workspace: call.workspace)
            toRecur.set()
            return reply
        }
        router.on(ListWindows.self) { _, call in try await windows.list(workspace: call.workspace) }
        router.on(DeleteWindow.self) { params, call in
            try await windows.delete(params.id, workspace: call.workspace)
            return Nothing()
        }
        router.on(ImportTariffs.self) { params, call in try await tariffs.add(params.items, workspace: call.workspace) }
        router.on(ListTariffs.self) { _, call in try await tariffs.list(workspace: call.workspace) }
    }

    private func bindCampaigns(_ router: inout RPCRouter) {
        router.on(PlanCampaign.self) { params, call in try await campaigns.plan(params, checkedBy: check, workspace: call.workspace) }
        router.on(StartCampaign.self) { params, call in try await campaigns.start(params.id, workspace: call.workspace) }
        router.on(PauseCampaign.self) { params, call in try await campaigns.pause(params.id, workspace: call.workspace) }
        router.on(ResumeCampaign.self) { params, call in try await campaigns.resume(params.id, workspace: call.workspace) }
        router.on(CancelCampaign.self) { params, call in try await campaigns.cancel(params.id, workspace: call.workspace) }
        router.on(CampaignStatus.self) { params, call in try await campaigns.progress(params.id, workspace: call.workspace) }
        router.on(ListCampaigns.self) { params, call in try await campaigns.list(params, .campaign, workspace: call.workspace) }
        router.on(RetryCampaign.self) { params, call in try await campaigns.retry(params, workspace: call.workspace) }
        router.on(SetCampaignBudget.self) { params, call in try await campaigns.set(params, workspace: call.workspace) }
        bindRecurrences(&router)
        router.on(CampaignResults.self) { params, call in try await campaigns.results(params, workspace: call.workspace) }
    }

    private func bindRecurrences(_ router: inout RPCRouter) {
        router.on(ListRecurrences.self) { _, call in try await windows.recurrences(workspace: call.workspace) }
        router.on(SkipRecurrence.self) { params, call in
            let reply = try await windows.skip(params, workspace: call.workspace)
            for id in reply.openings.compactMap(\.campaign) { try await campaigns.settleCancelled(id) }
            toRecur.set()
            return reply
        }
        router.on(UnskipRecurrence.self) { params, call in
            let reply = try await windows.unskip(params, workspace: call.workspace)
            // Its time to be planned may have come already.
            toRecur.set()
            return reply
        }
        router.on(StopRecurrence.self) { params, call in try await windows.stop(params.id, workspace: call.workspace) }
    }

    /// The id of the batch that a reference names, for what is done with campaigns alike.
    private func batch(_ reference: String, _ call: RPCCall) async throws -> String {
        try await campaigns.batch(reference, workspace: call.workspace).rawValue
    }

    private func bindBatches(_ router: inout RPCRouter) {
        router.on(CreateBatch.self) { params, call in try await campaigns.create(params, workspace: call.workspace) }
        router.on(AddToBatch.self) { params, call in try await batches.add(params, workspace: call.workspace) }
        router.on(ProcessBatch.self) { params, call in try await campaigns.start(batch(params.id, call), workspace: call.workspace) }
        router.on(PauseBatch.self) { params, call in try await campaigns.pause(batch(params.id, call), workspace: call.workspace) }
        router.on(ResumeBatch.self) { params, call in try await campaigns.resume(batch(params.id, call), workspace: call.workspace) }
        router.on(CancelBatch.self) { params, call in try await campaigns.cancel(batch(params.id, call), workspace: call.workspace) }
        router.on(BatchStatus.self) { params, call in try await campaigns.progress(batch(params.id, call), workspace: call.workspace) }
        router.on(ListBatches.self) { params, call in try await campaigns.list(params, .batch, workspace: call.workspace) }
    }
}
