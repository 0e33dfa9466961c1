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

/// Campaigns and batches through the sockets, from plan to report.
@Suite struct CampaignTests {
    private func fault(_ body: () async throws -> Void) async -> Fault? {
        do {
            try await body()
            return nil
        } catch { return error as? Fault }
    }

    private func progress(_ linda: LindaFixture, _ id: String) async throws -> CampaignProgress {
        try await linda.call(AccountContract.self, CampaignStatus.self, .init(id))
    }

    private func planned(_ linda: LindaFixture, _ params: PlanCampaign.Params) async throws -> CampaignProgress {
        let campaign = try await linda.call(AccountContract.self, PlanCampaign.self, params)
        try await eventually("\(params.name) is planned") { try await progress(linda, campaign.id).campaign.state != .planning }
        return try await progress(linda, campaign.id)
    }

    private func grant(_ linda: LindaFixture, _ contacts: [String]) async throws {
        for start in stride(from: 0, to: contacts.count, by: 10_000) {
            let items = contacts[start..<min(start + 10_000, contacts.count)].map {
                RecordConsent.Item(contact: $0, state: .granted, source: "form", proof: "https://example.org/signup")
            }
            _ = try await linda.call(AccountContract.self, RecordConsent.self, .init(items: Array(items)))
        }
    }

    private func contacts(_ count: Int, from first: Int64 = 919_800_000_000) -> [String] { (0..<count).map { String(first + Int64($0)) } }

    private func offer(_ linda: LindaFixture) async throws {
        try await linda.addTemplate("spring_sale", body: "Dear {{name}}, our sale begins, come.", category: .marketing)
    }

