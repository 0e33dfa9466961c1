import MetaEvents
import TemplateContract
import Testing

@testable import linda

/// The list of templates says why one cannot be sent, and what Meta warns of.
@Suite struct TemplateWhyTests {
    @Test(
        arguments: [
            (.approved, "APPROVED", "UNPAUSE", nil, nil, ""), (.approved, "FLAGGED", nil, "ABUSIVE_CONTENT", nil, "FLAGGED"),
            (.disabled, "ARCHIVED", nil, nil, nil, "ARCHIVED"), (.paused, "PAUSED", "FIRST_PAUSE", nil, nil, "FIRST_PAUSE"),
            (.rejected, "REJECTED", nil, "INVALID_FORMAT", nil, "INVALID_FORMAT"),
            (.approved, nil, nil, nil, "MARKETING", "Meta holds it for MARKETING"), (.draft, nil, nil, nil, nil, ""),
        ] as [(Template.Review, String?, String?, String?, String?, String)])
    func whyIsSaid(review: Template.Review, status: String?, title: String?, reason: String?, category: String?, words: String) {
        var template = Template.example
        (template.review, template.reviewReason, template.correctCategory) = (review, reason, category)
        (template.metaStatus, template.statusTitle) = (status.map { MetaWord($0) }, title.map { MetaWord($0) })
        #expect(Templates.why(template) == words)
    }
}
