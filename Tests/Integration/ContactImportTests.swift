import Foundation
import RPCContract
import RPCTransport
import Support
import SyncContract
import Testing
import Vocabulary

/// The contacts of sync-service, through the real processes.
@Suite(.timeLimit(.minutes(3))) struct ContactImportTests {
    @Test func contactsAreImportedAndLookedUp() async throws {
        try await LindaFixture.run { linda in
            let csv = "phone,name\n+919876543210,Asha Rao\nnonsense,X\n+919876543211,Vikram\n"
            let first = try await linda.call(SyncContract.self, ImportContacts.self, .init(csv: csv))
            #expect((first.created, first.updated, first.problems.map(\.line)) == (2, 0, [3]))
            let second = try await linda.call(
                SyncContract.self, ImportContacts.self, .init(csv: csv.replacing("Vikram", with: "Vikram Shah")))
            #expect((second.created, second.updated, second.unchanged) == (0, 1, 1))
            #expect(try await linda.call(SyncContract.self, LookupContact.self, .init(phone: "0091 98765-43210")).name == "Asha Rao")
            #expect(try await linda.call(SyncContract.self, SearchContacts.self, .init(query: "shah")).items.map(\.name) == ["Vikram Shah"])
            #expect(try await linda.call(SyncContract.self, SearchContacts.self, .init(query: "100%")).items.isEmpty)
            let written = try await linda.call(SyncContract.self, SearchContacts.self, .init(query: "+91 98765-43211"))
            #expect(written.items.map(\.name) == ["Vikram Shah"])
            // All of many are found, page by page.
            let page = try await linda.call(SyncContract.self, SearchContacts.self, .init(query: "9876", limit: 1))
            let next = try await linda.call(SyncContract.self, SearchContacts.self, .init(query: "9876", limit: 1, cursor: page.next))
            #expect(Set((page.items + next.items).map(\.name)) == ["Asha Rao", "Vikram Shah"])
            let last = try await linda.call(SyncContract.self, SearchContacts.self, .init(query: "9876", limit: 1, cursor: next.next))
            #expect(last.items.isEmpty && last.next == nil)
            // Somebody who is deleted between two pages takes nobody with them.
            _ = try await linda.call(SyncContract.self, DeleteContact.self, .init(id: page.items[0].id))
            let rest = try await linda.call(SyncContract.self, SearchContacts.self, .init(query: "9876", limit: 1, cursor: page.next))
            #expect(rest.items.map(\.id) == next.items.map(\.id))
            let client = linda.client(SyncContract.self)
            let fault = await #expect(throws: Fault.self) { try await client.call(LookupContact.self, .init(phone: "+15550000000")) }
            #expect(fault?.code == .contactUnknown)
            await client.close()
            // Rows are seen by their workspace alone.
            let other = try await linda.call(SyncContract.self, ListContacts.self, .init(), meta: CallMeta(workspace: "other"))
            #expect(other.items.isEmpty)
        }
    }
}
