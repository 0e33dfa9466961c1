import Coordination
import GatewayContract
import Logging
import RPCContract
import RPCTransport
import ServiceLifecycle
import Vocabulary

/// Reads the events of each workspace that has endpoints, and makes deliveries of them.
struct EventReaders: Service {
    let directory: EndpointDirectory
    let deliveries: Deliveries
    let events: RPCClient
    let clock: WallClock
    let logger: Logger
    /// Deliveries that may wait for one endpoint.
    let waiting: Int

    private static let page = 500
    /// How long the gateway is asked to wait for the next event.
    private static let wait = Milliseconds.seconds(2)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                var read: Set<String> = []
                for await _ in directory.follow() {
                    for workspace in directory.workspaces.subtracting(read) {
                        read.insert(workspace)
                        group.addTask { await follow(workspace) }
                    }
                }
            }
        }
    }

    /// Until the process stops: who has deleted the last endpoint may make another.
    private func follow(_ workspace: String) async {
        while !Task.isCancelled {
            do {
                // Without endpoints there is no place to read from.
                if try await !advance(workspace) { try await clock.sleep(for: .seconds(1)) }
            } catch {
                guard !Task.isCancelled else { return }
                logger.notice(
                    "events cannot be read, trying again", metadata: ["workspace": "\(workspace)", "error": "\(error)"])
                try? await clock.sleep(for: .seconds(1))  // cancelled, it ends above
            }
        }
    }

    /// Takes the next page of events, or waits for it.
    ///
    /// - Returns: false where there is nothing to read from.
    func advance(_ workspace: String) async throws -> Bool {
        guard let reading = try await deliveries.reading(workspace) else { return false }
        let params = ListEvents.Params(cursor: PageCursor(reading.place), limit: Self.page, types: reading.asked, wait: Self.wait)
        let page = try await EventPages(events: events).page(params, workspace: workspace)
        // Not taken, it is read again.
        _ = try await deliveries.fanOut(page, from: reading, workspace: workspace, limit: waiting)
        return true
    }
}
