import AccountContract
import Foundation
import GraphMessages
import RPCContract
import RPCTransport
import SandboxContract
import Support
import SyncContract
import TemplateContract
import Testing
import Vocabulary

/// What campaigns are planned from, and batches of different messages.
@Suite struct CampaignPlanTests {
    @Test func contactsAndBadPlans() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addOffer()
            try await linda.addTemplate()
            let csv = "phone,name,city\n+919876543210,Asha Rao,Pune\n+919876543211,Vikram Shah,Mumbai\n"
            _ = try await linda.call(SyncContract.self, ImportContacts.self, .init(csv: csv))
            let all = try await linda.planned(.init(name: "All", template: "greeting_news", contacts: "", requestKey: "all"))
            #expect(all.report?.recipients == 2)
            let one = try await linda.planned(.init(name: "One", template: "greeting_news", contacts: "shah", requestKey: "one"))
            #expect(one.report?.recipients == 1)
            let unknown = await fault { _ = try await linda.planned(.init(name: "X", template: "nothing", contacts: "", requestKey: "x")) }
            #expect(unknown?.code == .templateRefused && unknown?.message.contains("nothing") == true)
            let taken = try await linda.call(AccountContract.self, ListCampaigns.self, .init()).items
            #expect(taken.map(\.name) == ["One", "All"], "what was refused leaves no row")
            func plan(_ change: (inout PlanCampaign.Params) -> Void) async -> Fault? {
                var params = PlanCampaign.Params(
                    name: "P", template: "greeting_news", recipients: [Recipient(contact: "+919876543210")],
                    requestKey: "p\(UInt32.random(in: 0 ... .max))")
                change(&params)
                let frozen = params
                return await fault { _ = try await linda.call(AccountContract.self, PlanCampaign.self, frozen) }
            }
            #expect(await plan { $0.recipients = nil }?.code == .params)
            #expect(await plan { $0.list = "x" }?.code == .params)
            #expect(await plan { ($0.recipients, $0.list) = (nil, "x") }?.code == .listUnknown)
            #expect(await plan { ($0.recipients, $0.csv) = (nil, "name\nAsha\n") }?.code == .csvUnreadable)
            #expect(
                await plan { ($0.recipients, $0.csv) = (nil, "phone,name\n+919876543210,Jos\u{FFFD}\n") }?.message.contains("UTF-8") == true
            )
            #expect(await plan { ($0.recipients, $0.csv) = (nil, "phone,name\n+919876543210,\"open\n") }?.code == .csvUnreadable)
            #expect(await plan { $0.window = "nowhere" }?.code == .windowUnknown)
            #expect(await plan { $0.startAt = 1_000 }?.code == .windowPast)
            #expect(await plan { $0.accounts = ["999"] }?.code == .accountUnknown)
            #expect(await plan { $0.rate = 0 }?.path == "rate")
            #expect(await plan { $0.budget = Money(currency: "rupees", micros: 5) }?.path == "budget.currency")
            #expect(await plan { ($0.template, $0.experiment) = ("greeting_news", "x") }?.path == "template")
            #expect(
                await fault { _ = try await linda.call(AccountContract.self, StartCampaign.self, .init("nope")) }?.code == .campaignUnknown)
            // Nobody agreed: nobody is written to, and it cannot start.
            let nobody = try await linda.planned(
                .init(name: "N", template: "spring_sale", variables: ["name": "x"], contacts: "", requestKey: "n"))
            #expect(nobody.report?.recipients == 0 && nobody.report?.blockers.isEmpty == false)
            #expect(
                await fault { _ = try await linda.call(AccountContract.self, StartCampaign.self, .init(nobody.campaign.id)) }?.code
                    == .campaignBlocked)
        }
    }

    /// As for measuring: a rate without end must not keep the report from being written.
    @Test func withoutLimitsACampaignIsPlannedAllTheSame() async throws {
        try await LindaFixture.run(settings: ["account-router": ["sending.limits=false"]]) { linda in
            try await linda.addNumbers(messagesPerSecond: 0)
            try await linda.addTemplate()
            let recipients = LindaFixture.contacts(20).map { Recipient(contact: $0) }
            let ready = try await linda.planned(.init(name: "P", template: "greeting_news", recipients: recipients, requestKey: "p"))
            #expect(ready.campaign.state == .planned && ready.report?.recipients == 20)
            #expect(try await linda.call(AccountContract.self, PlanCapacity.self, .init()).numbers.count == 2)
        }
    }

    @Test func aBatchOfDifferentMessages() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            try await linda.write("Hello", from: "919876543210")
            let params = CreateBatch.Params(name: "Invoices", rate: 50, requestKey: "invoices")
            let batch = try await linda.call(AccountContract.self, CreateBatch.self, params)
            #expect(batch.state == .open)
            #expect(try await linda.call(AccountContract.self, CreateBatch.self, params).id == batch.id)
            var messages = LindaFixture.contacts(60).map {
                SendMessage.Params(to: $0, template: .init(name: "greeting_news", variables: ["name": $0]), requestKey: "m-\($0)")
            }
            messages.append(.init(to: "919876543210", text: TextMessage(body: "Your bill"), requestKey: "text"))
            messages.append(.init(to: "919876543211", text: TextMessage(body: "Nobody wrote"), requestKey: "closed"))
            messages.append(.init(to: "12", text: TextMessage(body: "x"), requestKey: "bad"))
            messages.append(.init(to: "919876543212", template: .init(name: "nothing", variables: [:]), requestKey: "unknown"))
            let added = try await linda.call(AccountContract.self, AddToBatch.self, .init(id: batch.id.rawValue, messages: messages))
            #expect(added.added == 62 && added.problems.map(\.line) == [63, 64])
            let again = try await linda.call(AccountContract.self, AddToBatch.self, .init(id: batch.id.rawValue, messages: messages))
            #expect(again.added == 0 && again.total == 62)
            _ = try await linda.call(AccountContract.self, ProcessBatch.self, .init(batch.id))
            #expect(
                await fault {
                    _ = try await linda.call(AccountContract.self, AddToBatch.self, .init(id: batch.id.rawValue, messages: messages))
                }?
                .code
                    == .campaignState)
            try await eventually("the end") {
                try await linda.call(AccountContract.self, BatchStatus.self, .init(batch.id)).campaign.state == .finished
            }
            let end = try await linda.call(AccountContract.self, BatchStatus.self, .init(batch.id))
            #expect(end.done == 61 && end.counts["skipped"] == 1, "\(end.counts)")
            #expect(try await linda.phone("919876543210").contains { $0.text == "Your bill" })
            #expect(try await linda.call(AccountContract.self, ListBatches.self, .init()).items.map(\.id) == [batch.id])
            #expect(try await linda.call(AccountContract.self, ListCampaigns.self, .init()).items.isEmpty)
        }
    }

    /// A window at six in Kolkata, staged before, spread around it, recurring the next day; a day passes in moments.
    @Test func aWindowOpensOnTimeAndRecurs() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            func window(_ cron: String, _ zone: String = "Asia/Kolkata", quiet: DeliveryWindow.QuietHours? = nil) async throws
                -> CreateWindow.Reply
            {
                try await linda.call(
                    AccountContract.self, CreateWindow.self, .init(name: "Morning", cron: cron, timeZone: zone, quietHours: quiet))
            }
            #expect(await fault { _ = try await window("0 6 31 2 *") }?.path == "cron")
            #expect(await fault { _ = try await window("0 6 * * *", "Mars/Olympus") }?.path == "timeZone")
            #expect(await fault { _ = try await window("0 6 * * *", quiet: .init(from: "9", to: "10")) }?.path == "quietHours")
            let made = try await window("0 6 * * *")
            let opening = try #require(made.next.first)
            let recipients = LindaFixture.contacts(300).map { Recipient(contact: $0) }
            let ready = try await linda.planned(
                .init(
                    name: "Daily", template: "greeting_news", recipients: recipients, window: "Morning", recurring: true, start: true,
                    requestKey: "daily"))
            #expect(ready.campaign.state == .scheduled && ready.campaign.startAt == opening)
            #expect(ready.campaign.deadline == opening + 300_000)
            _ = try await linda.call(SandboxContract.self, SandboxSetClock.self, .init(to: opening - 31_000))
            #expect(try await linda.statistics().accepted == 0)
            try await linda.clock(speed: 20)
            try await eventually(within: .seconds(60), "the end of the window") {
                try await linda.progress(ready.campaign.id).campaign.state == .finished
            }
            try await linda.clock(speed: 1)
            let end = try await linda.progress(ready.campaign.id)
            #expect((end.inside, end.outside) == (300, 0))
            let sla = try await linda.call(AccountContract.self, SLAAnalytics.self, .init())
            #expect(sla.items.first { $0.campaign == ready.campaign.id }?.verdict == "kept")
            // The next day's is planned by itself, once.
            _ = try await linda.call(SandboxContract.self, SandboxSetClock.self, .init(to: opening + 86_400_000 - 31_000))
            try await linda.clock(speed: 20)
            try await eventually(within: .seconds(60), "the next day's") {
                let all = try await linda.call(AccountContract.self, ListCampaigns.self, .init()).items
                return all.count == 2 && all.allSatisfy { $0.state == .finished }
            }
            #expect(try await linda.statistics().accepted == 600)
            // An opening that the clock jumps over is not sent late, and leaves its trace.
            try await linda.clock(speed: 1)
            _ = try await linda.call(SandboxContract.self, SandboxSetClock.self, .init(to: opening + 2 * 86_400_000 + 3_600_000))
            try await eventually("the trace") {
                try await linda.call(AccountContract.self, ListCampaigns.self, .init()).items.contains {
                    $0.state == .refused && $0.startAt == opening + 2 * 86_400_000 && $0.reason?.contains("window closed") == true
                }
            }
            let missed = try await linda.call(AccountContract.self, SLAAnalytics.self, .init())
            #expect(missed.items.first { $0.state == .refused }?.verdict == "missed")
            #expect(try await linda.statistics().accepted == 600)
            #expect(try await linda.statistics().sentTwice == 0)
        }
    }
}
