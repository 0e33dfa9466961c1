import AccountContract
import RPCContract
import RPCTransport

/// What the methods are served by.
struct Parts: Sendable {
    let accounts: AccountStore
    let outbox: Outbox
    let statuses: Statuses
    let desk: MessageDesk
    let consents: ConsentStore
    let linking: Linking
    let events: AccountEvents
    let failover: Failover
    let campaigns: Campaigns
    let batches: BatchFiller
    let feeder: CampaignFeeder
    let windows: Windows
    let tariffs: Tariffs
    let analytics: Analytics

    func router() -> RPCRouter {
        var router = RPCRouter()
        bindAccounts(&router)
        bindRouting(&router)
        bindMessages(&router)
        bindInbound(&router)
        bindLists(&router)
        bindCampaigns(&router)
        bindBatches(&router)
        bindAnalytics(&router)
        return router
    }

    private func bindAccounts(_ router: inout RPCRouter) {
        router.on(AddAccount.self) { params, call in try await accounts.add(params, workspace: call.workspace) }
        router.on(ListAccounts.self) { _, call in try await accounts.list(call.workspace) }
        router.on(GetAccount.self) { params, call in try accounts.found(params.phoneNumberID, workspace: call.workspace) }
        router.on(UpdateAccount.self) { params, call in
            _ = try accounts.found(params.phoneNumberID, workspace: call.workspace)
            return try await accounts.update(params)
        }
        router.on(DeleteAccount.self) { params, call in
            _ = try accounts.found(params.phoneNumberID, workspace: call.workspace)
            try await accounts.delete(params.phoneNumberID)
            try await outbox.failWaiting(on: params.phoneNumberID)
            return Nothing()
        }
        router.on(PromoteAccount.self) { params, call in
            _ = try accounts.found(params.phoneNumberID, workspace: call.workspace)
            return try await accounts.update(UpdateAccount.Params(phoneNumberID: params.phoneNumberID, role: .master))
        }
        router.on(SwitchAccount.self) { params, call in try await failover.move(params, workspace: call.workspace) }
        router.on(AccountHealth.self) { params, call in try await accounts.health(params.phoneNumberID, workspace: call.workspace) }
        router.on(LinkAccount.self) { params, call in try await linking.link(params, workspace: call.workspace) }
        router.on(ConfirmLink.self) { params, call in try await linking.confirm(params, workspace: call.workspace) }
        router.on(UnlinkAccount.self) { params, call in
            try await linking.unlink(params.phoneNumberID, workspace: call.workspace)
        }
        router.on(QualityStatus.self) { _, call in try await accounts.quality(call.workspace) }
        router.on(RevertQuality.self) { params, call in
            try await accounts.revert(params.id, actor: call.meta.actor, workspace: call.workspace)
        }
    }

    private func bindRouting(_ router: inout RPCRouter) {
        router.on(PreviewRoute.self) { params, call in try await accounts.preview(params, workspace: call.workspace) }
        router.on(PreferRoute.self) { params, call in
            try await accounts.prefer(params, workspace: call.workspace)
            return Nothing()
        }
        router.on(SetStrategy.self) { params, call in
            try await accounts.set(params, workspace: call.workspace)
            return Nothing()
        }
        router.on(GetStrategy.self) { _, call in accounts.strategy(call.workspace) }
        router.on(SetPortfolio.self) { params, call in
            try await accounts.set(params, workspace: call.workspace)
            return Nothing()
        }
        router.on(ListPortfolios.self) { _, call in accounts.portfolios(call.workspace) }
    }

    private func bindMessages(_ router: inout RPCRouter) {
        router.on(SendMessage.self) { params, call in try await desk.send(params, call) }
        router.on(RetryMessage.self) { params, call in try await desk.retry(params, call) }
        router.on(MarkMessageRead.self) { params, call in
            try await desk.markRead(params, workspace: call.workspace)
            return Nothing()
        }
        router.on(GetMessage.self) { params, call in try await outbox.get(params.id, workspace: call.workspace) }
        router.on(ExplainMessage.self) { params, call in try await outbox.explain(params.id, workspace: call.workspace) }
        router.on(ListMessages.self) { params, call in try await outbox.list(params, workspace: call.workspace) }
        router.on(MessageStatistics.self) { params, call in try await outbox.statistics(params, workspace: call.workspace) }
    }

