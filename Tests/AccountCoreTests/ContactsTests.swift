import AccountContract
import GRDB
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountContacts
@testable import AccountNumbers
@testable import AccountOutbox

/// What is known of people: agreement, window, habit, preference.
@Suite struct ContactsTests {
    /// A list that is read in again says nothing new, and nothing against a STOP that came meanwhile.
    @Test func aListThatIsReadInAgainUndoesNoSTOP() async throws {
        let desk = try await OutboxDesk()
        let grant = RecordConsent.Item(contact: "919876543210", state: .granted, source: "form")
        func record(_ item: RecordConsent.Item) async throws -> RecordConsent.Reply {
            desk.now.update { $0 = $0 + 1000 }
            return try await desk.consents.record(.init(items: [item]), workspace: "w", actor: nil)
        }
        #expect(try await record(grant).changed == 1)
        #expect(try await record(grant).unchanged == 1)
        #expect(try await desk.consents.get(.init(contact: "919876543210"), workspace: "w").steps.count == 1)
        #expect(try await record(.init(contact: "919876543210", state: .stopped, source: "message")).changed == 1)
        let again = try await record(grant)
        #expect(again.changed == 0 && again.problems.first?.problem.contains("give `at`") == true)
        #expect(try await desk.consents.get(.init(contact: "919876543210"), workspace: "w").state == .stopped)
        var dated = grant
        dated.at = desk.now.value
        #expect(try await record(dated).changed == 1)
        try desk.end()
    }

    /// A person who wrote to another workspace's number has no window and no habit here.
    @Test func anotherWorkspacesWindowIsNobodyElses() async throws {
        let desk = try await OutboxDesk()
        let other = AddAccount.Params(phoneNumberID: "9", wabaID: "9", displayPhoneNumber: "+918047181009", displayName: "B")
        _ = try await desk.numbers.add(other, workspace: "x")
        let second = AddAccount.Params(phoneNumberID: "2", wabaID: "2", displayPhoneNumber: "+918047181002", displayName: "C")
        _ = try await desk.numbers.add(second, workspace: "w")
        let (routes, now) = (desk.contactRoutes, desk.now.value)
        try await desk.store.write { db in
            _ = try routes.heard(db, PersonID("919876543210"), on: "2", at: now - 1000, workspace: "w")
            _ = try routes.heard(db, PersonID("919876543210"), on: "9", at: now, workspace: "x")
        }
        for _ in 0..<20 {
            let route = try await desk.routing.route("919876543210", .service, asked: nil, workspace: "w")
            #expect(route.account.phoneNumberID == "2")
        }
        #expect(try await desk.routing.route("919876543210", .service, asked: nil, workspace: "x").account.phoneNumberID == "9")
        try desk.end()
    }

    private let asha: ContactID = "919876543210"

    private func consent(_ desk: OutboxDesk, _ state: Consent.State, at: Timestamp, proof: String? = nil) async throws -> Bool {
        let (consents, contact) = (desk.consents, asha)
        return try await desk.store.write { db in
            try consents.record(
                db, PersonID(contact), .init(state: state, at: at, source: "form", actor: nil, proof: proof), workspace: "w")
        }
    }

    @Test func theLatestWordHoldsInWhateverOrderItCame() async throws {
        let desk = try await OutboxDesk()
        let now = desk.now.value
        #expect(try await consent(desk, .granted, at: now - 10))
        #expect(try await consent(desk, .stopped, at: now - 5))
        #expect(try await !consent(desk, .granted, at: now - 7), "an older word that comes late changes nothing")
        #expect(try await !consent(desk, .stopped, at: now - 5), "the same again is one step")
        let known = try await desk.consents.get(.init(contact: asha.rawValue), workspace: "w")
        #expect(known.state == .stopped && known.steps.map(\.state) == [.granted, .granted, .stopped])
        #expect(try await desk.consents.get(.init(contact: asha.rawValue), workspace: "other").state == nil)
        try desk.end()
    }

