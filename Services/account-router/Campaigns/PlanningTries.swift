import RPCContract

/// How often campaigns could not be planned, and when each is tried again.
struct PlanningTries {
    /// Tries after which a campaign that cannot be planned is refused.
    private static let most = 5

    private var failures: [String: (count: Int, until: ContinuousClock.Instant)] = [:]

    /// Forgets all but those that are still to be planned.
    mutating func keep(_ ids: Set<String>) { failures = failures.filter { ids.contains($0.key) } }

    func isDue(_ id: String, at now: ContinuousClock.Instant) -> Bool { failures[id].map { $0.until <= now } ?? true }

    /// A campaign could not be planned; why it is refused, or nil where it is tried again.
    ///
    /// What is away comes back; what is wrong with the campaign does not pass.
    mutating func failed(_ id: String, _ problem: any Error, at now: ContinuousClock.Instant) -> String? {
        let count = failures[id]?.count ?? 0
        guard let fault = problem as? Fault, fault.retry == .never else {
            failures[id] = (count, now + .seconds(5))
            return nil
        }
        failures[id] = (count + 1, now + .seconds(5))
        return count + 1 >= Self.most ? "it could not be planned: \(fault.message)" : nil
    }
}
