import Foundation
import RPCContract
import SandboxContract
import ServiceKit
import Supervision
import Support
import Testing
import Vocabulary

@testable import SandboxCore

/// Meta's side: what it counts, what it limits and what it refuses.
@Suite struct CallLedgerTests {
    private static let minute = 60_000.0

    @Test func callsCountForAnHour() {
        var ledger = CallLedger(limit: 4)
        let first = [0, 10 * Self.minute, 10 * Self.minute, 20 * Self.minute].map { ledger.take(at: $0) }
        #expect(first == [true, true, true, true])
        let isOneMore = ledger.take(at: 21 * Self.minute)
        let full = ledger.usage(at: 21 * Self.minute)
        #expect(full.percent == 100 && full.minutesToRegain == 39 && !isOneMore, "the first is an hour old then")
        let isAgain = ledger.take(at: 60 * Self.minute)
        let later = ledger.usage(at: 200 * Self.minute)
        #expect(later.percent == 0 && later.minutesToRegain == 0 && isAgain)
        var none = CallLedger(limit: 0)
        let (isTaken, used) = (none.take(at: 0), none.usage(at: 0))
        #expect(!isTaken && used.percent == 100)
    }

    private func number(perSecond: Int) -> SandboxNumber {
        SandboxNumber(id: "1", wabaID: "2", portfolio: "3", display: "15550783881", messagesPerSecond: perSecond)
    }

    @Test func aNumberTakesSoManyASecondAndSoManyToOnePerson() {
        var slow = number(perSecond: 10)
        var codes: [Int?] = []
        for n in 0..<12 {
            do throws(MetaError) {
                try slow.admit(to: "\(n)", at: 0)
                codes.append(nil)
            } catch { codes.append(error.code) }
        }
        #expect(codes.prefix(10).allSatisfy { $0 == nil } && codes.last == 130429)
        #expect(throws: Never.self) { try slow.admit(to: "x", at: 1000) }
        var fast = number(perSecond: 1000)
        let pair = #expect(throws: MetaError.self) {
            for _ in 0..<100 { try fast.admit(to: "one", at: 0) }
        }
        #expect(pair?.code == 131056)
        var free = number(perSecond: 0)
        #expect(throws: Never.self) { for _ in 0..<10_000 { try free.admit(to: "one", at: 0) } }
    }

    @Test func aPortfolioMayBeginWithSoManyADay() {
        var portfolio = SandboxPortfolio(limit: 2)
        #expect(throws: Never.self) { for contact in ["a", "b", "a"] { try portfolio.admit(contact, at: 0) } }
        let third = #expect(throws: MetaError.self) { try portfolio.admit("c", at: 1) }
        #expect(third?.code == 131048)
        #expect(throws: Never.self) { try portfolio.admit("c", at: 86_400_001) }
    }

    @Test func aListeningSocketIsFoundAgain() throws {
        let (descriptor, port) = try Listener.tcp(port: 0)
        defer { close(descriptor) }
        #expect(LoopbackAddress.url(of: descriptor) == "http://127.0.0.1:\(port)")
        #expect(LoopbackAddress.url(of: -1) == nil)
    }

    @Test func theClockOnlyGoesForward() async throws {
        await #expect(throws: Fault.self) { try await ClockSteering(path: "").set(.init(speed: 2)) }
        let folder = try Machine.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }  // what is left of it is the machine's to clean
        let (path, far) = ("\(folder)/clock", Timestamp(milliseconds: 4_000_000_000_000))
        try VirtualClock.write([.init(real: WallClock.system.now, virtual: far, speed: 1)], to: path)
        let steering = ClockSteering(path: path)
        let ahead = try await steering.set(.init(speed: 5, advance: .hours(1)))
        #expect(ahead.speed == 5 && ahead.now >= far + .hours(1))
        let past = try await steering.set(.init(to: Timestamp(milliseconds: 0)))
        #expect(past.now >= ahead.now && past.speed == 5)
    }

    // MARK: The world

    private func world() async throws -> MetaWorld {
        let clock = WallClock { Timestamp(milliseconds: 1_790_000_000_000) }
        let webhooks = WebhookSender(
            appSecret: Secret("s"), verifyToken: Secret("v"), clock: clock, retries: Milliseconds.seconds(1) ... .minutes(1), seed: 1)
        let world = MetaWorld(schemas: try SchemaDocument.embedded(), clock: clock, webhooks: webhooks, seed: 1)
        await world.addNumber(.init(phoneNumberID: "1", wabaID: "2", displayPhoneNumber: "+1 555 078 3881"))
        return world
    }

    private func code(_ answer: MetaWorld.Answer) -> Int? {
        if case .refused(let error) = answer { error.code } else { nil }
    }

    private func text(_ words: String) -> JSONValue {
        ["messaging_product": "whatsapp", "to": "919876543210", "type": "text", "text": ["body": .string(words)]]
    }

    @Test func whatIsUnsoundIsRefusedAndCounted() async throws {
        let world = try await world()
        let unknown = await world.send(text("Hello"), from: "9")
        await world.addNumber(.init(phoneNumberID: "3", wabaID: "2", displayPhoneNumber: "+15550783882", registered: false))
        let unregistered = await world.send(text("Hello"), from: "3")
        let unsound = await world.send(["messaging_product": "whatsapp"], from: "1")
        #expect(code(unknown) == 33 && code(unregistered) == 133010 && code(unsound) != nil)
        let statistics = await world.statistics()
        #expect(statistics.accepted == 0 && statistics.requestsAgainstSchema == 1)
        #expect(statistics.refused["33"] == 1 && statistics.refused["133010"] == 1)
    }

    @Test func whatIsAcceptedReachesThePhoneOnce() async throws {
        let world = try await world()
        _ = try await world.write(SandboxWrite.Params(phoneNumberID: "1", from: "919876543210", name: "Asha", text: "Hi"))
        let answer = await world.send(text("Hello"), from: "1")
        #expect(code(answer) == nil)
        let items = await world.messages(to: "919876543210")
        #expect(items.map(\.type) == ["text"] && items.first?.text.contains("Hello") == true)
        let statistics = await world.statistics()
        #expect(statistics.accepted == 1 && statistics.sentTwice == 0)
        #expect(await world.duplicates().isEmpty)
    }
}
