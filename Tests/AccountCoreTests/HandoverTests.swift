import AccountContract
import GRDB
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountContacts
@testable import AccountNumbers
@testable import AccountOutbox

/// From a recipient that is due to a message: once, within the budget, with consent, from a number that can.
@Suite struct HandoverTests {
    private struct Scene {
        let desk: OutboxDesk
        let handover: CampaignHandover

        init(_ count: Int, budget: Int64? = nil, granted: Int? = nil) async throws {
            desk = try await OutboxDesk()
            let tariffs = Tariffs(store: desk.store)
            handover = CampaignHandover(
                store: desk.store, numbers: desk.numbers,
                routing: Routing(store: desk.store, numbers: desk.numbers, contactRoutes: desk.contactRoutes), outbox: desk.outbox,
                tariffs: tariffs)
            let prices = [
                Tariff(country: "IN", category: .marketing, price: Money(currency: "INR", micros: 100), from: 0),
                Tariff(country: "DE", category: .marketing, price: Money(currency: "EUR", micros: 7), from: 0),
            ]
            _ = try await tariffs.add(prices, workspace: "w")
            let now = desk.now.value
            let contacts = (0..<count).map { ContactID(String(919_800_000_000 + $0)) }
            try await desk.pool.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO campaign (id, workspace, requestKey, fingerprint, kind, name, state, template, priority, attempts, budget,
                          currency, createdAt) VALUES ('c', 'w', 'c', 0, 'campaign', 'C', 'running', 't', 500, 3, ?, ?, 0)
                        """, arguments: [budget, budget.map { _ in "INR" }])
                for (n, contact) in contacts.enumerated() {
                    try db.execute(
                        sql: """
                            INSERT INTO campaignRecipient (campaign, n, contact, state, account, reason, template, type, category, object, language,
                              sendAt) VALUES ('c', ?, ?, 'planned', '1', 'r', 't', 'template', 'marketing', '[]', 'en', ?)
                            """, arguments: [n, contact, now])
                }
                try CampaignCounts.add(db, count, "planned", of: "c")
            }
            let items = contacts.prefix(granted ?? count).map { RecordConsent.Item(contact: $0.rawValue, state: .granted, source: "form") }
            if !items.isEmpty { _ = try await desk.consents.record(.init(items: Array(items)), workspace: "w", actor: nil) }
        }

        func hand(limit: Int = 100, rooms: [PhoneNumberID: Int] = ["1": 1000, "2": 1000], category: Message.Category = .marketing)
            async throws
            -> CampaignHandover.Part
        {
            let row = try await desk.pool.read { try CampaignRow.read($0, "c") }
            let queue = CampaignQueue(number: "1", category: category, firstDue: .zero)
            return try await handover.handOver(row, queue, limit: limit, rooms: rooms, now: desk.now.value)
        }

        func counts() async throws -> [String: Int] { try await desk.pool.read { try CampaignCounts($0, "c").places } }
        func spent() async throws -> Int64 { try await spending().first { $0.currency == "INR" }?.micros ?? 0 }
        func spending() async throws -> [Money] { try await desk.pool.read { try CampaignSpending.of($0, "c") } }
    }

    @Test func everybodyIsHandedOverOnce() async throws {
        let scene = try await Scene(5)
        let first = try await scene.hand(limit: 3)
        #expect((first.looked, first.count, first.skipped) == (3, 3, 0) && first.numbers == ["1": 3])
        #expect(try await scene.hand().count == 2)
        let nothing = try await scene.hand()
        #expect((nothing.looked, nothing.count) == (0, 0) && !nothing.isStuck && nothing.halt == nil && !nothing.isStopped)
        #expect(try await scene.counts() == ["queued": 5])
        #expect(try await scene.spent() == 500)
        #expect(try await scene.desk.lease().count == 5)
        try scene.desk.end()
    }

    @Test func aBudgetIsNeverPassed() async throws {
        let scene = try await Scene(5, budget: 250)
        let part = try await scene.hand()
        #expect(part.count == 2 && part.halt != nil)
        #expect(try await scene.spent() == 200)
        let again = try await scene.hand()
        #expect(again.count == 0 && again.halt != nil)
        #expect(try await scene.counts() == ["planned": 3, "queued": 2])
        try scene.desk.end()
    }

    /// The rate card may be another than when it was planned.
    @Test func aPriceInAnotherCurrencyStopsIt() async throws {
        let scene = try await Scene(2, budget: 250)
        try await scene.desk.pool.write { try $0.execute(sql: "UPDATE campaign SET currency = 'EUR'") }
        let part = try await scene.hand()
        #expect(part.halt == "the budget cannot be kept: it is in EUR, and the next message is priced in INR")
        try scene.desk.end()
    }

    /// What failed was not charged: the budget has it back for others.
    @Test func whatFailsIsGivenBack() async throws {
        let scene = try await Scene(5, budget: 300)
        _ = try await scene.hand()
        for id in try await scene.desk.lease() { try await scene.desk.fail(id) }
        #expect(try await scene.spent() == 0)
        #expect(try await scene.hand().count == 2)
        #expect(try await scene.spent() == 200)
        try scene.desk.end()
    }

    @Test(arguments: [Int64(0), 99, 100]) func aBudgetOfLessThanOneSendsNone(budget: Int64) async throws {
        let scene = try await Scene(2, budget: budget)
        #expect(try await scene.hand().count == (budget < 100 ? 0 : 1))
        try scene.desk.end()
    }

    @Test func whoHasNotAgreedIsSkippedAndCounted() async throws {
        let scene = try await Scene(4, granted: 3)
        let part = try await scene.hand()
        #expect((part.count, part.skipped) == (3, 1))
        #expect(try await scene.counts() == ["queued": 3, "skipped": 1])
        #expect(try await scene.spent() == 300, "nobody pays for who is skipped")
        try scene.desk.end()
    }

    /// Nothing is lost and nothing burnt while no number can send: it waits.
    @Test func withoutANumberItIsStuckAndNobodyIsSkipped() async throws {
        let scene = try await Scene(3)
        let numbers = scene.desk.numbers
        try await numbers.change { db in try numbers.hear(db, .banned("x"), of: "1") }
        let part = try await scene.hand()
        #expect(part.isStuck && part.count == 0 && part.skipped == 0)
        #expect(try await scene.counts() == ["planned": 3])
        #expect(try await scene.spent() == 0)
        // Another number takes over, and the reason says so.
        let other = AddAccount.Params(phoneNumberID: "2", wabaID: "2", displayPhoneNumber: "+918047181001", displayName: "B")
        _ = try await numbers.add(other, workspace: "w")
        #expect(try await scene.hand().numbers == ["2": 3])
        try scene.desk.end()
    }

    /// What a number may be given is its own: more waits where it is.
    @Test func aNumberGetsNoMoreThanItsRoom() async throws {
        let scene = try await Scene(5, granted: 5)
        let part = try await scene.hand(rooms: ["1": 2])
        #expect(part.numbers == ["1": 2] && part.isFull && !part.isStuck)
        let none = try await scene.hand(rooms: [:])
        #expect(none.count == 0 && none.isFull)
        #expect(try await scene.counts() == ["planned": 3, "queued": 2])
        try scene.desk.end()
    }

    /// A draining number takes no new contacts: what was planned for it goes to another, and to none where none is left.
    @Test func aDrainingNumberGetsNoCampaign() async throws {
        let scene = try await Scene(2, granted: 2)
        _ = try await scene.desk.numbers.update(.init(phoneNumberID: "1", duty: .draining))
        #expect(try await scene.hand().isStuck)
        let other = AddAccount.Params(phoneNumberID: "2", wabaID: "2", displayPhoneNumber: "+918047181001", displayName: "B")
        _ = try await scene.desk.numbers.add(other, workspace: "w")
        #expect(try await scene.hand().numbers == ["2": 2])
        try scene.desk.end()
    }

    @Test func whatDoesNotRunIsLeftAlone() async throws {
        let scene = try await Scene(2)
        try await scene.desk.states.set("c", .paused, from: [.running], reason: nil)
        let row = try await scene.desk.pool.read { try CampaignRow.read($0, "c") }
        let part = try await scene.handover.handOver(
            row, CampaignQueue(number: "1", category: .marketing, firstDue: .zero), limit: 10, rooms: ["1": 10], now: scene.desk.now.value)
        #expect(part.isStopped && part.looked == 0)
        try scene.desk.end()
    }

    private func addGerman(_ scene: Scene) async throws {
        let now = scene.desk.now.value
        _ = try await scene.desk.consents.record(
            .init(items: [.init(contact: "4915112345678", state: .granted, source: "form")]), workspace: "w", actor: nil)
        try await scene.desk.pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO campaignRecipient (campaign, n, contact, state, account, reason, template, type, category, object, language, sendAt)
                    VALUES ('c', 9, '4915112345678', 'planned', '1', 'r', 't', 'template', 'marketing', '[]', 'en', ?)
                    """, arguments: [now])
            try CampaignCounts.add(db, 1, "planned", of: "c")
        }
    }

    /// Amounts of two currencies stand beside each other, also when they are given back.
    @Test func currenciesAreNeverAdded() async throws {
        let scene = try await Scene(1)
        try await addGerman(scene)
        #expect(try await scene.hand().count == 2)
        #expect(try await scene.spending() == [Money(currency: "EUR", micros: 7), Money(currency: "INR", micros: 100)])
        for id in try await scene.desk.lease() { try await scene.desk.fail(id) }
        #expect(try await scene.spending().isEmpty)
        try scene.desk.end()
    }

    /// A price that a budget cannot be held against stops the campaign before it is paid.
    @Test func anotherCurrencyThanTheBudgetsIsNotPaid() async throws {
        let scene = try await Scene(1, budget: 1_000_000)
        try await addGerman(scene)
        let part = try await scene.hand()
        #expect(part.count == 1 && part.halt?.contains("EUR") == true)
        try scene.desk.end()
    }

    /// Meta has moved the template meanwhile: its price is that of the category it goes out under, and so is the budget's measure.
    @Test func aMovedTemplateIsPaidUnderItsNewCategory() async throws {
        let scene = try await Scene(3, budget: 250)
        let prices = [Tariff(country: "IN", category: .utility, price: Money(currency: "INR", micros: 10), from: 0)]
        _ = try await Tariffs(store: scene.desk.store).add(prices, workspace: "w")
        try await scene.desk.pool.write { try $0.execute(sql: "UPDATE campaignRecipient SET wabaID = '2', category = 'utility'") }
        let now = scene.desk.now.value
        try await scene.desk.outbox.move(.init(wabaID: "2", name: "t", language: "en", category: .marketing, at: now))
        let part = try await scene.hand(category: .utility)
        #expect(part.count == 2 && part.halt?.contains("budget is used up") == true, "\(part)")
        #expect(try await scene.spent() == 200)
        try scene.desk.end()
    }

    @Test func whatHasNoTariffIsNotPaidFromABudget() async throws {
        let scene = try await Scene(2, budget: 1_000_000)
        try await scene.desk.pool.write { try $0.execute(sql: "DELETE FROM tariff") }
        let part = try await scene.hand()
        #expect(part.count == 0 && part.halt?.contains("tariff") == true)
        try scene.desk.end()
    }
}
