import AccountContract
import GRDB
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountNumbers

/// A campaign that cannot start says why in the list, too.
@Suite struct BlockedCampaignTests {
    private func listed(_ scene: CampaignScene) async throws -> Campaign? {
        try await scene.desk.campaigns.list(.init(), .campaign, workspace: "w").items.first
    }

    @Test(arguments: [true, false]) func whatCannotStartSaysWhy(start: Bool) async throws {
        try await CampaignScene.run { scene in
            let budget = Money(currency: "INR", micros: 1_000_000)
            let id = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(2), budget: budget, start: start, requestKey: "k")
            ).id
            let campaign = try #require(try await listed(scene))
            let told = campaign.standing ?? campaign.reason ?? ""
            #expect(told.hasPrefix(start ? "not started: " : "it cannot start: ") && told.contains("no tariff is known"), "\(told)")
            _ = try await scene.desk.campaigns.set(.init(id: id.rawValue, budget: nil), workspace: "w")
            #expect(try await listed(scene)?.standing == nil)
        }
    }

    /// That people wait for a number is said while they do, and never of a campaign that has ended.
    @Test(arguments: [true, false]) func whoWaitsIsToldWhileTheyDo(isCancelled: Bool) async throws {
        try await CampaignScene.run { scene in
            let (campaigns, numbers) = (scene.desk.campaigns, scene.desk.numbers)
            _ = try await numbers.update(.init(phoneNumberID: "1", enabled: false))
            let id = try await scene.plan(.init(name: "C", template: "t", recipients: CampaignScene.people(1), requestKey: "k")).id
            func told() async throws -> [String] {
                try await campaigns.progress(id.rawValue, workspace: "w").report?.warnings.filter { $0.contains("cannot send it now") }
                    ?? []
            }
            let sentence = try #require(try await told().first)
            #expect(sentence.hasPrefix("1 person waits for the number +918047181000, which"), "\(sentence)")
            if isCancelled {
                _ = try await campaigns.cancel(id.rawValue, workspace: "w")
            } else {
                _ = try await numbers.update(.init(phoneNumberID: "1", enabled: true))
            }
            #expect(try await told().isEmpty)
            _ = try await numbers.update(.init(phoneNumberID: "1", enabled: false))
            #expect(try await told().isEmpty == isCancelled)
        }
    }

    /// However many numbers are in trouble, and whatever else is to be said, a report keeps to what its contract takes.
    @Test func manyNumbersThatCannotSendAreSummedUp() async throws {
        try await CampaignScene.run { scene in
            let (desk, numbers) = (scene.desk, scene.desk.numbers)
            for n in 2...30 {
                let number = PhoneNumberID(String(n))
                _ = try await numbers.add(
                    .init(phoneNumberID: number, wabaID: "2", displayPhoneNumber: "+9180471820\(n)", displayName: "\(n)"), workspace: "w")
            }
            for n in 1...30 { _ = try await numbers.update(.init(phoneNumberID: PhoneNumberID(String(n)), enabled: false)) }
            let id = try await scene.plan(.init(name: "C", template: "t", recipients: CampaignScene.people(60), requestKey: "k")).id
            try await desk.pool.write { db in
                try db.execute(sql: "UPDATE campaignRecipient SET account = CAST(n % 30 + 1 AS TEXT) WHERE campaign = ?", arguments: [id])
            }
            func waits(_ report: PreflightReport) -> [String] { report.warnings.filter { $0.contains("cannot send it now") } }
            var report = try await scene.planner.preflight.report(id)
            #expect(report.numbers.count == 30 && report.warnings.count <= 16)
            #expect(waits(report).count == 9 && waits(report).dropLast().allSatisfy { $0.hasPrefix("2 people wait for the number ") })
            #expect(waits(report).last?.hasPrefix("44 people wait for 22 further numbers, which") == true, "\(waits(report))")
            // It is read with more warnings than it was written with, or than a former version knew to keep to.
            let fills = (0..<3).map { "nothing fills the variable v\($0)" }
            report.warnings = (0..<7).map { "warning \($0)" } + report.warnings.filter { $0.contains("number +") } + fills
            let text = try JSON.text(report)
            try await desk.pool.write { try $0.execute(sql: "UPDATE campaign SET report = ?", arguments: [text]) }
            let told = try #require(try await desk.campaigns.progress(id.rawValue, workspace: "w").report)
            #expect(told.warnings.count == 16 && waits(told).last?.hasPrefix("50 people wait for 25 further numbers") == true)
            #expect(told.warnings.suffix(3) == fills[...], "\(told.warnings)")
        }
    }
}
