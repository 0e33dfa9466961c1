import TemplateContract
import Testing

@testable import linda

/// What is to be known before a template is removed.
@Suite struct TemplateDeletionTests {
    @Test func whatMetaKeepsIsSaidBefore() {
        var template = Template.example
        let warning = Templates.Delete.warning(template)
        #expect(warning.contains("Meta keeps its copy") && warning.contains("a corrected one needs another name"), "\(warning)")
        #expect(warning.hasSuffix("Say --yes to remove it."))
        template.review = .draft
        #expect(
            Templates.Delete.warning(template)
                == "Campaigns and windows that use order_update (en) fail from then on. Say --yes to remove it.")
    }
}
