import AccountContract
import Foundation
import GRDB
import GraphAPI
import HTTPClient
import Logging
import RPCContract
import RPCTransport
import Storage
import Support
import TemplateContract
import Vocabulary

@testable import TemplateCore

/// Submissions with both neighbours played: Meta over HTTP, account-router in memory.
struct ReviewDesk: Sendable {
    static let waba: WABAID = "102290129340398"

    let store: TemplateStore
    let review: TemplateReview
    let meta: MetaTemplates

    /// - Parameter numbers: the account in which each workspace has a number; nil while account-router is away.
    static func run(numbers: [String: WABAID]? = ["a": waba], _ body: (ReviewDesk) async throws -> Void) async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(.templateService, path: "\(folder)/t.sqlite", migrator: TemplateMigrations.migrator)
        let store = TemplateStore(
            reads: Reads(pool), events: EventLog(Reads(pool)), clock: WallClock { Timestamp(milliseconds: 1_790_000_000_000) },
            chance: .system)
        let (meta, network) = (MetaTemplates(), RPCNetwork())
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try await meta.serve { address in
            let graph = GraphClient(http: HTTPClient(connectionsPerHost: 4), host: address, version: "v24.0", token: { "token" })
            let accounts = OwnAccounts(router: RPCClient(AccountContract.self, in: network, name: "template-service"))
            let review = TemplateReview(store: store, graph: graph, accounts: accounts, logger: quiet)
            try await withThrowingTaskGroup(of: Void.self) { group in
                if let numbers {
                    let router = router(numbers)
                    group.addTask { await network.serve("account-router", router, logger: quiet) }
                }
                try await body(ReviewDesk(store: store, review: review, meta: meta))
                group.cancelAll()
            }
        }
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    private static func router(_ numbers: [String: WABAID]) -> RPCRouter {
        var router = RPCRouter()
        router.on(ListAccounts.self) { _, call in
            guard let waba = numbers[call.workspace] else { return ListAccounts.Reply(items: []) }
            var account = Account.example
            account.wabaID = waba
            return ListAccounts.Reply(items: [ListAccounts.Item(account: account, queued: 0, sending: 0)])
        }
        return router
    }

    func create(_ name: String = "news", in workspace: String = "a") async throws -> Template {
        let params = CreateTemplate.Params(name: name, language: "en", category: .utility, body: "Hello {{name|there}}, there is news.")
        return try await store.create(params, workspace: workspace)
    }

    func submit(_ name: String = "news", in workspace: String = "a") async throws -> ReviewStatus.Reply {
        try await review.submit(SubmitReview.Params(name: name, wabaID: Self.waba), workspace: workspace)
    }

    func entry(_ name: String = "news", in workspace: String = "a") async throws -> TemplateStore.Entry {
        try await store.find(name, "en", workspace: workspace)
    }
}
