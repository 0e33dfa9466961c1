import AccountContacts
import AccountContract
import GRDB
import RPCContract
import Storage
import Support
import TemplateContract
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountNumbers

/// Who gets what, frozen before anything is sent.
@Suite struct CampaignPlannerTests {
    @Test func everybodyIsPlannedOnceInChunks() async throws {
        try await CampaignScene.run { scene in
            let campaign = try await scene.plan(.init(name: "C", template: "t", recipients: CampaignScene.people(4500), requestKey: "k"))
            #expect(campaign.state == .planned && campaign.category == .utility && campaign.language == "en")
            #expect(try await scene.counts(campaign.id) == ["planned": 4500])
            let report = try #require(try await scene.row(campaign.id).report)
            #expect(report.recipients == 4500 && report.blockers.isEmpty && report.numbers.map(\.account) == ["1"])
            #expect(report.unpriced == 4500 && report.warnings.contains { $0.contains("no tariff") })
            let numbers = try await scene.desk.pool.read { try Int.fetchAll($0, sql: "SELECT n FROM campaignRecipient ORDER BY n") }
            #expect(numbers == Array(0..<4500))
            // Planned again, as after a crash at the very end: nobody is added.
            try await scene.planner.plan(scene.row(campaign.id))
            #expect(try await scene.counts(campaign.id) == ["planned": 4500])
        }
    }

    @Test func whoCannotBeWrittenToIsSkippedWithTheReason() async throws {
        try await CampaignScene.run { scene in
            var people = CampaignScene.people(3)
            people[1].variables = ["name": "broken"]
            let recipients = people + [Recipient(contact: "?")]
            let campaign = try await scene.plan(.init(name: "C", template: "t", recipients: recipients, requestKey: "k"))
            #expect(try await scene.counts(campaign.id) == ["planned": 2, "skipped": 2])
            let skipped = try #require(try await scene.row(campaign.id).report).skipped.map(\.reason)
            #expect(skipped.contains("no") && skipped.contains { $0.hasPrefix("line 4") }, "\(skipped)")
        }
    }

    /// One person under two names gets one message.
    @Test func onePersonIsPlannedOnce() async throws {
        try await CampaignScene.run { scene in
            let people = scene.desk.people
            try await scene.desk.store.write {
                _ = try people.learn(
                    $0, phone: "919800000001", ids: ["IN.13491208655302741918"], at: .zero, source: "answer", workspace: "w")
            }
            let recipients = CampaignScene.people(3) + [Recipient(contact: "IN.13491208655302741918", variables: ["name": "X"])]
            let campaign = try await scene.plan(.init(name: "C", template: "t", recipients: recipients, requestKey: "k"))
            #expect(try await scene.counts(campaign.id) == ["planned": 3, "skipped": 1])
            let skipped = try #require(try await scene.row(campaign.id).report).skipped.map(\.reason)
            #expect(skipped.contains { $0.contains("another name") })
        }
    }

    @Test func withoutConsentNobodyIsLeftAndItCannotStart() async throws {
        try await CampaignScene.run { scene in
            scene.templates.category.set(.marketing)
            let campaign = try await scene.plan(.init(name: "C", template: "t", recipients: CampaignScene.people(2), requestKey: "k"))
            #expect(campaign.state == .planned)
            let fault = await #expect(throws: Fault.self) { try await scene.desk.campaigns.start(campaign.id.rawValue, workspace: "w") }
            #expect(fault?.code == .campaignBlocked)
        }
    }

    @Test(arguments: [FaultCode.templateUnknown, .templateNotApproved])
    func whatCanNeverBePlannedIsRefusedWithTheReason(code: FaultCode) async throws {
        try await CampaignScene.run { scene in
            scene.templates.fault.set(Fault(code, "because"))
            let campaign = try await scene.plan(.init(name: "C", template: "t", recipients: CampaignScene.people(2), requestKey: "k"))
            #expect(campaign.state == .refused && campaign.reason == "because")
        }
    }

