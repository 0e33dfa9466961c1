import MetaEvents
import RPCContract
import Testing
import Vocabulary

/// What `smb_app_state_sync` tells of the address book of the WhatsApp Business app.
@Suite struct AppContactChangeTests {
    private func changes(_ items: String) throws -> AppContactChange.Changes {
        let value = try JSON.decode(
            JSONValue.self, from: #"{"messaging_product":"whatsapp","metadata":{"phone_number_id":"1"},"state_sync":[\#(items)]}"#)
        guard case .appContacts(let changes) = MetaEvent(field: "smb_app_state_sync", value: value) else {
            throw Fault(.params, "They are no contacts of an app.")
        }
        return changes
    }

    @Test func whatWasAddedAndRemovedIsRead() throws {
        let asha = #"{"full_name":"Asha\nRao","first_name":"Asha","phone_number":"919876543210"}"#
        let changes = try changes(
            #"{"type":"contact","contact":\#(asha),"action":"add","metadata":{"timestamp":"1780000000"}},{"type":"contact","contact":{"phone_number":"919876543211"},"action":"remove","metadata":{"timestamp":"1780000001"}}"#
        )
        #expect(changes.number == "1" && changes.contacts.map(\.contact) == ["919876543210", "919876543211"])
        #expect(changes.contacts.map(\.name) == ["Asha Rao", nil] && changes.contacts.map(\.firstName) == ["Asha", nil])
        #expect(changes.contacts.map(\.isRemoved) == [false, true])
        #expect(changes.contacts.map(\.at) == [Timestamp(seconds: 1_780_000_000), Timestamp(seconds: 1_780_000_001)])
    }

    /// Meta's digits begin with the country code, whatever they look like.
    @Test(arguments: [("919876543210", "919876543210"), ("+91 98765-43210", "919876543210"), ("4915112345678", "4915112345678")])
    func aNumberIsRead(text: String, contact: ContactID) throws {
        let item = #"{"type":"contact","contact":{"phone_number":"\#(text)"},"action":"add"}"#
        #expect(try changes(item).contacts.map(\.contact) == [contact])
    }

    @Test func aCustomerWithoutANumberIsKnownByTheirBSUID() throws {
        let item = #"{"type":"contact","contact":{"full_name":"  ","user_id":"IN.1349120865530274"},"action":"add"}"#
        let change = try #require(try changes(item).contacts.first)
        #expect(change.contact == "IN.1349120865530274" && change.name == nil && change.at == nil)
    }

    @Test(arguments: [
        #"{"type":"label","contact":{"phone_number":"919876543210"},"action":"add"}"#,
        #"{"type":"contact","contact":{"phone_number":"919876543210"},"action":"merge"}"#,
        #"{"type":"contact","contact":{"phone_number":"12"},"action":"add"}"#, #"{"type":"contact","action":"add"}"#, "7",
    ])
    func whatNamesNobodyIsLeftOut(item: String) throws { #expect(try changes(item).contacts.isEmpty) }

    @Test func anotherShapeIsKept() {
        #expect(MetaEvent(field: "smb_app_state_sync", value: ["x": 1]) == .unknown(field: "smb_app_state_sync", ["x": 1]))
    }
}
