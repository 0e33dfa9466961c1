import Support
import Testing

/// Bodies of live tests with all processes in the test's own: calls in memory, everything else as it is.
///
/// What only separate programs can show (descriptors, signals, exit statuses) stays with the live tests.
@Suite(.serialized) struct InProcessTests {
    struct Body: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var run: @Sendable () async throws -> Void

        init(_ name: String, _ run: @escaping @Sendable () async throws -> Void) {
            testDescription = name
            self.run = run
        }
    }

    static let bodies = [
        Body("a window kept through a RED number and two kills") {
            try await DeadlineTests.throughAREDNumberAndTwoKills(people: 1000, spread: 90, speed: 8)
        },
        Body("what will miss its deadline is told before") { try await DeadlineTests().whatWillMissItsDeadlineIsToldBefore() },
        Body("STOP and START") { try await ConsentTests().STOPIsHeededConfirmedOnceAndUndoneBySTART() },
        Body("who stops while a message waits") { try await ConsentTests().whoStopsWhileAMessageWaitsDoesNotGetIt() },
        Body("a fallback is held to consent") { try await ConsentTests().aFallbackIsHeldToConsent() },
        Body("a RED number's marketing moves") { try await AccountTests().aRedNumbersMarketingMovesToTheOther() },
        Body("an upgrade, an expired token and a ban") { try await AccountTests().anUpgradeAnExpiredTokenAndABanAreLivedThrough() },
        Body("lost answers are resolved by their statuses") { try await OutboxTests().lostAnswersAreResolvedByTheirStatuses() },
        Body("the window closes after a day") { try await SendingTests().theWindowClosesAfterADayAndTheFallbackTakesOver() },
        Body("pause, resume, cancel and retry") { try await CampaignTests().pauseResumeCancelAndRetryLoseAndRepeatNobody() },
        Body("customers are answered") { try await OutboxTests().customersAreAnsweredAndOrdersTaken() },
    ]

    @Test(arguments: bodies) func theSameBodyHoldsInOneProcess(body: Body) async throws {
        try await LindaFixture.$mode.withValue(.inProcess) { try await body.run() }
    }
}
