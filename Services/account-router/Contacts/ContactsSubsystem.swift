import AccountContract
import RPCContract
package import RPCTransport
package import ServiceKit

/// The people: what they have agreed to, when they last wrote, and which number they are used to.
package struct ContactsSubsystem: Subsystem {
    private let consents: ConsentStore
    private let notices: ConsentNotices
    private let contactRoutes: ContactRoutes

    package init(consents: ConsentStore, notices: ConsentNotices, contactRoutes: ContactRoutes) {
        self.consents = consents
        self.notices = notices
        self.contactRoutes = contactRoutes
    }

    package var prunes: [Prune] { [Prune("notices about consent") { try await notices.prune() }] }

    package func bind(_ router: inout RPCRouter) {
        router.on(RecordConsent.self) { params, call in
            try await consents.record(params, workspace: call.workspace, actor: call.meta.actor)
        }
        router.on(GetConsent.self) { params, call in try await consents.get(params, workspace: call.workspace) }
        router.on(ListConsents.self) { params, call in try await consents.list(params, workspace: call.workspace) }
    }
}
