import Coordination
import GatewayContract
import RPCContract
import Vocabulary

/// Answers a page of events at once, or waits for the first event where there is none yet.
struct EventAwaiting: Sendable {
    let feed: EventFeed
    let logs: EventLogs

    /// - Parameter isProcess: whether a process asks, and nobody from outside.
    func list(_ params: ListEvents.Params, workspace: String, isProcess: Bool = false) async throws -> ListEvents.Reply {
        // However many listen, what is there is given.
        let page = try await logs.list(params, workspace: workspace)
        guard let wait = params.wait, wait > .zero, params.atEnd != true, page.items.isEmpty, page.isCut != true else { return page }
        // Machine time: the caller waits meanwhile.
        let end = ContinuousClock.now + wait.duration
        let wish = EventLogs.Wish(workspace: workspace, types: Set(params.types ?? []))
        // Before the logs are read once more: what comes after that is told.
        let listener = try isProcess ? feed.listen() : feed.listen(with: "\(ListEvents.name) \(workspace)")
        var params = params
        params.cursor = page.next
        while true {
            let seen = feed.end?.number
            let reply = try await logs.list(params, workspace: workspace)
            // Machine time: the caller waits meanwhile.
            guard reply.items.isEmpty, reply.isCut != true, await hasCome(wish, after: seen, to: listener, until: end) else {
                return reply
            }
            params.cursor = reply.next
        }
    }

    /// Whether there may be something to read: something has come that is wanted, or what has come is not known.
    ///
    /// - Returns: false at the end of the wait.
    private func hasCome(
        // Machine time: the caller waits meanwhile.
        _ wish: EventLogs.Wish, after number: Int?, to listener: EventFeed.Listener, until end: ContinuousClock.Instant
    ) async -> Bool {
        var number = number
        while !Task.isCancelled {
            if let last = number {
                guard let slice = feed.entries(after: last) else { return true }
                if slice.entries.contains(where: { wish.takes($0.event) }) { return true }
                number = slice.last
                guard slice.entries.isEmpty else { continue }
            } else if feed.end != nil {
                return true
            }
            // Machine time: the caller waits meanwhile.
            let left = end - .now
            guard left > .zero else { return false }
            // Machine time: the caller waits meanwhile.
            await listener.wakeup.wait(atMost: left)
        }
        return false
    }
}
