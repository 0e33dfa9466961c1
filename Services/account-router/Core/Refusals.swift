import AccountCampaigns
import AccountContacts
import AccountContract
import AccountNumbers
import AccountOutbox
import GRDB
import GraphAPI
import Storage
import Vocabulary

/// The consequences of a refusal besides the message's own failure, in the transaction that records it.
struct Refusals: OutboxListener {
    let store: Store
    let numbers: Numbers
    let consents: ConsentStore
    let campaigns: CampaignStates

    func refused(_ db: Database, _ refusal: MessageRefusal) throws {
        for measure in refusal.error.measures { try take(measure, db, refusal) }
    }

    private func take(_ measure: GraphError.Measure, _ db: Database, _ refusal: MessageRefusal) throws {
        switch measure {
        case .recordOptOut:
            let proof = "\(refusal.error.code ?? 0) on \(refusal.message)"
            let step = Consent.Step(state: .marketingStopped, at: refusal.at, source: "meta", actor: nil, proof: proof)
            let person = try People.person(db, refusal.contact, workspace: refusal.workspace)
            try consents.record(db, person, step, workspace: refusal.workspace)
        case .restrictNumber:
            // Everything the number begins makes it worse.
            guard try Numbers.isKnown(db, refusal.number) else { return }
            let restriction = NumberHealth.Word.restricted(refusal.error.meaning)
            if try numbers.hear(db, restriction, of: refusal.number) != nil { try numbers.refresh(db) }
        case .holdAccount:
            // An answer costs no message, and the number tries again by itself; a status has cost one already.
            guard refusal.error.httpStatus == nil, let number = numbers.account(refusal.number) else { return }
            // A lock ends with the account's reinstatement, a bill's does not.
            let isLock = refusal.error.measures.contains(.lockAccount)
            let word: NumberHealth.Word = isLock ? .locked(refusal.error.meaning) : .refused(refusal.error.meaning)
            var isNews = false
            for account in try Numbers.read(db) where account.wabaID == number.wabaID {
                if try numbers.hear(db, word, of: account.phoneNumberID, saidAt: refusal.at) != nil { isNews = true }
            }
            if isNews { try numbers.refresh(db) }
        case .pauseCampaign:
            guard let campaign = refusal.campaign else { return }
            try campaigns.set(db, campaign, .paused, from: [.running], reason: refusal.error.explanation)
        // How fast the number sends is the business of who sends, or hears of it in a status: PaceRefusal. So is what goes out instead; a
        // lock is a kind of hold.
        case .slowNumber, .holdPair, .restNumber, .holdNumber, .holdToken, .restTemplates, .lockAccount, .restAccount, .restApp,
            .sendFallback:
            return
        }
    }
}
