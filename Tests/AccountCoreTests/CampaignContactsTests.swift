import AccountContract
import Logging
import RPCContract
import RPCTransport
import Support
import SyncContract
import Testing
import Vocabulary

@testable import AccountCampaigns

/// Whom a campaign asks sync-service for.
@Suite struct CampaignContactsTests {
    /// Words in any order would reach people who were not meant.
    @Test func contactsAreAskedForByOnePhrase() async throws {
        try await CampaignScene.run { scene in
            let asked = MutexBox<[SearchContacts.Params]>([])
            var router = RPCRouter()
            router.on(SearchContacts.self) { params, _ in
                asked.update { $0.append(params) }
                return ContactPage(items: [], next: nil)
            }
            let served = router
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await scene.templates.network.serve("sync-service", served, logger: logger) }
                try await scene.plan(.init(name: "C", template: "t", contacts: "Team A", requestKey: "k"))
                group.cancelAll()
            }
            #expect(asked.value.map(\.query) == ["Team A"] && asked.value.allSatisfy { $0.asPhrase == true }, "\(asked.value)")
        }
    }
}
