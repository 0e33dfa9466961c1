import Dispatch
import GatewayContract
import RPCContract
import Synchronization

/// Where passwords are hashed: one after the other, beside everything else that the process does.
///
/// A hash takes memory and a core on purpose. A flood of logins takes those of one hash, waits here, and holds up no delivery.
final class PasswordLine: Sendable {
    private let queue = DispatchQueue(label: "passwords", qos: .utility)
    private let waiting = Mutex(0)
    /// Those that wait or are hashed; about a second's work.
    private let most: Int

    /// What a hash costs.
    let costs: PasswordHash.Costs

    init(most: Int = 32, costs: PasswordHash.Costs = .usual) {
        self.most = most
        self.costs = costs
    }

    /// Does the work when its turn has come.
    ///
    /// - Throws: what the work does; and `login_busy` where too many wait already.
    func run<T: Sendable>(_ work: @escaping @Sendable () throws(Fault) -> T) async throws(Fault) -> T {
        let isTaken = waiting.withLock { waiting in
            guard waiting < most else { return false }
            waiting += 1
            return true
        }
        guard isTaken else { throw Fault(.loginBusy, "Too many passwords wait to be checked; try again soon.", retry: .after(.seconds(1))) }
        let outcome: Result<T, Fault> = await withCheckedContinuation { continuation in
            queue.async { [self] in
                let outcome = Result { () throws(Fault) -> T in try work() }
                waiting.withLock { $0 -= 1 }
                continuation.resume(returning: outcome)
            }
        }
        return try outcome.get()
    }
}
