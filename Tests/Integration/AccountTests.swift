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

/// Numbers: linking, choosing, resting, limits, and what Meta does to them.
@Suite struct AccountTests {
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
                _ = try await linda.send(
                    .init(to: "919876543210", template: .init(name: "x", variables: [:]), account: id, requestKey: "n"))
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
            let preferred = try await preview("919876543210")
            #expect(preferred.reason.contains("to be written to from"))
            #expect(preferred.others == [LindaFixture.numbers[1].rawValue: "it could send it, too"])
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
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers(messagesPerSecond: 8)
            for number in LindaFixture.numbers {
                _ = try await linda.call(AccountContract.self, UpdateAccount.self, .init(phoneNumberID: number, messagesPerSecond: 8))
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
            try await linda.clock(speed: 8)
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

    /// Meta tells in each answer how many of the hour's calls are used: the account rests before they are refused.
    @Test func anAccountRestsBeforeItsCallsAreUsedUp() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            _ = try await linda.call(SandboxContract.self, SandboxSetCalls.self, .init(wabaID: LindaFixture.waba, messaging: 100))
            let client = linda.client(AccountContract.self)
            for contact in LindaFixture.contacts(150) {
                let template = SendMessage.Template(name: "greeting_news", variables: [:])
                _ = try await client.call(SendMessage.self, .init(to: contact, template: template, requestKey: contact))
            }
            await client.close()
            try await eventually("nearly all calls are used") { try await linda.statistics().accepted >= 95 }
            // An answer that is on its way while an hour passes would tell of the hour before as if it had just begun.
            try await eventually("no call is on its way") {
                try await linda.call(AccountContract.self, ListAccounts.self, Nothing()).items.allSatisfy { $0.sending == 0 }
            }
            let resting = try await linda.statistics()
            #expect(resting.accepted <= 100 && resting.refused["80007"] ?? 0 <= 40, "\(resting.refused)")
            try await linda.clock(advance: .seconds(3700))
            try await eventually("the rest") { try await linda.statistics().accepted == 150 }
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
                _ = try await linda.send(
                    .init(to: "919800000099", template: .init(name: "greeting_news", variables: [:]), requestKey: "full"))
            }
            #expect(full?.code == .noRoute && full?.message.contains("nobody new") == true)
            _ = try await linda.send(.init(to: "919800000001", template: .init(name: "greeting_news", variables: [:]), requestKey: "again"))
            try await eventually("the known one") { try await linda.statistics().accepted == 11 }
            // A day later they have left the count.
            try await linda.clock(advance: .seconds(24 * 3600 + 10))
            _ = try await linda.send(.init(to: "919800000099", template: .init(name: "greeting_news", variables: [:]), requestKey: "next"))
            try await eventually("the next day") { try await linda.statistics().accepted == 12 }
            await client.close()
            #expect(try await linda.statistics().refused == [:])
        }
    }

    @Test func anUpgradeAnExpiredTokenAndABanAreLivedThrough() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            func offer(_ key: String) async throws -> MessageID {
                let contact = String(919_800_000_000 + abs(key.hashValue % 1_000_000))
                return try await linda.send(.init(to: contact, template: .init(name: "greeting_news", variables: [:]), requestKey: key)).id
            }
            func isThrough(_ id: MessageID) async throws -> Bool {
                [.accepted, .sent, .delivered, .read].contains(try await linda.state(id))
            }
            // Throughput: a minute of 131057 at most, then 1,000 a second, learned by itself.
            for number in LindaFixture.numbers {
                _ = try await linda.call(SandboxContract.self, SandboxUpgrade.self, .init(number))
            }
            let during = try await offer("during")
            try await eventually("it waits") { try await linda.statistics().refused["131057"] == 1 }
            try await linda.clock(advance: .seconds(61))
            try await eventually("sent after the upgrade") { try await isThrough(MessageID(during.rawValue)) }
            try await eventually("both upgraded") {
                try await linda.call(AccountContract.self, ListAccounts.self, Nothing()).items.allSatisfy {
                    $0.account.messagesPerSecond == 1000
                }
            }
            // The token expires: held, then sent once there is a new one.
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(tokenExpired: true))
            let held = try await offer("held")
            try await eventually("the token's refusal") {
                try await linda.call(AccountContract.self, ExplainMessage.self, .init(MessageID(held.rawValue))).message.error?.contains(
                    "token") == true
            }
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(tokenExpired: false))
            try await linda.clock(advance: .seconds(40))
            try await eventually("sent with the new token") { try await isThrough(MessageID(held.rawValue)) }
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
            try await eventually("sent after the ban") { try await isThrough(MessageID(after.rawValue)) }
            #expect(try await linda.statistics().sentTwice == 0)
        }
    }

    /// Meta refuses a template (132001) from the number of another account: it is not chosen, not even where no other can send.
    @Test func aTemplateGoesOutFromItsOwnAccountAlone() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            let other: PhoneNumberID = "909090909090909"
            _ = try await linda.call(
                SandboxContract.self, SandboxAddNumber.self,
                .init(phoneNumberID: other, wabaID: "808080808080808", displayPhoneNumber: "+91 80 4718 1009"))
            _ = try await linda.call(
                AccountContract.self, AddAccount.self,
                .init(phoneNumberID: other, wabaID: "808080808080808", displayPhoneNumber: "+91 80 4718 1009", displayName: "Other"))
            try await linda.addTemplate()
            let named = await fault {
                _ = try await linda.send(
                    .init(to: "919800000000", template: .init(name: "greeting_news", variables: [:]), account: other, requestKey: "named"))
            }
            #expect(named?.code == .noRoute && named?.path == "account" && named?.message.contains("132001") == true)
            _ = try await linda.call(
                AccountContract.self, UpdateAccount.self, .init(phoneNumberID: LindaFixture.numbers[0], duty: .draining))
            for contact in LindaFixture.contacts(20) {
                _ = try await linda.send(
                    .init(to: contact, template: .init(name: "greeting_news", variables: [:]), requestKey: contact))
            }
            let campaign = try await linda.planned(
                .init(
                    name: "News", template: "greeting_news",
                    recipients: LindaFixture.contacts(40, from: 919_700_000_000).map { .init(contact: $0) },
                    start: true, requestKey: "c"))
            try await eventually(within: .seconds(30), "all of them sent") { try await linda.statistics().accepted == 60 }
            try await eventually("the campaign ends") { try await linda.progress(campaign.campaign.id).campaign.state == .finished }
            let by = try await linda.call(AccountContract.self, MessageStatistics.self, .init())
            #expect(by.accounts[other.rawValue] == nil && by.states[Message.State.failed.rawValue] == nil, "\(by)")
            _ = try await linda.call(SandboxContract.self, SandboxBan.self, .init(wabaID: LindaFixture.waba, banned: true))
            try await eventually("the ban is known") {
                try await linda.call(AccountContract.self, ListAccounts.self, Nothing()).items.filter { $0.account.health == .banned }.count
                    == 2
            }
            let banned = await fault {
                _ = try await linda.send(
                    .init(to: "919800000000", template: .init(name: "greeting_news", variables: [:]), requestKey: "banned"))
            }
            #expect(banned?.code == .noRoute && banned?.message.contains("banned") == true, "\(banned?.message ?? "")")
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

    /// Meta knows whether a number is registered, also where it was and is no more: then it is linked anew, and sends at once.
    @Test func aNumberIsRegisteredWhereMetaSaysSo() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            let number: PhoneNumberID = "306540352242922"
            func atMeta(registered: Bool) async throws {
                _ = try await linda.call(
                    SandboxContract.self, SandboxAddNumber.self,
                    .init(phoneNumberID: number, wabaID: LindaFixture.waba, displayPhoneNumber: "918047183000", registered: registered))
            }
            func link() async throws {
                _ = try await linda.call(AccountContract.self, LinkAccount.self, .init(phoneNumberID: number))
                let code = try await linda.call(SandboxContract.self, SandboxCode.self, .init(number)).code
                let account = try await linda.call(
                    AccountContract.self, ConfirmLink.self, .init(phoneNumberID: number, code: code, pin: "123456"))
                #expect(account.link == .registered)
            }
            try await atMeta(registered: false)
            let added = try await linda.call(
                AccountContract.self, AddAccount.self,
                .init(phoneNumberID: number, wabaID: LindaFixture.waba, displayPhoneNumber: "+91 80 4718 3000", displayName: "Delhi"))
            #expect(added.link == .unlinked)
            let health = try await linda.call(AccountContract.self, AccountHealth.self, .init(number))
            #expect(health.trouble?.contains("is not registered with the Cloud API") == true, "\(health)")
            try await link()
            // It is lost at Meta's side: the refusal tells, and linking it is no step out of order.
            try await linda.addTemplate()
            try await atMeta(registered: false)
            let sent = try await linda.send(
                .init(
                    to: "919876543210", template: .init(name: "greeting_news", variables: ["name": "Asha"]), account: number,
                    requestKey: "k"))
            try await eventually("Meta has refused the number") {
                try await linda.call(AccountContract.self, AccountHealth.self, .init(number)).trouble?.contains("Register it") == true
            }
            try await link()
            // No half minute passes: linking it lifts the hold.
            try await eventually("it goes out") { try await linda.call(AccountContract.self, GetMessage.self, .init(sent.id)).wamid != nil }
            #expect(try await linda.call(AccountContract.self, AccountHealth.self, .init(number)).trouble == nil)
        }
    }
}
