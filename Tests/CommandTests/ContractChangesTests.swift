import RPCContract
import SyncContract
import Testing

@testable import linda

/// A version has one contract: what callers see does not change under it.
@Suite struct ContractChangesTests {
    private func row(_ contract: any Contract.Type) throws -> String {
        let hash = try OpenRPC.document(of: contract).info.hash
        return "| \(contract.process) | \(contract.version) | \(hash) | Words. |\n"
    }

    @Test func aContractInARowOfItsVersionPasses() throws {
        let changes = ContractChanges(try row(SyncContract.self))
        #expect(throws: Never.self) { try changes.check([SyncContract.self]) }
    }

    @Test func aChangedContractOfTheSameVersionIsRefused() throws {
        let changes = ContractChanges(try row(SyncContract.self))
        let trouble = #expect(throws: Trouble.self) { try changes.check([Changed.self]) }
        #expect(trouble?.description.hasPrefix("What callers see has changed. Raise `version` in the contract") == true)
        #expect(trouble?.description.hasSuffix("| what changed |") == true)
    }

    @Test func aRaisedVersionWantsARowOfItsOwn() throws {
        let old = try row(SyncContract.self)
        #expect(throws: Trouble.self) { try ContractChanges(old).check([Raised.self]) }
        let new = try row(Raised.self)
        #expect(throws: Never.self) { try ContractChanges(old + new).check([Raised.self]) }
    }
}

/// sync-service with a method less, under the version that had it.
private enum Changed: Contract {
    static let process = SyncContract.process
    static let version = SyncContract.version
    static let methods: [any RPCMethod.Type] = Array(SyncContract.methods.dropLast())
}

private enum Raised: Contract {
    static let process = Changed.process
    static let version = "1000.0.0"
    static let methods = Changed.methods
}
