import AccountContract
import RPCContract
package import RPCTransport
package import ServiceKit
package import Storage
package import Vocabulary

/// The people: what they have agreed to, when they last wrote, and which number they are used to.
package struct ContactsSubsystem: Subsystem {
    package let consents: ConsentStore
    package let notices: ConsentNotices
    package let contactRoutes: ContactRoutes
    package let people: People
    private let steps: Milliseconds
    private let habits: Milliseconds

    /// - Parameters:
    ///   - listeners: who else keeps something of people.
    ///   - steps: how long statements are kept that others have replaced.
    ///   - habits: how long it is kept from which number somebody is written to.
    package init(store: Store, rule: ConsentRule, listeners: [any PeopleListener], steps: Milliseconds, habits: Milliseconds) {
        self.steps = steps
        self.habits = habits
        consents = ConsentStore(store: store, rule: rule)
        notices = ConsentNotices(store: store)
        contactRoutes = ContactRoutes(store: store)
        people = People(store: store, listeners: [consents, notices, contactRoutes] + listeners)
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
