import MetaEvents
import TemplateContract

extension Template.Review {
    /// Why a template cannot be sent, and what helps.
    var standing: String {
        switch self {
        case .draft: "has not been submitted to Meta; review.submit does"
        case .pending: "waits for Meta's review, which takes minutes to a day"
        case .rejected: "was rejected by Meta; review.status tells why, and a corrected one needs another name"
        case .paused: "is paused by Meta for low quality, and comes back in hours"
        case .disabled: "is disabled by Meta for good; use another template"
        case .approved: "is approved"
        }
    }

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
    /// The category that the template has from now on; nil where it is only announced, or Meta's word is not one that we know.
    ///
    /// Source: Meta, template_category_update: a move counts once it is done.
    var movedTo: Template.Category? {
        guard kind == .category || kind == .status, isUpcoming != true else { return nil }
        return category.flatMap { Template.Category(rawValue: $0.lowercased()) }
    }
}
