import GRPCCore

struct WrongEcho: Error {}

struct Load<Transport: ClientTransport>: Sendable {
    let client: EchoClient<Transport>
    let payload = [UInt8](repeating: UInt8(ascii: "x"), count: 256)

    /// The round-trip times of `count` calls made one after the other, shortest first.
    func sequential(count: Int) async throws -> [Duration] {
        var times: [Duration] = []
        times.reserveCapacity(count)
        for _ in 0..<count {
            try await times.append(ContinuousClock().measure(call))
        }
        return times.sorted()
    }

    /// How many calls a second `callers` make together, each waiting for its answer before its next call.
    func concurrent(callers: Int, for duration: Duration) async throws -> Double {
        let start = ContinuousClock.now
        let calls = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<callers {
                group.addTask {
                    var calls = 0
                    while start.duration(to: .now) < duration {
                        try await call()
                        calls += 1
                    }
                    return calls
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(calls) / (start.duration(to: .now) / .seconds(1))
    }

    private func call() async throws {
        guard try await client.echo(payload) == payload else { throw WrongEcho() }
    }
}
