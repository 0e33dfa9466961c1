import RPCContract
import TemplateContract
import Testing

@testable import TemplateCore

/// A name is free again only where Meta does not have it.
@Suite struct NameClashTests {
    private func fault(_ review: Template.Review, body: String? = nil, category: Template.Category = .utility) -> Fault? {
        var template = Template.example
        template.review = review
        let known = TemplateStore.Entry(template: template, body: TemplateText.parse(template.body).text)
        let params = CreateTemplate.Params(
            name: template.name, language: template.language, category: category, header: template.header, body: body ?? template.body,
            footer: template.footer, buttons: template.buttons)
        return NameClash.fault(params, against: known)
    }

    @Test(arguments: Template.Review.allCases) func theSameAgainIsTheSame(review: Template.Review) { #expect(fault(review) == nil) }

    @Test func aDraftCanBeRemoved() {
        let fault = fault(.draft, body: "Hello there.")
        #expect(fault?.code == .templateTaken && fault?.path == "name")
        #expect(fault?.message == "There is another order_update in en; template.delete removes it first.")
    }

    /// To remove it would cost the template, and Meta would refuse the other.
    @Test(arguments: [.pending, .approved, .rejected, .paused, .disabled] as [Template.Review])
    func whatMetaHasIsNotRemovedForAnother(review: Template.Review) {
        let words = "There is another order_update in en, and Meta keeps it: this one needs another name."
        #expect(fault(review, body: "Hello there.")?.message == words)
        #expect(fault(review, category: .marketing)?.message == words)
    }

    /// Of a variable's default Meta knows nothing.
    @Test func anotherDefaultIsTheSameAtMeta() {
        let fault = fault(.approved, body: "Hello {{name|friend}}, your order {{order}} is on its way.")
        #expect(fault?.message.hasSuffix("template.delete removes it first.") == true)
    }
}
