import AccountCampaigns
import AccountContacts
import AccountContract
import AccountNumbers
import AccountOutbox
import Logging
import RPCContract
import RPCTransport
import ServiceKit
import ServiceLifecycle
import Storage
import Vocabulary

/// The parts that need all modules at once: Meta's events, customers' messages, moving from number to number, figures.
struct CoreSubsystem: Subsystem {
    let desk: AccountDesk
    private let numbers: Numbers
    private let contactRoutes: ContactRoutes
    private let customerMessages: CustomerMessages
    private let events: AccountEvents
    private let history: HistoryProgress
    private let failover: Failover
    private let analytics: Analytics

    /// - Parameter interval: between two looks at numbers whose customers have to move.
    init(
        store: Store,
        numbers: Numbers,
        consents: ConsentStore,
        notices: ConsentNotices,
        contactRoutes: ContactRoutes,
        people: People,
        outbox: Outbox,
        routing: Routing,
        senders: Senders,
        campaigns: Campaigns,
        tariffs: Tariffs,
        interval: Milliseconds,
        logger: Logger
    ) {
        self.numbers = numbers
        self.contactRoutes = contactRoutes
        desk = AccountDesk(numbers: numbers, outbox: outbox)
        customerMessages = CustomerMessages(
            store: store, numbers: numbers, consents: consents, notices: notices, contactRoutes: contactRoutes, people: people,
            outbox: outbox, senders: senders, logger: logger)
        history = HistoryProgress(store: store, numbers: numbers, people: people)
        events = AccountEvents(store: store, numbers: numbers, consents: consents, logger: logger)
        failover = Failover(
            clock: store.clock, numbers: numbers, contactRoutes: contactRoutes, outbox: outbox, routing: routing, senders: senders,
            interval: interval, logger: logger)
        analytics = Analytics(store: store, numbers: numbers, outbox: outbox, campaigns: campaigns, tariffs: tariffs)
    }

    var services: [any Service] { [failover] }

    func bind(_ router: inout RPCRouter) {
        router.on(ListAccounts.self) { _, call in try await desk.list(call.workspace) }
        router.on(DeleteAccount.self) { params, call in
            try await desk.delete(params.phoneNumberID, workspace: call.workspace)
            return Nothing()
        }
        router.on(GetConversationWindow.self) { params, call in
            _ = try numbers.found(params.account, workspace: call.workspace)
            return try await contactRoutes.window(params, workspace: call.workspace)
        }
        router.on(SwitchAccount.self) { params, call in try await failover.move(params, workspace: call.workspace) }
        router.on(RecordInbound.self) { params, _ in try await customerMessages.record(params) }
        router.on(RecordContactChange.self) { params, call in
            try await customerMessages.record(params, key: call.meta.requestKey)
            return Nothing()
        }
        router.on(RecordEcho.self) { params, _ in try await customerMessages.record(params) }
        router.on(NameCustomers.self) { params, _ in try await history.name(params) }
        router.on(RecordHistoryProgress.self) { params, _ in
            try await history.record(params)
            return Nothing()
        }
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
