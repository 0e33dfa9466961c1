import AccountContract
import RPCContract
import RPCTransport
import TemplateContract
import Vocabulary

/// The accounts (WABA) in which a workspace has numbers; account-router knows them.
///
/// One token sees the accounts of every workspace on the host, so Meta itself keeps nobody out.
struct OwnAccounts: Sendable {
    let router: RPCClient

    /// Refuses an account in which the workspace has no number: what Meta has there does not exist for it.
    func check(_ account: WABAID, workspace: String) async throws(Fault) {
        let numbers = try await router.call(ListAccounts.self, Nothing(), meta: CallMeta(workspace: workspace)).items
        guard numbers.contains(where: { $0.account.wabaID == account }) else { throw Self.unknown(account) }
    }

    /// The same for an account of somebody else's as for one that is nobody's.
    static func unknown(_ account: WABAID) -> Fault {
        Fault(.reviewRefused, "The workspace has no number in the account \(account); account.add adds one.", path: "wabaID")
    }
}
