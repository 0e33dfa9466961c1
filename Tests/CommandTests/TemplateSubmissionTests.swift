import TemplateContract
import Testing

@testable import linda

/// Whoever submits a template reads what comes next.
@Suite struct TemplateSubmissionTests {
    @Test(
        arguments: [
            (.pending, nil, "order_update (en) is pending; Meta's review takes minutes to a day; linda templates shows where it stands"),
            (.approved, nil, "order_update (en) is approved; it can be sent"),
            (.rejected, "INVALID_FORMAT", "order_update (en) is rejected (INVALID_FORMAT); a corrected one needs another name"),
        ] as [(Template.Review, String?, String)])
    func theNextStepIsSaid(review: Template.Review, reason: String?, words: String) {
        let reply = ReviewStatus.Reply(name: "order_update", language: "en", review: review, reason: reason, metaID: "7")
        #expect(Templates.Submit.words(reply) == words)
    }
}
