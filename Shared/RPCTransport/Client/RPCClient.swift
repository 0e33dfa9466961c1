package import Foundation
package import RPCContract
import Synchronization

/// A typed client of one process.
///
/// It connects when first used and again after a loss. While the process is
/// away, a call waits and tries again until its deadline: every method is
/// either a read or idempotent, so repeating a call whose reply was lost is safe.
package final class RPCClient: Sendable {
    private struct State {
        var connection: (any RPCConnection)?
        var next = 1
    }

    /// The socket, or where else the process is; for people.
    private let place: String
    private let name: String
    private let process: String
    private let frameBytes: Int
    let places: CallPlaces
    private let state = Mutex(State())
    private let connector = Connector()
    private let open: @Sendable () async throws -> any RPCConnection

    /// - Parameters:
    ///   - path: the process's socket.
    ///   - name: who calls, the first part of every id.
    ///   - inFlight: calls beyond it wait here for a place, so that the server never has to refuse.
    package init(
        path: String,
        name: String,
        process: String,
        inFlight: Int = 128,
        frameBytes: Int = 8 * 1024 * 1024,
        onNotification: @escaping @Sendable (Data) -> Void = { _ in }
    ) {
        place = path
        self.name = name
        self.process = process
        self.frameBytes = frameBytes
        places = CallPlaces(inFlight)
        open = {
            try await RPCClientConnection.open(path: path, process: process, frameBytes: frameBytes, onNotification: onNotification)
        }
    }

    /// A client of a process that lives in the same program.
    package init(_ contract: any Contract.Type, in network: RPCNetwork, name: String, inFlight: Int = 128) {
        place = "this program"
        self.name = name
        process = contract.process
        frameBytes = RPCLimits().frameBytes
        places = CallPlaces(inFlight)
        open = { [process] in try network.connection(to: process) }
    }

    package convenience init(_ contract: any Contract.Type, in runDirectory: String, name: String, inFlight: Int = 128) {
        self.init(path: "\(runDirectory)/\(contract.process).sock", name: name, process: contract.process, inFlight: inFlight)
    }

    /// Calls a method; only a fault can come out.
    ///
    /// - Parameters:
    ///   - meta: workspace, actor and traceparent are taken from the call being served where absent.
    ///   - deadline: the method's own where absent.
    package func call<M: RPCMethod>(
        _ method: M.Type,
        _ params: M.Params,
        meta: CallMeta = CallMeta(),
        deadline: Duration? = nil
    ) async throws(Fault) -> M.Reply {
        let body: Data
        do { body = try JSON.encode(params) } catch {
            throw Fault(.internal, "The params of \(M.name) could not be encoded.", cause: error)
        }
        let result = try await call(M.name, body, meta: meta, deadline: deadline ?? M.deadline)
        do { return try JSON.decode(M.Reply.self, from: result) } catch {
            throw Fault(.internal, "The reply of \(M.name) is not of its declared shape.", cause: error)
        }
    }

    /// Calls a method by name with params as JSON.
    package func call(_ method: String, _ params: Data, meta: CallMeta = CallMeta(), deadline: Duration) async throws(Fault) -> Data {
        do {
            let allowed = Self.allowed(deadline, within: CallContext.current?.end.map { $0 - .now })
            let end = ContinuousClock.now + allowed
            try await places.enter(within: allowed)
            defer { places.leave() }
            return try await attempt(method, params, inherited(meta), until: end)
        } catch let fault as Fault {
            throw fault
        } catch is CancellationError {
            throw Fault(.cancelled, "The call was taken back.")
        } catch {
            throw Fault(.unavailable, "\(process) cannot be reached at \(place): \(error)", retry: .after(.seconds(1)), cause: error)
        }
    }

    /// A call that is made for another ends a little before it: who waits for that hears which process was silent.
    static func allowed(_ deadline: Duration, within outer: Duration?) -> Duration {
        guard let outer else { return deadline }
        return min(deadline, outer - min(outer / 10, .milliseconds(500)))
    }

    /// Closes the connection, which takes back the calls on it; the next call opens a new one.
    package func close() async {
        let connection = state.withLock { state in
            let open = state.connection
            state.connection = nil
            return open
        }
        await connection?.close()
    }

    private func attempt(_ method: String, _ params: Data, _ meta: CallMeta, until end: ContinuousClock.Instant) async throws -> Data {
        var pause = Duration.milliseconds(5)
        var losses = 0
        while true {
            let left = end - .now
            guard left > .zero else { throw away(method) }
            do {
                let connection = try await connection()
                let (number, id) = nextID(method)
                var meta = meta
                meta.deadlineMs = Int(left.milliseconds)
                let frame = RPCFrames.request(id: id, method: method, params: params, meta: try meta.json())
                guard frame.count <= frameBytes else {
                    throw Fault(.frame, "The call is \(frame.count) bytes; at most \(frameBytes) are sent.")
                }
                return try await connection.call(number: number, id: id, frame: frame, method: method, allowed: left)
            } catch let fault as Fault where fault.code == .shuttingDown {
                // A successor will answer on the same socket.
            } catch let fault as Fault {
                throw fault
            } catch is CancellationError {
                throw CancellationError()
            } catch let loss as LostInFlight {
                losses += 1
                // Perhaps it is this call that the process does not survive.
                guard losses < Self.lossLimit else {
                    let message = "\(process) ended \(losses) times while it served \(method)."
                    throw Fault(.lost, message, retry: .after(.seconds(1)), cause: loss)
                }
                guard ContinuousClock.now + pause < end else { throw away(method, loss) }
            } catch {
                guard ContinuousClock.now + pause < end else { throw away(method, error) }
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(250))
        }
    }

    /// How often a call may go down with its process before it is given up.
    private static let lossLimit = 3

    private func away(_ method: String, _ cause: (any Error)? = nil) -> Fault {
        Fault(
            .unavailable,
            "\(process) did not answer \(method) at \(place); is it running?",
            retry: .after(.seconds(1)),
            cause: cause
        )
    }

    private func connection() async throws -> any RPCConnection {
        if let open = state.withLock({ $0.connection }), open.isOpen { return open }
        return try await connector.connect { [self] in
            if let open = state.withLock({ $0.connection }), open.isOpen { return open }
            let fresh = try await self.open()
            state.withLock { $0.connection = fresh }
            return fresh
        }
    }

    private func nextID(_ method: String) -> (Int, String) {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        let own = "\(name):\(method)#\(number)"
        guard let parent = CallContext.current?.id, parent.utf8.count < 512, parent.allSatisfy({ $0 != "\"" && $0 != "\\" }) else {
            return (number, own)
        }
        return (number, "\(parent)/\(own)")
    }

    private func inherited(_ meta: CallMeta) -> CallMeta {
        guard let outer = CallContext.current?.meta else { return meta }
        var meta = meta
        meta.workspace = meta.workspace ?? outer.workspace
        meta.actor = meta.actor ?? outer.actor
        meta.traceparent = meta.traceparent ?? outer.traceparent
        return meta
    }
}

/// Lets one caller open the connection while the others wait for the outcome.
private actor Connector {
    private var isConnecting = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    func connect(_ open: @Sendable () async throws -> any RPCConnection) async throws -> any RPCConnection {
        while isConnecting {
            await withCheckedContinuation { waiters.append($0) }
        }
        isConnecting = true
        defer {
            isConnecting = false
            waiters.forEach { $0.resume() }
            waiters.removeAll()
        }
        return try await open()
    }
}
