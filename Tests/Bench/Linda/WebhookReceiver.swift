import Coordination
import HTTPServer
import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle
import Supervision
import Vocabulary

/// Somebody's program that takes whatever is posted to it as fast as it can.
final class WebhookReceiver: Sendable {
    /// The events that were posted, each once however often it came.
    private let events = Mutexed<Set<String>>([])
    private let group: ServiceGroup

    init(_ listener: Int32) {
        let router = Router(context: BasicRequestContext.self)
        let events = events
        router.post("webhooks") { request, _ -> HTTPTypes.HTTPResponse.Status in
            _ = try await request.body.collect(upTo: 1 << 20)
            let id = HTTPField.Name("webhook-id").flatMap { request.headers[$0] } ?? ""
            events.with { _ = $0.insert(id) }
            return .noContent
        }
        let logger = Logger(label: "bench")
        let server = SocketServer(descriptor: listener, router: router, logger: logger)
        group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [server], gracefulShutdownSignals: [], logger: logger))
    }

    var count: Int { events.with { $0.count } }

    /// Until it is stopped.
    func run() async throws { try await group.run() }

    func stop() async { await group.triggerGracefulShutdown() }
}
