import Coordination
import GatewayContract
import HTTPTypes
import Hummingbird
import NIOCore
import RPCContract
import ServiceLifecycle
import Vocabulary

/// Sends one client what happens, as it happens, from a place on.
struct EventStream: Sendable {
    let feed: EventFeed
    let logs: EventLogs
    /// A proxy or a client that hears nothing for longer gives the connection up.
    let heartbeat: Duration

    /// - Parameters:
    ///   - form: how the client reads.
    ///   - place: nil begins with what comes from now on.
    ///   - isInForce: whether the client's key still counts.
    /// - Throws: where a process is away.
    func response(
        _ wish: EventLogs.Wish, as form: EventForm, from place: LogPosition?, of key: String,
        isInForce: @escaping @Sendable () -> Bool
    ) async throws(Fault) -> Response {
        let listener = try feed.listen(with: key)
        // Known before anything is answered: whatever keeps it from beginning is a problem with a status.
        let end: LogPosition
        do { end = try await logs.end() } catch {
            throw error as? Fault ?? Fault(.internal, "The logs cannot be read.", cause: error)
        }
        let start = place ?? end
        guard end.covers(start) else {
            throw Fault(
                .params, "cursor is ahead of what has happened here: the logs may have been restored from an earlier copy.", path: "cursor")
        }
        let body = ResponseBody { writer in
            let isStopping = Mutexed(false)
            let telling = EventTelling(feed: feed, logs: logs, wish: wish, form: form, listener: listener, heartbeat: heartbeat) {
                if isStopping.value { return .stopping }
                return isInForce() ? nil : .keyEnded
            }
            try await withGracefulShutdownHandler {
                try await telling.tell(from: start, to: &writer)
            } onGracefulShutdown: {
                isStopping.with { $0 = true }
                listener.wakeup.set()
            }
            try await writer.finish(nil)
        }
        switch form {
        case .lines:
            return Response(
                status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
                body: body)
        case .messages(let fields): return Response(status: .switchingProtocols, headers: fields, body: body)
        }
    }
}
