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

extension TemplateEvent {
    /// The category that the template has from now on; nil where it is only announced, or Meta's word is none of ours.
    ///
    /// Source: Meta, template_category_update: a move counts once it is done.
    var movedTo: Template.Category? {
        guard kind == .category, isUpcoming != true else { return nil }
        return category.flatMap { Template.Category(rawValue: $0.lowercased()) }
    }
}
