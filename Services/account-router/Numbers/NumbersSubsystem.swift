import AccountContract
package import AccountPacing
package import GRDB
package import GraphAPI
package import Logging
import RPCContract
package import RPCTransport
package import ServiceKit
package import ServiceLifecycle
package import Storage
package import Vocabulary

/// The business's numbers: accounts, their linking, routing, quality and portfolios.
package struct NumbersSubsystem: Subsystem {
    package let numbers: Numbers
    private let linking: Linking
    private let quality: QualityWatch
    private let meta: NumberAtMeta

    /// - Parameters:
    ///   - poll: between two questions to Meta about a number.
    ///   - ramp: between the steps in which a number's marketing comes back.
    ///   - relimited: told, in the same transaction, of numbers whose portfolio has another limit now.
    package init(
        store: Store,
        pacer: Pacer,
        loads: Loads,
        graph: GraphClient,
        poll: Milliseconds,
        ramp: Milliseconds,
        logger: Logger,
        relimited: @escaping @Sendable (Database, [PhoneNumberID], Timestamp) throws -> Void
    ) throws {
        numbers = try Numbers(store: store, pacer: pacer, loads: loads, relimited: relimited)
        meta = NumberAtMeta(graph: graph)
        linking = Linking(numbers: numbers, graph: graph)
        quality = QualityWatch(store: store, numbers: numbers, graph: graph, poll: poll, ramp: ramp, logger: logger)
    }

    package var services: [any Service] { [quality] }
    package var prunes: [Prune] {
        [
            Prune("loads of long ago") { [numbers] in try await numbers.pruneLoads() },
            Prune("steps of long ago") { [numbers] in try await numbers.pruneSteps() },
        ]
    }

    package var health: [HealthCheck] {
        [
            HealthCheck("numbers") { [numbers] in
                do {
                    let standing = try await numbers.troubles().filter(\.trouble.isStanding)
                    guard !standing.isEmpty else { return nil }
                    return Self.sentences(standing.map { ($0.account.displayPhoneNumber, $0.trouble.text) })
                } catch { return "the numbers cannot be read: \(error)" }
            }
        ]
    }

    /// The troubles of five numbers at most, in words; one that several have is said once.
    static func sentences(_ troubles: [(number: String, text: String)]) -> String {
        let shown = troubles.prefix(5)
        var texts: [String] = []
        for trouble in shown where !texts.contains(trouble.text) { texts.append(trouble.text) }
        let sentences = texts.map { text in
            "\(shown.filter { $0.text == text }.map(\.number).joined(separator: ", ")) \(text)"
        }
        let more = troubles.count > shown.count ? ["and \(troubles.count - shown.count) more"] : []
        return (sentences + more).joined(separator: "; ")
    }

    package func bind(_ router: inout RPCRouter) {
        bindAccounts(&router)
        bindRouting(&router)
    }

    private func bindAccounts(_ router: inout RPCRouter) {
        router.on(AddAccount.self) { params, call in
            // Said again of a number that is there, it changes nothing, whether Meta answers or not.
            guard numbers.account(params.phoneNumberID) == nil else { return try await numbers.add(params, workspace: call.workspace) }
            var asked = params
            let link = try await meta.check(params)
            asked.link = params.link ?? link
            return try await numbers.add(asked, workspace: call.workspace)
        }
        router.on(GetAccount.self) { params, call in try numbers.found(params.phoneNumberID, workspace: call.workspace) }
        router.on(UpdateAccount.self) { params, call in
            _ = try numbers.found(params.phoneNumberID, workspace: call.workspace)
            return try await numbers.update(params)
        }
        router.on(PromoteAccount.self) { params, call in
            _ = try numbers.found(params.phoneNumberID, workspace: call.workspace)
            return try await numbers.update(UpdateAccount.Params(phoneNumberID: params.phoneNumberID, role: .master))
        }
        router.on(AccountHealth.self) { params, call in try await numbers.health(params.phoneNumberID, workspace: call.workspace) }
        router.on(LinkAccount.self) { params, call in try await linking.link(params, workspace: call.workspace) }
        router.on(ConfirmLink.self) { params, call in try await linking.confirm(params, workspace: call.workspace) }
        router.on(UnlinkAccount.self) { params, call in
            try await linking.unlink(params.phoneNumberID, workspace: call.workspace)
        }
        router.on(QualityStatus.self) { _, call in try await numbers.quality(call.workspace) }
        router.on(ReleaseAccount.self) { params, call in
            try await numbers.release(params.phoneNumberID, workspace: call.workspace)
        }
        router.on(RevertQuality.self) { params, call in
            try await numbers.revert(params.id, actor: call.meta.actor, workspace: call.workspace)
        }
    }

    private func bindRouting(_ router: inout RPCRouter) {
        router.on(SetStrategy.self) { params, call in
            try await numbers.set(params, workspace: call.workspace)
            return Nothing()
        }
        router.on(GetStrategy.self) { _, call in numbers.strategy(call.workspace) }
        router.on(SetPortfolio.self) { params, call in
            try await numbers.set(params, workspace: call.workspace)
            return Nothing()
        }
        router.on(ListPortfolios.self) { _, call in numbers.portfolios(call.workspace) }
    }
}
