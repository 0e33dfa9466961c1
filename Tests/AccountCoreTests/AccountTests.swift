import AccountContract
import Foundation
import GraphAPI
import GraphMessages
import JobQueue
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountOutbox
@testable import SandboxCore

@Suite struct MessageProgressTests {
    @Test func statesNeverGoBackwards() {
        let order: [Message.State] = [.queued, .sending, .accepted, .sent, .delivered, .read, .played]
        for (index, state) in order.enumerated() {
            for status in order[...index] { #expect(MessageProgress.next(after: state, on: status) == nil, "\(state) on \(status)") }
            for status in order[(index + 1)...] where order.firstIndex(of: status) ?? 0 >= 2 {
                #expect(MessageProgress.next(after: state, on: status) == status)
            }
        }
    }

    @Test func failedIsFinalAndDoesNotUndoDelivery() {
        for status in Message.State.allCases { #expect(MessageProgress.next(after: .failed, on: status) == nil) }
        for state in [Message.State.queued, .sending, .unknown, .accepted, .sent] {
            #expect(MessageProgress.next(after: state, on: .failed) == .failed)
        }
        for state in [Message.State.delivered, .read, .played] { #expect(MessageProgress.next(after: state, on: .failed) == nil) }
        #expect(MessageProgress.next(after: .unknown, on: .sent) == .sent)
    }
}

/// What Linda lets through, Meta's schemas take; what Meta limits, Linda refuses with the place.
@Suite struct MessageContentTests {
    private let schemas = Result { try SchemaDocument.embedded() }

    @Test(arguments: [SendMessage.example.params] + SendMessage.alternatives)
    func everySampleConformsToMetasSchema(_ params: SendMessage.Params) throws {
        #expect(throws: Never.self) { try SendMessage.validate(params) }
        let body: (type: String, object: String)
        if let content = params.freeForm.first {
            body = (content.type, try content.object())
        } else if let template = params.template {
            let message = TemplateMessage(name: template.name, language: template.language ?? "en", components: template.components)
            body = ("template", try MessageContent.template(message).object())
        } else {
            Issue.record("a sample without content")
            return
        }
        let options = OutboundMessage.Options(replyTo: params.replyTo, identityKeyHash: params.identityKeyHash)
        let message = OutboundMessage(to: "919876543210", type: body.type, object: body.object, options: options, callbackData: "01J")
        let value = try JSON.decode(JSONValue.self, from: message.body)
        #expect(try schemas.get().violations("POST", "/{Version}/{Phone-Number-ID}/messages", value) == [])
        #expect(value["type"]?.string == body.type)
    }

    @Test(arguments: [
        (#"{"text":{"body":""}}"#, "text.body"),
        (#"{"image":{"id":"1","link":"https://e.org/a.jpg"}}"#, "image"),
        (#"{"image":{"link":"ftp://e.org/a.jpg"}}"#, "image.link"),
        (#"{"audio":{"id":"1","caption":"x"}}"#, "audio.caption"),
        (#"{"image":{"id":"1","filename":"x"}}"#, "image.filename"),
        (#"{"video":{"id":"1","voice":true}}"#, "video.voice"),
        (#"{"location":{"latitude":91,"longitude":0}}"#, "location.latitude"),
        (#"{"contacts":[]}"#, "contacts"),
        (#"{"contacts":[{"name":{"formatted_name":"A"}}]}"#, "contacts[0].name"),
        (#"{"contacts":[{"name":{"formatted_name":"A","first_name":"A"},"birthday":"15.8.1990"}]}"#, "contacts[0].birthday"),
        (#"{"reaction":{"message_id":"w","emoji":"no"}}"#, "reaction.emoji"),
        (
            #"{"interactive":{"type":"button","body":{"text":"x"},"action":{"buttons":[{"type":"reply","reply":{"id":"1","title":"A"}},{"type":"reply","reply":{"id":"2","title":"A"}}]}}}"#,
            "interactive.action.buttons"
        ),
        (
            #"{"interactive":{"type":"list","body":{"text":"x"},"action":{"button":"b","sections":[{"rows":[{"id":"1","title":"A"}]},{"rows":[{"id":"2","title":"B"}]}]}}}"#,
            "interactive.action.sections[0].title"
        ),
        (
            #"{"interactive":{"type":"product_list","body":{"text":"x"},"action":{"catalog_id":"1","sections":[{"title":"T","product_items":[{"product_retailer_id":"1"}]}]}}}"#,
            "interactive.header"
        ),
        (
            #"{"interactive":{"type":"cta_url","body":{"text":"x"},"action":{"name":"cta_url","parameters":{"display_text":"a","url":"x"}}}}"#,
            "interactive.action.parameters.url"
        ),
        (#"{"interactive":{"type":"location_request_message","action":{"name":"send_location"}}}"#, "interactive.body"),
        (
            #"{"template":{"name":"t","language":"en","components":[{"type":"button","sub_type":"copy_code","index":"12","parameters":[{"type":"coupon_code","coupon_code":"A"}]}],"category":"marketing"}}"#,
            "template.components[0].index"
        ),
        (#"{"template":{"name":"t","components":[],"category":"marketing"}}"#, "template.language"),
        (#"{"template":{"name":"t","language":"en","components":[]}}"#, "template.category"),
        (#"{"text":{"body":"a"},"image":{"id":"1"}}"#, "text"),
    ])
    func whatMetaWouldRefuseIsRefusedWithItsPlace(content: String, path: String) throws {
        let json = #"{"to":"919876543210","requestKey":"k","# + content.dropFirst()
        let fault = #expect(throws: Fault.self) { try ParamsDecoder<SendMessage>().decode(Data(String(json).utf8)) }
        #expect(fault?.code == .params)
        #expect(fault?.path == path)
    }

    /// Random contents that pass Linda's checks pass Meta's schemas too.
    @Test func atTheEdgesOfTheLimitsBothAgree() throws {
        let schemas = try schemas.get()
        func agrees(_ content: MessageContent) throws {
            let params = #"{"to":"919876543210","requestKey":"k","\#(content.type)":\#(try content.object())}"#
            #expect(throws: Never.self) { try ParamsDecoder<SendMessage>().decode(Data(params.utf8)) }
            let message = OutboundMessage(to: "919", type: content.type, object: try content.object(), callbackData: "1")
            let value = try JSON.decode(JSONValue.self, from: message.body)
            #expect(schemas.violations("POST", "/{Version}/{Phone-Number-ID}/messages", value) == [], "\(content.type)")
        }
        func text(_ count: Int) -> String { String(repeating: "न", count: count) }
        try agrees(.text(TextMessage(body: text(4096))))
        try agrees(.image(MediaMessage(id: "1", caption: text(1024))))
        let buttons = (0..<3).map { ReplyButton(id: String(repeating: "\($0)", count: 256), title: "\($0)" + text(19)) }
        try agrees(.interactive(InteractiveMessage(header: .text(text(60)), body: text(1024), footer: text(60), action: .buttons(buttons))))
        let rows = (0..<10).map { ListSection.Row(id: "\($0)" + text(199), title: text(24), description: text(72)) }
        try agrees(
            .interactive(
                InteractiveMessage(body: text(1024), action: .list(button: text(20), sections: [ListSection(title: text(24), rows: rows)])))
        )
        let products = ProductSection(title: text(24), items: (0..<30).map { "p\($0)" })
        try agrees(
            .interactive(InteractiveMessage(header: .text("x"), body: "b", action: .productList(catalogID: "1", sections: [products]))))
    }
}
