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
        switch event.event?.known {
        case .approved, .reinstated, .unarchived: self = .approved
        case .rejected: self = .rejected
        case .pending, .inAppeal: self = .pending
        case .paused: self = .paused
        case .disabled, .deleted, .pendingDeletion, .archived, .locked: self = .disabled
        case .flagged, nil: return nil
        }
    }
}

extension TemplateEvent {
    /// The category that the template has from now on; nil where it is only announced, or Meta's word is not one that we know.
    ///
    /// Source: Meta, template_category_update: a move counts once it is done.
    var movedTo: Template.Category? {
        switch moved {
        case .marketing: .marketing
        case .utility: .utility
        case .authentication: .authentication
        case nil: nil
        }
    }
}
