import MetaEvents
import TemplateContract

extension Template.Review {
    /// The review after an event of Meta's; nil where it says nothing of the review.
    init?(_ event: TemplateEvent) {
        guard event.kind == .status else { return nil }
        switch event.event {
        case "APPROVED", "REINSTATED", "UNARCHIVED": self = .approved
        case "REJECTED": self = .rejected
        case "PENDING", "IN_APPEAL": self = .pending
        case "PAUSED": self = .paused
        case "DISABLED", "DELETED", "PENDING_DELETION", "ARCHIVED", "LOCKED": self = .disabled
        default: return nil
        }
    }
}
