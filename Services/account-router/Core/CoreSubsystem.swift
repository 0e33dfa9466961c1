import AccountContacts
import AccountContract
import AccountNumbers
import RPCContract
import RPCTransport
import ServiceKit
import ServiceLifecycle
import Storage

/// What needs all modules at once: Meta's events, customers' messages, moving from number to number, figures.
struct CoreSubsystem: Subsystem {
    let desk: AccountDesk
    let contactRoutes: ContactRoutes
    let customerMessages: CustomerMessages
    let events: AccountEvents
    let failover: Failover
    let analytics: Analytics

    var services: [any Service] { [failover] }

    func bind(_ router: inout RPCRouter) {
        router.on(ListAccounts.self) { _, call in try await desk.list(call.workspace) }
        router.on(DeleteAccount.self) { params, call in
            try await desk.delete(params.phoneNumberID, workspace: call.workspace)
            return Nothing()
        }
        router.on(GetConversationWindow.self) { params, call in
            _ = try desk.numbers.found(params.account, workspace: call.workspace)
            return try await contactRoutes.window(params, workspace: call.workspace)
        }
        router.on(SwitchAccount.self) { params, call in try await failover.move(params, workspace: call.workspace) }
        router.on(RecordInbound.self) { params, _ in try await customerMessages.record(params) }
        router.on(RecordContactChange.self) { params, call in
            try await customerMessages.record(params, key: call.meta.requestKey)
            return Nothing()
        }
        router.on(RecordEcho.self) { params, _ in try await customerMessages.record(params) }
        router.on(RecordAccountEvent.self) { params, _ in
            for number in try await events.record(params) { try await failover.relieve(number) }
            return Nothing()
        }
        router.on(CostAnalytics.self) { params, call in try await analytics.cost(params, workspace: call.workspace) }
        router.on(DeliveryAnalytics.self) { params, call in try await analytics.delivery(params, workspace: call.workspace) }
        router.on(PlanCapacity.self) { params, call in try await analytics.capacity(params, workspace: call.workspace) }
        router.on(SLAAnalytics.self) { params, call in try await analytics.sla(params, workspace: call.workspace) }
    }
}