    /// Meta's moments are whole seconds: who agreed and withdrew within one has withdrawn.
    @Test func aSTOPOfTheSameSecondCounts() async throws {
        let desk = try await OutboxDesk()
        let second: Timestamp = desk.now.value.floored(to: .seconds(1)) - 5000
        #expect(try await consent(desk, .granted, at: second + 700))
        #expect(try await !consent(desk, .stopped, at: second - 1000), "of the second before, it is the older word")
        #expect(try await consent(desk, .stopped, at: second))
        #expect(try await !consent(desk, .granted, at: second - 1), "an older word that comes late changes nothing")
        #expect(try await desk.consents.get(.init(contact: asha.rawValue), workspace: "w").state == .stopped)
        try desk.end()
    }

    @Test func rowsThatCannotBeMeantAreNamedAndTheOthersTaken() async throws {
        let desk = try await OutboxDesk()
        let now = desk.now.value
        let items = [
            RecordConsent.Item(contact: "+91 98765 43210", state: .granted, source: "form"),
            RecordConsent.Item(contact: "nobody", state: .granted, source: "form"),
            RecordConsent.Item(contact: "919876543211", state: .granted, at: now + 120_000, source: "form"),
            RecordConsent.Item(contact: "IN.13491208655302741918", state: .stopped, at: now, source: "form"),
        ]
        let reply = try await desk.consents.record(.init(items: items), workspace: "w", actor: "op")
        #expect(reply.changed == 2 && reply.problems.map(\.index) == [1, 2])
        let page = try await desk.consents.list(.init(limit: 1), workspace: "w")
        #expect(page.items.map(\.contact) == ["919876543210"] && page.counts == ["granted": 1, "stopped": 1])
        let next = try await desk.consents.list(.init(limit: 1, cursor: page.next), workspace: "w")
        #expect(next.items.map(\.contact) == ["IN.13491208655302741918"])
        #expect(try await desk.consents.list(.init(state: .paused), workspace: "w").items.isEmpty)
        try desk.end()
    }

    @Test(arguments: [
        (Message.Category.marketing, Consent.State?.none, false, ConsentRule.Refusal?.some(.missing)), (.marketing, .granted, false, nil),
        (.marketing, .paused, true, .paused), (.marketing, .stopped, true, .stopped), (.utility, nil, false, nil),
        (.utility, .paused, false, nil), (.utility, .stopped, false, .stopped), (.utility, .stopped, true, nil),
        (.authentication, .stopped, false, nil), (.service, .stopped, true, nil),
    ])
    func theRuleHoldsForEveryCategory(
        category: Message.Category, state: Consent.State?, isOpen: Bool, refusal: ConsentRule.Refusal?
    ) async throws {
        let desk = try await OutboxDesk()
        if let state { _ = try await consent(desk, state, at: desk.now.value) }
        let (consents, contact) = (desk.consents, asha)
        let found = try await desk.pool.read {
            try consents.refusal($0, PersonID(contact), category, isWindowOpen: { isOpen }, workspace: "w")
        }
        #expect(found == refusal)
        #expect(refusal.map { [FaultCode.consentMissing, .consentStopped].contains($0.fault.code) } ?? true)
        try desk.end()
    }

    @Test func aWindowIsOpenForADayFromTheLatestMessageOnItsNumber() async throws {
        let desk = try await OutboxDesk()
        let (routes, contact, start) = (desk.contactRoutes, asha, desk.now.value)
        func hear(_ number: PhoneNumberID, at: Timestamp) async throws -> Timestamp {
            try await desk.store.write { try routes.heard($0, PersonID(contact), on: number, at: at, workspace: "w") }
        }
        func isOpen(_ number: PhoneNumberID) async throws -> Bool {
            try await desk.pool.read { try routes.isOpen($0, PersonID(contact), on: number, workspace: "w") }
        }
        #expect(try await !isOpen("1"))
        #expect(try await hear("1", at: start) == start + .hours(24))
        // An older message that comes late shortens nothing.
        _ = try await hear("1", at: start - 1000)
        #expect(try await isOpen("1"))
        #expect(try await !isOpen("2"))
        desk.now.set(start + .hours(24) - 1)
        #expect(try await isOpen("1"))
        desk.now.set(start + .hours(24))
        #expect(try await !isOpen("1"))
        let told = try await routes.window(.init(contact: contact, account: "1"), workspace: "w")
        #expect(!told.open && told.expiresAt == start + .hours(24))
        try desk.end()
    }

