import AccountContract
import Foundation
import MetaEvents
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountOutbox

/// What a campaign's results say of each recipient, and in which order.
@Suite struct CampaignResultsTests {
    private static func cells(_ line: Substring) -> [String] {
        line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    /// The file's order is not that of the numbers, by which they are planned.
    @Test func thereIsALineForEachOfTheFileInItsOrder() async throws {
        try await CampaignScene.run { scene in
            let csv = "phone,name\n" + [5, 1, 4].map { "+91980000000\($0),N\($0)\n" }.joined() + "nonsense,X\n+919800000002,N2\n"
            let campaign = try await scene.plan(.init(name: "C", template: "t", csv: csv, requestKey: "k"))
            for limit in [1, 2, 5, 100] {
                var (lines, cursor) = ([Substring](), PageCursor<CampaignResults>?.none)
                repeat {
                    let page = try await scene.desk.campaigns.results(
                        .init(id: campaign.id.rawValue, limit: limit, cursor: cursor), workspace: "w")
                    lines += page.csv.split(separator: "\n")
                    cursor = page.next
                } while cursor != nil
                let found = lines.dropFirst().map { Self.cells($0).prefix(2).joined(separator: ",") }
                #expect(found == ["2,N5", "3,N1", "4,N4", "5,", "6,N2"], "\(limit) a page: \(lines)")
            }
            for cursor in ["1", "a:b", "1:2:3", ":", "99999999999999999999:1"] {
                let fault = await #expect(throws: Fault.self) {
                    try await scene.desk.campaigns.results(.init(id: campaign.id.rawValue, cursor: PageCursor(cursor)), workspace: "w")
                }
                #expect(fault?.path == "cursor" && fault?.message.hasPrefix("cursor is not one that this list gave") == true)
            }
        }
    }

    /// Meta may tell of the delivery alone.
    @Test func whatWasDeliveredWasSent() async throws {
        let desk = try await OutboxDesk()
        let list = try await desk.lists.create("People", workspace: "w")
        let campaign = try await desk.campaigns.plan(
            .init(name: "C", template: "t", list: list.id.rawValue, requestKey: "c"), workspace: "w")
        try await desk.queueRecipients(of: campaign.id, 3)
        let ids = try await desk.lease()
        let taken = desk.now.value
        for id in ids.prefix(2) { try await desk.accept(id) }
        desk.now.set(taken + 60_000)
        let delivered = desk.now.value
        func status(_ id: String) -> MessageStatus {
            MessageStatus(
                wamid: WAMID("wamid.\(id)"), phoneNumberID: "1", status: "delivered", at: delivered, callbackData: id)
        }
        // Of the third Meta's answer was lost: its first word is the delivery.
        _ = try await desk.statuses.record(.init(statuses: [status(ids[0].rawValue), status(ids[2].rawValue)]))
        let csv = try await desk.campaigns.results(.init(id: campaign.id.rawValue), workspace: "w").csv
        func times(_ id: String) throws -> [String] {
            let line = try #require(csv.split(separator: "\n").first { $0.contains(id) })
            return Array(Self.cells(line)[7...8])
        }
        let (then, later) = (Date(taken).ISO8601Format(), Date(delivered).ISO8601Format())
        #expect(try times(ids[0].rawValue) == [then, later])
        #expect(try times(ids[1].rawValue) == ["", ""], "Meta has it, and has told nothing of it")
        #expect(try times(ids[2].rawValue) == [later, later])
        try desk.end()
    }
}
