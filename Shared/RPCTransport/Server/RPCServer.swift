import Foundation
package import Logging
import NIOCore
import NIOPosix
import RPCContract
import Synchronization

/// Serves a router on a Unix socket that somebody else has bound and listens on.
///
/// The descriptor is adopted, never shut down and its path never removed: the
/// socket outlives the process, and callers wait in its backlog meanwhile.
package final class RPCServer: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: RPCServerConnection] = [:]
        var listener: (any Channel)?
        var isDraining = false
    }

    private let dispatch: RPCDispatch
    private let budget: FrameBudget
    private let state = Mutex(State())

    package init(
        router: RPCRouter,
        limits: RPCLimits = RPCLimits(),
        policy: PeerPolicy,
        logger: Logger,
        observe: @escaping @Sendable (RPCOutcome) -> Void = { _ in }
    ) {
        dispatch = RPCDispatch(router: router, limits: limits, policy: policy, logger: logger, observe: observe)
        budget = FrameBudget(bytes: limits.bytes)
    }

    /// Bytes that its connections hold now.
    package var heldBytes: Int { budget.used }

    /// Accepts until drained or cancelled; returns when every connection has ended.
    ///
    /// - Parameter descriptor: a listening Unix stream socket; closed at the end, not shut down.
    package func run(descriptor: Int32) async throws {
        let accepted = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 2048, maximum: 65_536))
            .bind(descriptor) { [dispatch, budget] channel in
                // A peer that is gone already counts as unknown; failing here would end the server.
                PeerCredentials.read(channel).recover { _ in .unknown }.flatMapThrowing { peer in
                    try RPCServerConnection(channel, peer: peer, dispatch: dispatch, budget: budget)
                }
            }
        // NIO has called listen() with a backlog of its own; the kernel takes the last word.
        _ = listen(descriptor, 4096)
        let isDraining = state.withLock { state in
            state.listener = accepted.channel
            return state.isDraining
        }
        if isDraining { stopAccepting(accepted.channel) }
        try await withTaskCancellationHandler {
            try await accepted.executeThenClose { inbound in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await connection in inbound {
                        group.addTask { await self.serve(connection) }
                    }
                }
            }
        } onCancel: {
            drain()
        }
    }

    /// Stops accepting and taking calls; those in flight finish.
    package func drain() {
        let (listener, connections) = state.withLock { state in
            state.isDraining = true
            return (state.listener, Array(state.connections.values))
        }
        if let listener { stopAccepting(listener) }
        connections.forEach { $0.drain() }
    }

    /// Closes a moment after the last accept: a connection that is still being set up is served, not reset.
    private func stopAccepting(_ listener: any Channel) {
        listener.setOption(.autoRead, value: false).whenComplete { _ in
            listener.eventLoop.scheduleTask(in: .milliseconds(20)) { listener.close(promise: nil) }
        }
    }

    private func serve(_ connection: RPCServerConnection) async {
        let key = ObjectIdentifier(connection)
        let verdict: Verdict = state.withLock { state in
            if state.connections.count >= dispatch.limits.connections { return .full }
            state.connections[key] = connection
            return state.isDraining ? .draining : .welcome
        }
        defer { _ = state.withLock { $0.connections.removeValue(forKey: key) } }
        switch verdict {
        case .full: return await connection.refuse()
        case .draining: connection.drain()
        case .welcome: break
        }
        await connection.run()
    }

    private enum Verdict { case welcome, draining, full }
}
