package import AccountContract
import Foundation
package import GRDB
import Storage
package import Vocabulary

/// The trouble of a number, in the words that every surface shows.
package struct NumberTrouble: Sendable, Equatable {
    /// Why, and what is to be done.
    package var text: String
    /// Whether nothing but answers goes out, or nothing at all.
    package var isStanding: Bool
}

extension Numbers {
    /// Nil where nothing is known against the number.
    package func trouble(_ db: Database, _ account: Account) throws -> NumberTrouble? {
        func reason() throws -> String {
            // The cause of its state, whatever was heard of it since.
            let found =
                try account.health == .resting ? reasonOfRest(db, account) : cause(db, of: account.health, account.phoneNumberID)
            return found ?? "Meta has said so"
        }
        switch account.health {
        case .banned:
            return NumberTrouble(
                text: "banned: \(try reason()). Nothing goes out until Meta reinstates it; ask for a review in WhatsApp Manager.",
                isStanding: true)
        case .held:
            return NumberTrouble(
                text: "held: \(try reason()). Only answers go out; once that is mended at Meta, account.release ends it.", isStanding: true)
        case .restricted:
            return NumberTrouble(
                text:
                    "restricted: \(try reasonOfBar(db, account) ?? reason()). Only answers go out until \(try end(db, "barredUntil", account) ?? "Meta's restriction ends"); its reason is in WhatsApp Manager.",
                isStanding: true)
        case .resting:
            // An obstacle to everything comes before one to marketing.
            if let obstacle = obstacle(to: account.phoneNumberID) {
                return NumberTrouble(text: "cannot send: \(obstacle)", isStanding: true)
            }
            // RED holds marketing back beyond the end of any restriction.
            let until = try account.quality == .red ? "" : end(db, "restrictedUntil", account).map { " until \($0)" } ?? ""
            return NumberTrouble(
                text: "rests: \(try reason()). No marketing goes out\(until); answers and utility messages do.", isStanding: false)
        case .ready, .cautious, .recovering:
            if let obstacle = obstacle(to: account.phoneNumberID) {
                return NumberTrouble(text: "cannot send: \(obstacle)", isStanding: true)
            }
            return Self.absence(account)
        }
    }

    /// When what Meta holds against a number ends, or is asked about again where Meta has named no moment; nil once that has passed.
    private func end(_ db: Database, _ column: String, _ account: Account) throws -> String? {
        let end = try Timestamp.fetchOne(
            db, sql: "SELECT \(column) FROM account WHERE phoneNumberID = ? AND \(column) > ?",
            arguments: [account.phoneNumberID, store.now])
        return end.map { Date($0).ISO8601Format() }
    }

    /// What a number is barred from now, each with its end where there are several; nil where no bar is known.
    private func reasonOfBar(_ db: Database, _ account: Account) throws -> String? {
        let all = try bars(db, of: account.phoneNumberID)
        let inForce = all.filter { $0.until > store.now }
        let shown = inForce.isEmpty ? all : inForce
        guard !shown.isEmpty else { return nil }
        let texts = shown.map { shown.count > 1 ? "\($0.text) until \(Date($0.until).ISO8601Format())" : $0.text }
        return "\(NumberHealth.bar): \(texts.joined(separator: ", "))"
    }

    /// Why a number rests: a restriction and RED may each be the later one.
    private func reasonOfRest(_ db: Database, _ account: Account) throws -> String? {
        let steps = try steps(db, account.phoneNumberID, areOfState: true).filter { !$0.reverted }
        let health = steps.last { $0.kind == "health" && $0.to.hasPrefix(account.health.rawValue) }
        // RED while it rested already is a step of its own.
        let rating = account.quality == .red ? steps.last { $0.kind == "quality" && $0.to == Account.Quality.red.rawValue } : nil
        return [health, rating].compactMap(\.self).max { $0.id < $1.id }?.reason
    }

    /// Why a number with which nothing is wrong sends nothing; nil where it does.
    private static func absence(_ account: Account) -> NumberTrouble? {
        // Chosen by an operator, it is no failure; whoever waits for the number wants to know it all the same.
        if !account.enabled {
            return NumberTrouble(
                text: "is disabled: what is for it waits, customers' answers too; enable it with account.update", isStanding: false)
        }
        if account.link != .registered {
            return NumberTrouble(
                text: "is not registered with the Cloud API: nothing goes out; account.link registers it", isStanding: true)
        }
        return nil
    }

    /// Of one number; nil where it is not configured, too.
    package func trouble(of number: PhoneNumberID) async throws -> NumberTrouble? {
        guard let account = account(number) else { return nil }
        return try await store.read { [self] db in try trouble(db, account) }
    }

    /// Every number of a workspace that something is the matter with, or of all.
    package func troubles(workspace: String? = nil) async throws -> [(account: Account, trouble: NumberTrouble)] {
        let accounts = all().filter { workspace == nil || $0.workspace == workspace }
        return try await store.read { [self] db in
            try accounts.compactMap { account in try trouble(db, account).map { (account, $0) } }
        }
    }
}
