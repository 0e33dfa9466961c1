import CCurl
import Foundation
import Synchronization

/// Outgoing HTTP over libcurl's multi interface: HTTP/2 where offered, connections kept, one thread for all transfers.
///
/// libcurl wants one thread per multi handle, so the handle lives on a thread
/// of its own; callers await from anywhere. Source: libcurl-multi(3).
package final class HTTPClient: Sendable {
    private let worker: CurlWorker

    /// - Parameters:
    ///   - connectionsPerHost: more transfers to one host wait inside libcurl.
    ///   - connections: the same to all hosts; four times as many where it is nil.
    ///   - limit: transfers that may be under way or waiting; one more is refused.
    ///   - rest: after so long without a request, the connections of a burst are closed.
    package init(
        connectionsPerHost: Int = 64, connections: Int? = nil, limit: Int = 4096, userAgent: String = "linda/0.1",
        rest: Duration = .seconds(5)
    ) {
        worker = CurlWorker(
            connectionsPerHost: connectionsPerHost, connections: connections ?? connectionsPerHost * 4, limit: limit, userAgent: userAgent,
            rest: rest)
        worker.start()
    }

    deinit { worker.stop() }

    /// Performs a request; cancelling the task abandons the transfer.
    package func perform(_ request: HTTPRequest) async throws -> HTTPResponse {
        let number = worker.nextNumber()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                worker.submit(number, request, continuation)
            }
        } onCancel: {
            worker.cancel(number)
        }
    }
}
