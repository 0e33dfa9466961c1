import AccountContract
import GRDB
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountContacts
@testable import AccountCore
@testable import AccountNumbers
@testable import AccountOutbox

/// How far the chats of the WhatsApp Business app have come can be read with the number; and whose they are.
@Suite struct HistoryProgressTests {
    private func history(_ desk: OutboxDesk) -> HistoryProgress {
        HistoryProgress(store: desk.store, numbers: desk.numbers, people: desk.people)
    }

    private func chunk(_ key: String, percent: Int) -> RecordHistoryProgress.Params {
        .init(key: key, phoneNumberID: "1", phase: 1, chunk: percent, percent: percent, messages: 2, unread: 0)
    }

    private func told(_ desk: OutboxDesk) async throws -> [JSONValue] {
        try await desk.pool.read { db in
            try String.fetchAll(db, sql: "SELECT data FROM event WHERE type = 'account.history' ORDER BY rowid").map {
                try JSON.decode(JSONValue.self, from: $0)
            }
        }
    }

    /// Each chunk is told, and the number shows every tenth of a phase: a large history hides no other notice.
    @Test func theProgressIsShownInTenths() async throws {
        let desk = try await OutboxDesk()
        for percent in 0...100 { try await history(desk).record(chunk("k\(percent)", percent: percent)) }
        try await history(desk).record(chunk("k100", percent: 100))
        let steps = try await desk.numbers.health("1", workspace: "w").steps
        #expect(steps.count == 11 && steps.allSatisfy { $0.kind == "notice" && $0.from == "history" })
        #expect(steps.last?.to == "done" && steps[5].reason.contains("phase 1") && steps[5].reason.contains("50 % of all"))
        let events = try await told(desk)
        #expect(events.count == 101 && events[55] == ["phase": 1, "chunk": 55, "percent": 55, "messages": 2])
        try desk.end()
    }

    @Test func aRefusalIsShownWithItsReason() async throws {
        let desk = try await OutboxDesk()
        for key in ["a", "a", "b"] {
            try await history(desk).record(
                .init(
                    key: key, phoneNumberID: "1", isDeclined: true, code: 2_593_109, reason: "Not shared", messages: 0, unread: 0))
        }
        let steps = try await desk.numbers.health("1", workspace: "w").steps
        #expect(steps.map(\.to) == ["declined"] && steps[0].reason.hasSuffix("Meta's error 2593109: Not shared"))
        #expect(try await told(desk).count == 2)
        let other = HistoryProgress.Standing(.init(key: "c", phoneNumberID: "1", code: 1, reason: "", messages: 0, unread: 0))
        #expect(other.word == "failed" && other.text.hasSuffix("did not come: Meta's error 1"))
        try desk.end()
    }

    /// Who wrote long ago has no window for it, and is used to no number by it.
    @Test func customersAreNamedAndNothingIsNotedOfThem() async throws {
        let desk = try await OutboxDesk()
        let customers = (0..<3).map { NameCustomers.Named(contact: ContactID("91987654321\($0)")) }
        let reply = try await history(desk).name(.init(phoneNumberID: "1", customers: customers, at: desk.now.value))
        #expect(reply.workspace == "w" && reply.customers.map(\.contact) == customers.map(\.contact))
        #expect(reply.customers.map(\.names) == [[], [], []])
        let both = NameCustomers.Named(contact: "919876543210", userID: "IN.1")
        _ = try await history(desk).name(.init(phoneNumberID: "1", customers: [both], at: desk.now.value))
        let byID = try await history(desk).name(
            .init(phoneNumberID: "1", customers: [.init(contact: "IN.1")], at: desk.now.value))
        #expect(byID.customers.map(\.contact) == ["919876543210"] && byID.customers.map(\.names) == [["IN.1"]])
        let noted = try await desk.pool.read { db in
            try ["conversationWindow", "contactRoute", "consent"].map { try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") }
        }
        #expect(noted == [0, 0, 0])
        let unknown = await #expect(throws: Fault.self) {
            try await history(desk).name(.init(phoneNumberID: "404", customers: [], at: desk.now.value))
        }
        #expect(unknown?.code == .accountUnknown)
        try desk.end()
    }

