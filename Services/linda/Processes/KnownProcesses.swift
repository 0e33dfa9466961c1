import AccountContract
import GatewayContract
import IntelligenceContract
import PosterContract
import RPCContract
import SandboxContract
import SyncContract
import TemplateContract

/// Every process that can be called, by name.
enum KnownProcesses {
    static let contracts: [any Contract.Type] = [
        GatewayContract.self, TemplateContract.self, AccountContract.self, IntelligenceContract.self, SyncContract.self,
        PosterContract.self, SandboxContract.self,
    ]

    static func named(_ name: String) throws -> any Contract.Type {
        guard let contract = contracts.first(where: { $0.process == name }) else {
            throw Trouble("There is no process \(name); there are \(contracts.map { $0.process }.joined(separator: ", ")).")
        }
        return contract
    }
}
