import Foundation
import RPCContract

/// What changed in each version of each contract, as docs/reference/CHANGES.md says it.
struct ContractChanges {
    /// Process, version and hash of each row.
    private let rows: Set<[String]>

    init(_ text: String) {
        rows = Set(
            text.split(separator: "\n").compactMap { line in
                let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
                return cells.count >= 5 ? Array(cells[1...3]) : nil
            })
    }

    /// Fails unless every contract, as it is, stands in a row of its own version.
    func check(_ contracts: [any Contract.Type]) throws {
        let missing = try contracts.compactMap { contract -> String? in
            let hash = try OpenRPC.document(of: contract).info.hash
            guard !rows.contains([contract.process, contract.version, hash]) else { return nil }
            return "| \(contract.process) | \(contract.version) | \(hash) | what changed |"
        }
        guard missing.isEmpty else {
            throw Trouble(
                """
                What callers see has changed. Raise `version` in the contract, and say in docs/reference/CHANGES.md what changed:
                \(missing.joined(separator: "\n"))
                """)
        }
    }
}
