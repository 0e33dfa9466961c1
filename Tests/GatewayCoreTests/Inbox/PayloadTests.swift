import Foundation
import MetaEvents
import RPCContract
import Testing
import Vocabulary

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
        #expect(parts[5].orderKey == "22\u{1F}IN.5" && parts[5].contact == "IN.5" && parts[0].contact == "91" && parts[2].contact == "93")
        #expect(Set(parts.map(\.dedupeKey)).count == parts.count)
        #expect(parts[7].raw == ["x": [1]])
    }

    /// Meta tells of a writer beside the message; what says nothing is nothing.
    @Test func whoWroteIsToldWithTheMessage() throws {
        let contact = #"{"profile":{"name":"A","username":"a.k"},"wa_id":"91","identity_key_hash":"h"}"#
        let messages = #"[{"from":"91","id":"wamid.1"},{"from":"92","id":"wamid.2"}]"#
        let value = #"{"metadata":{"phone_number_id":"11"},"contacts":[\#(contact),{"wa_id":"92"}],"messages":\#(messages)}"#
        let parts = try payload(#"{"entry":[{"id":"1","changes":[{"field":"messages","value":\#(value)}]}]}"#).parts
        #expect(parts.map(\.profile) == [ContactProfile(["profile": ["username": "a.k"], "identity_key_hash": "h"]), nil])
        #expect(parts[0].profile?.username == "a.k" && parts[0].profile?.identityHash == "h")
        #expect(ContactProfile(["profile": ["username": ""], "identity_key_hash": ""]) == nil)
    }

    /// Meta cuts a text by UTF-16 code units: the message counts more than the emoji at its end.
    @Test func aTextCutInAnEmojiIsTaken() throws {
        let message = #"{"from":"91","id":"wamid.1","type":"text","text":{"body":"Hello \ud83d"}}"#
        let value = #"{"metadata":{"phone_number_id":"11"},"messages":[\#(message)]}"#
        let parts = try payload(#"{"entry":[{"id":"1","changes":[{"field":"messages","value":\#(value)}]}]}"#).parts
        #expect(parts.map { $0.raw["text"]?["body"] } == ["Hello \u{FFFD}"])
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

    private func keys(_ value: String, entry: String = "") throws -> [String] {
        try payload(#"{"entry":[{"id":"1"\#(entry),"changes":[{"field":"messages","value":\#(value)}]}]}"#).parts.map(\.dedupeKey)
    }

    @Test(arguments: ["recipient_participant_id", "recipient_participant_user_id"])
    func eachParticipantOfAGroupHasAStatusOfTheirOwn(member: String) throws {
        let statuses = (1...3).map { #"{"id":"w","status":"read","recipient_id":"G","recipient_type":"group","\#(member)":"9\#($0)"}"# }
        #expect(Set(try keys(#"{"statuses":[\#(statuses.joined(separator: ","))]}"#)).count == 3)
    }

    /// Meta names the recipient beside the statuses, too.
    @Test(arguments: [
        (#"{"wa_id":"919876543210","user_id":"IN.2","profile":{"name":"Asha"}}"#, ["IN.1", "IN.2"], "Asha"),
        (#"{"user_id":"IN.1","parent_user_id":"IN.ENT.3","profile":{"name":"Asha"}}"#, ["IN.1", "IN.ENT.3"], "Asha"),
        // Somebody else's entry says nothing of them.
        (#"{"wa_id":"919876543211","user_id":"IN.2","profile":{"name":"Ravi"}}"#, ["IN.1"], nil),
    ])
    func theContactsBesideAStatusNameItsRecipient(entry: String, ids: [ContactID], name: String?) throws {
        let status = #"{"id":"w","status":"sent","recipient_id":"919876543210","recipient_user_id":"IN.1"}"#
        let value = #"{"contacts":[\#(entry)],"statuses":[\#(status)]}"#
        let part = try #require(
            try payload(#"{"entry":[{"id":"1","changes":[{"field":"messages","value":\#(value)}]}]}"#).parts.first)
        #expect(part.contact == "919876543210" && part.userIDs == ids && part.contactName == name)
        let read = MessageStatus(
            part.raw, number: part.phoneNumberID, contact: part.contact, userIDs: part.userIDs, receivedAt: .zero)
        #expect(read?.recipient == "919876543210" && read?.userIDs == ids)
    }

    /// The same error later, or on another number, is another one; delivered twice it is the same.
    @Test func anErrorIsOfItsNumberAndItsTime() throws {
        let error = #"{"metadata":{"phone_number_id":"11"},"errors":[{"code":131000}]}"#
        let other = #"{"metadata":{"phone_number_id":"12"},"errors":[{"code":131000}]}"#
        #expect(try keys(error) == keys(error))
        #expect(try keys(error) != keys(other))
        #expect(try keys(error, entry: #","time":1"#) != keys(error, entry: #","time":2"#))
        #expect(try payload(#"{"entry":[{"id":"1","changes":[{"field":"messages","value":\#(error)}]}]}"#).parts[0].isOfTheMoment)
    }

    /// Nothing that Meta sends is without an event, known or not.
    @Test(arguments: [
        (#"{"id":"1"}"#, ["entry"]), (#"{"id":"1","changes":[]}"#, ["entry"]), (#"{"id":"1","messaging":[{"x":1}]}"#, ["entry"]),
        (#"{"id":"1","changes":[{"field":"messages","value":{"message_echoes":[{"id":"w"}]}}]}"#, ["messages"]),
        (
            #"{"id":"1","changes":[{"field":"messages","value":{"messages":{"id":"w"},"statuses":[{"id":"w","status":"sent"}]}}]}"#,
            ["status", "messages"]
        ),
        (
            #"{"id":"1","changes":[{"field":"messages","value":{"statuses":[{"id":"w","status":"sent"}],"echoes":[1]}}]}"#,
            ["status", "messages"]
        ),
        (#"{"id":"1","changes":[{"field":"messages","value":{}}]}"#, ["messages"]),
        (
            #"{"id":"1","changes":[{"field":"messages","value":{"contacts":[{"wa_id":"9"}],"statuses":[{"id":"w","status":"sent"}]}}]}"#,
            ["status"]
        ),
    ])
    func whatIsNotKnownIsKept(entry: String, kinds: [String]) throws {
        #expect(try payload(#"{"entry":[\#(entry)]}"#).parts.map(\.kind) == kinds)
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
