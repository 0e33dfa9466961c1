import AccountContract
import Foundation
import GraphMessages
import RPCContract
import RPCTransport
import SandboxContract
import Support
import TemplateContract
import Testing
import Vocabulary

/// What goes out, through the sockets, to a Meta that is stricter than the real one.
@Suite struct SendingTests {
    private func send(_ linda: LindaFixture, _ params: SendMessage.Params) async throws -> SendMessage.Reply {
        try await linda.call(AccountContract.self, SendMessage.self, params)
    }

    private func fault(_ body: () async throws -> Void) async -> Fault? {
        do {
            try await body()
            return nil
        } catch { return error as? Fault }
    }

    private func state(_ linda: LindaFixture, _ id: String) async throws -> Message.State {
        try await linda.call(AccountContract.self, GetMessage.self, .init(id)).state
    }

    @Test func everyTypeOfMessageReachesThePhone() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers(messagesPerSecond: 0)
            try await linda.write("Show me everything", from: "919876543210")
            let before = try await linda.phone("919876543210").count
            let samples = ([SendMessage.example.params] + SendMessage.alternatives).filter { !$0.freeForm.isEmpty }
            for (index, sample) in samples.enumerated() {
                var params = sample
                (params.to, params.account, params.requestKey) = ("919876543210", nil, "type-\(index)")
                (params.fallback, params.replyTo) = (nil, nil)
                _ = try await send(linda, params)
            }
            try await eventually("all of them on the phone") { try await linda.phone("919876543210").count >= before + samples.count }
            let types = Set(try await linda.phone("919876543210").map(\.type))
            #expect(
                types.isSuperset(of: [
                    "text", "image", "video", "audio", "document", "sticker", "location", "contacts", "reaction", "interactive",
                ]), "\(types)")
            try await eventually("every outcome") {
                let states = try await linda.call(AccountContract.self, MessageStatistics.self, .init(requestKeyPrefix: "type-")).states
                return (states["queued"] ?? 0) + (states["sending"] ?? 0) + (states["accepted"] ?? 0) == 0
            }
            let failures = try await linda.call(AccountContract.self, MessageStatistics.self, .init(requestKeyPrefix: "type-")).failures
            #expect(failures.isEmpty, "\(failures)")
            // Meta's read mark and typing indicator.
            let wrote = SandboxWrite.Params(phoneNumberID: LindaFixture.numbers[0], from: "919876543210", name: "Asha", text: "?")
            let wamid = try await linda.call(SandboxContract.self, SandboxWrite.self, wrote).wamid
            _ = try await linda.call(
                AccountContract.self, MarkMessageRead.self, .init(account: LindaFixture.numbers[0], wamid: wamid, typing: true))
        }
    }

    @Test func templatesWithMetasOwnComponentsAndTheMarketingEndpoint() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate("spring_sale", body: "Dear {{name}}, our sale begins {{day}}, come.", category: .marketing)
            let grant = RecordConsent.Item(contact: "919876543210", state: .granted, source: "form", proof: "https://example.org/1")
            #expect(try await linda.call(AccountContract.self, RecordConsent.self, .init(items: [grant])).changed == 1)
            let components: [TemplateComponent] = [.body([.text("Asha", name: "name"), .text("today", name: "day")])]
            let template = SendMessage.Template(name: "spring_sale", language: "en", components: components, category: .marketing)
            let sent = try await send(
                linda,
                .init(
                    to: "919876543210", template: template, marketing: .init(productPolicy: "STRICT", activitySharing: false),
                    requestKey: "mm"))
            try await eventually("delivery") { [.delivered, .read].contains(try await state(linda, sent.id)) }
            // The marketing endpoint takes marketing only.
            try await linda.addTemplate()
            let utility = SendMessage.Template(
                name: "greeting_news", language: "en", components: [.body([.text("Asha", name: "name")])], category: .utility)
            let wrong = try await send(linda, .init(to: "919876543210", template: utility, marketing: .init(), requestKey: "mm2"))
            try await eventually("refusal") { try await state(linda, wrong.id) == .failed }
            let why = try await linda.call(AccountContract.self, ExplainMessage.self, .init(wrong.id))
            #expect(why.message.errorCode == 134100 && why.errorClass == "never" && why.nextStep?.isEmpty == false)
            // A failed one goes out again as a new message.
            let fault = await fault {
                _ = try await linda.call(AccountContract.self, RetryMessage.self, .init(id: sent.id, requestKey: "r"))
            }
            #expect(fault?.code == .messageNotFailed)
            let again = try await linda.call(AccountContract.self, RetryMessage.self, .init(id: wrong.id, requestKey: "r1"))
            #expect(again.id != wrong.id)
            let same = try await linda.call(AccountContract.self, RetryMessage.self, .init(id: wrong.id, requestKey: "r1"))
            #expect(same.id == again.id)
        }
    }

    @Test func theWindowClosesAfterADayAndTheFallbackTakesOver() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            try await linda.write("Is my order ready?", from: "919876543210")
            let text = TextMessage(body: "It is.")
            _ = try await send(linda, .init(to: "919876543210", text: text, requestKey: "open"))
            try await linda.clock(advance: .seconds(24 * 3600 + 5))
            let closed = await fault { _ = try await send(linda, .init(to: "919876543210", text: text, requestKey: "closed")) }
            #expect(closed?.code == .windowClosed)
            let fallback = SendMessage.Template(name: "greeting_news", variables: ["name": "Asha"])
            let sent = try await send(linda, .init(to: "919876543210", text: text, fallback: fallback, requestKey: "fallback"))
            try await eventually("the template on the phone") {
                try await linda.phone("919876543210").contains { $0.callbackData == sent.id && $0.type == "template" }
            }
            // Closed while it waited in the queue.
            try await linda.write("Hello again", from: "919876543211")
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 1, code: 131057))
            let waiting = try await send(linda, .init(to: "919876543211", text: text, fallback: fallback, account: nil, requestKey: "late"))
            let doomed = try await send(linda, .init(to: "919876543211", text: text, requestKey: "doomed"))
            try await eventually("both were refused and wait") {
                try await linda.statistics().refused["131057"] ?? 0 >= 1
            }
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 0))
            try await linda.clock(advance: .seconds(24 * 3600 + 65))
            try await eventually("the fallback") {
                try await linda.phone("919876543211").contains { $0.callbackData == waiting.id && $0.type == "template" }
            }
            try await eventually("the refusal") { try await state(linda, doomed.id) == .failed }
            #expect(try await linda.call(AccountContract.self, ExplainMessage.self, .init(doomed.id)).message.errorCode == 131047)
        }
    }

    @Test func STOPIsHeededConfirmedOnceAndUndoneBySTART() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            try await linda.addTemplate("spring_sale", body: "Dear {{name|friend}}, our sale begins, come.", category: .marketing)
            func consent(_ contact: String) async throws -> Consent {
                try await linda.call(AccountContract.self, GetConsent.self, .init(contact: contact))
            }
            func offer(_ contact: String, _ key: String, _ template: String = "spring_sale") async -> Fault? {
                await fault {
                    _ = try await send(linda, .init(to: contact, template: .init(name: template, variables: [:]), requestKey: key))
                }
            }
            // Nobody has agreed to anything yet.
            #expect(await offer("919876543210", "m0")?.code == .consentMissing)
            for (contact, stop, start, word) in [
                ("919876543210", "Stop!", "start", "START"), ("919876543211", "बंद करो", "शुरू करें", "START"),
                ("919876543212", "मेसेज पाठवू नका", "सुरू करा", "START"),
            ] {
                let id = ContactID(contact)
                try await linda.write(stop, from: id)
                try await eventually("the stop of \(contact)") { try await consent(contact).state == .stopped }
                try await eventually("its confirmation") { try await linda.phone(id).count == 1 }
                let confirmation = try await linda.phone(id)
                #expect(confirmation.first?.text.contains(word) == true && confirmation.first?.type == "text")
                #expect(await offer(contact, "m1-\(contact)")?.code == .consentStopped)
                try await linda.write(start, from: id)
                try await eventually("the start of \(contact)") { try await consent(contact).state == .granted }
                #expect(await offer(contact, "m2-\(contact)") == nil)
            }
            // A sentence that begins like the word is none, and the bot answers it.
            try await linda.write("please stop by the shop", from: "919876543213")
            try await eventually("an answer from the bot, or none") {
                let statistics = try await linda.call(SandboxContract.self, SandboxStatistics.self, Nothing())
                return statistics.webhooksWaiting == 0
            }
            #expect(try await consent("919876543213").state == nil)
            // Paused: no marketing, and utility still.
            try await linda.write("PAUSE", from: "919876543210")
            try await eventually("the pause") { try await consent("919876543210").state == .paused }
            #expect(await offer("919876543210", "m3")?.code == .consentStopped)
            #expect(await offer("919876543210", "m4", "greeting_news") == nil)
            try await linda.write("resume", from: "919876543210")
            try await eventually("the resumption") { try await consent("919876543210").state == .granted }
            let history = try await consent("919876543210").steps
            #expect(history.map(\.state) == [.stopped, .granted, .paused, .granted])
            #expect(history.allSatisfy { $0.source == "keyword" && $0.proof?.hasPrefix("wamid.") == true })
            // In the app itself: Meta tells it.
            let number = LindaFixture.numbers[0]
            _ = try await linda.call(
                SandboxContract.self, SandboxPreference.self, .init(phoneNumberID: number, contact: "919876543212", marketing: false))
            try await eventually("Meta's word") { try await consent("919876543212").state == .stopped }
        }
    }

    @Test func whoStopsWhileAMessageWaitsDoesNotGetIt() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate("spring_sale", body: "Dear {{name|friend}}, our sale begins, come.", category: .marketing)
            let grant = RecordConsent.Item(contact: "919876543210", state: .granted, source: "form")
            _ = try await linda.call(AccountContract.self, RecordConsent.self, .init(items: [grant]))
            // Held back by a number that rests, then stopped.
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 1, code: 131057))
            let held = try await send(
                linda, .init(to: "919876543210", template: .init(name: "spring_sale", variables: [:]), requestKey: "held"))
            try await eventually("it was refused and waits") {
                try await linda.call(AccountContract.self, ExplainMessage.self, .init(held.id)).steps.count > 1
            }
            let stop = RecordConsent.Item(contact: "919876543210", state: .stopped, source: "operator", proof: "phone call")
            _ = try await linda.call(AccountContract.self, RecordConsent.self, .init(items: [stop]))
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 0))
            try await linda.clock(advance: .seconds(61))
            try await eventually("it fails instead of going out") { try await state(linda, held.id) == .failed }
            #expect(try await linda.call(AccountContract.self, ExplainMessage.self, .init(held.id)).message.error?.contains("STOP") == true)
            #expect(try await linda.phone("919876543210").allSatisfy { $0.callbackData != held.id })
        }
    }

    /// A fallback is marketing like any other: who said STOP while the message waited does not get it.
    @Test func aFallbackIsHeldToConsent() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate("spring_sale", body: "Dear {{name|friend}}, our sale begins, come.", category: .marketing)
            try await linda.write("Hello", from: "919876543210")
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 1, code: 131057))
            let sent = try await send(
                linda,
                .init(
                    to: "919876543210", text: TextMessage(body: "Hi"), fallback: .init(name: "spring_sale", variables: [:]),
                    requestKey: "fallback"))
            try await eventually("it waits") { try await linda.statistics().refused["131057"] ?? 0 >= 1 }
            let stop = RecordConsent.Item(contact: "919876543210", state: .stopped, source: "operator")
            _ = try await linda.call(AccountContract.self, RecordConsent.self, .init(items: [stop]))
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 0))
            try await linda.clock(advance: .seconds(24 * 3600 + 90))
            try await eventually("it fails") { try await state(linda, sent.id) == .failed }
            #expect(try await linda.phone("919876543210").allSatisfy { $0.callbackData != sent.id })
        }
    }

    @Test func aNumberIsLinkedStepByStep() async throws {
        try await LindaFixture.run { linda in
            let id: PhoneNumberID = "106540352242930"
            _ = try await linda.call(
                SandboxContract.self, SandboxAddNumber.self,
                .init(phoneNumberID: id, wabaID: LindaFixture.waba, displayPhoneNumber: "+918047181009", registered: false))
            let added = try await linda.call(
                AccountContract.self, AddAccount.self,
                .init(
                    phoneNumberID: id, wabaID: LindaFixture.waba, displayPhoneNumber: "+91 80 4718 1009", displayName: "New",
                    link: .unlinked))
            #expect(added.link == .unlinked)
            func confirm(_ code: String?, _ pin: String = "654321") async throws -> Account {
                try await linda.call(AccountContract.self, ConfirmLink.self, .init(phoneNumberID: id, code: code, pin: pin))
            }
            #expect(await fault { _ = try await confirm("123456") }?.code == .linkState)
            let none = await fault {
                _ = try await send(
                    linda, .init(to: "919876543210", template: .init(name: "x", variables: [:]), account: id, requestKey: "n"))
            }
            #expect(none != nil)
            #expect(try await linda.call(AccountContract.self, LinkAccount.self, .init(phoneNumberID: id)).link == .codeRequested)
            let wrong = await fault { _ = try await confirm("000000") }
            #expect(wrong?.code == .metaRefused && wrong?.upstream?.code == 136025)
            let code = try #require(try await linda.call(SandboxContract.self, SandboxCode.self, .init(id)).code)
            #expect(try await confirm(code).link == .registered)
            #expect(await fault { _ = try await confirm(nil) }?.code == .linkState)
            #expect(try await linda.call(AccountContract.self, UnlinkAccount.self, .init(id)).link == .unlinked)
            let health = try await linda.call(AccountContract.self, AccountHealth.self, .init(id))
            #expect(health.steps.map(\.to) == ["codeRequested", "verified", "registered", "unlinked"])
        }
    }

    @Test func strategiesPreferencesAndPreviewsThroughTheSocket() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            func preview(_ contact: ContactID, _ category: Message.Category = .service) async throws -> PreviewRoute.Reply {
                try await linda.call(AccountContract.self, PreviewRoute.self, .init(contact: contact, category: category))
            }
            for strategy in RoutingStrategy.allCases {
                _ = try await linda.call(AccountContract.self, SetStrategy.self, .init(name: strategy))
                #expect(try await linda.call(AccountContract.self, GetStrategy.self, Nothing()).name == strategy)
                #expect(try await !preview("919876543210").reason.isEmpty)
            }
            _ = try await linda.call(AccountContract.self, SetStrategy.self, .init(name: .masterFirst, geographic: true))
            #expect(try await preview("919876543210").account == LindaFixture.numbers[0])
            _ = try await linda.call(AccountContract.self, PromoteAccount.self, .init(LindaFixture.numbers[1]))
            #expect(try await preview("919876543210").account == LindaFixture.numbers[1])
            _ = try await linda.call(
                AccountContract.self, PreferRoute.self, .init(contact: "919876543210", account: LindaFixture.numbers[0]))
            #expect(try await preview("919876543210").reason.contains("to be written to from"))
            _ = try await linda.call(AccountContract.self, PreferRoute.self, .init(contact: "919876543210", account: nil))
            #expect(try await preview("919876543210").account == LindaFixture.numbers[1])
            let unknown = await fault {
                _ = try await linda.call(AccountContract.self, PreferRoute.self, .init(contact: "919876543210", account: "999"))
            }
            #expect(unknown?.code == .accountUnknown)
            _ = try await linda.call(
                AccountContract.self, UpdateAccount.self, .init(phoneNumberID: LindaFixture.numbers[1], duty: .draining))
            let drained = try await preview("919876543210")
            #expect(drained.account == LindaFixture.numbers[0])
            #expect(drained.others[LindaFixture.numbers[1].rawValue]?.contains("draining") == true)
        }
    }

    /// RED by Meta's event: marketing moves to the other number, nothing is lost, and an operator can take the step back.
    @Test func aRedNumbersMarketingMovesToTheOther() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers(messagesPerSecond: 20)
            for number in LindaFixture.numbers {
                _ = try await linda.call(AccountContract.self, UpdateAccount.self, .init(phoneNumberID: number, messagesPerSecond: 20))
            }
            try await linda.addTemplate("spring_sale", body: "Dear {{name|friend}}, our sale begins, come.", category: .marketing)
            let contacts = (0..<100).map { String(919_800_000_000 + $0) }
            let items = contacts.map { RecordConsent.Item(contact: $0, state: .granted, source: "form") }
            _ = try await linda.call(AccountContract.self, RecordConsent.self, .init(items: items))
            let client = linda.client(AccountContract.self)
            for contact in contacts {
                _ = try await client.call(
                    SendMessage.self,
                    .init(
                        to: contact, template: .init(name: "spring_sale", variables: [:]), account: LindaFixture.numbers[0],
                        requestKey: contact))
            }
            await client.close()
            _ = try await linda.call(
                SandboxContract.self, SandboxSetQuality.self, .init(phoneNumberID: LindaFixture.numbers[0], quality: "RED", event: true))
            try await eventually(within: .seconds(30), "all of them sent") { try await linda.statistics().accepted == 100 }
            let by = try await linda.call(AccountContract.self, MessageStatistics.self, .init()).accounts
            #expect((by[LindaFixture.numbers[1].rawValue] ?? 0) > 50, "\(by)")
            let quality = try await linda.call(AccountContract.self, QualityStatus.self, Nothing())
            let red = try #require(quality.items.first { $0.account == LindaFixture.numbers[0] })
            #expect(red.health == .resting && red.quality == .red && red.trend == .falling)
            let step = try #require(red.last)
            let back = try await linda.call(AccountContract.self, RevertQuality.self, .init(id: step.id))
            #expect(back.health == .ready && back.marketingShare == 100)
            #expect(
                try await linda.call(AccountContract.self, AccountHealth.self, .init(LindaFixture.numbers[0])).steps.contains {
                    $0.reverted
                })
            #expect(try await linda.statistics().sentTwice == 0)
        }
    }

    @Test func aPortfolioWritesToNoMorePeopleThanItMay() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let portfolio = LindaFixture.waba.rawValue
            _ = try await linda.call(SandboxContract.self, SandboxSetPortfolio.self, .init(id: portfolio, messagingLimit: 10))
            func headroom() async throws -> Int? {
                try await linda.call(AccountContract.self, ListPortfolios.self, Nothing()).items.first { $0.id == portfolio }?.headroom
            }
            try await eventually("Meta's limit is known") { try await headroom() == 10 }
            let client = linda.client(AccountContract.self)
            for n in 0..<8 {
                let params = SendMessage.Params(
                    to: String(919_800_000_000 + n), template: .init(name: "greeting_news", variables: [:]), requestKey: "p\(n)")
                _ = try await client.call(SendMessage.self, params)
            }
            try await eventually("eight sent") { try await linda.statistics().accepted == 8 }
            #expect(try await headroom() == 2)
            // Six more at once: two go, four wait; none is refused by Meta.
            for number in LindaFixture.numbers {
                _ = try await client.call(UpdateAccount.self, .init(phoneNumberID: number, enabled: false))
            }
            for number in LindaFixture.numbers {
                _ = try await client.call(UpdateAccount.self, .init(phoneNumberID: number, enabled: true))
            }
            for n in 8..<10 {
                let params = SendMessage.Params(
                    to: String(919_800_000_000 + n), template: .init(name: "greeting_news", variables: [:]), requestKey: "p\(n)")
                _ = try await client.call(SendMessage.self, params)
            }
            try await eventually("ten sent") { try await linda.statistics().accepted == 10 }
            // Nobody new may be written to: said at once, with the reason; who was counted already may.
            let full = await fault {
                _ = try await send(
                    linda, .init(to: "919800000099", template: .init(name: "greeting_news", variables: [:]), requestKey: "full"))
            }
            #expect(full?.code == .noRoute && full?.message.contains("nobody new") == true)
            _ = try await send(
                linda, .init(to: "919800000001", template: .init(name: "greeting_news", variables: [:]), requestKey: "again"))
            try await eventually("the known one") { try await linda.statistics().accepted == 11 }
            // A day later they have left the count.
            try await linda.clock(advance: .seconds(24 * 3600 + 10))
            _ = try await send(linda, .init(to: "919800000099", template: .init(name: "greeting_news", variables: [:]), requestKey: "next"))
            try await eventually("the next day") { try await linda.statistics().accepted == 12 }
            await client.close()
            #expect(try await linda.statistics().refused == [:])
        }
    }

    @Test func anUpgradeAnExpiredTokenAndABanAreLivedThrough() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            func offer(_ key: String) async throws -> String {
                let contact = String(919_800_000_000 + abs(key.hashValue % 1_000_000))
                return try await send(linda, .init(to: contact, template: .init(name: "greeting_news", variables: [:]), requestKey: key)).id
            }
            func isThrough(_ id: String) async throws -> Bool {
                [.accepted, .sent, .delivered, .read].contains(try await state(linda, id))
            }
            // Throughput: a minute of 131057 at most, then 1,000 a second, learned by itself.
            for number in LindaFixture.numbers {
                _ = try await linda.call(SandboxContract.self, SandboxUpgrade.self, .init(number))
            }
            let during = try await offer("during")
            try await eventually("it waits") { try await linda.statistics().refused["131057"] == 1 }
            try await linda.clock(advance: .seconds(61))
            try await eventually("sent after the upgrade") { try await isThrough(during) }
            try await eventually("both upgraded") {
                try await linda.call(AccountContract.self, ListAccounts.self, Nothing()).items.allSatisfy {
                    $0.account.messagesPerSecond == 1000
                }
            }
            // The token expires: held, then sent once there is a new one.
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(tokenExpired: true))
            let held = try await offer("held")
            try await eventually("the token's refusal") {
                try await linda.call(AccountContract.self, ExplainMessage.self, .init(held)).message.error?.contains("token") == true
            }
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(tokenExpired: false))
            try await linda.clock(advance: .seconds(40))
            try await eventually("sent with the new token") { try await isThrough(held) }
            // The account is banned and reinstated.
            _ = try await linda.call(SandboxContract.self, SandboxBan.self, .init(wabaID: LindaFixture.waba, banned: true))
            try await eventually("the ban is known") {
                try await linda.call(AccountContract.self, QualityStatus.self, Nothing()).items.allSatisfy { $0.health == .banned }
            }
            let banned = await fault { _ = try await offer("banned") }
            #expect(banned?.code == .noRoute && banned?.message.contains("banned") == true)
            _ = try await linda.call(SandboxContract.self, SandboxBan.self, .init(wabaID: LindaFixture.waba, banned: false))
            try await eventually("reinstated") {
                try await linda.call(AccountContract.self, QualityStatus.self, Nothing()).items.allSatisfy { $0.health == .recovering }
            }
            let after = try await offer("after")
            try await eventually("sent after the ban") { try await isThrough(after) }
            #expect(try await linda.statistics().sentTwice == 0)
        }
    }
}
