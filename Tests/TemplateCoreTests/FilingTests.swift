import MetaEvents
import RPCContract
import TemplateContract
import Testing
import Vocabulary

@testable import TemplateCore

/// What a submission comes to, by what Meta has.
@Suite struct FilingTests {
    private static let waba: WABAID = "102290129340398"

    private func entry(_ review: Template.Review = .draft, metaID: String? = nil, waba: WABAID? = nil) -> TemplateStore.Entry {
        var template = Template.example
        template.review = review
        return TemplateStore.Entry(
            template: template, body: TemplateText.parse(template.body).text, metaID: metaID, wabaID: waba ?? Self.waba)
    }

    /// The example as Meta lists it.
    private func listed(_ body: String = "Hello {{name}}, your order {{order}} is on its way.", status: String = "APPROVED")
        -> MetaTemplate
    {
        MetaTemplate([
            "id": "7", "name": "order_update", "language": "en", "status": .string(status), "category": "UTILITY",
            "rejected_reason": "NONE",
            "components": [
                ["type": "HEADER", "format": "TEXT", "text": "Order news"],
                [
                    "type": "BODY", "text": .string(body),
                    "example": ["body_text_named_params": [["param_name": "name", "example": "Asha"]]],
                ],
                ["type": "FOOTER", "text": "Lucky Shrub"],
                ["type": "BUTTONS", "buttons": [["type": "QUICK_REPLY", "text": "Track"]]],
            ],
        ])
    }

    @Test func theSameTextIsKnown() throws {
        let found = listed()
        #expect(Filing(of: entry(), in: Self.waba, found: found) == .known(found.event))
        #expect(Template.Review(found.event) == .approved && found.event.metaID == "7" && found.event.movedTo == .utility)
        #expect(Template.Review(listed(status: "FLAGGED").event) == .approved)
        #expect(Template.Review(listed(status: "REJECTED").event) == .rejected)
    }

    /// Once more, or anew under the same name, another text comes to the same end: the fault names the way out.
    @Test func anotherTextIsTaken() {
        #expect(Filing(of: entry(), in: Self.waba, found: listed("Hello {{name}}!")) == .taken)
        var fewer = entry()
        fewer.template.buttons = []
        #expect(Filing(of: fewer, in: Self.waba, found: listed()) == .taken)
        let fault = TemplateReview.taken(.example)
        #expect(fault.code == .reviewRefused && fault.path == "name" && fault.message.contains("needs another name"), "\(fault)")
        #expect(!fault.message.contains("submit it again"), "\(fault)")
    }

    /// What was filed from here is the same template, also where its text was changed at Meta.
    @Test func whatIsOursStaysOurs() {
        let changed = listed("Hello {{name}}!")
        #expect(Filing(of: entry(.approved, metaID: "7"), in: Self.waba, found: changed) == .known(changed.event))
        #expect(Filing(of: entry(.approved, metaID: "8"), in: Self.waba, found: changed) == .taken)
        #expect(Filing(of: entry(.disabled, metaID: "7", waba: "1"), in: Self.waba, found: changed) == .taken)
    }

    @Test(arguments: [.pending, .approved, .rejected, .paused, .disabled] as [Template.Review])
    func whatMetaHasNoMoreIsFiledAgain(review: Template.Review) {
        #expect(Filing(of: entry(review, metaID: "7"), in: Self.waba, found: nil) == .again)
        #expect(Filing(of: entry(review, metaID: "7", waba: "1"), in: Self.waba, found: nil) == .new)
    }

    /// The examples for Meta's review are no part of what a customer sees; each text is.
    @Test func aTemplateIsWhatCustomersSee() {
        let parts = TemplateParts(of: .example)
        #expect(listed().parts == parts)
        for change in [\Template.header, \.footer] as [WritableKeyPath<Template, String?>] {
            var other = Template.example
            other[keyPath: change] = nil
            #expect(TemplateParts(of: other) != parts)
        }
    }

    @Test func whatMetaNeverHadIsNew() { #expect(Filing(of: entry(), in: Self.waba, found: nil) == .new) }
}
