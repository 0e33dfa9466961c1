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
        let few = 100
        _ = try await messages(count - few)
        for n in 0..<dead {
            let port = n.isMultiple(of: 2) ? 1 : silent.port
            _ = try await webhooks.call(
                CreateEndpoint.self, .init(url: "http://127.0.0.1:\(port)/\(n)", types: ["message.accepted"]))
        }
        // These alone wait for those that are dead; all of them wait for the one that is well.
        _ = try await messages(few)
        try await reached("the dead endpoints have what waits for them") {
            try await webhooks.call(ListEndpoints.self, Nothing()).items.allSatisfy { $0.waiting == few }
        }
        let (listener, port) = try Listener.tcp(port: 0)
        let receiver = WebhookReceiver(listener)
        let seconds = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await receiver.run() }
            let endpoint = try await webhooks.call(
                CreateEndpoint.self, .init(url: "http://127.0.0.1:\(port)/webhooks", types: ["message.accepted"]))
            let start = ContinuousClock.now
            _ = try await webhooks.call(RecoverDeliveries.self, .init(id: endpoint.endpoint.id, since: .zero))
            try await reached("everything is posted") { receiver.count >= count }
            let seconds = (ContinuousClock.now - start).seconds
            await receiver.stop()
            try await group.waitForAll()
            return seconds
        }
        await webhooks.close()
        return Double(count) / seconds
    }

    /// Looks again until a condition holds; what takes minutes is no figure.
    private func reached(_ what: String, _ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(180)
        while try await !condition() {
            guard ContinuousClock.now < end else { throw Fault(.deadline, "Not within three minutes: \(what).") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
