import AccountContract
import GraphAPI
import RPCContract
import Vocabulary

/// Connects a number to the Cloud API, step by step; each step that Meta has taken is kept.
struct Linking: Sendable {
    let numbers: Numbers
    let graph: GraphClient

    func link(_ params: LinkAccount.Params, workspace: String) async throws -> Account {
        let number = try numbers.found(params.phoneNumberID, workspace: workspace).phoneNumberID
        try await follow(number)
        return try await take(.requestCode, number) { () async throws(GraphClient.Failure) in
            try await graph.requestCode(number, method: params.method ?? "SMS", language: params.language ?? "en_US")
        }
    }

    func confirm(_ params: ConfirmLink.Params, workspace: String) async throws -> Account {
        let number = try numbers.found(params.phoneNumberID, workspace: workspace).phoneNumberID
        try await follow(number)
        if let code = params.code {
            _ = try await take(.verifyCode, number) { () async throws(GraphClient.Failure) in
                try await graph.verifyCode(number, code: code)
            }
        }
        let account = try await take(.register, number) { () async throws(GraphClient.Failure) in
            try await graph.register(number, pin: params.pin)
        }
        // Messages that were refused because it was not registered go out now.
        numbers.unblock(number)
        return account
    }

    /// Meta's word counts: a number that is not registered there, though it was here, is linked anew.
    private func follow(_ number: PhoneNumberID) async throws {
        guard try numbers.found(number).link == .registered else { return }
        let answer: JSONValue
        do throws(GraphClient.Failure) { answer = try await graph.number(number) } catch { throw Fault(error) }
        guard let link = NumberAtMeta.link(answer), link != .registered else { return }
        try await move(number, because: "Meta says that it is not registered") { _ in link }
    }

    func unlink(_ number: PhoneNumberID, workspace: String) async throws -> Account {
        let number = try numbers.found(number, workspace: workspace).phoneNumberID
        return try await take(.deregister, number) { () async throws(GraphClient.Failure) in try await graph.deregister(number) }
    }

    /// Asks Meta, and only then moves on; a step out of order is refused before Meta is asked.
    private func take(_ step: LinkStep, _ number: PhoneNumberID, _ ask: () async throws(GraphClient.Failure) -> Void) async throws
        -> Account
    {
        _ = try step.state(after: try numbers.found(number).link)
        do throws(GraphClient.Failure) { try await ask() } catch { throw Fault(error) }
        try await move(number, because: "\(step.rawValue) succeeded at Meta") { try step.state(after: $0) }
        return try numbers.found(number)
    }

    /// - Parameter next: the state after the one that is found when it is written: another step may have come between.
    private func move(
        _ number: PhoneNumberID, because reason: String, next: @escaping @Sendable (Account.Link) throws -> Account.Link
    ) async throws {
        try await numbers.change { [numbers] db in
            var account = try Numbers.account(db, number)
            let from = account.link
            account.link = try next(from)
            try numbers.write(db, account)
            try numbers.note(db, "link", of: number, from: from.rawValue, to: account.link.rawValue, reason)
            try numbers.append(db, "account.link", account, data: ["link": .string(account.link.rawValue)])
        }
    }
}
