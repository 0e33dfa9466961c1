import Dispatch
import GatewayContract
import RPCContract
import Synchronization

/// Where passwords are hashed: one after the other, beside everything else that the process does.
///
/// A hash takes memory and a core on purpose. A flood of logins takes those of one hash, waits here, and holds up no delivery. Nobody takes
/// all places: each name has a few, and whoever is on the host has places of their own.
final class PasswordLine: Sendable {
    private struct Waiting {
        var all = 0
        var ofHost = 0
        /// Without those who have none.
        var byName: [String: Int] = [:]
    }

    private let queue = DispatchQueue(label: "passwords", qos: .utility)
    private let waiting = Mutex(Waiting())
    /// Those that wait or are hashed, two or three seconds' work; without the host's.
    private let most: Int
    /// Of one name, and of the host.
    static let mostOfName = 4

    /// What a hash costs.
    let costs: PasswordHash.Costs

    init(most: Int = 32, costs: PasswordHash.Costs = .usual) {
        self.most = most
        self.costs = costs
    }

    /// How many wait or are hashed.
    var count: Int { waiting.withLock { $0.all + $0.ofHost } }

    /// Does the work when its turn has come.
    ///
    /// - Throws: what the work does; and `login_busy` where too many wait already.
    func run<T: Sendable>(for applicant: Applicant, _ work: @escaping @Sendable () throws(Fault) -> T) async throws(Fault) -> T {
        guard take(applicant) else {
            throw Fault(.loginBusy, "Too many passwords wait to be checked; try again soon.", retry: .after(.seconds(1)))
        }
        let outcome: Result<T, Fault> = await withCheckedContinuation { continuation in
            queue.async { [self] in
                let outcome = Result { () throws(Fault) -> T in try work() }
                giveBack(applicant)
                continuation.resume(returning: outcome)
            }
        }
        return try outcome.get()
    }

    private func take(_ applicant: Applicant) -> Bool {
        waiting.withLock { waiting in
            switch applicant {
            case .host:
                guard waiting.ofHost < Self.mostOfName else { return false }
                waiting.ofHost += 1
            case .named(let names):
                guard waiting.all < most, names.allSatisfy({ waiting.byName[$0, default: 0] < Self.mostOfName }) else { return false }
                waiting.all += 1
                for name in names { waiting.byName[name, default: 0] += 1 }
            }
            return true
        }
    }

    private func giveBack(_ applicant: Applicant) {
        waiting.withLock { waiting in
            switch applicant {
            case .host: waiting.ofHost -= 1
            case .named(let names):
                waiting.all -= 1
                for name in names {
                    let left = waiting.byName[name, default: 1] - 1
                    waiting.byName[name] = left == 0 ? nil : left
                }
            }
        }
    }
}
