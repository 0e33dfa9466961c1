import AccountContract
import GraphAPI
import Testing

@testable import AccountOutbox

/// What to do about a failure follows how the number stands now.
@Suite struct FailureAdviceTests {
    private func advice(_ code: Int, _ health: Account.Health?, trouble: String? = nil, isBlocked: Bool = false) -> String {
        FailureAdvice(
            failure: GraphError(code: code, status: 400, details: ""), health: health, trouble: trouble, isBlocked: isBlocked
        ).text
    }

    @Test func whatIsNoLockKeepsItsOwnStep() {
        #expect(advice(131026, .banned) == GraphError(code: 131026, status: 400, details: "").nextStep)
    }

    @Test func aLockIsReleasedWhileItHolds() {
        let step = GraphError(code: 131031, status: 400, details: "").nextStep
        #expect(advice(131031, .held) == step)
        #expect(advice(131031, .ready, isBlocked: true) == step)
        // A number that is not configured any more has no standing that could say more.
        #expect(advice(131031, nil) == step)
    }

    @Test func aBanEndsAtMetaAlone() {
        let text = advice(131031, .banned, trouble: "Meta has disabled the account.")
        #expect(text.contains("Meta has disabled the account.") && text.contains("Releasing it here changes nothing"))
    }

    @Test func aLockThatIsOverHoldsNothing() {
        #expect(advice(131031, .ready).contains("Nothing of this holds the number any more"))
    }
}
