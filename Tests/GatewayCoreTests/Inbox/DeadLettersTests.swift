import Foundation
import GRDB
import GatewayContract
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// What could not be handled, and how it is taken up again.
@Suite struct DeadLettersTests {
    /// An event that was buried, and its letter.
    private func buried(_ desk: InboxTests.Desk, _ wamid: String = "a1") async throws -> (StoredEvent, DeadLetter) {
        try await desk.receive(wamid)
        _ = try await desk.inbox.splitNext(10)
        let event = try #require(try await desk.inbox.ready(.message, limit: 10, excluding: []).items.last)
        try await desk.inbox.bury(event, reason: "account_unknown", error: "The number 11 is not configured.")
        return (event, try #require(try await desk.letters.list(.init()).items.first))
    }

    @Test func aBuriedEventIsToldWithAllThatIsKnownOfIt() async throws {
        let desk = try InboxTests.Desk()
        let (event, letter) = try await buried(desk)
        #expect(letter.source == .event && letter.kind == "message" && letter.state == .open && letter.attempts == 1)
        #expect(letter.reason == "account_unknown" && letter.error == "The number 11 is not configured.")
        #expect(letter.firstAt == event.receivedAt && letter.payload.contains(#""id":"a1""#))
        #expect(try await desk.inbox.statistics(refused: 0).dead == 1)
        #expect(try await desk.keys(.message).isEmpty)
        try desk.end()
    }

    @Test func aRetriedOneIsPendingAgainAndCannotBeRetriedTwice() async throws {
        let desk = try InboxTests.Desk()
        let (_, letter) = try await buried(desk)
        #expect(try await desk.letters.retry(letter.id).state == .retried)
        #expect(try await desk.keys(.message) == ["m:a1"])
        let fault = await #expect(throws: Fault.self) { try await desk.letters.retry(letter.id) }
        #expect(fault?.code == .deadLetterClosed && fault?.message.contains("retried") == true)
        // Buried once more, it is the same letter, open again.
        let event = try #require(try await desk.inbox.ready(.message, limit: 1, excluding: []).items.first)
        try await desk.inbox.bury(event, reason: "account_unknown", error: "again")
        let again = try #require(try await desk.letters.list(.init()).items.first)
        #expect(again.id == letter.id && again.attempts == 2 && again.error == "again" && again.state == .open)
        try desk.end()
    }

    /// Of all that are put back only those count that are handled again.
    @Test func onlyWhatIsHandledAgainIsCounted() async throws {
        let desk = try InboxTests.Desk()
        _ = try await buried(desk)
        // No retry makes JSON of it.
        try await desk.inbox.append(Data("no JSON".utf8))
        _ = try await desk.inbox.splitNext(10)
        #expect(try await desk.letters.list(.init()).items.count == 2)
        #expect(try await desk.letters.act(.init(action: .retry)) == .init(count: 1, more: false))
        #expect(try await desk.letters.list(.init()).items.map(\.source) == [.payload], "it is open again")
        #expect(try await desk.letters.act(.init(action: .retry)).count == 0)
        #expect(try await desk.letters.act(.init(action: .resolve)) == .init(count: 1, more: false))
        try desk.end()
    }

    @Test func aResolvedOneIsClosedAndItsEventStaysWhereItIs() async throws {
        let desk = try InboxTests.Desk()
        let (_, letter) = try await buried(desk)
        #expect(try await desk.letters.resolve(letter.id).state == .resolved)
        #expect(try await desk.letters.list(.init()).items.isEmpty)
        #expect(try await desk.letters.list(.init(state: .resolved)).items.map(\.id) == [letter.id])
        #expect(try await desk.keys(.message).isEmpty)
        #expect(try await desk.inbox.statistics(refused: 0).dead == 0)
        try desk.end()
    }

    @Test(arguments: [Int64(0), -1, 1 << 53, .max]) func aLetterThatIsNotThereIsSaidToBeUnknown(id: Int64) async throws {
        let desk = try InboxTests.Desk()
        for body in [desk.letters.retry, desk.letters.resolve] as [@Sendable (Int64) async throws -> DeadLetter] {
            let fault = await #expect(throws: Fault.self) { try await body(id) }
            #expect(fault?.code == .deadLetterUnknown && fault?.path == "id")
        }
        try desk.end()
    }

    /// A customer's next message does not wait for one that is given up.
    @Test func whatFollowsABuriedMessageGoesOn() async throws {
        let desk = try InboxTests.Desk()
        try await desk.receive("a1", "a2")
        _ = try await desk.inbox.splitNext(10)
        let first = try #require(try await desk.inbox.ready(.message, limit: 10, excluding: []).items.first)
        #expect(try await desk.keys(.message) == ["m:a1"])
        try await desk.inbox.bury(first, reason: "x", error: "y")
        #expect(try await desk.keys(.message) == ["m:a2"])
        try desk.end()
    }

    @Test func whatIsPostponedWaitsItsTimeWithItsError() async throws {
        let desk = try InboxTests.Desk()
        try await desk.receive("a1")
        _ = try await desk.inbox.splitNext(10)
        let event = try #require(try await desk.inbox.ready(.message, limit: 1, excluding: []).items.first)
        try await desk.inbox.postpone([event], by: .seconds(5), error: "away")
        let waiting = try await desk.inbox.ready(.message, limit: 1, excluding: [])
        #expect(waiting.items.isEmpty && waiting.due == desk.now.value + 5000)
        let listed = try #require(try await desk.inbox.list(.init()).items.first)
        #expect(listed.error == "away" && listed.attempts == 1 && listed.state == .pending)
        desk.now.set(desk.now.value + 5000)
        #expect(try await desk.keys(.message) == ["m:a1"])
        try desk.end()
    }

    @Test func theInboxIsListedPageByPageKindByKind() async throws {
        let desk = try InboxTests.Desk()
        try await desk.receive("a1", "a2", "a3")
        _ = try await desk.inbox.splitNext(10)
        let first = try await desk.inbox.list(.init(limit: 2))
        #expect(first.items.map { $0.raw["id"]?.string } == ["a3", "a2"])
        let second = try await desk.inbox.list(.init(limit: 2, cursor: first.next))
        #expect(second.items.map { $0.raw["id"]?.string } == ["a1"] && second.next == nil)
        #expect(try await desk.inbox.list(.init(kind: "status")).items.isEmpty)
        #expect(try await desk.inbox.list(.init(state: .done)).items.isEmpty)
        #expect(try await desk.inbox.list(.init(kind: "message", state: .pending)).items.count == 3)
        try desk.end()
    }
}
