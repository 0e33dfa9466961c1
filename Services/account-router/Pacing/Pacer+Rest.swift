import Synchronization
package import Vocabulary

/// Times in which nothing of an account, of a number's templates or of the whole app goes to Meta.
extension Pacer {
    /// The account has used its Graph calls.
    package func rest(_ waba: WABAID, for pause: Milliseconds) {
        let until = now + Double(pause.count)
        state.withLock { $0.resting[waba] = max($0.resting[waba] ?? 0, until) }
    }

    /// Nothing of the number's whole account (WABA) goes to Meta for so long.
    package func rest(of number: PhoneNumberID, for pause: Milliseconds) {
        if let waba = state.withLock({ $0.numbers[number]?.waba }) { rest(waba, for: pause) }
    }

    /// Nothing but answers goes out of the number for a while.
    package func restTemplates(_ number: PhoneNumberID, for pause: Milliseconds) {
        let until = now + Double(pause.count)
        state.withLock { $0.restingTemplates[number] = max($0.restingTemplates[number] ?? 0, until) }
    }

    /// Nothing of the whole app goes to Meta for so long.
    package func restAll(for pause: Milliseconds) {
        let until = now + Double(pause.count)
        state.withLock { $0.restingApp = max($0.restingApp, until) }
    }

    /// No question about the account's numbers goes to Meta for so long; messages go on.
    package func restQuestions(_ waba: WABAID, for pause: Milliseconds) {
        let until = now + Double(pause.count)
        state.withLock { $0.restingQuestions[waba] = max($0.restingQuestions[waba] ?? 0, until) }
    }

    /// Whether Meta may be asked about the account's numbers.
    package func mayAsk(_ waba: WABAID) -> Bool {
        let now = now
        return state.withLock { max($0.restingQuestions[waba] ?? 0, $0.restingApp) <= now }
    }
}
