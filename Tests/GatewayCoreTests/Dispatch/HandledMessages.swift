import AccountContract
import IntelligenceContract
import Logging
import RPCContract
import RPCTransport
import Storage
import Support
import SyncContract
import TemplateContract
import Testing
import Vocabulary

@testable import GatewayCore

/// What the gateway's handlers tell the two processes that a message goes to.
struct HandledMessages: Sendable {
    let opened = MutexBox<[RecordInbound.Params]>([])
    /// Whose names were asked for without a window being opened, and who is called something else now.
    let named = MutexBox<[RecordEcho.Params]>([])
    let changed = MutexBox<[RecordContactChange.Params]>([])
    let recorded = MutexBox<[RecordAccountEvent.Params]>([])
    let processed = MutexBox<[ProcessMessage.Params]>([])
    let mirrored = MutexBox<[(workspace: String, params: RecordAppContacts.Params)]>([])
    let imported = MutexBox<[RecordHistoryProgress.Params]>([])
    let kept = MutexBox<[(workspace: String, params: RecordHistory.Params)]>([])

    /// Runs a test with handlers whose calls are answered and noted here.
    func run(_ inbox: Inbox, _ body: @escaping @Sendable (EventHandlers) async throws -> Void) async throws {
        let network = RPCNetwork()
        let handlers = EventHandlers(
            gaps: inbox.gaps, chance: .system,
            accounts: RPCClient(AccountContract.self, in: network, name: "test"),
            templates: RPCClient(TemplateContract.self, in: network, name: "test"),
            intelligence: RPCClient(IntelligenceContract.self, in: network, name: "test"),
            sync: RPCClient(SyncContract.self, in: network, name: "test"))
        var (accounts, intelligence, sync) = (RPCRouter(), RPCRouter(), RPCRouter())
        sync.on(RecordAppContacts.self) { params, call in
            mirrored.update { $0.append((call.workspace, params)) }
            return .init(created: params.changes.count, updated: 0, deleted: 0, unchanged: 0)
        }
        accounts.on(RecordInbound.self) { params, _ in
            opened.update { $0.append(params) }
            return .init(
                account: params.phoneNumberID, displayName: "Lucky Shrub", workspace: "default", contact: params.contact, names: [],
                windowExpiresAt: params.at)
        }
        accounts.on(RecordEcho.self) { params, _ in
            named.update { $0.append(params) }
            let new = changed.value.last { $0.contact == params.to }.flatMap { $0.phone ?? $0.userIDs?.last }
            return .init(
                account: params.phoneNumberID, displayName: "Lucky Shrub", workspace: "default", contact: new ?? params.to,
                names: new == nil ? [] : [params.to], windowExpiresAt: nil)
        }
        accounts.on(RecordContactChange.self) { params, _ in
            changed.update { $0.append(params) }
            return Nothing()
        }
        accounts.on(RecordAccountEvent.self) { params, _ in
            recorded.update { $0.append(params) }
            return Nothing()
        }
        accounts.on(NameCustomers.self) { params, _ in
            let known = params.customers.map { NameCustomers.Known(contact: $0.contact, names: [$0.userID].compactMap(\.self)) }
            return .init(account: params.phoneNumberID, workspace: "coexisting", customers: known, sent: Self.own(params.messages))
        }
        accounts.on(RecordHistoryProgress.self) { params, _ in
            imported.update { $0.append(params) }
            return Nothing()
        }
        intelligence.on(RecordHistory.self) { params, call in
            kept.update { $0.append((call.workspace, params)) }
            return .init(kept: params.messages.count, filled: 0)
        }
        intelligence.on(ProcessMessage.self) { params, _ in
            processed.update { $0.append(params) }
            return .init(conversation: "1:2", intent: "unknown", confidence: 0, answered: true)
        }
        let (router, other, mirror) = (accounts, intelligence, sync)
        let logger = Logger(label: "t") { _ in SwiftLogNoOpLogHandler() }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await network.serve("account-router", router, logger: logger) }
            tasks.addTask { await network.serve("intelligence-service", other, logger: logger) }
            tasks.addTask { await network.serve("sync-service", mirror, logger: logger) }
            try await body(handlers)
            tasks.cancelAll()
        }
    }

    /// Those that went out from here; nil where there are none.
    private static func own(_ messages: [WAMID]?) -> [WAMID]? {
        let own = (messages ?? []).filter { $0.rawValue.hasPrefix("own-") }
        return own.isEmpty ? nil : own
    }

    /// Hands something over as soon as both processes are there; until then it is tried again.
    func wait(_ handOver: () async throws -> Void) async throws {
        try await eventually("both processes are there") {
            do { try await handOver() } catch { return false }
            return true
        }
    }
}
