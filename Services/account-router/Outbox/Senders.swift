import AccountContacts
import AccountContract
import AccountNumbers
import AccountPacing
import Coordination
import GRDB
import GraphAPI
import JobQueue
import Logging
import RPCContract
import Resilience
import ServiceLifecycle
import Storage
package import Vocabulary

/// One sender per enabled number; numbers come and go while the process runs.
package final class Senders: Service {
    private let store: Store
    private let numbers: Numbers
    private let outbox: Outbox
    private let graph: GraphClient
    /// Answers have connections of their own: a hundred numbers' campaigns may use up the others.
    private let urgentGraph: GraphClient
    private let pacer: Pacer
    private let concurrency: Int
    private let logger: Logger
    private let runners: SenderRunners

    init(
        store: Store, numbers: Numbers, outbox: Outbox, graph: GraphClient, urgentGraph: GraphClient, pacer: Pacer, concurrency: Int,
        logger: Logger
    ) {
        runners = outbox.runners
        self.store = store
        self.numbers = numbers
        self.outbox = outbox
        self.graph = graph
        self.urgentGraph = urgentGraph
        self.pacer = pacer
        self.concurrency = concurrency
        self.logger = logger
    }

    /// Wakes a number's sender: something may have become due.
    package func nudge(_ number: PhoneNumberID) { runners.nudge(number) }

    /// How long Meta's limit for one person keeps a message back on its number.
    func pairWait(of message: Message, workspace: String) async throws -> Milliseconds {
        let person = try await store.read { try People.person($0, message.to, workspace: workspace) }
        return pacer.pairWait(message.account, contact: person.name)
    }

    /// Wakes every number's sender: what held them all may be over.
    package func nudgeAll() { runners.nudgeAll() }

    func run() async throws {
        defer { runners.removeAll() }
        try await withThrowingDiscardingTaskGroup { group in
            for await accounts in numbers.follow().cancelOnGracefulShutdown() {
                for account in accounts where !runners.has(account.phoneNumberID) {
                    let runner = runner(account.phoneNumberID)
                    runners.add(runner, for: account.phoneNumberID)
                    group.addTask { try await runner.run() }
                }
                nudgeAll()
            }
        }
    }

    /// Answers and single messages come before campaigns, whose priorities begin behind it.
    package static let urgent = 100

    private func runner(_ number: PhoneNumberID) -> JobRunner {
        let prepared = Mutexed<[MessageID: Outbox.Prepared]>([:])
        // Looked up as messages are admitted, used as they are leased in the same transaction.
        let persons = Mutexed<[MessageID: PersonID]>([:])
        let send = MessageSender(number: number, outbox: outbox, graph: graph, pacer: pacer, logger: logger, prepared: prepared)
        var answer = send
        answer.graph = urgentGraph
        let urgent = answer
        return JobRunner(
            queue: Outbox.queue(number),
            policy: JobRunner.Policy(
                concurrency: concurrency, attempts: .max, backoff: .sending, reserved: concurrency / 8, urgent: Self.urgent),
            commits: store.commits,
            clock: store.clock,
            logger: logger,
            allowance: { [numbers, pacer] free in
                // A number that cannot send keeps its queue until it can.
                let isUsable = numbers.account(number).map { RoutingTable.obstacle($0, .service) == nil } ?? false
                guard isUsable else { return .rest(5000) }
                return switch pacer.allowance(number, free: free) {
                case .places(let count): .places(count)
                case .rest(let pause): .rest(pause)
                }
            },
            admit: { [numbers, outbox, pacer] db, job in
                // Consent, window and campaign as they are now, then Meta's limits.
                try outbox.admit(db, job, on: number) { send, person, isOpen in
                    // Meta refuses what the account pays for, or what it begins: it waits until somebody has acted, or the time is over.
                    if let health = numbers.account(number)?.health, [.held, .restricted].contains(health), send.category != .service {
                        return .minutes(1)
                    }
                    let opens = send.category != .service && !isOpen
                    let wait = pacer.admit(
                        number, contact: person.name, opensConversation: opens, isMarketing: send.category == .marketing,
                        isTemplate: send.category != .service)
                    if wait == nil {
                        persons.with { $0[job.message] = person }
                        db.afterRollback {
                            persons.with { $0[job.message] = nil }
                            pacer.giveBack(
                                number, contact: person.name, opensConversation: opens, isMarketing: send.category == .marketing)
                        }
                    }
                    return wait
                }
            },
            leased: { [outbox] db, jobs in
                let admitted = persons.with { persons in
                    defer { persons.removeAll(keepingCapacity: true) }
                    return persons
                }
                let found = try outbox.markSending(db, jobs, number, persons: admitted)
                prepared.with { $0.merge(found) { _, new in new } }
            },
            begins: { [pacer] _ in pacer.begins(number) },
            work: { await ($0.priority <= Self.urgent ? urgent : send).send($0) }
        )
    }
}