    @Test func whatIsAwayIsTriedAgain() async throws {
        try await CampaignScene.run { scene in
            scene.templates.fault.set(Fault(.overloaded, "later", retry: .never))
            let params = PlanCampaign.Params(name: "C", template: "t", recipients: CampaignScene.people(2), requestKey: "k")
            let campaign = try await scene.desk.campaigns.plan(params, workspace: "w")
            await #expect(throws: Fault.self) { try await scene.planner.plan(scene.row(campaign.id)) }
            #expect(try await scene.row(campaign.id).campaign.state == .planning)
            scene.templates.fault.set(nil)
            #expect(try await scene.plan(params).state == .planned)
        }
    }

    /// Each template of an experiment gets its share, and its results are reported, less and less often.
    @Test func anExperimentIsDividedAndItsResultsAreTold() async throws {
        try await CampaignScene.run { scene in
            let campaign = try await scene.plan(
                .init(name: "C", experiment: "e", recipients: CampaignScene.people(10), start: true, requestKey: "k"))
            #expect(campaign.state == .running)
            let shares = try await scene.desk.pool.read {
                try String.fetchAll($0, sql: "SELECT template FROM campaignRecipient ORDER BY template")
            }
            #expect(shares == Array(repeating: "a", count: 5) + Array(repeating: "b", count: 5))
            _ = try await scene.feeder.look()
            try await scene.send()
            let reports = ExperimentReports(store: scene.desk.store, templates: scene.templates.client, logger: scene.desk.quiet)
            scene.pass(1000)
            #expect(try await reports.due().map(\.0.id) == [campaign.id])
            try await reports.report(scene.row(campaign.id).campaign, "w")
            #expect(scene.templates.recorded.value.last?.results.map(\.messages) == [5, 5])
            #expect(try await reports.due().isEmpty, "told just now")
            scene.pass(.hours(1))
            #expect(try await reports.due().count == 1)
            // Its database was put back to an older day: there is nobody to tell, and nobody is asked again and again.
            scene.templates.fault.set(Fault(.experimentUnknown, "gone"))
            try await reports.report(scene.row(campaign.id).campaign, "w")
            #expect(try await reports.due().isEmpty)
            scene.pass(.days(8))
            #expect(try await reports.due().isEmpty, "reads that come after a week count no more")
        }
    }

    // MARK: Preflight

    @Test func theReportTellsCostAndTimeAndWhatIsMissing() async throws {
        try await CampaignScene.run { scene in
            _ = try await scene.desk.tariffs.add(
                [Tariff(country: "IN", category: .utility, price: Money(currency: "INR", micros: 145_000), from: 0)], workspace: "w")
            _ = try await scene.desk.numbers.update(.init(phoneNumberID: "1", messagesPerSecond: 10))
            try await scene.desk.numbers.set(.init(id: "2", messagingLimit: 50), workspace: "w")
            let people = CampaignScene.people(100) + [Recipient(contact: "4915112345678", variables: ["name": "G"])]
            let campaign = try await scene.plan(
                .init(
                    name: "C", template: "t", recipients: people, budget: Money(currency: "INR", micros: 1_000_000), requestKey: "k"))
            let report = try #require(try await scene.row(campaign.id).report)
            #expect(report.cost == [Money(currency: "INR", micros: 14_500_000)] && report.unpriced == 1)
            #expect(report.headroom == 50 && report.duration >= .seconds(10))
            for words in ["above the budget", "may write to 50 today", "no tariff is known for 1"] {
                #expect(report.warnings.contains { $0.contains(words) }, "\(words): \(report.warnings)")
            }
            // A budget that cannot be held against every message blocks it; prices, or none, free it.
            #expect(report.blockers.count == 1 && report.blockers[0].contains("no tariff"))
            _ = try await scene.desk.campaigns.set(
                .init(id: campaign.id.rawValue, budget: Money(currency: "INR", micros: 1)), workspace: "w")
            #expect(try await scene.row(campaign.id).report?.blockers.count == 2, "and it pays for no message")
            _ = try await scene.desk.campaigns.set(.init(id: campaign.id.rawValue, budget: nil), workspace: "w")
            #expect(try await scene.row(campaign.id).report?.blockers == [])
        }
    }
}
