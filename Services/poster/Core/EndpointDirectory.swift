import PosterContract
import Synchronization
import Vocabulary

/// An endpoint as it is posted to.
struct PostedEndpoint: Sendable {
    /// A secret that requests are signed with, and until when.
    struct Signing: Sendable {
        var secret: EndpointSecret
        var until: Timestamp?
    }

    var id: String
    var workspace: String
    var url: String
    var headers: [String: String]
    var rate: Int?
    var state: WebhookEndpoint.State
    /// The newest first.
    var signings: [Signing]
}

/// Every endpoint in memory, for whoever posts and reads; told of each change once it is on disk.
final class EndpointDirectory: Sendable {
    private struct State {
        var endpoints: [String: PostedEndpoint] = [:]
        var followers: [AsyncStream<Void>.Continuation] = []
    }

    private let state = Mutex(State())

    var all: [PostedEndpoint] { state.withLock { Array($0.endpoints.values) } }
    /// Those that have an endpoint, whatever its state.
    var workspaces: Set<String> { state.withLock { Set($0.endpoints.values.map(\.workspace)) } }

    func endpoint(_ id: String) -> PostedEndpoint? { state.withLock { $0.endpoints[id] } }

    func set(_ endpoint: PostedEndpoint) { change { $0[endpoint.id] = endpoint } }

    func remove(_ id: String) { change { $0[id] = nil } }

    /// Tells at once, and then of changes; several that come together are told as one.
    func follow() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        continuation.yield()
        state.withLock { $0.followers.append(continuation) }
        return stream
    }

    private func change(_ body: (inout [String: PostedEndpoint]) -> Void) {
        let followers = state.withLock { state in
            body(&state.endpoints)
            return state.followers
        }
        for follower in followers { follower.yield() }
    }
}
