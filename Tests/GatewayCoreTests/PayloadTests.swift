import Foundation
import RPCContract
import Testing

@testable import GatewayCore

@Suite struct PayloadTests {
    private func payload(_ text: String) throws -> Payload { try Payload(Data(text.utf8)) }

    @Test func everyEntryChangeMessageAndStatusIsAnEvent() throws {
        let parts = try payload(
            #"""
            {"object":"whatsapp_business_account","entry":[
             {"id":"1","changes":[
              {"field":"messages","value":{"metadata":{"phone_number_id":"11"},"contacts":[{"profile":{"name":"A"},"wa_id":"91"},{"profile":{"name":"B"},"wa_id":"92"}],
                "messages":[{"from":"91","id":"wamid.1","type":"text"},{"from":"92","id":"wamid.2","type":"hologram"}],
                "statuses":[{"id":"wamid.9","status":"sent","recipient_id":"93"},{"id":"wamid.9","status":"read","recipient_id":"93"}]}},
              {"field":"account_alerts","value":{"entity_type":"BUSINESS"}}]},
             {"id":"2","time":7,"changes":[
              {"field":"messages","value":{"metadata":{"phone_number_id":"22"},"messages":[{"from_user_id":"IN.5","id":"wamid.3","type":"text"}],"errors":[{"code":131000}]}},
              {"field":"never_heard_of","value":{"x":[1]}}]}]}
            """#
        ).parts
        #expect(parts.map(\.kind) == ["message", "message", "status", "status", "account_alerts", "message", "error", "never_heard_of"])
        #expect(parts.map(\.phoneNumberID) == ["11", "11", "11", "11", nil, "22", "22", nil])
        #expect(parts[0].contactName == "A")
        #expect(parts[1].contactName == "B")
        #expect(parts[1].raw["type"] == "hologram")
        #expect(parts[5].orderKey == "22\u{1F}IN.5" && parts[5].contact == "IN.5" && parts[0].contact == "91" && parts[2].contact == nil)
        #expect(Set(parts.map(\.dedupeKey)).count == parts.count)
        #expect(parts[7].raw == ["x": [1]])
    }

    @Test func aRepeatedEventHasTheSameKeyWhateverItsPlace() throws {
        let alone = try payload(
            #"{"entry":[{"id":"1","changes":[{"field":"messages","value":{"statuses":[{"id":"w","status":"sent","recipient_id":"9"}]}}]}]}"#
        )
        let among = try payload(
            #"{"entry":[{"id":"1","changes":[{"field":"messages","value":{"statuses":[{"id":"v","status":"sent","recipient_id":"9"},{"timestamp":"5","recipient_id":9,"status":"sent","id":"w"}]}}]}]}"#
        )
        #expect(alone.parts[0].dedupeKey == among.parts[1].dedupeKey)
        #expect(among.parts[0].dedupeKey != among.parts[1].dedupeKey)
        let management = [#"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#, #"{"b":2,"a":3}"#].map {
            try? payload(#"{"entry":[{"id":"1","time":5,"changes":[{"field":"security","value":\#($0)}]}]}"#).parts[0].dedupeKey
        }
        #expect(management[0] == management[1])
        #expect(management[0] != management[2])
    }

    @Test(arguments: [
        ("", Payload.Problem.notJSON(from: 0)), ("hello", .notJSON(from: 0)), (#"{"entry":"#, .notJSON(from: 9)), ("{}", .noEntries),
        ("[]", .noEntries),
        (#"{"entry":5}"#, .noEntries),
    ])
    func whatIsNoWebhookSaysSo(text: String, problem: Payload.Problem) {
        #expect(throws: problem) { try payload(text) }
    }

    @Test(arguments: [
        #"{"entry":[]}"#, #"{"entry":[{}]}"#, #"{"entry":[{"id":5,"changes":[{}]}]}"#, #"{"entry":[1,null,"x"]}"#,
        #"{"entry":[{"changes":[{"field":"messages","value":null}]}]}"#,
    ])
    func oddShapesAreNotRefused(_ text: String) {
        #expect(throws: Never.self) { try payload(text) }
    }

    @Test(arguments: [
        "", "sha256=", "sha1=00", "sha256=" + String(repeating: "g", count: 64), "sha256=" + String(repeating: "0", count: 63),
    ])
    func whatIsNoSignatureIsNone(_ header: String) { #expect(WebhookDelivery.signature(header) == nil) }
}
