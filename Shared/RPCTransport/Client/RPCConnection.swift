import Foundation

/// The way to one process, over which a client's calls go.
protocol RPCConnection: Sendable {
    var isOpen: Bool { get }
    /// Sends one request and waits for its reply, its deadline or cancellation.
    func call(number: Int, id: String, frame: Data, method: String, allowed: Duration) async throws -> Data
    func close() async
}