    @Test func habitFollowsWhoWroteLastAndPreferenceStandsAboveIt() async throws {
        let desk = try await OutboxDesk()
        let (routes, contact, now) = (desk.contactRoutes, asha, desk.now.value)
        func habit(_ workspace: String = "w") async throws -> ContactRoutes.Habit {
            try await desk.pool.read { try ContactRoutes.habit($0, of: contact, workspace: workspace).habit }
        }
        #expect(try await habit() == ContactRoutes.Habit())
        // A campaign's number becomes the habit of who has none, and of nobody else.
        try await desk.store.write { try routes.wrote($0, PersonID(contact), from: "7", isHabit: false, workspace: "w") }
        #expect(try await habit().sticky == "7")
        try await desk.store.write { try routes.wrote($0, PersonID(contact), from: "8", isHabit: false, workspace: "w") }
        #expect(try await habit().sticky == "7")
        try await desk.store.write { try routes.wrote($0, PersonID(contact), from: "1", isHabit: true, workspace: "w") }
        #expect(try await habit().sticky == "1")
        _ = try await desk.store.write { try routes.heard($0, PersonID(contact), on: "2", at: now - 5000, workspace: "w") }
        #expect(try await habit().sticky == "1", "an old message that comes late moves nobody")
        _ = try await desk.store.write { try routes.heard($0, PersonID(contact), on: "2", at: now + 1, workspace: "w") }
        #expect(try await habit().sticky == "2")
        try await routes.prefer(contact, "3", workspace: "w")
        #expect(try await habit() == ContactRoutes.Habit(preferred: "3", sticky: "2"))
        #expect(try await routes.move(from: "2", to: "1", workspace: "other") == 0)
        #expect(try await routes.move(from: "2", to: "1", workspace: "w") == 1)
        try await routes.prefer(contact, nil, workspace: "w")
        #expect(try await habit() == ContactRoutes.Habit(preferred: nil, sticky: "1"))
        #expect(try await habit("other") == ContactRoutes.Habit())
        try desk.end()
    }

    /// Free-form messages go from the number whose window is open, whichever has written since.
    @Test func anOpenWindowLeadsTheRoute() async throws {
        let desk = try await OutboxDesk()
        let other = AddAccount.Params(phoneNumberID: "2", wabaID: "2", displayPhoneNumber: "+918047181001", displayName: "B")
        _ = try await desk.numbers.add(other, workspace: "w")
        let (routes, contact, now) = (desk.contactRoutes, asha, desk.now.value)
        let routing = Routing(store: desk.store, numbers: desk.numbers, contactRoutes: routes)
        _ = try await desk.store.write { try routes.heard($0, PersonID(contact), on: "2", at: now, workspace: "w") }
        try await desk.store.write { try routes.wrote($0, PersonID(contact), from: "1", isHabit: true, workspace: "w") }
        #expect(try await routing.route(contact, .service, asked: nil, workspace: "w").account.phoneNumberID == "2")
        #expect(try await routing.route(contact, .utility, asked: nil, workspace: "w").account.phoneNumberID == "1")
        #expect(try await routing.route(contact, .service, asked: "1", workspace: "w").account.phoneNumberID == "1")
        // They wrote to another before, which can still answer.
        _ = try await desk.store.write { try routes.heard($0, PersonID(contact), on: "1", at: now - 1000, workspace: "w") }
        let numbers = desk.numbers
        try await numbers.change { db in try numbers.hear(db, .banned("x"), of: "2") }
        #expect(try await routing.route(contact, .service, asked: nil, workspace: "w").account.phoneNumberID == "1")
        try await numbers.change { db in try numbers.hear(db, .banned("x"), of: "1") }
        // Where the number that they wrote to cannot answer, that is the reason, and not a window that nobody closed.
        let banned = await #expect(throws: Fault.self) { try await routing.route(contact, .service, asked: nil, workspace: "w") }
        #expect(banned?.code == .noRoute && banned?.message.contains("Meta has banned") == true)
        let fault = await #expect(throws: Fault.self) { try await routing.route(contact, .service, asked: "1", workspace: "other") }
        #expect(fault?.code == .accountUnknown)
        try desk.end()
    }
}
