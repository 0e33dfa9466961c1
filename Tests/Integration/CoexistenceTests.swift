import AccountContract
import Foundation
import GatewayContract
import IntelligenceContract
import MetaEvents
import RPCContract
import SandboxContract
import Support
import SyncContract
import Testing
import Vocabulary

/// A number that goes on living in the WhatsApp Business app: what the app tells of it can be read here.
@Suite struct CoexistenceTests {
    private static let asha: ContactID = "919876543210"
    private static let number = LindaFixture.numbers[0]

    /// Posts a change as Meta does, and waits until it has been handled.
    private func tell(_ linda: LindaFixture, _ field: String, _ members: String) async throws {
        let before = try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing()).done
        let metadata = #"{"display_phone_number":"918047181000","phone_number_id":"\#(Self.number.rawValue)"}"#
        let value = #"{"messaging_product":"whatsapp","metadata":\#(metadata),\#(members)}"#
        let entry = #"{"id":"\#(LindaFixture.waba.rawValue)","changes":[{"field":"\#(field)","value":\#(value)}]}"#
        let status = try await Webhook(linda).post(#"{"object":"whatsapp_business_account","entry":[\#(entry)]}"#)
        #expect(status == 200)
        try await eventually("\(field) is handled") {
            try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing()).done > before
        }
    }

    private func conversation(_ linda: LindaFixture) async throws -> GetConversation.Reply {
        try await linda.call(IntelligenceContract.self, GetConversation.self, .init(account: Self.number, contact: Self.asha))
    }

    @Test func theChatsOfBeforeStandInTheirConversations() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            let time = Int(Date().timeIntervalSince1970) - 86_400
            let asked =
                #"{"from":"919876543210","id":"wamid.H1","timestamp":"\#(time)","type":"text","text":{"body":"STOP"},"history_context":{"status":"READ"}}"#
            let answered =
                #"{"from":"918047181000","to":"919876543210","id":"wamid.H2","timestamp":"\#(time + 5)","type":"media_placeholder","history_context":{"status":"DELIVERED"}}"#
            let thread = #"{"id":"919876543210","messages":[\#(answered),\#(asked)]}"#
            try await tell(
                linda, "history",
                #""history":[{"metadata":{"phase":1,"chunk_order":7,"progress":55},"threads":[\#(thread)]}]"#)
            let image = #"{"id":"1037543291543636","mime_type":"image/jpeg","caption":"The menu"}"#
            try await tell(
                linda, "history",
                #""messages":[{"from":"918047181000","to":"919876543210","id":"wamid.H2","timestamp":"\#(time + 5)","type":"image","image":\#(image)}]"#
            )
            let all = try await conversation(linda)
            #expect(all.messages.map(\.wamid) == ["wamid.H1", "wamid.H2"] && all.messages.map(\.isHistory) == [true, true])
            #expect(all.messages.map(\.direction) == [.inbound, .outbound] && all.messages.map(\.text) == ["STOP", "The menu"])
            #expect(all.messages.map(\.state) == ["read", "delivered"] && !all.needsPerson)
            #expect(all.messages[1].content?.media?.id == "1037543291543636")
            let window = try await linda.call(
                AccountContract.self, GetConversationWindow.self, .init(contact: Self.asha, account: Self.number))
            #expect(!window.open && window.expiresAt == nil)
            let consent = try await linda.call(AccountContract.self, GetConsent.self, .init(contact: "+919876543210"))
            #expect(consent.state == nil, "what was said long ago stops nothing now")
            try await tell(
                linda, "history", #""history":[{"errors":[{"code":2593109,"title":"Declined","error_data":{"details":"Not shared"}}]}]"#)
            let steps = try await linda.call(AccountContract.self, AccountHealth.self, .init(Self.number)).steps.filter {
                $0.from == "history"
            }
            #expect(steps.map(\.to) == ["importing", "declined"] && steps.last?.reason.contains("Not shared") == true)
            #expect(try await linda.phone(Self.asha).isEmpty, "nobody is answered")
        }
    }

    /// What is done in the app's address book is done in the mirror, and a name that somebody gave stays.
    @Test func theAppsContactsStandInTheMirror() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            _ = try await linda.call(SyncContract.self, CreateContact.self, .init(phone: "+919876543211", name: "Ravi"))
            let time = Int(Date().timeIntervalSince1970)
            func item(_ phone: String, _ name: String?, _ action: String, at time: Int) -> String {
                let names = name.map { #""full_name":"\#($0)","first_name":"\#($0)","# } ?? ""
                return
                    #"{"type":"contact","contact":{\#(names)"phone_number":"\#(phone)"},"action":"\#(action)","metadata":{"timestamp":"\#(time)"}}"#
            }
            func found(_ query: String) async throws -> [Contact] {
                try await linda.call(SyncContract.self, SearchContacts.self, .init(query: query)).items
            }
            let added = [item("919876543210", "Asha", "add", at: time - 20), item("919876543211", "Plumber", "add", at: time - 20)]
            try await tell(linda, "smb_app_state_sync", #""state_sync":[\#(added.joined(separator: ","))]"#)
            let asha = try await found("asha")
            #expect(asha.map(\.phone) == [Self.asha] && asha.map(\.app?.name) == ["Asha"])
            #expect(try await found("plumber").map(\.name) == ["Ravi"])
            let removed = [item("919876543210", nil, "remove", at: time - 10), item("919876543211", nil, "remove", at: time - 10)]
            try await tell(linda, "smb_app_state_sync", #""state_sync":[\#(removed.joined(separator: ","))]"#)
            try await tell(linda, "smb_app_state_sync", #""state_sync":[\#(item("919876543210", "Old", "add", at: time - 30))]"#)
            for query in ["9876543210", "plumber"] { #expect(try await found(query).isEmpty, "\(query)") }
            #expect(try await found("ravi").map(\.app) == [nil])
        }
    }
}
