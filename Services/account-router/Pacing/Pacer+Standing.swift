import Synchronization
package import Vocabulary

/// How a number stands, for people who look at it.
extension Pacer {
    /// The present rate and limits of a number, for people.
    package func status(_ number: PhoneNumberID) -> (rate: Double, share: Double, headroom: Int?)? {
        let now = now
        return state.withLock { state in
            guard let known = state.numbers[number] else { return nil }
            let headroom = state.portfolios[known.portfolio]?.headroom(at: now)
            return (known.pace.rate, known.pace.share, headroom)
        }
    }

    /// Why nothing of a number goes out; nil while it does, as far as is known.
    package func obstacle(_ number: PhoneNumberID) -> String? {
        let now = now
        return state.withLock { state in
            guard let known = state.numbers[number] else { return nil }
            return known.obstacle ?? state.tokenObstacle ?? (known.pace.isBlocked(at: now) ? "Meta does not answer" : nil)
        }
    }
}
