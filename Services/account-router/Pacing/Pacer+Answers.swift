import Resilience
import Synchronization
package import Vocabulary

/// Whether Meta answers.
extension Pacer {
    /// Meta has answered a request of the number, so it can be reached and the token is good.
    package func answered(_ number: PhoneNumberID) {
        let wall = clock.now
        state.withLock { state in
            state.numbers[number]?.reach.answered(at: wall)
            state.numbers[number]?.pace.succeeded()
            state.numbers[number]?.obstacle = nil
            state.tokenObstacle = nil
            state.host.succeeded()
        }
    }

    /// - Parameter isHost: nothing answered at all; else Meta answered with a fault of its own.
    package func noAnswer(_ number: PhoneNumberID, isHost: Bool = true) {
        let (now, wall) = (now, clock.now)
        state.withLock { state in
            state.numbers[number]?.pace.failed(at: now)
            if isHost {
                state.host.failed(at: now)
            } else {
                state.numbers[number]?.reach.answered(at: wall)
                state.host.succeeded()
            }
        }
    }

    /// Meta was asked about a number: that says nothing of its messages, but of the way to Meta.
    package func asked(_ number: PhoneNumberID, hasAnswer: Bool) {
        let wall = clock.now
        guard hasAnswer else { return }
        state.withLock { $0.numbers[number]?.reach.answered(at: wall) }
    }

    /// Whether Meta is known to have answered any of some numbers after one moment and not after another.
    package func hasAnswered(_ numbers: [PhoneNumberID], after start: Timestamp, upTo end: Timestamp) -> Bool {
        state.withLock { state in numbers.contains { state.numbers[$0]?.reach.hasAnswer(after: start, upTo: end) ?? false } }
    }
}
