import AccountContract
import GRDB
import GraphMessages
import IntelligenceContract
import JobQueue
import Logging
import Metrics
package import RPCContract
import RPCTransport
import Resilience
package import ServiceKit
import Storage
import Vocabulary

/// Assembles intelligence-service.
package enum IntelligenceProcess: ServiceProcess {
    package static let contract: any Contract.Type = IntelligenceContract.self

    package static func assemble(_ environment: ServiceEnvironment, _ settings: IntelligenceSettings) async throws -> Assembly {
        let pool = try environment.openDatabase(IntelligenceMigrations.migrator)
        let reads = Reads(pool)
        let events = EventLog(reads)
        let commits = GroupCommit(pool)
        let conversations = Conversations(reads: reads, commits: commits, events: events, clock: environment.clock, handlers: .standard)
        let requeued = try recover(pool, environment)
        if requeued > 0 {
            environment.logger.notice("answers under way when the process ended are handed over again", metadata: ["count": "\(requeued)"])
        }
        let replies = replies(environment, settings, of: conversations, commits: commits)
        let accounts = environment.client(AccountContract.self)
        let answers = AnswerFates.runner(of: conversations, accounts, environment.clock, environment.logger)
        var assembly = Assembly(
            router: router(conversations, replies, answers, accounts: accounts, logger: environment.logger), services: [replies, answers])
        assembly.pool = pool
        assembly.events = events
        assembly.prunes = [
            Prune("conversations") { try await conversations.prune(before: environment.clock.now - settings.conversations) }
        ]
        assembly.schema = IntelligenceMigrations.migrator.migrations.last
        return assembly
    }

    /// Handing an answer over again is safe: account-router knows its request key.
    private static func recover(_ pool: DatabasePool, _ environment: ServiceEnvironment) throws -> Int {
        try pool.write { db in
            let lost = try [Conversations.replyQueue, Conversations.answerQueue].flatMap { try JobTable.lost(db, queues: $0) }
            for job in lost { try JobTable.retry(db, id: job.id, at: environment.clock.now, error: "the process ended") }
            return lost.count
        }
    }

    private static func replies(
        _ environment: ServiceEnvironment,
        _ settings: IntelligenceSettings,
        of conversations: Conversations,
        commits: GroupCommit
    ) -> JobRunner {
        let accounts = environment.client(AccountContract.self)
        return JobRunner(
            queue: Conversations.replyQueue,
            policy: JobRunner.Policy(
                concurrency: settings.replyConcurrency,
                attempts: settings.replyAttempts,
                backoff: .delivery
            ),
            commits: commits,
            clock: environment.clock,
            logger: environment.logger
        ) { job in
            let reply: Conversations.PendingReply
            do { reply = try JSON.decode(Conversations.PendingReply.self, from: job.payload) } catch {
                return .dead(error: "the job's payload cannot be read: \(error)")
            }
            do throws(Fault) {
                let sent = try await accounts.call(
                    SendMessage.self,
                    SendMessage.Params(
                        to: reply.contact.written,
                        text: TextMessage(body: reply.text),
                        account: reply.account,
                        priority: 10,
                        requestKey: Conversations.requestKey(of: job),
                        replyTo: reply.replyTo
                    ),
                    meta: CallMeta(workspace: reply.workspace, actor: ProcessName.intelligenceService.rawValue)
                )
                return .done { db in try conversations.recordReply(db, reply, messageID: sent.id) }
            } catch {
                switch error.code {
                case .unavailable, .shuttingDown, .overloaded, .deadline: return .retry(error: error.description, after: .seconds(1))
                // Disabled or banned, the number may come back while the customer's window is open; then the answer goes out.
                case .noRoute where conversations.clock.now - job.createdAt < .hours(24):
                    // The longer, the rarer: thousands that wait must not take the places of those that can be answered.
                    let pause = min(.minutes(10), max(.seconds(30), (conversations.clock.now - job.createdAt) / 20))
                    return .retry(error: error.description, after: .milliseconds(pause.count))
                case .windowClosed, .params, .requestKeyReused, .accountUnknown, .peer: return .dead(error: error.description)
                default: return .retry(error: error.description)
                }
            }
        }
    }

    /// What account-router has sent a customer from a number, the newest, under each name; nil where it does not answer.
    private static func sent(
        _ params: GetConversation.Params, to names: [ContactID], _ accounts: RPCClient, workspace: String
    ) async -> [Message]? {
        var all: [Message] = []
        do throws(Fault) {
            for name in names {
                let wanted = ListMessages.Params(account: params.account, to: name.written, texts: true, limit: params.limit ?? 50)
                all += try await accounts.call(
                    ListMessages.self, wanted, meta: CallMeta(workspace: workspace), deadline: .seconds(2)
                ).items
            }
            return all
        } catch { return nil }  // the conversation says that it is partial
    }

    private static func router(
        _ conversations: Conversations, _ replies: JobRunner, _ answers: JobRunner, accounts: RPCClient, logger: Logger
    ) -> RPCRouter {
        var router = RPCRouter()
        router.on(ProcessMessage.self) { params, call in
            let reply = try await conversations.process(params, workspace: call.workspace)
            Counter(label: "linda_intents_total", dimensions: [("intent", reply.intent)]).increment()
            Recorder(label: "linda_intent_confidence").record(reply.confidence)
            if reply.answered { Counter(label: "linda_actions_total", dimensions: [("action", "reply")]).increment() }
            if reply.answered { replies.nudge() }
            return reply
        }
        router.on(RecordHistory.self) { params, call in try await conversations.keepHistory(params, workspace: call.workspace) }
        router.on(GetConversation.self) { params, call in
            let names = try await conversations.names(params, workspace: call.workspace)
            let sent = await sent(params, to: names, accounts, workspace: call.workspace)
            if sent == nil { logger.notice("a conversation is told without what account-router has sent") }
            return try await conversations.get(params, sent: sent, workspace: call.workspace)
        }
        router.on(ResolveConversation.self) { params, call in
            try await conversations.resolve(params, workspace: call.workspace)
            answers.nudge()
            return Nothing()
        }
        router.on(ListConversations.self) { params, call in try await conversations.list(params, workspace: call.workspace) }
        router.on(AnalyzeText.self) { params, _ in
            let utterance = Utterance(params.text)
            let intents = conversations.handlers.rank(utterance).filter { $0.confidence > 0 }
                .map { AnalyzeText.Intent(name: $0.handler.name, confidence: $0.confidence) }
            return AnalyzeText.Reply(
                intents: intents.isEmpty ? [AnalyzeText.Intent(name: "unknown", confidence: 0)] : intents,
                order: OrderRequestHandler.lines(utterance)
            )
        }
        router.on(ListIntents.self) { _, _ in
            ListIntents.Reply(
                items: conversations.handlers.handlers.map { ListIntents.Item(name: $0.name, threshold: $0.threshold, summary: $0.summary) }
            )
        }
        router.on(ListOrders.self) { params, call in try await conversations.orders(params, workspace: call.workspace) }
        router.on(GetOrder.self) { params, call in try await conversations.order(params, workspace: call.workspace) }
        router.on(ListActions.self) { params, call in try await conversations.actions(params, workspace: call.workspace) }
        router.on(RetryAction.self) { params, call in
            try await conversations.retry(params.id, workspace: call.workspace)
            replies.nudge()
            return Nothing()
        }
        router.on(ConversationStatistics.self) { _, call in try await conversations.statistics(workspace: call.workspace) }
        return router
    }
}
