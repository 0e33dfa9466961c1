import AccountContract
import AccountPacing
import GRDB
import JobQueue
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountContacts
@testable import AccountCore
@testable import AccountNumbers
@testable import AccountOutbox

/// One person, whatever they are called.
@Suite struct PeopleTests {
    private let phone: ContactID = "919876543210"
    private let id: ContactID = "IN.13491208655302741918"

    private func write(
        _ desk: OutboxDesk, _ text: String?, from contact: ContactID, ids: [ContactID]? = nil, on number: PhoneNumberID = "1",
        _ wamid: WAMID = WAMID("wamid.\(Int.random(in: 0..<(.max)))")
    ) async throws -> RecordInbound.Reply {
        try await desk.inbound.record(
            .init(phoneNumberID: number, contact: contact, userIDs: ids, wamid: wamid, at: desk.now.value, text: text))
    }

    private func consent(_ desk: OutboxDesk, _ contact: ContactID, workspace: String = "w") async throws -> Consent {
        try await desk.consents.get(.init(contact: contact.rawValue), workspace: workspace)
    }

    @Test func aSTOPUnderOneNameCountsUnderTheOther() async throws {
        let desk = try await OutboxDesk()
        // Each is written to and heard alone, before anybody knows that they are one.
        _ = try await write(desk, "subscribe", from: phone)
        desk.now.set(desk.now.value + 1000)
        _ = try await write(desk, "STOP", from: id)
        #expect(try await consent(desk, phone).state == .granted)
        let reply = try await write(desk, "Hello", from: phone, ids: [id])
        #expect(reply.contact == phone && reply.names == [id])
        #expect(try await consent(desk, phone).state == .stopped)
        let known = try await consent(desk, id)
        #expect(
            known.state == .stopped && known.contact == phone && known.names == [id] && known.steps.map(\.state) == [.granted, .stopped])
        // And from then on at once.
        _ = try await write(desk, "subscribe", from: id)
        #expect(try await consent(desk, phone).state == .granted)
        try desk.end()
    }

    /// Meta's answer to a message names the BSUID: a STOP that comes under it alone is a STOP of that number.
    @Test func theAnswerToAMessageTellsWhoItIs() async throws {
        let desk = try await OutboxDesk()
        let people = desk.people
        try await desk.store.write { [phone, id] in
            _ = try people.learn($0, phone: phone, ids: [id], at: desk.now.value, source: "answer", workspace: "w")
        }
        _ = try await write(desk, "STOP", from: id)
        #expect(try await consent(desk, phone).state == .stopped)
        #expect(try await consent(desk, phone, workspace: "x").state == nil, "another workspace knows nothing of it")
        try desk.end()
    }

    /// Meta writes some numbers otherwise than people do (Brazil's ninth digit).
    @Test func aNumberThatMetaWritesOtherwiseIsTheSamePerson() async throws {
        let desk = try await OutboxDesk()
        let people = desk.people
        try await desk.store.write {
            _ = try people.learn($0, phone: "551187654321", ids: ["5511987654321"], at: desk.now.value, source: "answer", workspace: "w")
        }
        _ = try await write(desk, "STOP", from: "551187654321")
        #expect(try await consent(desk, "5511987654321").state == .stopped)
        try desk.end()
    }

    /// Meta may tell of the keys in the same message.
    @Test(arguments: [nil, "h"]) func whatIsKeptFollowsAChangeOfNumber(hash: String?) async throws {
        let desk = try await OutboxDesk()
        let new: ContactID = "919876543299"
        _ = try await write(desk, "STOP", from: phone, ids: [id])
        try await desk.inbound.record(
            RecordContactChange.Params(
                phoneNumberID: "1", contact: phone, phone: new, userIDs: ["IN.2"], identityHash: hash, at: desk.now.value), key: nil)
        for name in [phone, id, new, "IN.2"] { #expect(try await consent(desk, name).state == .stopped) }
        let (isOpen, address) = try await desk.store.read { [routes = desk.contactRoutes, phone] db in
            (
                try routes.isOpen(db, People.person(db, new, workspace: "w"), on: "1", workspace: "w"),
                try People.found(db, phone, workspace: "w").address
            )
        }
        #expect(isOpen && address == new)
        // Told twice, it is the same.
        try await desk.inbound.record(
            RecordContactChange.Params(phoneNumberID: "1", contact: phone, phone: new, userIDs: ["IN.2"], at: desk.now.value), key: nil)
        #expect(try await consent(desk, new).names.count == 3)
        // An old message from the old number that comes again, or late, moves nobody back.
        _ = try await desk.inbound.record(
            .init(phoneNumberID: "1", contact: phone, userIDs: [id], wamid: "old", at: desk.now.value - 60_000, text: "Hi"))
        #expect(try await consent(desk, new).contact == new)
        #expect(try await consent(desk, phone).contact == new)
        desk.now.set(desk.now.value + 60_000)
        // Whoever writes from the old number is somebody else.
        _ = try await write(desk, "subscribe", from: phone, ids: ["IN.3"])
        #expect(try await consent(desk, phone).state == .granted)
        #expect(try await consent(desk, new).state == .stopped)
        // And the system's message that comes again does not make the two one.
        try await desk.inbound.record(
            RecordContactChange.Params(phoneNumberID: "1", contact: phone, phone: new, at: desk.now.value - 120_000), key: nil)
        try await desk.inbound.record(
            RecordContactChange.Params(phoneNumberID: "1", contact: phone, phone: new, at: desk.now.value), key: "k")
        try desk.end()
    }

    /// Without a phone number the new BSUID is the address; what is kept of the person follows, once and in any order.
    @Test(arguments: [false, true]) func whoeverHasAnotherBSUIDIsWrittenToThere(isHeardFirst: Bool) async throws {
        let desk = try await OutboxDesk()
        let (old, new): (ContactID, ContactID) = ("IN.1111", "IN.2222")
        _ = try await write(desk, "STOP", from: old)
        desk.now.set(desk.now.value + 1000)
        if isHeardFirst { _ = try await write(desk, "Hello", from: new) }
        let change = RecordContactChange.Params(phoneNumberID: "1", contact: old, userIDs: [new], at: desk.now.value)
        for key in ["a", "b"] { try await desk.inbound.record(change, key: key) }
        let reply = try await write(desk, "Hello", from: new)
        #expect(reply.contact == new && reply.names == [old])
        for name in [new, old] { #expect(try await consent(desk, name).state == .stopped) }
        #expect(try await desk.pool.read { try People.found($0, old, workspace: "w").address } == new)
        // With the number it is one person under it, whatever they were called.
        _ = try await write(desk, "Hello", from: phone, ids: [new])
        #expect(try await consent(desk, phone).state == .stopped)
        desk.now.set(desk.now.value + 1000)
        let later = RecordContactChange.Params(phoneNumberID: "1", contact: new, userIDs: ["IN.3333"], at: desk.now.value)
        try await desk.inbound.record(later, key: "c")
        #expect(try await desk.pool.read { try People.found($0, new, workspace: "w").address } == phone)
        #expect(try await consent(desk, "IN.3333").state == .stopped)
        try desk.end()
    }

    /// Meta need not name a number: each workspace that has one of the account takes it in, and no other.
    @Test func aChangeWithoutANumberIsTheAccounts() async throws {
        let desk = try await OutboxDesk()
        let waba = try #require(desk.numbers.account("1")).wabaID
        _ = try await write(desk, "STOP", from: "IN.1111")
        let at = desk.now.value + 1000
        desk.now.set(at)
        func change(_ waba: WABAID?) -> RecordContactChange.Params {
            RecordContactChange.Params(phoneNumberID: nil, wabaID: waba, contact: "IN.1111", userIDs: ["IN.2222"], at: at)
        }
        // Of a foreign account nothing is kept, and nothing is wrong; it counts once a number of it is here.
        for stranger: WABAID? in ["999999", nil] { try await desk.inbound.record(change(stranger), key: "k") }
        #expect(try await consent(desk, "IN.2222").state == nil)
        try await desk.inbound.record(change(waba), key: "k")
        #expect(try await consent(desk, "IN.2222").state == .stopped)
        try desk.end()
    }

    /// While the account's only number is removed, its customers go on, and come back with it.
    @Test(arguments: ["w", "x"]) func aChangeWhileTheNumberIsAwayCounts(workspace: String) async throws {
        let desk = try await OutboxDesk()
        let account = try #require(desk.numbers.account("1"))
        _ = try await write(desk, "STOP", from: "IN.1111")
        try await desk.numbers.delete("1")
        let number = AddAccount.Params(
            phoneNumberID: "1", wabaID: account.wabaID, displayPhoneNumber: account.displayPhoneNumber, displayName: "A")
        if workspace != "w" { _ = try await desk.numbers.add(number, workspace: workspace) }
        let at = desk.now.value + 1000
        desk.now.set(at)
        let change = RecordContactChange.Params(
            phoneNumberID: nil, wabaID: account.wabaID, contact: "IN.1111", userIDs: ["IN.2222"], at: at)
        try await desk.inbound.record(change, key: "k")
        if workspace == "w" { _ = try await desk.numbers.add(number, workspace: workspace) }
        #expect(try await write(desk, "Hello", from: "IN.2222").names == ["IN.1111"])
        #expect(try await consent(desk, "IN.2222", workspace: workspace).state == (workspace == "w" ? .stopped : nil))
        try desk.end()
    }

    /// Meta tells of a person's own id and of the one that portfolios share: the new own id stays their address.
    @Test func bothIDsOfAPersonMayChangeAtOnce() async throws {
        let desk = try await OutboxDesk()
        _ = try await write(desk, "STOP", from: "IN.1", ids: ["IN.1", "IN.P1"])
        let at = desk.now.value + 1000
        desk.now.set(at)
        for (n, (old, new)) in [("IN.1", "IN.2"), ("IN.P1", "IN.P2")].enumerated() {
            let change = RecordContactChange.Params(phoneNumberID: "1", contact: ContactID(old), userIDs: [ContactID(new)], at: at)
            try await desk.inbound.record(change, key: "\(n)")
        }
        #expect(try await desk.pool.read { try People.found($0, "IN.2", workspace: "w").address } == "IN.2")
        #expect(try await desk.pool.read { try People.found($0, "IN.1", workspace: "w").address } == "IN.2")
        for name: ContactID in ["IN.1", "IN.2", "IN.P1", "IN.P2"] { #expect(try await consent(desk, name).state == .stopped, "\(name)") }
        try desk.end()
    }

    /// Told late, a change does not lead back to an id that was left since.
    @Test func changesOfIDsMayComeInAnyOrder() async throws {
        let desk = try await OutboxDesk()
        _ = try await write(desk, "STOP", from: "IN.1")
        let at = desk.now.value
        desk.now.set(at + 5000)
        for (key, old, new, time) in [("b", "IN.2", "IN.3", at + 2000), ("a", "IN.1", "IN.2", at + 1000)] {
            let change = RecordContactChange.Params(phoneNumberID: "1", contact: ContactID(old), userIDs: [ContactID(new)], at: time)
            try await desk.inbound.record(change, key: key)
        }
        for name: ContactID in ["IN.1", "IN.2", "IN.3"] {
            #expect(try await desk.pool.read { try People.found($0, name, workspace: "w").address } == "IN.3", "\(name)")
            #expect(try await consent(desk, name).state == .stopped)
        }
        try desk.end()
    }

    @Test func aChangeThatIsToldAgainIsNone() async throws {
        let desk = try await OutboxDesk()
        let new: ContactID = "919876543299"
        func tell() async throws {
            try await desk.inbound.record(
                RecordContactChange.Params(phoneNumberID: "1", contact: phone, phone: new, at: desk.now.value), key: "event")
        }
        try await tell()
        desk.now.set(desk.now.value + 60_000)
        _ = try await write(desk, "subscribe", from: phone)
        try await tell()
        #expect(try await consent(desk, new).state == nil)
        #expect(try await consent(desk, phone).state == .granted)
        try desk.end()
    }

    /// A message that waits goes where the person is now.
    @Test func whatWaitsFollowsAChangeOfNumber() async throws {
        let desk = try await OutboxDesk()
        let new: ContactID = "919876543299"
        let id = try await desk.queued()
        try await desk.inbound.record(
            RecordContactChange.Params(phoneNumberID: "1", contact: phone, phone: new, at: desk.now.value), key: nil)
        let (outbox, now) = (desk.outbox, desk.now.value)
        try await desk.store.write { db in
            _ = try JobTable.claim(db, queue: Outbox.queue("1"), limit: 1, now: now) { db, job in
                try outbox.admit(db, job, on: "1") { _, _, _ in nil }
            }
        }
        #expect(try await desk.outbox.get(id, workspace: "w").to == new)
        try desk.end()
    }

    /// STOP is not weakened by a smaller refusal, whichever came first and under whichever name.
    @Test func aSmallerRefusalWeakensNoSTOP() async throws {
        let desk = try await OutboxDesk()
        let (consents, now) = (desk.consents, desk.now.value)
        func record(_ contact: ContactID, _ state: Consent.State, _ at: Timestamp) async throws {
            _ = try await desk.store.write { db in
                try consents.record(
                    db, PersonID(contact), .init(state: state, at: at, source: "meta", actor: nil, proof: nil), workspace: "w")
            }
        }
        try await record(phone, .stopped, now)
        try await record(id, .marketingStopped, now + 1000)
        _ = try await write(desk, "Hello", from: phone, ids: [id])
        #expect(try await consent(desk, phone).state == .stopped)
        try await record("91777", .marketingStopped, now + 1000)
        try await record("91777", .stopped, now)
        #expect(try await consent(desk, "91777").state == .stopped)
        try desk.end()
    }

    /// The system's message may be lost: the BSUID that comes from another number tells it, too.
    @Test func anIDUnderAnotherNumberIsAChangeOfNumber() async throws {
        let desk = try await OutboxDesk()
        _ = try await write(desk, "STOP", from: phone, ids: [id])
        _ = try await write(desk, "Hi", from: "919876543299", ids: [id])
        #expect(try await consent(desk, "919876543299").state == .stopped)
        try desk.end()
    }

    @Test func aRemovedNumbersSTOPCountsForTheWorkspace() async throws {
        let desk = try await OutboxDesk()
        let second = AddAccount.Params(phoneNumberID: "2", wabaID: "2", displayPhoneNumber: "+918047181002", displayName: "C")
        _ = try await desk.numbers.add(second, workspace: "w")
        try await desk.numbers.delete("2")
        let reply = try await write(desk, "STOP", from: phone, on: "2")
        #expect(reply.keyword == .stop && reply.windowExpiresAt == nil && reply.workspace == "w")
        #expect(try await consent(desk, phone).state == .stopped)
        let start = try await write(desk, "subscribe", from: phone, on: "2")
        #expect(start.keyword == nil, "nobody answers there, so nothing is promised there")
        await #expect(throws: Fault.self) { try await write(desk, "STOP", from: phone, on: "77") }
        // Added again by somebody else, it is theirs.
        _ = try await desk.numbers.add(second, workspace: "x")
        #expect(try await write(desk, "STOP", from: "919876543277", on: "2").workspace == "x")
        try desk.end()
    }

    @Test func limitsCountAPersonOnce() {
        let clock = MutexBox(Timestamp(milliseconds: 1_790_000_000_000))
        let pacer = Pacer(clock: WallClock { clock.value })
        pacer.configure(portfolio: "p", limit: 2)
        pacer.configure(
            Account(
                phoneNumberID: "1", wabaID: "2", portfolio: "p", displayPhoneNumber: "+1", displayName: "A", role: .master, duty: .active,
                weight: 1, enabled: true, workspace: "w", messagesPerSecond: 80, link: .registered))
        #expect(pacer.admit("1", contact: phone, opensConversation: true) == nil)
        #expect(pacer.admit("1", contact: id, opensConversation: true) == nil)
        #expect(pacer.portfolio("p")?.headroom == 0)
        pacer.merge(id, into: phone)
        #expect(pacer.portfolio("p")?.headroom == 1)
        #expect(pacer.admit("1", contact: "919876543211", opensConversation: true) == nil)
        #expect(pacer.admit("1", contact: "919876543212", opensConversation: true) != nil)
    }

    /// Whatever order names become known in, one person remains and the last word holds.
    @Test func anyOrderOfNamesEndsInOnePerson() async throws {
        let names: [ContactID] = ["919876543210", "IN.1", "IN.2", "IN.3"]
        for seed in 0..<40 {
            var random = SeededGenerator(seed: UInt64(seed))
            let desk = try await OutboxDesk()
            for round in 0..<12 {
                desk.now.set(desk.now.value + 1000)
                let two = names.shuffled(using: &random).prefix(2).map { $0 }
                let speaker = two.first { !$0.isBSUID } ?? two[0]
                _ = try await write(
                    desk, round == 6 ? "STOP" : "hello", from: speaker, ids: two.filter { $0 != speaker && $0.isBSUID }, WAMID("m\(round)"))
            }
            desk.now.set(desk.now.value + 1000)
            _ = try await write(desk, nil, from: names[0], ids: Array(names.dropFirst()), WAMID("last"))
            for name in names {
                let known = try await consent(desk, name)
                #expect(known.state == .stopped && known.contact == names[0], "seed \(seed), \(name.rawValue)")
            }
            try desk.end()
        }
    }
}
