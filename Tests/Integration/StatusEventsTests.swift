import AccountContract
import Foundation
import GatewayContract
import GraphMessages
import MetaEvents
import RPCContract
import Support
import TemplateContract
import Testing
import Vocabulary

/// What Meta's statuses say besides where a message stands can be read with the message.
@Suite struct StatusEventsTests {
    private static let asha: ContactID = "919876543210"

    /// One member of a group has read it: that says nothing of the message.
    @Test func oneMembersMarkIsNotTheMessages() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let sent = try await linda.send(
                .init(to: "919876543210", template: .init(name: "greeting_news", variables: ["name": "Asha"]), requestKey: "k"))
            try await eventually("Meta has it") { try await linda.call(AccountContract.self, GetMessage.self, .init(sent.id)).wamid != nil }
            let wamid = try #require(try await linda.call(AccountContract.self, GetMessage.self, .init(sent.id)).wamid)
            func record(_ status: MetaWord<MessageStatus.Word>, participant: String?) async throws -> RecordStatuses.Reply {
                try await linda.call(
                    AccountContract.self, RecordStatuses.self,
                    .init(statuses: [
                        MessageStatus(
                            wamid: wamid, phoneNumberID: LindaFixture.numbers[0], status: status,
                            at: Timestamp(milliseconds: 1_790_000_000_000),
                            participant: participant)
                    ]))
            }
            #expect(try await record("played", participant: "919876500001").applied == 0)
            let why = try await linda.call(AccountContract.self, ExplainMessage.self, .init(sent.id))
            #expect(why.steps.contains { $0.member == "919876500001" && $0.state == .played } && why.message.state != .played)
            for raw: JSONValue in [
                ["participant_recipient_id": "9"], ["recipient_participant_id": "9"], ["recipient_type": "group", "recipient_id": "9"],
            ] {
                #expect(MessageStatus.participant(raw) == "9")
            }
            #expect(MessageStatus.participant(["recipient_id": "9"]) == nil)
            #expect(try await record("played", participant: nil).applied == 1)
        }
    }

    /// The sandbox asks what Meta asks: nothing for an answer, or a utility template, while the customer's window is open.
    @Test func onlyWhatMetaChargesForCosts() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            func price(to contact: String, isTemplate: Bool) async throws -> MessagePrice? {
                let template = SendMessage.Template(name: "greeting_news", variables: ["name": "Asha"])
                let sent = try await linda.send(
                    isTemplate
                        ? .init(to: contact, template: template, requestKey: "template to \(contact)")
                        : .init(to: contact, text: .init(body: "At once."), requestKey: "text to \(contact)"))
                var price: MessagePrice?
                try await eventually("its price") {
                    price = try await linda.call(AccountContract.self, GetMessage.self, .init(sent.id)).price
                    return price != nil
                }
                return price
            }
            try await linda.write("hello", from: Self.asha)
            let regular = try await price(to: "919876543211", isTemplate: true)
            #expect(regular == MessagePrice(billable: true, category: "utility", type: "regular", model: "PMP"))
            let free = MessagePrice(billable: false, category: "utility", type: "free_customer_service", model: "PMP")
            #expect(try await price(to: Self.asha.rawValue, isTemplate: true) == free)
            let answer = try await price(to: Self.asha.rawValue, isTemplate: false)
            #expect(answer == MessagePrice(billable: false, category: "service", type: "free_customer_service", model: "PMP"))
        }
    }

    /// Whatever a status says besides where the message stands is read with the message, and its number and person in the inbox.
    @Test func whatAStatusSaysBesidesIsReadWithItsMessage() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let sent = try await linda.send(
                .init(to: Self.asha.rawValue, template: .init(name: "greeting_news", variables: ["name": "Asha"]), requestKey: "k"))
            let status: JSONValue = [
                "id": "wamid.unheard", "status": "warming_up", "timestamp": "1790000000", "recipient_id": .string(Self.asha.rawValue),
                "biz_opaque_callback_data": .string(sent.id.rawValue), "conversation": ["id": "c1", "origin": ["type": "service"]],
            ]
            let contact: JSONValue = [
                "wa_id": .string(Self.asha.rawValue), "user_id": "IN.13491208655302741918", "profile": ["name": "Asha Rao"],
            ]
            let value: JSONValue = [
                "messaging_product": "whatsapp", "metadata": ["phone_number_id": .string(LindaFixture.numbers[0].rawValue)],
                "contacts": [contact], "statuses": [status],
            ]
            let body: JSONValue = [
                "object": "whatsapp_business_account",
                "entry": [["id": .string(LindaFixture.waba.rawValue), "changes": [["field": "messages", "value": value]]]],
            ]
            #expect(try await Webhook(linda).post(JSON.text(body)) == 200)
            func why() async throws -> ExplainMessage.Reply {
                try await linda.call(AccountContract.self, ExplainMessage.self, .init(sent.id))
            }
            try await eventually("the word is read") { try await why().steps.contains { $0.detail?.contains("warming_up") == true } }
            #expect(try await why().message.conversation == MessageConversation(id: "c1", origin: "service"))
            let items = try await linda.call(GatewayContract.self, ListInbox.self, .init(kind: "status")).items
            let item = try #require(items.first { $0.raw["id"]?.string == "wamid.unheard" })
            #expect(item.phoneNumberID == LindaFixture.numbers[0].rawValue && item.contact == Self.asha.rawValue)
            #expect(item.contactName == "Asha Rao" && item.userIDs == ["IN.13491208655302741918"])
        }
    }
}
