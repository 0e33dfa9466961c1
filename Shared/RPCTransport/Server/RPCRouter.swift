package import Foundation
package import RPCContract
import Synchronization

/// What a handler knows about the call it serves.
package struct RPCCall: Sendable {
    package var context: CallContext
    package var peer: PeerCredentials
    /// Sends a notification to the caller; waits while the caller does not read.
    package var notify: @Sendable (_ method: String, _ params: Data) async throws -> Void

    package init(
        context: CallContext,
        peer: PeerCredentials,
        notify: @escaping @Sendable (_ method: String, _ params: Data) async throws -> Void
    ) {
        self.context = context
        self.peer = peer
        self.notify = notify
    }

    package var meta: CallMeta { context.meta }
    /// The tenant whose rows the call sees.
    package var workspace: String { context.meta.workspace ?? "default" }
}

/// Binds the methods of a contract to the code that serves them.
package struct RPCRouter: Sendable {
    struct Binding: Sendable {
        var callers: Set<Caller>
        var effect: RPCEffect
        var deadline: Duration
        /// Whether the key under which a call has its effect once is one of its params.
        var isKeyed: Bool
        var check: @Sendable (_ params: Data) throws -> Void
        var serve: @Sendable (_ params: Data, _ call: RPCCall) async throws -> Data
    }

    private(set) var bindings: [String: Binding] = [:]

    package init() {}

    /// Serves a method; its params are checked before the closure sees them.
    ///
    /// - Parameter rules: what else is wrong with params that break their table, told together with that.
    package mutating func on<M: RPCMethod>(
        _ method: M.Type,
        rules: (@Sendable (M.Params) -> [Mistake])? = nil,
        _ serve: @escaping @Sendable (_ params: M.Params, _ call: RPCCall) async throws -> M.Reply
    ) {
        let faults = Set(M.faults + FaultCode.transport)
        let decoder = ParamsDecoder<M>(rules: rules)
        bindings[M.name] = Binding(
            callers: M.allowedCallers,
            effect: M.effect,
            deadline: M.deadline,
            isKeyed: M.Params.fields.members.contains { $0.name == "requestKey" },
            check: { params in _ = try decoder.decode(params) },
            serve: { data, call in
                let params = try decoder.decode(data)
                do {
                    return try JSON.encode(try await serve(params, call))
                } catch let fault as Fault where !faults.contains(fault.code) {
                    throw Fault(.internal, "\(M.name) raised a fault that it does not declare.", cause: fault)
                }
            }
        )
    }

    /// Serves a method without params whose reply never changes: it is made once.
    package mutating func on<M: RPCMethod>(_ method: M.Type, always reply: @escaping @Sendable () throws -> M.Reply) {
        let made = Once { try JSON.encode(try reply()) }
        let decoder = ParamsDecoder<M>()
        bindings[M.name] = Binding(
            callers: M.allowedCallers, effect: M.effect, deadline: M.deadline, isKeyed: false,
            check: { params in _ = try decoder.decode(params) },
            serve: { data, _ in
                _ = try decoder.decode(data)
                return try made.value()
            })
    }

    /// A value that is made when it is first asked for; meanwhile others wait.
    private final class Once: Sendable {
        private let state = Mutex<Data?>(nil)
        private let make: @Sendable () throws -> Data

        init(_ make: @escaping @Sendable () throws -> Data) { self.make = make }

        func value() throws -> Data {
            try state.withLock { known in
                if let known { return known }
                let value = try make()
                known = value
                return value
            }
        }
    }

    /// Methods of a contract that nothing serves; a process with any refuses to start.
    package func unbound(of contract: any Contract.Type) -> [String] {
        contract.allMethods.map { $0.name }.filter { bindings[$0] == nil }
    }

    /// Validates and touches nothing.
    package func check(_ method: String, _ params: Data) throws {
        guard let binding = bindings[method] else {
            throw Fault(.method, "There is no method \(method) here; rpc.discover lists them.", path: "method")
        }
        try binding.check(params)
    }
}
