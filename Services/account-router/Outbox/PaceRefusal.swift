import AccountContract
import AccountPacing
import GraphAPI
import Vocabulary

/// A refusal, as far as it concerns how fast its number sends.
///
/// Measures that outlast the process are taken by who listens to refusals, in the transaction that records them.
struct PaceRefusal: Sendable {
    let error: GraphError
    let number: PhoneNumberID
    /// By the name that stands for all of the person's.
    let contact: ContactID
    /// Tries of the message, with the one that was refused.
    var attempts = 1
    /// The token of the request, as the pacer counts them; nil where a status tells of it.
    var token: Int?

    /// Takes a measure; how long the message waits because of it.
    func take(_ measure: GraphError.Measure, _ pacer: Pacer) -> Milliseconds? {
        let pause = error.pause ?? .minutes(1)
        switch measure {
        case .slowNumber:
            pacer.slowDown(number)
            return .seconds(1)
        case .holdPair:
            // Meta, pair rate limit: retry after 4^X seconds, X growing with each failure.
            let pause = Milliseconds.seconds(1 << (2 * min(attempts - 1, 5)))
            pacer.hold(number, contact: contact, for: pause)
            return pause
        case .restNumber:
            pacer.block(number, for: min(pause, .minutes(5)), because: error.explanation)
            return pause
        case .holdNumber:
            // Nothing is wrong with the message: all of the number's wait until somebody has acted.
            hold(pacer, for: .seconds(30))
            // The hold is the number's, and the message has none of its own: it goes out as soon as that is lifted, or after a restart.
            return .zero
        case .restTemplates:
            pacer.restTemplates(number, for: pause)
            return .minutes(1)
        case .restAccount:
            pacer.rest(of: number, for: pause)
            return .minutes(1)
        case .restApp:
            pacer.restAll(for: pause)
            return .minutes(1)
        case .holdToken, .holdAccount, .lockAccount, .restrictNumber, .recordOptOut, .pauseCampaign, .sendFallback: return nil
        }
    }

    /// The same where a status tells of it, which is some time after: what is over by then is not begun.
    func take(told age: Milliseconds, _ pacer: Pacer) {
        guard age < .minutes(5) else { return }
        for measure in error.measures {
            // Meta takes the number's messages and refuses them afterwards: each try costs one, so that there are fewer.
            // Where the account is held until somebody releases it, nothing is tried, and answers go on.
            if measure == .holdNumber {
                if !error.measures.contains(.holdAccount) { hold(pacer, for: .minutes(5) - max(.zero, age)) }
            } else {
                _ = take(measure, pacer)
            }
        }
    }

    private func hold(_ pacer: Pacer, for pause: Milliseconds) {
        pacer.block(number, for: pause, because: error.explanation, token: error.measures.contains(.holdToken) ? token ?? pacer.token : nil)
    }
}
