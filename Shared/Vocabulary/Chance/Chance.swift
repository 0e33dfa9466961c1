import Synchronization

/// The injected source of chance; whoever holds a copy draws from the same.
package struct Chance: RandomNumberGenerator, Sendable {
    private let draw: @Sendable () -> UInt64

    package init(_ draw: @escaping @Sendable () -> UInt64) { self.draw = draw }

    package func next() -> UInt64 { draw() }

    /// The machine's.
    package static let system = Chance {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    /// Chance that can be replayed, as far as who draws when can.
    package static func seeded(_ seed: UInt64) -> Chance {
        let generator = SharedGenerator(seed)
        return Chance { generator.next() }
    }

    private final class SharedGenerator: Sendable {
        private let state: Mutex<SeededGenerator>

        init(_ seed: UInt64) { state = Mutex(SeededGenerator(seed: seed)) }

        func next() -> UInt64 { state.withLock { $0.next() } }
    }
}
