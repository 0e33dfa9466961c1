import AccountContract
import Foundation
import GatewayContract
import RPCContract
import Support
import SyncContract
import TemplateContract
import Testing
import Vocabulary

/// What a list gives to go on from is taken back by that list alone.
@Suite struct PageCursorTests {
    private func fault<M: RPCMethod>(_ method: M.Type, _ cursor: String, _ rest: [String: JSONValue] = [:]) throws -> Fault? {
        let params = JSON.text(.object(rest.merging(["cursor": .string(cursor)]) { _, new in new }))
        do { _ = try ParamsDecoder<M>().decode(Data(params.utf8)) } catch { return try #require(error as? Fault) }
        return nil
    }

    private func text<M: RPCMethod>(_ cursor: PageCursor<M>) throws -> String {
        try #require(try JSON.decode(JSONValue.self, from: JSON.encode([cursor]))[0]?.string)
    }

    @Test(arguments: ["zzz", "01JD0000000000000000000000", "00000000-01JD0000000000000000000000", "-", "42", "é"])
    func whatNoListHasGivenIsRefused(cursor: String) throws {
        for refusal in [
            try fault(ListMessages.self, cursor), try fault(ListCampaigns.self, cursor), try fault(ListConsents.self, cursor),
            try fault(ListTemplates.self, cursor), try fault(ListContacts.self, cursor), try fault(ListDeadLetters.self, cursor),
            try fault(ListInbox.self, cursor), try fault(ListAPIKeys.self, cursor), try fault(SearchContacts.self, cursor, ["query": "a"]),
            try fault(CampaignResults.self, cursor, ["id": "c"]),
        ] {
            #expect(refusal?.code == .params && refusal?.path == "cursor", "\(String(describing: refusal))")
            #expect(refusal?.message.contains("is not one that this list gave: give `next` of the page before") == true)
        }
    }

    @Test func anotherListsIsRefused() throws {
        let place = "01JD0000000000000000000000"
        let own = try text(PageCursor<ListMessages>(place))
        #expect(try fault(ListMessages.self, own) == nil)
        #expect(try fault(ListCampaigns.self, own)?.path == "cursor")
        #expect(try fault(ListMessages.self, try text(PageCursor<ListCampaigns>(place)))?.path == "cursor")
        #expect(try fault(ListInbox.self, try text(PageCursor<ListDeadLetters>(7)))?.path == "cursor")
    }

    /// Whatever a place consists of, it comes back as it was.
    @Test(arguments: ["", "7", "order_update\nen", "IN.13491208655302741918", "a-b"]) func aPlaceComesBack(place: String) throws {
        let cursor = PageCursor<ListTemplates>(place)
        let again = try JSON.decode([PageCursor<ListTemplates>].self, from: JSON.encode([cursor]))
        #expect(again == [cursor] && again[0].place == place)
    }
}
