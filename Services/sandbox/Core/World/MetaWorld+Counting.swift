import SandboxContract
import Vocabulary

extension MetaWorld {
    func statistics() -> SandboxStatistics.Reply {
        let delivery = webhooks.statistics()
        return SandboxStatistics.Reply(
            accepted: states.values.reduce(0, +),
            refused: refusals,
            sentTwice: repeated,
            states: states.filter { $0.value != 0 },
            written: customers.written,
            replies: customers.replies,
            webhooksDelivered: delivery.delivered,
            webhooksRetried: delivery.retried,
            webhooksDropped: delivery.dropped,
            webhooksWaiting: delivery.waiting + queue.count,
            webhookP50: delivery.p50,
            webhookP99: delivery.p99,
            requestsAgainstSchema: againstSchema
        )
    }

    func duplicates() -> [String] {
        sends.filter { $0.value > 1 }.keys.sorted() + answers.filter { $0.value > 1 }.keys.sorted().map { "answer to \($0)" }
    }

    func messages(to contact: ContactID) -> [SandboxMessages.Item] {
        (byContact[contact.rawValue] ?? []).compactMap { accepted[$0] }.map {
            SandboxMessages.Item(wamid: $0.wamid, from: $0.number, type: $0.type, text: $0.text, callbackData: $0.callbackData)
        }
    }
}
