import AccountCampaigns
import AccountContacts
import AccountContract
import AccountNumbers
import AccountOutbox
import GRDB
import GraphAPI
import Storage
import Vocabulary

/// What follows from a refusal besides the message's own failure; in the transaction that records it.
struct Refusals: OutboxListener {
    let store: Store
    let numbers: Numbers
    let consents: ConsentStore
    let campaigns: CampaignStates

    func refused(_ db: Database, _ refusal: MessageRefusal) throws {
        let error = refusal.error
        switch error.code {
        case 131050:
            // Meta says that the person has stopped marketing from this business.
            let step = Consent.Step(state: .stopped, at: store.now, source: "meta", actor: nil, proof: "131050 on \(refusal.message)")
            try consents.record(db, refusal.contact, step, workspace: refusal.workspace)
        case 131048:
            // Everything the number begins makes it worse.
            let isKnown = try Numbers.isKnown(db, refusal.number)
            if isKnown, try numbers.hear(db, .restricted(error.meaning), of: refusal.number) != nil { try numbers.refresh(db) }
        default: break
        }
        guard error.scope == .template, let campaign = refusal.campaign else { return }
        // The same template fails for everybody: its campaign waits for somebody to act.
        let isShared = [132001, 132015, 132016, 132007, 132068, 132069, 134101, 134102].contains(error.code ?? 0)
        guard isShared else { return }
        try campaigns.set(db, campaign, .paused, from: [.running], reason: error.explanation)
    }
}
