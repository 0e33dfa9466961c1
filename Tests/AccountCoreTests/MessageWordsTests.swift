import AccountContract
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountNumbers
@testable import AccountOutbox

/// What is told of a message, of a template's category and of a number, from Meta's own objects.
@Suite struct MessageWordsTests {
    static let template =
        #"{"name":"otp","components":[{"type":"body","parameters":[{"type":"text","text":"Asha"},{"type":"text","text":"1234"}]}]}"#

    @Test(
        arguments: [
            ("text", #"{"body":"Hello"}"#, Message.Category.service, "Hello"), ("text", #"{"body":""}"#, .service, nil),
            ("template", MessageWordsTests.template, .utility, "otp: Asha, 1234"), ("template", #"{"name":"plain"}"#, .utility, "plain"),
            ("interactive", #"{"body":{"text":"Choose"}}"#, .service, "Choose"), ("reaction", #"{"emoji":"👍"}"#, .service, "👍"),
            ("location", #"{"name":"Shop"}"#, .service, "Shop"), ("document", #"{"filename":"bill.pdf"}"#, .service, "bill.pdf"),
            ("image", #"{"caption":"Look","filename":"a.png"}"#, .service, "Look"), ("text", "", .service, nil),
        ] as [(String, String, Message.Category, String?)])
    func theWordsStandInTheObject(type: String, object: String, category: Message.Category, words: String?) {
        #expect(MessageWords.of(object, type: type, category: category) == words)
    }

    /// A one-time code is for the customer's eyes alone.
    @Test func aCodeIsNotTold() {
        #expect(MessageWords.of(Self.template, type: "template", category: .authentication) == "otp")
    }

    @Test func theLinkIsAsMetaSaysIt() {
        #expect(NumberAtMeta.link(["platform_type": "CLOUD_API"]) == .registered)
        #expect(NumberAtMeta.link(["platform_type": "NOT_APPLICABLE", "code_verification_status": "VERIFIED"]) == .verified)
        #expect(NumberAtMeta.link(["platform_type": "NOT_APPLICABLE"]) == .unlinked)
        #expect(NumberAtMeta.link(["platform_type": "ON_PREMISE"]) == nil && NumberAtMeta.link([:]) == nil)
    }

    private func category(_ categories: TemplateCategories, _ language: String) throws -> Message.Category? {
        try categories.category(of: #"{"name":"news","language":{"code":"\#(language)"}}"#, in: "2")
    }

    /// A move counts from its commit on, in either spelling of the language, and after a restart.
    @Test func whatMetaMovesGoesByItsNewCategory() async throws {
        let desk = try await OutboxDesk()
        let categories = TemplateCategories()
        let start = desk.now.value
        func hear(_ category: RecordTemplateCategory.Category, at time: Timestamp, isMove: Bool? = nil) async throws {
            let params = RecordTemplateCategory.Params(
                wabaID: "2", name: "news", language: "en-US", category: category, isMove: isMove, at: time)
            try await desk.store.write { db in try categories.move(db, params) }
        }
        try await hear(.utility, at: start, isMove: false)
        #expect(try !categories.hasMoved(in: "2") && category(categories, "en_US") == nil, "nobody has moved it")
        try await hear(.marketing, at: start + .minutes(1))
        #expect(try category(categories, "en_US") == .marketing && category(categories, "en-US") == .marketing)
        #expect(try category(categories, "hi") == nil && categories.category(of: "no object", in: "3") == nil)
        try await hear(.utility, at: start)
        #expect(try category(categories, "en_US") == .marketing, "heard late, it says nothing new")
        let restarted = TemplateCategories()
        try restarted.restore(desk.store)
        #expect(try category(restarted, "en_US") == .marketing)
        try desk.end()
    }
}
