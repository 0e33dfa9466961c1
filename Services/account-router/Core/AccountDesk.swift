import AccountContract
import AccountNumbers
import AccountOutbox
import RPCContract
import Storage
import Vocabulary

/// Does what concerns numbers and the messages that wait on them at once.
struct AccountDesk: Sendable {
    let numbers: Numbers
    let outbox: Outbox

    func list(_ workspace: String) async throws -> ListAccounts.Reply {
        let (waiting, underWay) = try await outbox.load()
        let troubles = Dictionary(
            try await numbers.troubles(workspace: workspace).map { ($0.account.phoneNumberID, $0.trouble.text) },
            uniquingKeysWith: { first, _ in first })
        return ListAccounts.Reply(
            items: numbers.accounts(of: workspace).map {
                ListAccounts.Item(
                    account: $0, queued: waiting[$0.phoneNumberID] ?? 0, sending: underWay[$0.phoneNumberID] ?? 0,
                    trouble: troubles[$0.phoneNumberID])
            }
        )
    }

    /// Removes a number; what waits on it fails.
    func delete(_ number: PhoneNumberID, workspace: String) async throws {
        _ = try numbers.found(number, workspace: workspace)
        try await numbers.delete(number)
        try await outbox.failWaiting(on: number)
    }

    /// At start: what waits on numbers that were removed just before the process ended fails, too.
    func failOrphans() async throws {
        for number in try outbox.orphanedNumbers(known: Set(numbers.all().map(\.phoneNumberID))) {
            try await outbox.failWaiting(on: number)
        }
    }
}
