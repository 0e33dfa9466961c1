import AccountContract
import RPCContract
package import RPCTransport
package import ServiceKit
package import Vocabulary

/// The people: what they have agreed to, when they last wrote, and which number they are used to.
package struct ContactsSubsystem: Subsystem {
    private let consents: ConsentStore
    private let notices: ConsentNotices
    private let contactRoutes: ContactRoutes

    private let steps: Milliseconds
    private let habits: Milliseconds

    /// - Parameters:
    ///   - steps: how long statements are kept that others have replaced.
    ///   - habits: how long it is kept from which number somebody is written to.
    package init(
        consents: ConsentStore, notices: ConsentNotices, contactRoutes: ContactRoutes, steps: Milliseconds, habits: Milliseconds
    ) {
        self.steps = steps
        self.habits = habits
        self.consents = consents
        self.notices = notices
        self.contactRoutes = contactRoutes
    }

    package var prunes: [Prune] {
        [
            Prune("notices about consent") { try await notices.prune() },
            Prune("closed windows") { try await contactRoutes.pruneWindows() },
            Prune("habits") { [habits] in try await contactRoutes.pruneHabits(after: habits) },
            Prune("steps of consent") { [steps] in try await consents.pruneSteps(after: steps) },
        ]
    }

    package func bind(_ router: inout RPCRouter) {
        router.on(RecordConsent.self) { params, call in
            try await consents.record(params, workspace: call.workspace, actor: call.meta.actor)
        }
        router.on(GetConsent.self) { params, call in try await consents.get(params, workspace: call.workspace) }
        router.on(ListConsents.self) { params, call in try await consents.list(params, workspace: call.workspace) }
    }
}
