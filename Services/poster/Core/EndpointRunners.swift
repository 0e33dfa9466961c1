import Synchronization

/// The running senders by endpoint, for whoever has new work for one.
final class EndpointRunners: Sendable {
    /// What may be asked of a running sender.
    struct Handle: Sendable {
        /// Something may be due.
        var nudge: @Sendable () -> Void
        /// Somebody says that the endpoint is well again.
        var release: @Sendable () -> Void
        /// The endpoint is there no more.
        var end: @Sendable () -> Void
    }

    private let handles = Mutex<[String: Handle]>([:])

    func nudge(_ endpoint: String) { handle(endpoint)?.nudge() }

    func release(_ endpoint: String) {
        handle(endpoint)?.release()
        nudge(endpoint)
    }

    func end(_ endpoint: String) { handle(endpoint)?.end() }

    func has(_ endpoint: String) -> Bool { handle(endpoint) != nil }

    func add(_ handle: Handle, for endpoint: String) { handles.withLock { $0[endpoint] = handle } }

    func remove(_ endpoint: String) { _ = handles.withLock { $0.removeValue(forKey: endpoint) } }

    private func handle(_ endpoint: String) -> Handle? { handles.withLock { $0[endpoint] } }
}
