import Foundation
import PosterContract
import RPCContract
import RPCTransport
import Supervision
import Vocabulary

/// Outgoing webhooks.
extension SendingBench {
    /// Events that have happened already, posted to one endpoint as fast as it takes them.
    ///
    /// - Parameter dead: endpoints beside it with deliveries waiting; of each two one refuses connections, the other takes them
    ///   and never answers.
    /// - Returns: deliveries a second.
    func posts(_ count: Int, dead: Int) async throws -> Double {
        let webhooks = RPCClient(PosterContract.self, in: runDirectory, name: "bench")
        let silent = try Listener.tcp(port: 0)
        defer { close(silent.descriptor) }
        for n in 0..<dead {
            let port = n.isMultiple(of: 2) ? 1 : silent.port
            _ = try await webhooks.call(
                CreateEndpoint.self, .init(url: "http://127.0.0.1:\(port)/\(n)", types: ["message.accepted"]))
        }
        // Those that are dead have a hundred each; all of it waits for the one that is well.
        _ = try await messages(count - 100)
        let now = WallClock.system.now
        _ = try await messages(100)
        for endpoint in try await webhooks.call(ListEndpoints.self, Nothing()).items {
            _ = try await webhooks.call(RecoverDeliveries.self, .init(id: endpoint.id, since: now))
        }
        let (listener, port) = try Listener.tcp(port: 0)
        let receiver = WebhookReceiver(listener)
        let seconds = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await receiver.run() }
            let endpoint = try await webhooks.call(
                CreateEndpoint.self, .init(url: "http://127.0.0.1:\(port)/webhooks", types: ["message.accepted"]))
            let start = ContinuousClock.now
            _ = try await webhooks.call(RecoverDeliveries.self, .init(id: endpoint.endpoint.id, since: .zero))
            while receiver.count < count { try await Task.sleep(for: .milliseconds(5)) }
            let seconds = (ContinuousClock.now - start).seconds
            await receiver.stop()
            try await group.waitForAll()
            return seconds
        }
        await webhooks.close()
        return Double(count) / seconds
    }
}
