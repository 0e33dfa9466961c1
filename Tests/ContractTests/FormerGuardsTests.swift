import AccountContract
import Foundation
import RPCContract
import SandboxContract
import SyncContract
import TemplateContract
import Testing

/// What hand-written guards refused before the tables did, written down beside the tables and not taken from them.
@Suite struct FormerGuardsTests {
    private func path<M: RPCMethod>(_ method: M.Type, _ json: String) -> String? {
        let fault = #expect(throws: Fault.self, "\(M.name) \(json.prefix(200))") { try ParamsDecoder<M>().decode(Data(json.utf8)) }
        #expect(fault?.code == .params)
        return fault?.path
    }

    private func send(_ content: String) -> String? {
        path(SendMessage.self, #"{"to":"919876543210","requestKey":"k",\#(content)}"#)
    }

    @Test func contentsThatMetaRefuses() {
        func text(_ count: Int) -> String { String(repeating: "a", count: count) }
        let button = #"{"type":"button","sub_type":"url","index":0,"parameters":[{"type":"text","text":"\#(text(2001))"}]}"#
        #expect(
            send(#""template":{"name":"t","language":"en","category":"marketing","components":[\#(button)]}"#)
                == "template.components[0].parameters[0].text")
        let action = #"{"button":"b","sections":[{"rows":[{"id":"1","title":"A"}]}]}"#
        #expect(
            send(#""interactive":{"type":"list","header":{"type":"text"},"body":{"text":"x"},"action":\#(action)}"#)
                == "interactive.header.text")
        #expect(send(#""text":{"body":"\#(text(4097))"}"#) == "text.body")
        #expect(send(#""image":{"id":"1","caption":"\#(text(1025))"}"#) == "image.caption")
        #expect(send(#""document":{"id":"1","filename":"\#(text(241))"}"#) == "document.filename")
        #expect(send(#""location":{"latitude":0,"longitude":-180.5}"#) == "location.longitude")
        #expect(send(#""reaction":{"message_id":"","emoji":""}"#) == "reaction.message_id")
        #expect(send(#""text":{"body":"a"},"priority":1001"#) == "priority")
        #expect(send(#""template":{"name":"","language":"en"}"#) == "template.name")
        let buttons = (0..<4).map { #"{"type":"reply","reply":{"id":"\#($0)","title":"\#($0)"}}"# }.joined(separator: ",")
        #expect(
            send(#""interactive":{"type":"button","body":{"text":"x"},"action":{"buttons":[\#(buttons)]}}"#) == "interactive.action.buttons"
        )
    }

    @Test func campaignsAndWindows() {
        let plan = #""name":"n","template":"t","list":"l","requestKey":"k""#
        #expect(path(PlanCampaign.self, #"{\#(plan),"rate":10001}"#) == "rate")
        #expect(path(PlanCampaign.self, #"{\#(plan),"attempts":0}"#) == "attempts")
        #expect(path(PlanCampaign.self, #"{\#(plan),"budget":{"currency":"rupees","micros":1}}"#) == "budget.currency")
        #expect(path(PlanCampaign.self, #"{\#(plan),"budget":{"currency":"INR","micros":-1}}"#) == "budget.micros")
        #expect(path(PlanCampaign.self, #"{\#(plan),"budget":{"currency":"INR","micros":0}}"#) == "budget.micros")
        #expect(path(SetCampaignBudget.self, #"{"id":"i","budget":{"currency":"INR","micros":0}}"#) == "budget.micros")
        #expect(path(SetCampaignBudget.self, #"{"id":"i","budget":{"currency":"INR","micros":10000000000000000}}"#) == "budget.micros")
        #expect(path(AddToBroadcastList.self, #"{"id":"i","csv":"phone","firstLine":9223372036854775807}"#) == "firstLine")
        let window = #""name":"w","cron":"0 6 * * *","timeZone":"UTC""#
        #expect(path(CreateWindow.self, #"{\#(window),"target":101}"#) == "target")
        #expect(path(CreateWindow.self, #"{\#(window),"spreadFrom":10,"spreadTo":5}"#) == "spreadFrom")
        #expect(path(CreateWindow.self, #"{\#(window),"stage":10,"spreadFrom":-30}"#) == "stage")
        #expect(path(PlanCapacity.self, #"{"messages":100000001,"seconds":1}"#) == "messages")
    }

    /// Whoever writes another thing is told what is meant.
    @Test func aForeignCharacterIsToldWithTheMeaning() {
        let json = #"{"phoneNumberID":"+91 80 4718 1000","wabaID":"1","displayPhoneNumber":"+918047181000","displayName":"A"}"#
        let fault = #expect(throws: Fault.self) { try ParamsDecoder<AddAccount>().decode(Data(json.utf8)) }
        #expect(fault?.message.contains("it consists of digits: Meta's id of the number to configure") == true)
        #expect(fault?.message.hasSuffix("under API setup.") == true)
    }

    @Test func numbersContactsAndTemplates() {
        let account = #""wabaID":"1","displayPhoneNumber":"+918047181000","displayName":"A""#
        #expect(path(AddAccount.self, #"{"phoneNumberID":"12a",\#(account)}"#) == "phoneNumberID")
        #expect(path(AddAccount.self, #"{"phoneNumberID":"12",\#(account),"weight":0}"#) == "weight")
        #expect(path(ConfirmLink.self, #"{"phoneNumberID":"12","pin":"12345"}"#) == "pin")
        #expect(path(LinkAccount.self, #"{"phoneNumberID":"12","method":"PIGEON"}"#) == "method")
        #expect(path(RecordInbound.self, #"{"phoneNumberID":"1","contact":"2","wamid":"w","at":9223372036854775807}"#) == "at")
        #expect(path(ImportContacts.self, #"{"csv":"phone","countryCode":"+91"}"#) == "countryCode")
        #expect(path(SearchContacts.self, #"{"query":""}"#) == "query")
        #expect(path(LookupContact.self, #"{"bsuid":"IN-13491208655302741918"}"#) == "bsuid")
        #expect(path(CreateContact.self, #"{"bsuid":"in.13491208655302741918","name":"A"}"#) == "bsuid")
        #expect(path(SandboxPlay.self, #"{"customers":1,"messages":1,"firstContact":"9190000000001234"}"#) == "firstContact")
        #expect(path(SandboxPlay.self, #"{"customers":1,"messages":1,"firstContact":"IN.134912086553"}"#) == "firstContact")
        let price = #""category":"utility","price":{"currency":"INR","micros":1},"from":0"#
        #expect(path(ImportTariffs.self, #"{"items":[{"country":"ind",\#(price)}]}"#) == "items[0].country")
        let template = #""category":"utility","body":"Hello""#
        #expect(path(CreateTemplate.self, #"{"name":"A b","language":"en",\#(template)}"#) == "name")
        #expect(path(CreateTemplate.self, #"{"name":"a","language":"e n",\#(template)}"#) == "language")
    }

    /// A secret or a number given in the wrong type is not told back: faults are kept and logged.
    @Test func whatBelongsToAPersonIsNotEchoed() {
        for json in [#"{"phoneNumberID":"12","pin":123456}"#, #"{"phoneNumberID":"12","pin":[123456]}"#] {
            let fault = #expect(throws: Fault.self) { try ParamsDecoder<ConfirmLink>().decode(Data(json.utf8)) }
            #expect(fault?.message.contains("123456") == false)
        }
    }

    @Test func theEnvelopeIsBoundedToo() throws {
        func path(_ json: String) -> String? {
            do { _ = try CallMeta(json: Data(json.utf8)) } catch let violation as Violation { return violation.path } catch {
                return "\(error)"
            }
            return nil
        }
        #expect(path(#"{"workspace":"shop","requestKey":"k","deadlineMs":1000}"#) == nil)
        #expect(path(#"{"workspace":"द\u0941कान"}"#) == nil)
        #expect(path(#"{"requestKey":"\#(String(repeating: "k", count: 512))"}"#) == nil)
        #expect(path(#"{"requestKey":"\#(String(repeating: "k", count: 513))"}"#) == "requestKey")
        #expect(path(#"{"workspace":""}"#) == "workspace")
        #expect(path(#"{"workspace":null}"#) == "workspace")
        #expect(path(#"{"requestkey":"k"}"#) == "requestkey")
        for deadline in ["-1", "86400001", "9223372036854775808", "1.5"] { #expect(path(#"{"deadlineMs":\#(deadline)}"#) == "deadlineMs") }
    }
}
