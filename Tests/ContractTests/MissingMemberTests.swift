import AccountContract
import Foundation
import RPCContract
import Testing

/// Whoever forgets a member is told where, what it is, and what would do.
@Suite struct MissingMemberTests {
    @Test(arguments: [
        (#"{"to":"+919876543210","text":{"body":"Hi"}}"#, "requestKey"), (#"{"text":{"body":"Hi"},"requestKey":"k"}"#, "to"),
        (#"{"to":"+919876543210","text":{},"requestKey":"k"}"#, "text.body"),
    ])
    func theFaultSaysPlaceMeaningAndExample(json: String, path: String) throws {
        let fault = try #require(#expect(throws: Fault.self) { try ParamsDecoder<SendMessage>().decode(Data(json.utf8)) })
        #expect(fault.path == path && fault.message.hasPrefix("\(path) is missing: "), "\(fault)")
        if let meaning = SendMessage.Params.fields[path]?.meaning { #expect(fault.message.contains(meaning), "\(fault)") }
        #expect(fault.message.firstRange(of: ". For example: \"") != nil && fault.message.hasSuffix("\"."), "\(fault)")
    }

    @Test func anItemOfAListIsShownByTheExamplesFirst() throws {
        let json = #"{"items":[{"contact":"+919876543210","state":"granted","source":"form"},{"state":"granted","source":"form"}]}"#
        let fault = try #require(#expect(throws: Fault.self) { try ParamsDecoder<RecordConsent>().decode(Data(json.utf8)) })
        #expect(fault.path == "items[1].contact" && fault.message.contains("For example: "), "\(fault)")
    }
}
