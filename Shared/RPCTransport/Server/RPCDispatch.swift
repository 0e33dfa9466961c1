import Foundation
import Logging
import NIOCore
package import RPCContract

/// What happened to one call, for metrics and logs.
package struct RPCOutcome: Sendable {
    package var method: String
    package var context: CallContext
    package var start: ContinuousClock.Instant
    package var duration: Duration
    package var fault: Fault?
}

/// Finds the handler of a request, checks who asks, runs it within its deadline and turns errors to faults.
struct RPCDispatch: Sendable {
    let router: RPCRouter
    let limits: RPCLimits
    let policy: PeerPolicy
    let logger: Logger
    let observe: @Sendable (RPCOutcome) -> Void

    func isStream(_ request: RPCRequest) -> Bool { request.method == EventsFollow.name }

    /// The shorter of what the method allows and what the caller still has.
    func deadline(of request: RPCRequest) -> Duration {
        let own = router.bindings[request.method]?.deadline ?? .seconds(10)
        guard let asked = request.meta.deadlineMs else { return own }
        return min(own, .milliseconds(max(1, min(asked, 86_400_000))))
    }

    /// Serves one request; `respond` is called once, as soon as the outcome is known.
    ///
    /// Returns only when the handler has ended. One that waits and ignores its cancellation delays no answer; one
    /// that computes without a pause delays its own.
    func serve(
        _ request: RPCRequest,
        peer: PeerCredentials,
        signal: CallSignal,
        notify: @escaping @Sendable (String, Data) async throws -> Void,
        respond: @escaping @Sendable (Result<Data, Fault>) -> Void
    ) async {
        let start = ContinuousClock.now
        let context = CallContext(
            id: request.idText, meta: request.meta, isReading: router.bindings[request.method]?.effect == .read,
            end: start + deadline(of: request))
        let call = RPCCall(context: context, peer: peer, notify: notify)
        let isKnown = router.bindings[request.method] != nil
        @Sendable func conclude(_ result: Result<Data, Fault>) {
            var fault: Fault?
            if case .failure(let failure) = result { fault = failure }
            respond(result)
            observe(
                RPCOutcome(
                    method: isKnown ? request.method : "unknown", context: context, start: start, duration: .now - start, fault: fault)
            )
        }
        let binding: RPCRouter.Binding
        do throws(Fault) { binding = try admitted(request, peer) } catch { return conclude(.failure(error)) }
        await withDiscardingTaskGroup { group in
            // Immediate: a handler that never waits costs no further turn of the executor.
            group.addImmediateTask {
                let result = await CallContext.$current.withValue(context) {
                    await self.run { try await binding.serve(request.params, call) }
                }
                if signal.end(.finished) { conclude(result) }
            }
            guard let fault = fault(for: await signal.wait(), request.method) else { return }
            group.cancelAll()
            conclude(.failure(fault))
        }
    }

    private func admitted(_ request: RPCRequest, _ peer: PeerCredentials) throws(Fault) -> RPCRouter.Binding {
        let standing = policy.standing(of: peer)
        guard standing != .unknown else {
            throw Fault(.peer, "User \(peer.uid) may not call this process; add it to the group linda.")
        }
        guard let binding = router.bindings[request.method] else {
            let near = NearestName.of(request.method, among: router.bindings.keys)
            throw Fault(.method, "There is no such method here\(near.map { "; did you mean \($0)?" } ?? ";") rpc.discover lists them.")
        }
        guard PeerPolicy.allows(standing, callers: binding.callers) else {
            throw Fault(.peer, "User \(peer.uid) may not call \(request.method).")
        }
        // There it would count for nothing, and nobody would know before something was done twice.
        guard request.meta.requestKey == nil || !binding.isKeyed else {
            throw Fault(
                .params, "_meta.requestKey is not read here: \(request.method) has requestKey among its params, beside _meta.",
                path: "_meta.requestKey")
        }
        return binding
    }

    private func fault(for reason: CallSignal.Reason, _ method: String) -> Fault? {
        switch reason {
        case .finished: nil
        case .deadline: Fault(.deadline, "\(method) did not finish in time.", retry: .now)
        case .cancelled, .callerLeft: Fault(.cancelled, "The caller took the call back.")
        case .shuttingDown: Fault(.shuttingDown, "The process is stopping.", retry: .after(.seconds(1)))
        }
    }

    private func run(_ body: () async throws -> Data) async -> Result<Data, Fault> {
        do {
            return .success(try await body())
        } catch let fault as Fault {
            if fault.code == .internal { log(fault.message, fault.cause) }
            return .failure(fault)
        } catch is CancellationError {
            return .failure(Fault(.cancelled, "The call was cancelled."))
        } catch is ChannelError {
            // The follower has gone, or was cut off as it does not read: nobody is there to be told.
            return .failure(Fault(.cancelled, "The caller has gone."))
        } catch {
            log("a handler raised an error that is no fault", error)
            return .failure(Fault(.internal, "A defect in the process; its log says more.", cause: error))
        }
    }

    private func log(_ problem: String, _ cause: (any Error)?) {
        logger.critical(
            "call failed by a defect",
            metadata: [
                "rpc.id": "\(CallContext.current?.id ?? "")", "problem": "\(problem)",
                "error": "\(cause.map { String(reflecting: $0) } ?? "")",
            ]
        )
    }
}
