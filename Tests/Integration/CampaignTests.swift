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

/// Campaigns through the sockets, from plan to report.
@Suite struct CampaignTests {
    @Test func fromPlanToReportWithEveryKindOfBadRow() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addOffer()
            let good = LindaFixture.contacts(40)
            try await linda.grant(good)
            _ = try await linda.call(
                AccountContract.self, ImportTariffs.self,
                .init(items: [
                    Tariff(country: "IN", category: .marketing, price: Money(currency: "INR", micros: 863_100), from: 0)
                ]))
            var csv = "phone,name,timezone\n" + good.map { "+\($0),Asha,Asia/Kolkata\n" }.joined()
            csv += "nonsense,X,\n,Y,\n+\(good[0]),Again,\n+919811111111,Stranger,\n+919811111112,Z,Mars/Olympus\n+919811111113,,\n"
            try await linda.grant(["919811111113"])
            let plan = PlanCampaign.Params(name: "Spring", template: "spring_sale", csv: csv, requestKey: "spring")
            let ready = try await linda.planned(plan)
            let report = try #require(ready.report)
            #expect(ready.campaign.state == .planned)
            #expect(report.recipients == 40)
            #expect(report.cost == [Money(currency: "INR", micros: 40 * 863_100)])
            #expect(report.blockers.isEmpty)
            #expect(report.numbers.map(\.recipients).reduce(0, +) == 40 && report.numbers.count == 2)
            let reasons = report.skipped.map(\.reason)
            for part in [
                "line 42: phone is neither", "line 43: phone is empty", "line 44: is the same recipient as line 2",
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
            try await eventually("the end") { try await linda.progress(ready.campaign.id).campaign.state == .finished }
            try await eventually("deliveries") {
                let counts = try await linda.progress(ready.campaign.id).counts
                return (counts["delivered"] ?? 0) + (counts["read"] ?? 0) + (counts["failed"] ?? 0) == 40
            }
            let end = try await linda.progress(ready.campaign.id)
            #expect((end.total, end.done, end.counts["skipped"] ?? 0) == (40, 40, 6))
            #expect(end.spent == [Money(currency: "INR", micros: 40 * 863_100)])
            #expect(try await linda.statistics().accepted == 40)
            try await checkResults(linda, of: ready.campaign.id, last: good[39])
            // By name, as by id.
            #expect(try await linda.progress("Spring").campaign.id == ready.campaign.id)
            let cost = try await linda.call(AccountContract.self, CostAnalytics.self, .init())
            #expect(cost.items.first?.country == "IN" && cost.items.first?.billable == cost.items.first?.messages)
            let delivery = try await linda.call(AccountContract.self, DeliveryAnalytics.self, .init())
            #expect(delivery.items.map(\.messages).reduce(0, +) == 40)
        }
    }

    private func checkResults(_ linda: LindaFixture, of campaign: CampaignID, last: String) async throws {
        let results = try await linda.call(AccountContract.self, CampaignResults.self, .init(id: campaign.rawValue))
        let lines = results.csv.split(separator: "\n")
        #expect(lines.count == 47 && results.next == nil)
        #expect(lines[0] == "line,name,contact,template,language,number,state,sent,delivered,read,failed,message,code,explanation")
        // Each knows its line of the file; a spreadsheet keeps a number that it cannot take for an amount.
        let first = try #require(lines.first { $0.contains("+91 \(last.dropFirst(2))") })
        #expect(first.hasPrefix("41,Asha,+91 ") && first.contains("Z,"), "\(first)")
        #expect(lines.contains { $0.hasPrefix("45,Stranger,+91 9811111111,") })
    }

    /// Each number's progress by itself; and through a YELLOW number the calmer template.
    @Test func aYellowNumberSendsTheCautiousTemplate() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addOffer()
            try await linda.addTemplate()
            let people = LindaFixture.contacts(60)
            try await linda.grant(people)
            let (yellow, green) = (LindaFixture.numbers[0], LindaFixture.numbers[1])
            _ = try await linda.call(SandboxContract.self, SandboxSetQuality.self, .init(phoneNumberID: yellow, quality: "YELLOW"))
            try await linda.clock(advance: .seconds(601))
            try await eventually("Meta's rating is known") {
                try await linda.call(AccountContract.self, GetAccount.self, .init(yellow)).health == .cautious
            }
            let unknown = await fault {
                _ = try await linda.planned(
                    .init(
                        name: "X", template: "spring_sale", cautious: "nothing", recipients: [Recipient(contact: people[0])],
                        requestKey: "x"))
            }
            #expect(unknown?.path == "cautious" && unknown?.message.contains("nothing") == true)
            let utility = try await linda.planned(
                .init(
                    name: "U", template: "spring_sale", cautious: "greeting_news", recipients: [Recipient(contact: people[0])],
                    requestKey: "u"
                ))
            #expect(utility.campaign.state == .refused && utility.campaign.reason?.contains("one category") == true)
            try await linda.addTemplate("calm_sale", body: "Hello {{name|there}}, we have news.", category: .marketing)
            let recipients = people.map { Recipient(contact: $0, variables: ["name": "Asha"]) }
            let ready = try await linda.planned(
                .init(
                    name: "Sale", template: "spring_sale", cautious: "calm_sale", recipients: recipients, start: true,
                    requestKey: "sale"))
            try await eventually("the end") { try await linda.progress(ready.campaign.id).campaign.state == .finished }
            let end = try await linda.progress(ready.campaign.id)
            #expect(Set(end.numbers.map(\.account)) == [yellow, green])
            #expect(end.numbers.flatMap(\.counts.values).reduce(0, +) == 60, "\(end.numbers)")
            for contact in people {
                let got = try #require(try await linda.phone(ContactID(contact)).first)
                let message = try await linda.call(AccountContract.self, GetMessage.self, .init(MessageID(got.callbackData ?? "")))
                #expect(got.text.contains("calm_sale") == (message.account == yellow), "\(got.text) through \(message.account)")
            }
            // What was sent is part of what the numbers can take.
            try await linda.clock(advance: .seconds(6))
            try await eventually("the load is kept") {
                let plan = try await linda.call(AccountContract.self, PlanCapacity.self, .init(messages: 48_000, seconds: 300))
                return plan.numbers.map(\.messages).reduce(0, +) == 60 && plan.busiest.map(\.messages).reduce(0, +) == 60
            }
            let plan = try await linda.call(AccountContract.self, PlanCapacity.self, .init(messages: 48_000, seconds: 300))
            #expect(plan.numbers.allSatisfy { $0.peak > 0 && $0.peakAt != nil })
            #expect(plan.need?.enough == false && plan.advice.contains { $0.contains("at 80/s") })
            // Marketing goes at half the rate through the YELLOW one.
            #expect((118...120).contains(plan.perSecond), "\(plan.perSecond)")
            #expect(
                await fault { _ = try await linda.call(AccountContract.self, PlanCapacity.self, .init(messages: 1)) }?.path == "seconds")
        }
    }

    @Test func pauseResumeCancelAndRetryLoseAndRepeatNobody() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addOffer()
            let people = LindaFixture.contacts(1000)
            try await linda.grant(people)
            let recipients = people.map { Recipient(contact: $0, variables: ["name": "Asha"]) }
            let ready = try await linda.planned(.init(name: "Big", template: "spring_sale", recipients: recipients, requestKey: "big"))
            let id = ready.campaign.id
            #expect(await fault { _ = try await linda.call(AccountContract.self, PauseCampaign.self, .init(id)) }?.code == .campaignState)
            try await linda.clock(speed: 2)
            _ = try await linda.call(AccountContract.self, StartCampaign.self, .init(id))
            try await eventually("a third of it") { try await linda.statistics().accepted > 300 }
            // A reply does not wait behind it.
            try await linda.write("Hello?", from: "919876543210")
            let reply = try await linda.call(
                AccountContract.self, SendMessage.self,
                .init(to: "919876543210", text: TextMessage(body: "Yes?"), priority: 10, requestKey: "reply"))
            try await eventually(within: .seconds(3), "the reply, with seconds of campaign still to go") {
                try await linda.phone("919876543210").contains { $0.callbackData == reply.id.rawValue }
            }
            #expect(try await linda.progress(id).campaign.state == .running)
            _ = try await linda.call(AccountContract.self, PauseCampaign.self, .init(id))
            // One that Meta has just refused for its rate stays queued, held back until the campaign goes on.
            try await eventually("nothing is under way any more") {
                try await linda.call(AccountContract.self, ListAccounts.self, Nothing()).items.allSatisfy { $0.sending == 0 }
            }
            let paused = try await linda.statistics().accepted
            let counts = try await linda.progress(id).counts
            #expect(counts["planned"] ?? 0 > 0 && counts.values.reduce(0, +) == 1000, "\(counts)")
            try await linda.clock(speed: 8)
            _ = try await linda.call(AccountContract.self, ResumeCampaign.self, .init(id))
            try await eventually(within: .seconds(30), "the end") { try await linda.progress(id).campaign.state == .finished }
            let statistics = try await linda.statistics()
            #expect(statistics.sentTwice == 0)
            #expect(statistics.accepted > paused)
            #expect(try await Set(people.asyncFilter { try await !linda.phone(ContactID($0)).isEmpty }).count >= 990)
            // A second one is cancelled half-way.
            let next = try await linda.planned(
                .init(name: "Second", template: "spring_sale", recipients: recipients, start: true, requestKey: "second"))
            let before = try await linda.statistics().accepted
            try await eventually("some of it") { try await linda.statistics().accepted > before + 50 }
            let cancelled = try await linda.call(AccountContract.self, CancelCampaign.self, .init(next.campaign.id))
            #expect(cancelled.state == .cancelled)
            let end = try await linda.progress(next.campaign.id)
            #expect(end.counts["cancelled"] ?? 0 > 0 && end.counts["planned"] == nil)
            #expect(
                await fault { _ = try await linda.call(AccountContract.self, ResumeCampaign.self, .init(next.campaign.id)) }?.code
                    == .campaignState)
        }
    }

    /// The first recipient has no tariff: what the second costs has its currency all the same.
    @Test func whatIsSpentHasTheCurrencyOfThePriceThatWasCounted() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate("notice", category: .utility)
            let tariff = Tariff(country: "IN", category: .utility, price: Money(currency: "INR", micros: 145_000), from: .zero)
            _ = try await linda.call(AccountContract.self, ImportTariffs.self, .init(items: [tariff]))
            let people = ["12025550123", "919876543210"].map { Recipient(contact: $0) }
            let plan = PlanCampaign.Params(name: "Notice", template: "notice", recipients: people, start: true, requestKey: "notice")
            let id = try await linda.planned(plan).campaign.id
            try await eventually("the end") { try await linda.progress(id).campaign.state == .finished }
            #expect(try await linda.progress(id).spent == [Money(currency: "INR", micros: 145_000)])
        }
    }

    @Test func failedRecipientsAreWrittenToAgainWithANewMessage() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addOffer()
            let people = LindaFixture.contacts(20)
            try await linda.grant(people)
            _ = try await linda.call(
                SandboxContract.self, SandboxSetTemplate.self,
                .init(wabaID: LindaFixture.waba, name: "spring_sale", language: "en", status: "PAUSED"))
            let recipients = people.map { Recipient(contact: $0, variables: ["name": "Asha"]) }
            try await eventually("the pause is known") {
                try await linda.call(TemplateContract.self, ReviewStatus.self, .init(name: "spring_sale")).review == .paused
            }
            let refused = await fault {
                _ = try await linda.planned(.init(name: "A", template: "spring_sale", recipients: recipients, requestKey: "a"))
            }
            #expect(refused?.code == .templateRefused && refused?.message.contains("paused") == true)
            _ = try await linda.call(
                SandboxContract.self, SandboxSetTemplate.self,
                .init(wabaID: LindaFixture.waba, name: "spring_sale", language: "en", status: "APPROVED"))
            try await eventually("the approval is known") {
                try await linda.call(TemplateContract.self, ReviewStatus.self, .init(name: "spring_sale")).review == .approved
            }
            let ready = try await linda.planned(.init(name: "B", template: "spring_sale", recipients: recipients, requestKey: "b"))
            // Paused at Meta between plan and start: the campaign stops instead of burning through its recipients.
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 1, code: 132015))
            _ = try await linda.call(AccountContract.self, StartCampaign.self, .init(ready.campaign.id))
            try await eventually("it pauses itself") { try await linda.progress(ready.campaign.id).campaign.state == .paused }
            #expect(try await linda.progress(ready.campaign.id).campaign.reason?.contains("paused for low quality") == true)
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 0))
            try await eventually("nothing under way") { (try await linda.progress(ready.campaign.id).counts["queued"] ?? 0) == 0 }
            let failed = try await linda.progress(ready.campaign.id).counts["failed"] ?? 0
            #expect(failed > 0)
            let retry = try await linda.call(AccountContract.self, RetryCampaign.self, .init(id: ready.campaign.id.rawValue))
            #expect((retry.retried, retry.left) == (failed, 0))
            // Who paused it goes on with it.
            #expect(try await linda.progress(ready.campaign.id).campaign.state == .paused)
            _ = try await linda.call(AccountContract.self, ResumeCampaign.self, .init(ready.campaign.id))
            try await eventually("all of them") { try await linda.progress(ready.campaign.id).campaign.state == .finished }
            #expect(try await linda.statistics().accepted == 20)
            #expect(try await linda.statistics().sentTwice == 0)
        }
    }

    @Test func aBudgetStopsItAndAnExperimentSharesIt() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addOffer()
            try await linda.addTemplate("spring_sale_b", body: "Hello {{name}}, the sale has begun, come.", category: .marketing)
            let people = LindaFixture.contacts(200)
            try await linda.grant(people)
            _ = try await linda.call(
                AccountContract.self, ImportTariffs.self,
                .init(items: [
                    Tariff(country: "*", category: .marketing, price: Money(currency: "INR", micros: 1_000_000), from: 0)
                ]))
            let list = try await makeList(linda, of: people)
            let variants: [Experiment.Variant] = [.init(template: "spring_sale", share: 1), .init(template: "spring_sale_b", share: 1)]
            let experiment = CreateExperiment.Params(name: "sale", variants: variants)
            _ = try await linda.call(TemplateContract.self, CreateExperiment.self, experiment)
            let ready = try await linda.planned(
                .init(
                    name: "Test", experiment: "sale", list: list,
                    budget: Money(currency: "INR", micros: 120_000_000), start: true, requestKey: "test"))
            #expect(ready.report?.warnings.contains { $0.contains("budget") } == true)
            try await eventually("the budget's end") { try await linda.progress(ready.campaign.id).campaign.state == .paused }
            let stopped = try await linda.progress(ready.campaign.id)
            #expect(stopped.campaign.reason?.contains("budget") == true)
            #expect(stopped.spent == [Money(currency: "INR", micros: 120_000_000)])
            // It has nothing to go on with.
            let refused = await fault { _ = try await linda.call(AccountContract.self, ResumeCampaign.self, .init("Test")) }
            #expect(refused?.code == .campaignBlocked && refused?.message.contains("used up") == true, "\(String(describing: refused))")
            #expect(try await linda.progress("Test").campaign.state == .paused)
            try await eventually("what was handed over") { try await linda.statistics().accepted == 120 }
            _ = try await linda.call(
                AccountContract.self, SetCampaignBudget.self,
                .init(id: ready.campaign.id.rawValue, budget: Money(currency: "INR", micros: 1_000_000_000)))
            _ = try await linda.call(AccountContract.self, ResumeCampaign.self, .init(ready.campaign.id))
            try await eventually("the rest") { try await linda.statistics().accepted == 200 }
            let csv = try await linda.call(AccountContract.self, CampaignResults.self, .init(id: ready.campaign.id.rawValue)).csv
            let second = csv.split(separator: "\n").count { $0.contains("spring_sale_b") }
            #expect((70...130).contains(second), "\(second) of 200 with the second template")
            // The results of each go back to the process that shares them out.
            func told() async throws -> Experiment {
                try await linda.call(TemplateContract.self, ExperimentStatus.self, .init(name: "sale"))
            }
            try await eventually(within: .seconds(30), "the results") {
                try await told().results.map(\.messages) == [200 - second, second]
            }
            #expect(try await told().results.allSatisfy { $0.readFrom ?? 0 <= $0.readShare ?? 0 && $0.readShare ?? 0 <= $0.readTo ?? 0 })
            let stop = StopExperiment.Params(name: "sale", winner: "spring_sale_b")
            #expect(try await linda.call(TemplateContract.self, StopExperiment.self, stop).state == .stopped)
            let after = try await linda.planned(.init(name: "After", experiment: "sale", list: list, start: true, requestKey: "after"))
            try await eventually("all of the second") {
                let csv = try await linda.call(AccountContract.self, CampaignResults.self, .init(id: after.campaign.id.rawValue)).csv
                return csv.split(separator: "\n").count { $0.contains("spring_sale_b") } == 200
            }
            try await checkRefusals(linda, of: experiment, list: ListID(list))
        }
    }

    /// Everybody is in the list once, however often they are added.
    private func makeList(_ linda: LindaFixture, of people: [String]) async throws -> String {
        let list = try await linda.call(AccountContract.self, CreateBroadcastList.self, .init(name: "People"))
        let recipients = people.map { Recipient(contact: "+\($0)", variables: ["name": "Asha"]) }
        let added = try await linda.call(AccountContract.self, AddToBroadcastList.self, .init(id: list.id.rawValue, recipients: recipients))
        #expect((added.added, added.members) == (people.count, people.count))
        let again = try await linda.call(AccountContract.self, AddToBroadcastList.self, .init(id: list.id.rawValue, recipients: recipients))
        #expect((again.added, again.updated) == (0, people.count))
        return list.id.rawValue
    }

    /// Neither a winner nor an experiment that there is not, nor other variants under a name that is taken.
    private func checkRefusals(_ linda: LindaFixture, of experiment: CreateExperiment.Params, list: ListID) async throws {
        let wrong = StopExperiment.Params(name: experiment.name, winner: "nothing")
        #expect(await fault { _ = try await linda.call(TemplateContract.self, StopExperiment.self, wrong) }?.path == "winner")
        let other = CreateExperiment.Params(name: experiment.name, variants: experiment.variants.reversed())
        #expect(await fault { _ = try await linda.call(TemplateContract.self, CreateExperiment.self, other) }?.code == .experimentTaken)
        let nobody = await fault {
            _ = try await linda.planned(.init(name: "X", experiment: "nothing", list: list.rawValue, requestKey: "x"))
        }
        #expect(nobody?.path == "experiment" && nobody?.message.contains("nothing") == true)
    }

    /// What Meta keeps refusing comes back into the queue; a cancelled campaign sends none of it, however late.
    @Test func aCancelledCampaignSendsNothingMore() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(tokenExpired: true))
            let recipients = LindaFixture.contacts(50).map { Recipient(contact: $0) }
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
                let counts = try await linda.progress(campaign.id).counts
                return (counts["queued"] ?? 0) + (counts["planned"] ?? 0) == 0
            }
            #expect(try await linda.statistics().accepted == 0)
            #expect(try await linda.progress(campaign.id).counts.values.reduce(0, +) == 50)
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
