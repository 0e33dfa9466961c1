package import Vocabulary

extension Pacer {
    /// The number of messages that a number may take up now.
    package enum Allowance: Sendable, Equatable {
        case places(Int)
        /// Nothing, for so long.
        case rest(Milliseconds)
    }
}
