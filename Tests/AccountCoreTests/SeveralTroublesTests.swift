import AccountContract
import GRDB
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountNumbers

/// What several numbers have at once is said once, and shortly where there is little room.
@Suite struct SeveralTroublesTests {
    @Test func theHealthSaysTheSameOnce() {
        let troubles: [(number: String, text: String)] = [("+91 1", "banned: x."), ("+91 2", "held: y."), ("+91 3", "banned: x.")]
        #expect(NumbersSubsystem.sentences(troubles) == "+91 1, +91 3 banned: x.; +91 2 held: y.")
        let many: [(number: String, text: String)] = (1...7).map { ("+91 \($0)", "banned: x.") }
        #expect(NumbersSubsystem.sentences(many) == "+91 1, +91 2, +91 3, +91 4, +91 5 banned: x.; and 2 more")
    }

    @Test func aCampaignPointsToWhatTheNumbersHave() async throws {
        try await CampaignScene.run { scene in
            let numbers = scene.desk.numbers
            _ = try await numbers.add(
                .init(phoneNumberID: "2", wabaID: "2", displayPhoneNumber: "+918047181002", displayName: "B"), workspace: "w")
            let campaign = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(40), start: true, requestKey: "k"))
            try await numbers.change { db in
                for number in ["1", "2"] as [PhoneNumberID] { try numbers.hear(db, .banned("a long story"), of: number) }
            }
            // People wait on both, whichever the plan chose.
            try await scene.desk.pool.write { db in
                try db.execute(sql: "UPDATE campaignRecipient SET account = iif(n % 2, '1', '2')")
            }
            let standing = try #require(try await scene.desk.campaigns.progress(campaign.id.rawValue, workspace: "w").campaign.standing)
            #expect(standing.contains("+918047181000 banned") && standing.contains("+918047181002 banned"), "\(standing)")
            #expect(standing.hasSuffix("account.health of a number tells why, and what to do.") && standing.count < 120, "\(standing)")
            #expect(!standing.contains("a long story"), "\(standing)")
        }
    }
}
