import AccountContract
import Foundation
import GRDB
import IntelligenceContract
import RPCContract
import RPCTransport
import Support
import SyncContract
import TemplateContract
import Testing
import Vocabulary

@testable import GatewayCore

/// Gaps in the deliveries reach account-router also where no status takes them along.
@Suite(.timeLimit(.minutes(1))) struct GapTellerTests {
    private func run(_ body: (GatewayDesk, _ told: @escaping @Sendable () -> [[WebhookGap]]) async throws -> Void) async throws {
        try await GatewayDesk.run { desk in
            let handlers = EventHandlers(
                gaps: desk.gaps, chance: .system, accounts: desk.client(AccountContract.self),
                templates: desk.client(TemplateContract.self), intelligence: desk.client(IntelligenceContract.self),
                sync: desk.client(SyncContract.self))
            let teller = GapTeller(gaps: desk.gaps, handlers: handlers, clock: desk.clock, logger: desk.quiet)
            let told: @Sendable () -> [[WebhookGap]] = { [asked = desk.asked] in
                asked.value.filter { $0.method == "status.record" }.map { asked in
                    (asked.params["gaps"]?.array ?? []).compactMap { try? JSON.decode(WebhookGap.self, from: JSON.encode($0)) }
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await teller.run() }
                try await body(desk, told)
                group.cancelAll()
            }
        }
    }

    /// A delivery that is refused, and the next that is stored a moment later.
    private func gap(_ desk: GatewayDesk) async throws -> WebhookGap {
        desk.gaps.refused()
        let start = desk.now.value
        desk.now.set(start + 1000)
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            desk.inbox.append(Data("{}".utf8)) { error in continuation.resume(with: error.map { .failure($0) } ?? .success(())) }
        }
        return WebhookGap(startAt: start, endAt: desk.now.value, reason: .refused)
    }

    @Test func aGapIsToldOnceAsSoonAsItIsFound() async throws {
        try await run { desk, told in
            let first = try await gap(desk)
            try await eventually("the first gap") { told() == [[first]] }
            try await eventually("nothing is left") { try await desk.gaps.untold().isEmpty }
            let second = try await gap(desk)
            try await eventually("the second gap") { told() == [[first], [second]] }
            #expect(desk.asked.value.allSatisfy { $0.params["statuses"] == [] })
        }
    }

    /// Five seconds of the process's clock after the receiver could not take it.
    @Test func whatCouldNotBeToldIsTriedAgainByTheClock() async throws {
        try await run { desk, told in
            desk.faults.set(["status.record": Fault(.internal, "a defect")])
            let found = try await gap(desk)
            try await eventually("a try") { told().count >= 1 }
            desk.faults.set([:])
            // Less than five seconds of the machine's.
            try await eventually(within: .seconds(4), "another try") {
                desk.now.update { $0 = $0 + 500 }
                return try await desk.gaps.untold().isEmpty
            }
            #expect(told().count >= 2 && told().last == [found])
        }
    }
}
