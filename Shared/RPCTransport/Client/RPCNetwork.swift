import Foundation
package import Logging
import RPCContract
import Synchronization

/// Processes that live in one program and call each other in memory: the same frames, router and codec, no sockets.
///
/// For tests that want the whole system at hand. A process that is taken out is away, as one that has crashed is;
/// callers wait for its successor.
package final class RPCNetwork: Sendable {
    private let servers = Mutex<[String: RPCMemoryServer]>([:])

    package init() {}

    /// Serves a process's calls until the task is cancelled; those in flight then end without a reply.
    package func serve(_ process: String, _ router: RPCRouter, limits: RPCLimits = RPCLimits(), logger: Logger) async {
        let dispatch = RPCDispatch(
            router: router, limits: limits, policy: PeerPolicy { _ in .trusted }, logger: logger, observe: { _ in })
        let server = RPCMemoryServer(dispatch)
        servers.withLock { $0[process] = server }
        await server.run()
        servers.withLock { if $0[process] === server { $0[process] = nil } }
    }

    /// From now on nobody hears of the calls that a process has under way, as if it had been killed this moment.
    package func cut(_ process: String) {
        servers.withLock { $0[process] }?.cut()
    }

    func connection(to process: String) throws -> RPCMemoryServer {
        guard let server = servers.withLock({ $0[process] }) else { throw ConnectionLost() }
        return server
    }

    struct ConnectionLost: Error {}
}

/// Serves the calls of a process in one task group.
final class RPCMemoryServer: RPCConnection {
    private struct Call: Sendable {
        var frame: Data
        var answer: OneAnswer
    }

    /// nil once it serves nobody: callers hold on to it, and two processes that call each other would never be let go.
    private let dispatch: Mutex<RPCDispatch?>
    private let calls: AsyncStream<Call>
    private let feed: AsyncStream<Call>.Continuation
    private let hasEnded = Mutex(false)
    /// Who waits for an answer; nil once nobody gives one.
    private let waiting = Mutex<[ObjectIdentifier: OneAnswer]?>([:])
    private let isCut = Mutex(false)

    init(_ dispatch: RPCDispatch) {
        self.dispatch = Mutex(dispatch)
        // Callers wait for their places: `CallPlaces` bounds what can be here.
        (calls, feed) = AsyncStream.makeStream(of: Call.self)
    }

    var isOpen: Bool { !hasEnded.withLock { $0 } }

    func run() async {
        await withDiscardingTaskGroup { group in
            for await call in calls {
                group.addTask { await self.serve(call) }
            }
            hasEnded.withLock { $0 = true }
            group.cancelAll()
        }
        dispatch.withLock { $0 = nil }
        // What was taken in and not begun is nobody's to serve any more.
        let left = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting ?? [:]
        }
        for answer in left.values { answer.give(.failure(LostInFlight())) }
    }

    func call(number: Int, id: String, frame: Data, method: String, allowed: Duration) async throws -> Data {
        let answer = OneAnswer()
        let isServed = waiting.withLock { waiting in
            waiting?[ObjectIdentifier(answer)] = answer
            return waiting != nil
        }
        guard isServed else { throw RPCNetwork.ConnectionLost() }
        defer { waiting.withLock { $0?[ObjectIdentifier(answer)] = nil } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                answer.wait(continuation)
                guard case .enqueued = feed.yield(Call(frame: frame, answer: answer)) else {
                    return answer.give(.failure(RPCNetwork.ConnectionLost()))
                }
            }
        } onCancel: {
            answer.signal.end(.cancelled)
            answer.give(.failure(Fault(.cancelled, "The call was taken back.")))
        }
    }

    func close() async {}

    func cut() { isCut.withLock { $0 = true } }

    private func serve(_ call: Call) async {
        guard let dispatch = dispatch.withLock({ $0 }) else { return call.answer.give(.failure(LostInFlight())) }
        let request: RPCRequest
        do { request = try RPCRequest(call.frame) } catch { return call.answer.give(.failure(error.fault)) }
        let deadline = dispatch.deadline(of: request)
        let timer = Task {
            try await Task.sleep(for: deadline)
            call.answer.signal.end(.deadline)
        }
        await withTaskCancellationHandler {
            await dispatch.serve(request, peer: PeerCredentials(pid: 0, uid: 0, gid: 0), signal: call.answer.signal) { _, _ in
            } respond: { outcome in
                // A fault in a process that is being taken apart is not its answer.
                if self.isCut.withLock({ $0 }) { return call.answer.give(.failure(LostInFlight())) }
                switch outcome {
                case .success(let data): call.answer.give(.success(data))
                // The fault as a caller would read it on a socket: without the cause, which is this process's own.
                case .failure(var fault):
                    fault.cause = nil
                    call.answer.give(.failure(fault))
                }
            }
        } onCancel: {
            // The process is gone: its caller hears nothing of it and tries its successor.
            call.answer.give(.failure(LostInFlight()))
            call.answer.signal.end(.callerLeft)
        }
        timer.cancel()
    }
}

/// The outcome of one call in memory; the first one given counts.
private final class OneAnswer: Sendable {
    private enum State {
        case empty
        case waiting(CheckedContinuation<Data, any Error>)
        case given(Result<Data, any Error>)
        case taken
    }

    let signal = CallSignal(isStream: false)
    private let state = Mutex(State.empty)

    func wait(_ continuation: CheckedContinuation<Data, any Error>) {
        let given: Result<Data, any Error>? = state.withLock { state in
            if case .given(let result) = state {
                state = .taken
                return result
            }
            state = .waiting(continuation)
            return nil
        }
        if let given { continuation.resume(with: given) }
    }

    func give(_ result: Result<Data, any Error>) {
        let waiter: CheckedContinuation<Data, any Error>? = state.withLock { state in
            switch state {
            case .empty:
                state = .given(result)
                return nil
            case .waiting(let continuation):
                state = .taken
                return continuation
            case .given, .taken: return nil
            }
        }
        waiter?.resume(with: result)
    }
}