    private func bindInbound(_ router: inout RPCRouter) {
        router.on(RecordInbound.self) { params, _ in try await statuses.recordInbound(params) }
        router.on(RecordStatuses.self) { params, _ in try await statuses.record(params) }
        router.on(RecordAccountEvent.self) { params, _ in
            for number in try await events.record(params) { try await failover.relieve(number) }
            return Nothing()
        }
        router.on(GetConversationWindow.self) { params, _ in try await statuses.window(params) }
        router.on(RecordConsent.self) { params, call in
            try await consents.record(params, workspace: call.workspace, actor: call.meta.actor)
        }
        router.on(GetConsent.self) { params, call in try await consents.get(params, workspace: call.workspace) }
        router.on(ListConsents.self) { params, call in try await consents.list(params, workspace: call.workspace) }
    }

    private func bindLists(_ router: inout RPCRouter) {
        let lists = campaigns.lists
        router.on(CreateBroadcastList.self) { params, call in try await lists.create(params.name, workspace: call.workspace) }
        router.on(AddToBroadcastList.self) { params, call in try await lists.add(params, workspace: call.workspace) }
        router.on(RemoveFromBroadcastList.self) { params, call in try await lists.remove(params, workspace: call.workspace) }
        router.on(GetBroadcastList.self) { params, call in try await lists.get(params.id, workspace: call.workspace) }
        router.on(ListBroadcastLists.self) { _, call in try await lists.all(workspace: call.workspace) }
        router.on(DeleteBroadcastList.self) { params, call in
            try await lists.delete(params.id, workspace: call.workspace)
            return Nothing()
        }
        router.on(CreateWindow.self) { params, call in try await windows.create(params, workspace: call.workspace) }
        router.on(ListWindows.self) { _, call in try await windows.list(workspace: call.workspace) }
        router.on(DeleteWindow.self) { params, call in
            try await windows.delete(params.id, workspace: call.workspace)
            return Nothing()
        }
    }

    private func bindCampaigns(_ router: inout RPCRouter) {
        router.on(PlanCampaign.self) { params, call in try await campaigns.plan(params, workspace: call.workspace) }
        router.on(StartCampaign.self) { params, call in try await campaigns.start(params.id, workspace: call.workspace) }
        router.on(PauseCampaign.self) { params, call in try await campaigns.pause(params.id, workspace: call.workspace) }
        router.on(ResumeCampaign.self) { params, call in try await campaigns.resume(params.id, workspace: call.workspace) }
        router.on(CancelCampaign.self) { params, call in try await campaigns.cancel(params.id, workspace: call.workspace) }
        router.on(CampaignStatus.self) { params, call in try await progress(params.id, call) }
        router.on(ListCampaigns.self) { params, call in try await campaigns.list(params, .campaign, workspace: call.workspace) }
        router.on(RetryCampaign.self) { params, call in try await campaigns.retry(params, workspace: call.workspace) }
        router.on(SetCampaignBudget.self) { params, call in try await campaigns.set(params, workspace: call.workspace) }
        router.on(CampaignResults.self) { params, call in try await campaigns.results(params, workspace: call.workspace) }
    }

    private func bindBatches(_ router: inout RPCRouter) {
        router.on(CreateBatch.self) { params, call in try await campaigns.create(params, workspace: call.workspace) }
        router.on(AddToBatch.self) { params, call in try await batches.add(params, workspace: call.workspace) }
        router.on(ProcessBatch.self) { params, call in try await campaigns.start(params.id, workspace: call.workspace) }
        router.on(PauseBatch.self) { params, call in try await campaigns.pause(params.id, workspace: call.workspace) }
        router.on(ResumeBatch.self) { params, call in try await campaigns.resume(params.id, workspace: call.workspace) }
        router.on(CancelBatch.self) { params, call in try await campaigns.cancel(params.id, workspace: call.workspace) }
        router.on(BatchStatus.self) { params, call in try await progress(params.id, call) }
        router.on(ListBatches.self) { params, call in try await campaigns.list(params, .batch, workspace: call.workspace) }
    }

    private func progress(_ id: String, _ call: RPCCall) async throws -> CampaignProgress {
        try await campaigns.progress(id, rate: feeder.rate(id), workspace: call.workspace)
    }

    private func bindAnalytics(_ router: inout RPCRouter) {
        router.on(ImportTariffs.self) { params, call in try await tariffs.add(params.items, workspace: call.workspace) }
        router.on(ListTariffs.self) { _, call in try await tariffs.list(workspace: call.workspace) }
        router.on(CostAnalytics.self) { params, call in try await analytics.cost(params, workspace: call.workspace) }
        router.on(DeliveryAnalytics.self) { params, call in try await analytics.delivery(params, workspace: call.workspace) }
        router.on(PlanCapacity.self) { params, call in try await analytics.capacity(params, workspace: call.workspace) }
        router.on(SLAAnalytics.self) { params, call in try await analytics.sla(params, workspace: call.workspace) }
    }
}
