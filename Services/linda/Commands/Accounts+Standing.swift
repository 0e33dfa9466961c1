import AccountContract
import RPCContract
import Vocabulary

/// How a number stands before and after a command that lets it send again.
///
/// What Meta holds against a number ends at Meta's side only: the operator is told so instead of a bare "is banned".
struct NumberStanding {
    let before: AccountHealth.Reply
    let after: AccountHealth.Reply

    /// Whether Meta's requests were held back here: letting the number send again ends that.
    var wasBlocked: Bool { !before.answering && before.account.health != .banned }

    /// What keeps the number from sending all the same, why, and what is to be done; nil where nothing does.
    var obstacle: String? {
        guard let trouble = after.trouble else { return nil }
        let lines = ["\(after.account.displayPhoneNumber) \(Spoken.text(trouble))"]
        guard after.account.health == .banned else { return lines[0] }
        let step = after.steps.last { $0.kind == "health" && !$0.reverted && $0.to.hasPrefix(Account.Health.banned.rawValue) }
        let since = step.map { " Linda has known it since \($0.at.asTime)." } ?? ""
        return
            (lines + [
                "This is Meta's decision: releasing or enabling the number here does not make Meta take its messages.\(since)",
                "Once Meta has given it back, it sends again by itself.",
            ]).joined(separator: "\n")
    }

    /// What is printed after a command that has changed something; where nothing has changed and the number cannot send, it fails.
    ///
    /// - Parameters:
    ///   - change: what was done, in a sentence; nil where nothing has changed.
    ///   - rest: what is said where nothing has changed.
    func text(_ change: String?, otherwise rest: String) throws(Trouble) -> String {
        let obstacle = obstacle
        if change == nil, let obstacle { throw Trouble("\(rest)\n\(obstacle)") }
        return ([change ?? rest] + (obstacle.map { ["! \($0)"] } ?? [])).joined(separator: "\n")
    }
}

extension Connection {
    /// Does what a command does to a number, and tells how the number stood before and stands after it.
    func standing(of number: PhoneNumberID, after change: () async throws -> Account) async throws -> (Account, NumberStanding) {
        let reference = AccountReference(number)
        let before = try await call(AccountContract.self, AccountHealth.self, reference)
        let account = try await change()
        let after = try await call(AccountContract.self, AccountHealth.self, reference)
        return (account, NumberStanding(before: before, after: after))
    }
}
