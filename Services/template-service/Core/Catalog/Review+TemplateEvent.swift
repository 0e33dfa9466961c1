import MetaEvents
import TemplateContract

extension Template {
    /// Why it cannot be sent, and what helps.
    var standing: String {
        switch review {
        case .draft: "has not been submitted to Meta; review.submit does"
        case .pending: "waits for Meta's review, which takes minutes to a day"
        case .rejected: "was rejected by Meta; review.status tells why, and a corrected one needs another name"
        case .paused: pause
        case .disabled: end
        case .approved: "is approved"
        }
    }

    /// Source: Meta, message_template_status_update, other_info.
    private var pause: String {
        switch statusTitle {
        case .known(.rateLimitingPause): "is paused by Meta's rate limit, and not for low quality; Meta gives it back by itself"
        case .unknown(let title): "is paused by Meta (\(title)), and comes back when Meta says so"
        case .known: "is paused by Meta for low quality, and comes back in hours"
        // Another word has come since: why it was paused is not known any more.
        case nil where metaStatus != nil && metaStatus != .known(.paused): "is paused by Meta, and comes back when Meta says so"
        case nil: "is paused by Meta for low quality, and comes back in hours"
        }
    }

    /// Source: Meta, message_template_status_update, event.
    private var end: String {
        switch metaStatus?.known {
        case .archived: "is archived at Meta; unarchive it in WhatsApp Manager, or use another template"
        case .deleted, .pendingDeletion: "was deleted at Meta; use another template"
        case .disabled, nil: "is disabled by Meta for good; use another template"
        default: "cannot be sent as Meta has it now; WhatsApp Manager tells why, or use another template"
        }
    }
}

extension Template.Review {
    /// The review after an event of Meta's; nil where it says nothing of the review.
    init?(_ event: TemplateEvent) {
        guard event.kind == .status else { return nil }
        switch event.event?.known {
        case .approved, .reinstated, .unarchived: self = .approved
        case .rejected: self = .rejected
        case .pending, .inAppeal: self = .pending
        case .paused: self = .paused
        case .disabled, .deleted, .pendingDeletion, .archived: self = .disabled
        case .locked:
            // It cannot be edited. What is said beside that may be a pause.
            switch event.title?.known {
            case .firstPause, .secondPause, .rateLimitingPause: self = .paused
            case .disabled: self = .disabled
            case .unpause, nil: return nil
            }
        // It can be sent as before: Meta warns.
        case .flagged, .limitExceeded, nil: return nil
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
