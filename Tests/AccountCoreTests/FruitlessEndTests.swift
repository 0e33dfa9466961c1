import AccountContract
import GRDB
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountContacts
@testable import AccountOutbox

/// A campaign that has ended and reached nobody says why, and what to do next.
@Suite struct FruitlessEndTests {
    private func end(
        _ failures: [FruitlessEnd.Cause] = [], _ skips: [FruitlessEnd.Cause] = [], kind: Campaign.Kind = .campaign,
        time: FruitlessEnd.Time = .open
    ) -> String {
        let counts = [failures, skips].map { $0.map(\.count).reduce(0, +) }
        return FruitlessEnd(kind: kind, failed: counts[0], leftOut: counts[1], time: time, failures: failures, skips: skips).text
    }

    @Test func theCommonestCauseIsTold() {
        let lost = FruitlessEnd.Cause(words: "No WhatsApp.", code: 131026)
        #expect(
            end([lost, .init(words: "Nobody there.", code: 131026), .init(words: "no route")], [.init(words: "has said STOP", count: 2)])
                == "nobody got it: 3 failed, 2 left out. Most often: No WhatsApp. Next: plan it again once that has changed; another try would fail as well."
        )
        #expect(
            end([lost], [.init(words: "has said STOP", count: 2)])
                == "nobody got it: 1 failed, 2 left out. Most often: has said STOP. Next: plan it again once that has changed.")
        #expect(
            end([], [.init(words: "b", count: 2)], kind: .batch)
                == "nobody got it: 2 left out. Why: b. Next: send it in another batch once that has changed.")
        #expect(
            end(kind: .batch)
                == "nobody got it: there was nobody to write to. Next: add messages to another batch before it is processed.")
    }

    /// A retry is advised where it is allowed, and where it may do something.
    @Test func theNextStepIsOneThatHelps() {
        let (passing, unclear) = (FruitlessEnd.Cause(words: "no route"), FruitlessEnd.Cause(words: "no answer", isUnclear: true))
        #expect(end([passing]).hasSuffix("Next: campaign.retry writes to them again."))
        #expect(end([unclear]).hasSuffix("Next: campaign.retry with unclear: true writes to them again, and it may come twice."))
        #expect(
            end([passing], time: .until("1970-01-01T00:00:00Z"))
                .hasSuffix("Next: until 1970-01-01T00:00:00Z campaign.retry writes to them again."))
        #expect(end([passing], time: .past).hasSuffix("Next: plan it again for another window."))
        #expect(end([], [.init(words: "its window closed")], time: .past).hasSuffix("Next: plan it again for another window."))
    }

    @Test func aLongCauseStaysWithinAReason() {
        #expect(end([.init(words: String(repeating: "x", count: 60_000))]).count < 1000)
    }

    // MARK: At the end

    /// As every surface has it.
    private func reason(_ scene: CampaignScene, _ id: CampaignID) async throws -> String? {
        let listed = try await scene.desk.campaigns.list(.init(), .campaign, workspace: "w").items.first { $0.id == id }?.reason
        #expect(try await scene.desk.campaigns.progress(id.rawValue, workspace: "w").campaign.reason == listed)
        return listed
    }

    private func begin(_ scene: CampaignScene, _ count: Int) async throws -> (campaign: CampaignID, messages: [MessageID]) {
        let campaign = try await scene.plan(
            .init(name: "C", template: "t", recipients: CampaignScene.people(count), start: true, requestKey: "k"))
        _ = try await scene.feeder.look()
        return (campaign.id, try await scene.desk.lease())
    }

    private func tell(_ scene: CampaignScene, _ id: MessageID, _ word: String, code: Int? = nil) async throws {
        let status = MessageStatus(
            wamid: WAMID("wamid.\(id)"), phoneNumberID: "1", status: MetaWord(word), at: scene.desk.now.value, callbackData: id.rawValue,
            errorCode: code)
        _ = try await scene.desk.statuses.record(.init(statuses: [status]))
    }

    @Test func allFailedIsSaidWithTheReason() async throws {
        try await CampaignScene.run { scene in
            let (campaign, messages) = try await begin(scene, 2)
            for id in messages { try await scene.desk.fail(id) }
            #expect(try await reason(scene, campaign) == nil, "it has not ended")
            _ = try await scene.feeder.look()
            #expect(try await scene.row(campaign).campaign.state == .finished)
            #expect(try await reason(scene, campaign)?.hasPrefix("nobody got it: 2 failed. Why: no WhatsApp. Next: ") == true)
        }
    }

    @Test func whereSomebodyGotItThereIsNothingToSay() async throws {
        try await CampaignScene.run { scene in
            let (campaign, messages) = try await begin(scene, 2)
            try await scene.desk.fail(messages[0])
            try await scene.desk.accept(messages[1])
            _ = try await scene.feeder.look()
            #expect(try await scene.row(campaign).campaign.state == .finished)
            #expect(try await reason(scene, campaign) == nil)
        }
    }

    @Test func whoHasOptedOutMeanwhileIsTheReason() async throws {
        try await CampaignScene.run { scene in
            let campaign = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(2), start: true, requestKey: "k"))
            let stops = CampaignScene.people(2).map { RecordConsent.Item(contact: $0.contact, state: .stopped, source: "form") }
            _ = try await scene.desk.consents.record(.init(items: stops), workspace: "w", actor: nil)
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            #expect(try await scene.row(campaign.id).campaign.state == .finished)
            let told = try #require(try await reason(scene, campaign.id))
            #expect(told.hasPrefix("nobody got it: 2 left out. Why: The contact has said STOP"), "\(told)")
        }
    }

    /// A STOP that comes when the message waits already: another try would be refused as well.
    @Test func whoOptsOutInTheQueueIsNotAskedAgain() async throws {
        try await CampaignScene.run { scene in
            let (campaign, messages) = try await begin(scene, 1)
            let outbox = scene.desk.outbox
            let refusal = ConsentRule.Refusal.stopped.fault.message
            try await scene.desk.store.write { db in
                for id in messages { try outbox.advance(db, id, to: .failed, error: refusal) }
            }
            _ = try await scene.feeder.look()
            let told = try #require(try await reason(scene, campaign))
            #expect(told.contains("STOP") && !told.contains("campaign.retry"), "\(told)")
        }
    }

    /// Meta takes everything, and tells only after the end that nothing has come.
    @Test func whatFailsAfterTheEndIsSaidToo() async throws {
        try await CampaignScene.run { scene in
            let (campaign, messages) = try await begin(scene, 2)
            for id in messages { try await scene.desk.accept(id) }
            _ = try await scene.feeder.look()
            #expect(try await scene.row(campaign).campaign.state == .finished)
            try await tell(scene, messages[0], "failed", code: 131049)
            #expect(try await reason(scene, campaign) == nil, "one of them may come")
            try await tell(scene, messages[1], "failed", code: 131049)
            let told = try #require(try await reason(scene, campaign))
            #expect(told.contains("2 failed") && told.hasSuffix("Next: campaign.retry writes to them again."), "\(told)")
            // Tried again it runs, and has nothing of the former end.
            #expect(try await scene.desk.campaigns.retry(.init(id: campaign.rawValue), workspace: "w").retried == 2)
            #expect(try await reason(scene, campaign) == nil)
        }
    }

    /// Given up without an answer, and there after all.
    @Test func whatComesAfterAllTakesItBack() async throws {
        try await CampaignScene.run { scene in
            let (campaign, messages) = try await begin(scene, 1)
            let (outbox, id) = (scene.desk.outbox, messages[0])
            #expect(try outbox.recover() == 1)
            try await scene.desk.store.write { db in
                _ = try outbox.advance(db, id, to: .failed, error: "Meta gave no clear answer.")
                try outbox.markUnclear(db, id)
            }
            _ = try await scene.feeder.look()
            #expect(try await reason(scene, campaign)?.contains("unclear: true") == true)
            try await tell(scene, id, "delivered")
            #expect(try await reason(scene, campaign) == nil)
        }
    }
}
