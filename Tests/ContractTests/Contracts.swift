import AccountContract
import GatewayContract
import IntelligenceContract
import PosterContract
import RPCContract
import SandboxContract
import SyncContract
import TemplateContract
import Testing

/// The contracts of all processes.
enum Contracts {
    static let all: [any Contract.Type] = [
        GatewayContract.self, TemplateContract.self, AccountContract.self, IntelligenceContract.self, SyncContract.self,
        PosterContract.self, SandboxContract.self,
    ]

    static func named(_ process: String) throws -> any Contract.Type { try #require(all.first { $0.process == process }) }
}
