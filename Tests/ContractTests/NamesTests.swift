import AccountContract
import Foundation
import GatewayContract
import RPCContract
import TemplateContract
import Testing

/// What people call things is one line that steers nobody's terminal; what they write to each other may be anything.
@Suite struct NamesTests {
    private static let steering = ["\u{0}", "\u{1B}[2J", "\n", "\u{7F}", "\u{85}", "\u{2028}", "\u{202E}", "\u{2066}"]

    /// Where what was given is refused for its characters; nil where it is taken.
    private func path<M: RPCMethod>(_ method: M.Type, _ json: String) throws -> String? {
        do {
            _ = try ParamsDecoder<M>().decode(Data(json.utf8))
            return nil
        } catch let fault as Fault {
            #expect(fault.code == .params && fault.message.contains("one line"), "\(fault)")
            return fault.path
        }
    }

    @Test(arguments: steering) func namesAndIDsAreOneLine(part: String) throws {
        let name = JSON.text(.string("a\(part)b"))
        #expect(try path(CreateBroadcastList.self, #"{"name":\#(name)}"#) == "name")
        #expect(try path(CreateWindow.self, #"{"name":\#(name),"cron":"0 6 * * *","timeZone":"UTC"}"#) == "name")
        #expect(try path(CreateAPIKey.self, #"{"name":\#(name),"role":"viewer"}"#) == "name")
        #expect(try path(GetTemplate.self, #"{"name":\#(name)}"#) == "name")
        #expect(try path(CampaignStatus.self, #"{"id":\#(name)}"#) == "id")
        #expect(try path(GetMessage.self, #"{"id":\#(name)}"#) == "id")
        let account = #""phoneNumberID":"1","wabaID":"2","displayPhoneNumber":"+918047181000""#
        #expect(try path(AddAccount.self, #"{\#(account),"displayName":\#(name)}"#) == "displayName")
        #expect(try path(SendMessage.self, #"{"to":"919876543210","text":{"body":"Hi"},"requestKey":\#(name)}"#) == "requestKey")
        do {
            _ = try CallMeta(json: Data(#"{"workspace":\#(name)}"#.utf8))
            Issue.record("\(name) was taken as a workspace")
        } catch let violation as Violation { #expect(violation.path == "workspace") }
    }

    @Test(arguments: steering) func textsMayHaveAnything(part: String) throws {
        let text = JSON.text(.string("a\(part)b"))
        #expect(try path(SendMessage.self, #"{"to":"919876543210","text":{"body":\#(text)},"requestKey":"k"}"#) == nil)
        let template = #"{"name":"t","variables":{"name":\#(text)}}"#
        #expect(try path(SendMessage.self, #"{"to":"919876543210","template":\#(template),"requestKey":"k"}"#) == nil)
        #expect(try path(CreateTemplate.self, #"{"name":"a","language":"en","category":"utility","body":\#(text)}"#) == nil)
    }

    /// An experiment has no id: one that was named before names were one line can be shown, used, told of and stopped.
    @Test(arguments: steering) func whatWasKeptIsFoundByItsName(part: String) throws {
        let name = JSON.text(.string("a\(part)b"))
        #expect(try path(ExperimentStatus.self, #"{"name":\#(name)}"#) == nil)
        #expect(try path(StopExperiment.self, #"{"name":\#(name),"winner":"diwali_offer"}"#) == nil)
        #expect(try path(AssignExperiment.self, #"{"name":\#(name),"contacts":["919876543210"]}"#) == nil)
        #expect(try path(RecordExperiment.self, #"{"name":\#(name),"source":"01JC0000000000000000000000","results":[]}"#) == nil)
        #expect(try path(PlanCampaign.self, #"{"name":"n","experiment":\#(name),"contacts":"","requestKey":"k"}"#) == nil)
        let variants = #"[{"template":"a","share":1},{"template":"b","share":1}]"#
        #expect(try path(CreateExperiment.self, #"{"name":\#(name),"variants":\#(variants)}"#) == "name")
    }

    @Test(arguments: ["दीवाली ऑफ़र", "Ürün & Co. (№ 1) 🎉", "العربية", "👩‍👩‍👧", "a  b"]) func everyScriptHasNames(name: String) throws {
        #expect(try path(CreateBroadcastList.self, #"{"name":\#(JSON.text(.string(name)))}"#) == nil)
    }

    @Test func theSchemaSaysIt() throws {
        let schema = try Schema.params(of: CreateBroadcastList.self)
        let pattern = try #require(schema.json(isClosed: true)["properties"]?["name"]?["pattern"]?.string)
        let expression = try NSRegularExpression(pattern: pattern)
        func isTaken(_ text: String) -> Bool {
            expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text))?.range.length == text.utf16.count
        }
        #expect(isTaken("दीवाली ऑफ़र 🎉"))
        for part in Self.steering { #expect(!isTaken("a\(part)b"), "\(part.debugDescription)") }
    }

    /// What a fault quotes was given by whoever asks, and is shown to whoever reads the answer or the log.
    @Test func aFaultQuotesNothingThatSteers() throws {
        let text = "There is no list a\u{1B}[2J\u{202E}b\nc."
        let fault = Fault(.params, text, path: "x\u{0}", upstream: .init(details: text))
        #expect(fault.message == "There is no list a\u{FFFD}[2J\u{FFFD}b c." && fault.path == "x\u{FFFD}")
        let again = try JSON.decode(Fault.self, from: JSON.encode(fault))
        #expect(again.message == fault.message && again.path == fault.path && again.upstream?.details == fault.message)
        // One that another program has made.
        let foreign = try JSON.decode(Fault.self, from: #"{"code":-32602,"message":"a\u001bb","data":{"path":"\u202e"}}"#)
        #expect(foreign.message == "a\u{FFFD}b" && foreign.path == "\u{FFFD}")
    }
}
