import AccountContract
import Foundation
import RPCContract
import RPCTransport
import SandboxContract
import Supervision
import Support
import TemplateContract
import Testing
import Vocabulary

/// The promise of a delivery window, kept through what usually breaks it.
@Suite struct DeadlineTests {
    /// 10,000 people, two numbers at 80 a second, five minutes around six o'clock; one number turns RED, and
    /// account-router is killed twice. Time passes two and a half times as fast: a debug build on two cores keeps up with that.
    @Test func tenThousandInsideTheWindowThroughAREDNumberAndTwoKills() async throws {
        try await Self.throughAREDNumberAndTwoKills(people: 10_000, spread: 300, speed: 2.5)
    }

    /// - Parameter spread: seconds over which the people are spread; the first are due 30 s before the moment.
    static func throughAREDNumberAndTwoKills(people count: Int, spread: Int, speed: Double) async throws {
        try await LindaFixture.run(
            settings: ["account-router": ["unknown.grace=20s", "unknown.gapGrace=20s"]], virtualClock: true, expectsCrashes: true
        ) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate("spring_sale", body: "Dear {{name}}, our sale begins, come.", category: .marketing)
            let people = LindaFixture.contacts(count)
            let grants = people.map { RecordConsent.Item(contact: $0, state: .granted, source: "form") }
            _ = try await linda.call(AccountContract.self, RecordConsent.self, .init(items: grants), deadline: .seconds(60))
            let window = try await linda.call(
                AccountContract.self, CreateWindow.self,
                .init(
                    name: "Morning", cron: "0 6 * * *", timeZone: "Asia/Kolkata", spreadTo: Seconds(spread - 30), deadline: Seconds(spread))
            )
            let opening = try #require(window.next.first)
            let recipients = people.map { Recipient(contact: $0, variables: ["name": "Asha"]) }
            let plan = PlanCampaign.Params(
                name: "Sale", template: "spring_sale", recipients: recipients, window: "Morning", late: true, start: true,
                requestKey: "sale")
            let campaign = try await linda.call(AccountContract.self, PlanCampaign.self, plan, deadline: .seconds(60))
            try await eventually(within: .seconds(60), "planned and scheduled") {
                try await linda.progress(campaign.id).campaign.state == .scheduled
            }
            #expect(try await linda.progress(campaign.id).report?.recipients == count)
            _ = try await linda.call(SandboxContract.self, SandboxSetClock.self, .init(speed: speed, to: opening - 35_000))
            func accepted() async throws -> Int { try await linda.statistics().accepted }
            func kill() async throws {
                let restarts = linda.stack.restarts(of: "account-router")
                linda.stack.child("account-router")?.signal(SIGKILL)
                try await eventually("the restart") { linda.stack.restarts(of: "account-router") > restarts }
            }
            try await eventually(within: .seconds(60), "a fifth of it") { try await accepted() > count / 5 }
            _ = try await linda.call(
                SandboxContract.self, SandboxSetQuality.self, .init(phoneNumberID: LindaFixture.numbers[0], quality: "RED", event: true))
            try await eventually(within: .seconds(60), "two fifths") { try await accepted() > count * 2 / 5 }
            try await kill()
            try await eventually(within: .seconds(60), "four fifths") { try await accepted() > count * 4 / 5 }
            try await kill()
            try await eventually(within: .seconds(120), "the end") { try await linda.progress(campaign.id).campaign.state == .finished }
            try await linda.clock(speed: 1)
            let end = try await linda.progress(campaign.id)
            let statistics = try await linda.statistics()
            print("deadline: \(end.inside) inside, \(end.outside) after, \(statistics.refused)")
            #expect(statistics.accepted == count, "nobody is left out, nobody gets two")
            #expect(statistics.sentTwice == 0)
            #expect(end.inside + end.outside == count)
            #expect(end.inside >= count * 99 / 100, "\(end.inside) inside, \(end.outside) after")
            let health = try await linda.call(AccountContract.self, AccountHealth.self, .init(LindaFixture.numbers[0]))
            #expect(health.account.health == .resting)
            let by = try await linda.call(AccountContract.self, MessageStatistics.self, .init(), deadline: .seconds(30)).accounts
            #expect((by[LindaFixture.numbers[1].rawValue] ?? 0) > count * 7 / 10, "\(by)")
            let sla = try await linda.call(AccountContract.self, SLAAnalytics.self, .init())
            #expect(sla.items.first?.verdict == "kept")
        }
    }

    /// Too slow for its window: said while there is still time to act.
    @Test func whatWillMissItsDeadlineIsToldBefore() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let window = try await linda.call(
                AccountContract.self, CreateWindow.self,
                .init(name: "Noon", cron: "0 12 * * *", timeZone: "Asia/Kolkata", spreadFrom: 0, spreadTo: 0, deadline: 60))
            let opening = try #require(window.next.first)
            let plan = PlanCampaign.Params(
                name: "Slow", template: "greeting_news", recipients: LindaFixture.contacts(300).map { Recipient(contact: $0) }, rate: 2,
                window: "Noon",
                start: true, requestKey: "slow")
            let campaign = try await linda.call(AccountContract.self, PlanCampaign.self, plan)
            try await eventually("planned") { try await linda.progress(campaign.id).campaign.state == .scheduled }
            let report = try #require(try await linda.progress(campaign.id).report)
            #expect(report.warnings.contains { $0.contains("window") }, "\(report.warnings)")
            _ = try await linda.call(SandboxContract.self, SandboxSetClock.self, .init(speed: 4, to: opening))
            let client = linda.client(AccountContract.self)
            try await eventually(within: .seconds(30), "the alert") {
                try await client.call(EventsRead.self, .init(after: 0, types: ["sla.atRisk"])).items.count == 1
            }
            let alert = try #require(try await client.call(EventsRead.self, .init(after: 0, types: ["sla.atRisk"])).items.first)
            #expect(alert.at < opening + 60_000, "before the deadline, \((opening + 60_000 - alert.at) / 1000) s")
            #expect(try await linda.call(AccountContract.self, SLAAnalytics.self, .init()).items.first?.verdict == "atRisk")
            await client.close()
        }
    }
}
