package import AccountContacts
import AccountContract
package import AccountNumbers
package import AccountPacing
import Foundation
package import GraphAPI
import JobQueue
package import Logging
import RPCContract
package import RPCTransport
package import ServiceKit
package import ServiceLifecycle
package import Storage
package import Vocabulary

/// The way out: routing, queueing, sending, statuses, and messages whose fate nobody knows.
package struct OutboxSubsystem: Subsystem {
    package let outbox: Outbox
    package let routing: Routing
    package let desk: MessageDesk
    package let senders: Senders
    private let statuses: StatusRecorder
    private let unknown: UnknownMessages
    private let loadWatch: LoadWatch
    private let gaps: WebhookGaps
    private let settings: Settings
    private let numbers: Numbers

    /// The settings that an operator may change.
    package struct Settings: Sendable {
        /// Requests to Meta under way at once, per number.
        package var concurrency: Int
        /// How long a status has to arrive.
        package var grace: Milliseconds
        /// How long Meta may still bring the statuses of a time in which its deliveries failed.
        package var gapGrace: Milliseconds
        /// Whether the silence of a whole account ends the waiting for a status.
        package var isResentInSilence: Bool
        /// How long what messages said is kept, and that they were sent.
        package var contents: Milliseconds
        package var deliveries: Milliseconds

        package init(
            concurrency: Int, grace: Milliseconds, gapGrace: Milliseconds, isResentInSilence: Bool, contents: Milliseconds,
            deliveries: Milliseconds
        ) {
            self.contents = contents
            self.deliveries = deliveries
            self.concurrency = concurrency
            self.grace = grace
            self.gapGrace = gapGrace
            self.isResentInSilence = isResentInSilence
        }
    }

    /// Puts right what the last end of the process left, and restores the limits.
    package init(
        store: Store,
        numbers: Numbers,
        pacer: Pacer,
        loads: Loads,
        consents: ConsentStore,
        contactRoutes: ContactRoutes,
        people: People,
        listeners: [any OutboxListener],
        graph: GraphClient,
        urgentGraph: GraphClient,
        templates: RPCClient,
        settings: Settings,
        logger: Logger
    ) throws {
        routing = Routing(store: store, numbers: numbers, contactRoutes: contactRoutes)
        outbox = Outbox(
            store: store, consents: consents, contactRoutes: contactRoutes, people: people, loads: loads, numbers: numbers,
            routing: routing, listeners: listeners)
        let lastLook = try outbox.lastLook()
        let lost = try outbox.recover()
        if lost > 0 { logger.notice("messages were being sent when the process ended", metadata: ["unknown": "\(lost)"]) }
        try outbox.restore(pacer, numbers)
        try outbox.categories.restore(store)
        senders = Senders(
            store: store, numbers: numbers, outbox: outbox, graph: graph, urgentGraph: urgentGraph, pacer: pacer,
            concurrency: settings.concurrency, logger: logger)
        desk = MessageDesk(numbers: numbers, routing: routing, outbox: outbox, templates: templates, graph: graph, senders: senders)
        self.settings = settings
        self.numbers = numbers
        let gaps = WebhookGaps(store: store)
        self.gaps = gaps
        statuses = StatusRecorder(store: store, outbox: outbox, numbers: numbers, gaps: gaps, pacer: pacer)
        unknown = UnknownMessages(
            clock: store.clock, outbox: outbox, numbers: numbers, senders: senders, gaps: gaps, grace: settings.grace,
            gapGrace: settings.gapGrace,
            isResentInSilence: settings.isResentInSilence, lastLook: lastLook, logger: logger)
        loadWatch = LoadWatch(store: store, numbers: numbers, pacer: pacer, outbox: outbox, logger: logger)
    }

    package var services: [any Service] { [loadWatch, senders, unknown] }

    package var prunes: [Prune] {
        let (outbox, settings) = (outbox, settings)
        return [
            Prune("gaps in Meta's statuses") { [gaps] in try await gaps.prune() },
            Prune("contents of messages") { try await outbox.pruneContents(before: outbox.now - settings.contents) },
            Prune("messages") { try await outbox.prune(before: outbox.now - settings.deliveries) },
        ]
    }

    package var health: [HealthCheck] {
        [
            HealthCheck("statuses") { [unknown] in
                do {
                    let waiting = try await unknown.countOverdue()
                    return waiting == 0
                        ? nil : "\(waiting) messages wait for their status, and Meta's webhooks do not come: look at the app's subscription"
                } catch { return "the messages cannot be read: \(error)" }
            }
        ]
    }

    package func bind(_ router: inout RPCRouter) {
        router.on(PreviewRoute.self) { params, call in try await routing.preview(params, workspace: call.workspace) }
        router.on(PreferRoute.self) { params, call in
            try await routing.prefer(params, workspace: call.workspace)
            return Nothing()
        }
        router.on(SendMessage.self) { params, call in try await desk.send(params, call) }
        router.on(RetryMessage.self) { params, call in try await desk.retry(params, call) }
        router.on(MarkMessageRead.self) { params, call in
            try await desk.markRead(params, workspace: call.workspace)
            return Nothing()
        }
        router.on(GetMessage.self) { params, call in try await outbox.get(params.id, workspace: call.workspace) }
        router.on(ExplainMessage.self) { params, call in
            var reply = try await outbox.explain(params.id, workspace: call.workspace)
            if let reason = try await waiting(reply.message, workspace: call.workspace) { reply.explanation = reason }
            return reply
        }
        router.on(ListMessages.self) { params, call in try await outbox.list(params, workspace: call.workspace) }
        router.on(MessageStatistics.self) { params, call in try await outbox.statistics(params, workspace: call.workspace) }
        router.on(RecordTemplateCategory.self) { params, _ in
            try await outbox.move(params)
            return Nothing()
        }
        router.on(RecordStatuses.self) { params, _ in try await statuses.record(params) }
    }

    /// The reason for which a queued message waits, beside its turn.
    private func waiting(_ message: Message, workspace: String) async throws -> String? {
        guard message.state == .queued else { return nil }
        // A waiting message waits for the trouble of its number to end.
        if let trouble = try await numbers.trouble(of: message.account), message.error == nil || trouble.isStanding {
            return "Waits for its number, \(message.account): \(trouble.text)"
        }
        guard message.error == nil else { return nil }
        if message.category != .service, let portfolio = numbers.account(message.account)?.portfolio, numbers.isExhausted(portfolio) {
            return "Waits: the portfolio of its number may write to nobody new for now; answers go out."
        }
        if let due = try await outbox.notBefore(message), due - outbox.now > .minutes(2) {
            return "Waits until \(Date(due).ISO8601Format()): it may not go out before."
        }
        let wait = try await senders.pairWait(of: message, workspace: workspace)
        guard wait > .zero else { return nil }
        return
            "Waits for its turn: Meta takes one message in 6 s to the same person once 45 have gone, and the next may go in \(Int(wait.seconds.rounded(.up))) s."
    }
}