    @Test func fromPlanToReportWithEveryKindOfBadRow() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await offer(linda)
            let good = contacts(40)
            try await grant(linda, good)
            _ = try await linda.call(
                AccountContract.self, ImportTariffs.self,
                .init(items: [
                    Tariff(country: "IN", category: .marketing, currency: "INR", amount: 0.8631, from: 0)
                ]))
            var csv = "phone,name,timezone\n" + good.map { "+\($0),Asha,Asia/Kolkata\n" }.joined()
            csv += "nonsense,X,\n,Y,\n+\(good[0]),Again,\n+919811111111,Stranger,\n+919811111112,Z,Mars/Olympus\n+919811111113,,\n"
            try await grant(linda, ["919811111113"])
            let plan = PlanCampaign.Params(name: "Spring", template: "spring_sale", csv: csv, requestKey: "spring")
            let ready = try await planned(linda, plan)
            let report = try #require(ready.report)
            #expect(ready.campaign.state == .planned)
            #expect(report.recipients == 40)
            #expect(report.cost == [.init(currency: "INR", amount: 40 * 0.8631)])
            #expect(report.blockers.isEmpty)
            #expect(report.numbers.map(\.recipients).reduce(0, +) == 40 && report.numbers.count == 2)
            let reasons = report.skipped.map(\.reason)
            for part in [
                "line 42: phone is not", "line 43: phone is empty", "line 44: is the same recipient as line 2",
                "line 46: there is no time zone", "has not agreed", "variable name has no value",
            ] {
                #expect(reasons.contains { $0.contains(part) }, "\(part) in \(reasons)")
            }
            #expect(try await linda.statistics().accepted == 0, "nothing goes out before it is started")
            // The same key is the same campaign; another plan under it is a mistake.
            #expect(try await linda.call(AccountContract.self, PlanCampaign.self, plan).id == ready.campaign.id)
            var other = plan
            other.name = "Other"
            #expect(await fault { _ = try await linda.call(AccountContract.self, PlanCampaign.self, other) }?.code == .requestKeyReused)
            _ = try await linda.call(AccountContract.self, StartCampaign.self, .init(ready.campaign.id))
            try await eventually("the end") { try await progress(linda, ready.campaign.id).campaign.state == .finished }
            try await eventually("deliveries") {
                let counts = try await progress(linda, ready.campaign.id).counts
                return (counts["delivered"] ?? 0) + (counts["read"] ?? 0) + (counts["failed"] ?? 0) == 40
            }
            let end = try await progress(linda, ready.campaign.id)
            #expect((end.total, end.done, end.counts["skipped"] ?? 0) == (40, 40, 6))
            #expect(end.spent == [.init(currency: "INR", amount: 40 * 0.8631)])
            #expect(try await linda.statistics().accepted == 40)
            let results = try await linda.call(AccountContract.self, CampaignResults.self, .init(id: ready.campaign.id))
            #expect(results.csv.split(separator: "\n").count == 47 && results.next == nil)
            let cost = try await linda.call(AccountContract.self, CostAnalytics.self, .init())
            #expect(cost.items.first?.country == "IN" && cost.items.first?.billable == cost.items.first?.messages)
            let delivery = try await linda.call(AccountContract.self, DeliveryAnalytics.self, .init())
            #expect(delivery.items.map(\.messages).reduce(0, +) == 40)
        }
    }

    @Test func pauseResumeCancelAndRetryLoseAndRepeatNobody() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await offer(linda)
            let people = contacts(1000)
            try await grant(linda, people)
            let recipients = people.map { Recipient(contact: $0, variables: ["name": "Asha"]) }
            let ready = try await planned(linda, .init(name: "Big", template: "spring_sale", recipients: recipients, requestKey: "big"))
            let id = ready.campaign.id
            #expect(await fault { _ = try await linda.call(AccountContract.self, PauseCampaign.self, .init(id)) }?.code == .campaignState)
            _ = try await linda.call(AccountContract.self, StartCampaign.self, .init(id))
            try await eventually("a third of it") { try await linda.statistics().accepted > 300 }
            // A reply does not wait behind it.
            try await linda.write("Hello?", from: "919876543210")
            let reply = try await linda.call(
                AccountContract.self, SendMessage.self,
                .init(to: "919876543210", text: TextMessage(body: "Yes?"), priority: 10, requestKey: "reply"))
            try await eventually(within: .seconds(3), "the reply, with seconds of campaign still to go") {
                try await linda.phone("919876543210").contains { $0.callbackData == reply.id }
            }
            #expect(try await progress(linda, id).campaign.state == .running)
            _ = try await linda.call(AccountContract.self, PauseCampaign.self, .init(id))
            try await eventually("what was under way is with Meta") {
                let counts = try await progress(linda, id).counts
                return (counts["queued"] ?? 0) == 0
            }
            let paused = try await linda.statistics().accepted
            let counts = try await progress(linda, id).counts
            #expect(counts["planned"] ?? 0 > 0 && counts.values.reduce(0, +) == 1000, "\(counts)")
            _ = try await linda.call(AccountContract.self, ResumeCampaign.self, .init(id))
            try await eventually(within: .seconds(30), "the end") { try await progress(linda, id).campaign.state == .finished }
            let statistics = try await linda.statistics()
            #expect(statistics.sentTwice == 0)
            #expect(statistics.accepted > paused)
            #expect(try await Set(people.asyncFilter { try await !linda.phone(ContactID($0)).isEmpty }).count >= 990)
            // A second one is cancelled half-way.
            let next = try await planned(
                linda, .init(name: "Second", template: "spring_sale", recipients: recipients, start: true, requestKey: "second"))
            let before = try await linda.statistics().accepted
            try await eventually("some of it") { try await linda.statistics().accepted > before + 50 }
            let cancelled = try await linda.call(AccountContract.self, CancelCampaign.self, .init(next.campaign.id))
            #expect(cancelled.state == .cancelled)
            let end = try await progress(linda, next.campaign.id)
            #expect(end.counts["cancelled"] ?? 0 > 0 && end.counts["planned"] == nil)
            #expect(
                await fault { _ = try await linda.call(AccountContract.self, ResumeCampaign.self, .init(next.campaign.id)) }?.code
                    == .campaignState)
        }
    }

    @Test func failedRecipientsAreWrittenToAgainWithANewMessage() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await offer(linda)
            let people = contacts(20)
            try await grant(linda, people)
            _ = try await linda.call(
                SandboxContract.self, SandboxSetTemplate.self,
                .init(wabaID: LindaFixture.waba, name: "spring_sale", language: "en", status: "PAUSED"))
            let recipients = people.map { Recipient(contact: $0, variables: ["name": "Asha"]) }
            try await eventually("the pause is known") {
                try await linda.call(TemplateContract.self, ReviewStatus.self, .init(name: "spring_sale")).review == .paused
            }
            let refused = try await planned(linda, .init(name: "A", template: "spring_sale", recipients: recipients, requestKey: "a"))
            #expect(refused.campaign.state == .refused && refused.campaign.reason?.contains("paused") == true)
            _ = try await linda.call(
                SandboxContract.self, SandboxSetTemplate.self,
                .init(wabaID: LindaFixture.waba, name: "spring_sale", language: "en", status: "APPROVED"))
            try await eventually("the approval is known") {
                try await linda.call(TemplateContract.self, ReviewStatus.self, .init(name: "spring_sale")).review == .approved
            }
            let ready = try await planned(linda, .init(name: "B", template: "spring_sale", recipients: recipients, requestKey: "b"))
            // Paused at Meta between plan and start: the campaign stops instead of burning through its recipients.
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 1, code: 132015))
            _ = try await linda.call(AccountContract.self, StartCampaign.self, .init(ready.campaign.id))
            try await eventually("it pauses itself") { try await progress(linda, ready.campaign.id).campaign.state == .paused }
            #expect(try await progress(linda, ready.campaign.id).campaign.reason?.contains("paused for low quality") == true)
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 0))
            try await eventually("nothing under way") { (try await progress(linda, ready.campaign.id).counts["queued"] ?? 0) == 0 }
            let failed = try await progress(linda, ready.campaign.id).counts["failed"] ?? 0
            #expect(failed > 0)
            let retry = try await linda.call(AccountContract.self, RetryCampaign.self, .init(id: ready.campaign.id))
            #expect((retry.retried, retry.left) == (failed, 0))
            // Who paused it goes on with it.
            #expect(try await progress(linda, ready.campaign.id).campaign.state == .paused)
            _ = try await linda.call(AccountContract.self, ResumeCampaign.self, .init(ready.campaign.id))
            try await eventually("all of them") { try await progress(linda, ready.campaign.id).campaign.state == .finished }
            #expect(try await linda.statistics().accepted == 20)
            #expect(try await linda.statistics().sentTwice == 0)
        }
    }

    @Test func aBudgetStopsItAndVariantsShareIt() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await offer(linda)
            try await linda.addTemplate("spring_sale_b", body: "Hello {{name}}, the sale has begun, come.", category: .marketing)
            let people = contacts(200)
            try await grant(linda, people)
            _ = try await linda.call(
                AccountContract.self, ImportTariffs.self,
                .init(items: [
                    Tariff(country: "*", category: .marketing, currency: "INR", amount: 1, from: 0)
                ]))
            let list = try await linda.call(AccountContract.self, CreateBroadcastList.self, .init(name: "People"))
            let recipients = people.map { Recipient(contact: "+\($0)", variables: ["name": "Asha"]) }
            let added = try await linda.call(AccountContract.self, AddToBroadcastList.self, .init(id: list.id, recipients: recipients))
            #expect((added.added, added.members) == (200, 200))
            let again = try await linda.call(AccountContract.self, AddToBroadcastList.self, .init(id: list.id, recipients: recipients))
            #expect((again.added, again.updated) == (0, 200))
            let ready = try await planned(
                linda,
                .init(
                    name: "Test", template: "spring_sale", variants: [.init(template: "spring_sale_b", share: 50)], list: list.id,
                    budget: .init(currency: "INR", amount: 120), start: true, requestKey: "test"))
            #expect(ready.report?.warnings.contains { $0.contains("budget") } == true)
            try await eventually("the budget's end") { try await progress(linda, ready.campaign.id).campaign.state == .paused }
            let stopped = try await progress(linda, ready.campaign.id)
            #expect(stopped.campaign.reason?.contains("budget") == true)
            #expect(stopped.spent == [.init(currency: "INR", amount: 120)])
            try await eventually("what was handed over") { try await linda.statistics().accepted == 120 }
            _ = try await linda.call(
                AccountContract.self, SetCampaignBudget.self,
                .init(id: ready.campaign.id, budget: .init(currency: "INR", amount: 1000)))
            _ = try await linda.call(AccountContract.self, ResumeCampaign.self, .init(ready.campaign.id))
            try await eventually("the rest") { try await linda.statistics().accepted == 200 }
            let csv = try await linda.call(AccountContract.self, CampaignResults.self, .init(id: ready.campaign.id)).csv
            let second = csv.split(separator: "\n").count { $0.contains("spring_sale_b") }
            #expect((70...130).contains(second), "\(second) of 200 with the second template")
        }
    }

    @Test func contactsAndBadPlans() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await offer(linda)
            try await linda.addTemplate()
            let csv = "phone,name,city\n+919876543210,Asha Rao,Pune\n+919876543211,Vikram Shah,Mumbai\n"
            _ = try await linda.call(SyncContract.self, ImportContacts.self, .init(csv: csv))
            let all = try await planned(linda, .init(name: "All", template: "greeting_news", contacts: "", requestKey: "all"))
            #expect(all.report?.recipients == 2)
            let one = try await planned(linda, .init(name: "One", template: "greeting_news", contacts: "shah", requestKey: "one"))
            #expect(one.report?.recipients == 1)
            let unknown = try await planned(linda, .init(name: "X", template: "nothing", contacts: "", requestKey: "x"))
            #expect(unknown.campaign.state == .refused && unknown.campaign.reason?.isEmpty == false)
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
            #expect(
                await fault { _ = try await linda.call(AccountContract.self, StartCampaign.self, .init("nope")) }?.code == .campaignUnknown)
            // Nobody agreed: nobody is written to, and it cannot start.
            let nobody = try await planned(
                linda, .init(name: "N", template: "spring_sale", variables: ["name": "x"], contacts: "", requestKey: "n"))
            #expect(nobody.report?.recipients == 0 && nobody.report?.blockers.isEmpty == false)
            #expect(
                await fault { _ = try await linda.call(AccountContract.self, StartCampaign.self, .init(nobody.campaign.id)) }?.code
                    == .campaignBlocked)
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
            var messages = contacts(60).map {
                SendMessage.Params(to: $0, template: .init(name: "greeting_news", variables: ["name": $0]), requestKey: "m-\($0)")
            }
            messages.append(.init(to: "919876543210", text: TextMessage(body: "Your bill"), requestKey: "text"))
            messages.append(.init(to: "919876543211", text: TextMessage(body: "Nobody wrote"), requestKey: "closed"))
            messages.append(.init(to: "12", text: TextMessage(body: "x"), requestKey: "bad"))
            messages.append(.init(to: "919876543212", template: .init(name: "nothing", variables: [:]), requestKey: "unknown"))
            let added = try await linda.call(AccountContract.self, AddToBatch.self, .init(id: batch.id, messages: messages))
            #expect(added.added == 62 && added.problems.map(\.line) == [63, 64])
            let again = try await linda.call(AccountContract.self, AddToBatch.self, .init(id: batch.id, messages: messages))
            #expect(again.added == 0 && again.total == 62)
            _ = try await linda.call(AccountContract.self, ProcessBatch.self, .init(batch.id))
            #expect(
                await fault { _ = try await linda.call(AccountContract.self, AddToBatch.self, .init(id: batch.id, messages: messages)) }?
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

    /// What Meta keeps refusing comes back into the queue; a cancelled campaign sends none of it, however late.
    @Test func aCancelledCampaignSendsNothingMore() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(tokenExpired: true))
            let recipients = contacts(50).map { Recipient(contact: $0) }
            let plan = PlanCampaign.Params(name: "C", template: "greeting_news", recipients: recipients, start: true, requestKey: "c")
            let campaign = try await linda.call(AccountContract.self, PlanCampaign.self, plan)
            try await eventually("Meta's refusals") {
                try await linda.call(AccountContract.self, ServiceHealth.self, Nothing()).checks.contains {
                    $0.name == "numbers" && !$0.healthy
                }
            }
            _ = try await linda.call(AccountContract.self, CancelCampaign.self, .init(campaign.id))
            try await eventually("what was under way has been refused") {
                try await linda.call(AccountContract.self, ListAccounts.self, Nothing()).items.allSatisfy { $0.sending == 0 }
            }
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(tokenExpired: false))
            try await linda.clock(advance: .seconds(120))
            try await eventually("nothing left of it") {
                let counts = try await progress(linda, campaign.id).counts
                return (counts["queued"] ?? 0) + (counts["planned"] ?? 0) == 0
            }
            #expect(try await linda.statistics().accepted == 0)
            #expect(try await progress(linda, campaign.id).counts.values.reduce(0, +) == 50)
        }
    }

    @Test func anotherWorkspacesNumbersAreUnknown() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            let other = CallMeta(workspace: "other")
            let id = LindaFixture.numbers[0]
            #expect(
                await fault { _ = try await linda.call(AccountContract.self, GetAccount.self, .init(id), meta: other) }?.code
                    == .accountUnknown)
            #expect(
                await fault { _ = try await linda.call(AccountContract.self, DeleteAccount.self, .init(id), meta: other) }?.code
                    == .accountUnknown)
            #expect(
                await fault {
                    _ = try await linda.call(AccountContract.self, UpdateAccount.self, .init(phoneNumberID: id, weight: 5), meta: other)
                }?.code
                    == .accountUnknown)
            #expect(
                await fault {
                    _ = try await linda.call(
                        AccountContract.self, SwitchAccount.self, .init(from: id, to: LindaFixture.numbers[1]), meta: other)
                }?.code == .accountUnknown)
            #expect(try await linda.call(AccountContract.self, ListAccounts.self, Nothing()).items.count == 2)
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
            let recipients = contacts(300).map { Recipient(contact: $0) }
            let ready = try await planned(
                linda,
                .init(
                    name: "Daily", template: "greeting_news", recipients: recipients, window: "Morning", recurring: true, start: true,
                    requestKey: "daily"))
            #expect(ready.campaign.state == .scheduled && ready.campaign.startAt == opening)
            #expect(ready.campaign.deadline == opening + 300_000)
            func now() async throws -> Int64 {
                try await linda.call(SandboxContract.self, SandboxSetClock.self, .init()).now
            }
            _ = try await linda.call(SandboxContract.self, SandboxSetClock.self, .init(to: opening - 31_000))
            #expect(try await linda.statistics().accepted == 0)
            try await linda.clock(speed: 20)
            try await eventually(within: .seconds(60), "the end of the window") {
                try await progress(linda, ready.campaign.id).campaign.state == .finished
            }
            try await linda.clock(speed: 1)
            let end = try await progress(linda, ready.campaign.id)
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
            #expect(try await linda.statistics().sentTwice == 0)
            _ = now
        }
    }
}

extension Array {
    fileprivate func asyncFilter(_ isIncluded: (Element) async throws -> Bool) async rethrows -> [Element] {
        var result: [Element] = []
        for element in self where try await isIncluded(element) { result.append(element) }
        return result
    }
}
