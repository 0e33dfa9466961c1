import AccountContract
import GRDB
import GraphAPI
import Vocabulary

/// What follows from a refusal besides the message's own failure; in the transaction that records it.
struct Refusals: Sendable {
    let outbox: Outbox
    let accounts: AccountStore
    let consents: ConsentStore

    func heed(_ db: Database, _ error: GraphError, _ message: String, _ number: PhoneNumberID) throws {
        switch error.code {
        case 131050:
            try stop(db, message)
        case 131048:
            // Everything the number begins makes it worse.
            let isKnown = try AccountStore.read(db).contains { $0.phoneNumberID == number }
            if isKnown, try accounts.heed(db, .restricted(error.meaning), number) != nil { try accounts.refresh(db) }
        default: break
        }
        guard error.scope == .template else { return }
        // The same template fails for everybody: its campaign waits for somebody to act.
        let statement = try db.cachedStatement(sql: "SELECT campaign FROM message WHERE id = ?")
        guard let campaign = try String.fetchOne(statement, arguments: [message]) else { return }
        let isShared = [132001, 132015, 132016, 132007, 132068, 132069, 134101, 134102].contains(error.code ?? 0)
        guard isShared else { return }
        try Campaigns.set(db, campaign, .paused, from: [.running], reason: error.explanation, now: outbox.clock.now, outbox: outbox)
    }

    /// Meta says that the person has stopped marketing from this business.
    private func stop(_ db: Database, _ message: String) throws {
        guard let row = try Row.fetchOne(db, sql: "SELECT workspace, recipient FROM message WHERE id = ?", arguments: [message]) else {
            return
        }
        let step = Consent.Step(state: .stopped, at: outbox.clock.now, source: "meta", actor: nil, proof: "131050 on \(message)")
        try consents.record(db, ContactID(row["recipient"]), step, workspace: row["workspace"])
    }
}
