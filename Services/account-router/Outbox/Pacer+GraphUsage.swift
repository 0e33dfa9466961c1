package import AccountPacing
package import GraphAPI
import Vocabulary

extension Pacer {
    /// Meta tells how much of an account's calls is used: rest before they are refused.
    ///
    /// Each kind rests by itself: a template tool that asks too much does not stop messages.
    package func rest(after usage: GraphUsage) {
        // The hour rolls on: a minute gives some back.
        let pause: Milliseconds =
            usage.minutesToRegain > 0 ? Milliseconds(usage.minutesToRegain * 60_000) : usage.percent >= 95 ? 60_000 : 0
        guard pause > 0 else { return }
        switch (usage.kind, usage.account) {
        case (.messaging, let account?): rest(WABAID(account), for: pause)
        case (.management, let account?): restQuestions(WABAID(account), for: pause)
        default: restAll(for: pause)
        }
    }
}