    /// The app's chats have them, too: they stand in their conversations already.
    @Test func whatWentOutFromHereIsTold() async throws {
        let desk = try await OutboxDesk()
        let (id, other) = (try await desk.queued("a"), try await desk.queued("b"))
        try await desk.lease()
        try await desk.accept(id)
        try await desk.pool.write { db in
            try db.execute(sql: "INSERT INTO messageWAMID (wamid, message, isFormer, at) VALUES ('wamid.again', ?, 0, 0)", arguments: [id])
        }
        func sent(_ messages: [WAMID]?) async throws -> [WAMID]? {
            try await history(desk).name(.init(phoneNumberID: "1", customers: [], messages: messages, at: desk.now.value)).sent
        }
        #expect(try await sent(["wamid.x", WAMID("wamid.\(id)"), "wamid.again"]) == [WAMID("wamid.\(id)"), "wamid.again"])
        #expect(try await sent([WAMID("wamid.\(other)")]) == nil)
        #expect(try await sent(nil) == nil)
        try await desk.pool.write { try $0.execute(sql: "UPDATE account SET workspace = 'v'") }
        try await desk.numbers.change { _ in }
        #expect(try await sent(["wamid.again"]) == nil, "another workspace's are not told")
        try await desk.pool.write { try $0.execute(sql: "UPDATE account SET workspace = 'w'") }
        try await desk.numbers.change { _ in }
        #expect(try await sent(["wamid.again"]) == ["wamid.again"])
        try await desk.outbox.pruneContents(before: desk.now.value + .days(1))
        #expect(try await sent([WAMID("wamid.\(id)"), "wamid.again"]) == nil, "the app's copy is kept where ours is forgotten")
        try desk.end()
    }

    /// The number was taken from Linda and came again: its chats come again, and where that stands is shown anew.
    @Test func theLatestImportIsShown() async throws {
        let desk = try await OutboxDesk()
        func shown() async throws -> [String] { try await desk.numbers.health("1", workspace: "w").steps.map(\.to) }
        func refuse(_ key: String, isDeclined: Bool) async throws {
            let code = isDeclined ? 2_593_109 : 131_000
            try await history(desk).record(
                .init(key: key, phoneNumberID: "1", isDeclined: isDeclined ? true : nil, code: code, reason: "No", messages: 0, unread: 0))
        }
        for percent in [10, 30, 20, 100, 90] { try await history(desk).record(chunk("a\(percent)", percent: percent)) }
        #expect(try await shown() == ["importing", "importing", "importing", "done", "importing"], "in any order, each once")
        for percent in [10, 12, 100] { try await history(desk).record(chunk("b\(percent)", percent: percent)) }
        #expect(try await shown().dropFirst(5) == ["importing", "done"])
        // The same news again begins nothing.
        try await history(desk).record(chunk("b10", percent: 10))
        try await refuse("c", isDeclined: false)
        try await refuse("d", isDeclined: false)
        try await refuse("e", isDeclined: true)
        try await refuse("f", isDeclined: true)
        try await history(desk).record(chunk("g", percent: 11))
        #expect(try await shown().dropFirst(7) == ["failed", "declined", "importing"])
        try desk.end()
    }

    /// Chunks are handled in any order: one that fails may be told of after the last.
    @Test func aChunkThatFailsLateIsOfItsImport() async throws {
        let desk = try await OutboxDesk()
        func shown() async throws -> [String] { try await desk.numbers.health("1", workspace: "w").steps.map(\.to) }
        func fail(_ key: String, chunk: Int?) async throws {
            try await history(desk).record(
                .init(
                    key: key, phoneNumberID: "1", phase: chunk.map { _ in 1 }, chunk: chunk, code: 131_000, reason: "No", messages: 0,
                    unread: 0))
        }
        for percent in [10, 100] { try await history(desk).record(chunk("a\(percent)", percent: percent)) }
        try await fail("b", chunk: 50)
        for percent in [12, 90] { try await history(desk).record(chunk("a\(percent)", percent: percent)) }
        #expect(try await shown() == ["importing", "done", "failed", "importing"], "each tenth once")
        try await history(desk).record(chunk("c", percent: 10))
        try await history(desk).record(chunk("d", percent: 100))
        try await fail("e", chunk: nil)
        try await history(desk).record(chunk("f", percent: 14))
        #expect(try await shown().dropFirst(4) == ["importing", "done", "failed", "importing"], "each begins another")
        try desk.end()
    }

    @Test func anImportEndsWhereAnotherIsToldOf() {
        func standing(_ percent: Int?, code: Int? = nil, isDeclined: Bool = false) -> HistoryProgress.Standing {
            .init(
                .init(
                    key: "k", phoneNumberID: "1", phase: 1, percent: percent, isDeclined: isDeclined ? true : nil, code: code, messages: 0,
                    unread: 0))
        }
        func isOver(_ last: String?, _ next: HistoryProgress.Standing, isToldAgain: Bool? = nil) -> Bool {
            HistoryImport(n: 0, last: last).isOver(before: next, isToldAgain: isToldAgain)
        }
        #expect(!isOver(nil, standing(50)) && !isOver("1:5", standing(20)) && isOver("1:5", standing(20), isToldAgain: true))
        #expect(isOver("1:5", standing(nil, code: 1, isDeclined: true)) && isOver("declined:1", standing(10)))
        #expect(!isOver("declined:1", standing(nil, code: 1, isDeclined: true)))
        #expect(!isOver("1:10", standing(nil, code: 1), isToldAgain: false) && isOver("1:10", standing(nil, code: 1), isToldAgain: true))
        #expect(isOver("1:10", standing(nil, code: 1)) && !isOver("1:5", standing(nil, code: 1)))
        #expect(!isOver("failed:10", standing(nil, code: 10)), "it fails for the same reason")
    }
}
