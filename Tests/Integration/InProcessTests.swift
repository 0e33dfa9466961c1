import AccountContract
import Foundation
import SandboxContract
import Supervision
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
        Body("the window closes after a day") { try await SendingTests().theWindowClosesAfterADayAndTheFallbackTakesOver() },
        Body("pause, resume, cancel and retry") { try await CampaignTests().pauseResumeCancelAndRetryLoseAndRepeatNobody() },
        Body("an endpoint is looked after") { try await OutgoingWebhookTests().anEndpointIsLookedAfter() },
        Body("events are posted, whoever dies") { try await OutgoingWebhookTests().nothingIsMissedWhoeverDies() },
        Body("customers are answered") { try await OutboxTests().customersAreAnsweredAndOrdersTaken() },
    ]

    /// That the processes are in this one, that a kill takes one away, and that what it has acknowledged is there afterwards.
    @Test func aProcessInMemoryDiesAndKeepsWhatItAcknowledged() async throws {
        try await LindaFixture.$mode.withValue(.inProcess) {
            try await LindaFixture.run(expectsCrashes: true) { linda in
                let pids = Stack.processes.map { linda.stack.child($0)?.pid }
                #expect(pids.allSatisfy { $0 == getpid() }, "\(pids)")
                try await linda.addNumbers()
                try await linda.addTemplate()
                let template = SendMessage.Template(name: "greeting_news", variables: ["name": "Asha"])
                let sent = try await linda.send(.init(to: "919876543210", template: template, requestKey: "k"))
                let killed = linda.stack.child("account-router")
                killed?.signal(SIGKILL)
                #expect(await killed?.ended() == .signalled(SIGKILL))
                // Its callers wait for the successor, and the same request is the same message.
                #expect(try await linda.send(.init(to: "919876543210", template: template, requestKey: "k")).id == sent.id)
                #expect(linda.stack.restarts(of: "account-router") == 1)
                #expect(try await linda.statistics().sentTwice == 0)
            }
        }
    }

    @Test(arguments: bodies) func theSameBodyHoldsInOneProcess(body: Body) async throws {
        try await LindaFixture.$mode.withValue(.inProcess) { try await body.run() }
    }
}
