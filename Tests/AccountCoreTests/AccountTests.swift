import AccountContract
import GraphAPI
import JobQueue
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCore

@Suite struct MessageProgressTests {
    @Test func statesNeverGoBackwards() {
        let order: [Message.State] = [.queued, .sending, .accepted, .sent, .delivered, .read, .played]
        for (index, state) in order.enumerated() {
            for status in order[...index] { #expect(MessageProgress.next(after: state, on: status) == nil, "\(state) on \(status)") }
            for status in order[(index + 1)...] where order.firstIndex(of: status) ?? 0 >= 2 {
                #expect(MessageProgress.next(after: state, on: status) == status)
            }
        }
    }

    @Test func failedIsFinalAndDoesNotUndoDelivery() {
        for status in Message.State.allCases { #expect(MessageProgress.next(after: .failed, on: status) == nil) }
        for state in [Message.State.queued, .sending, .unknown, .accepted, .sent] {
            #expect(MessageProgress.next(after: state, on: .failed) == .failed)
        }
        for state in [Message.State.delivered, .read, .played] { #expect(MessageProgress.next(after: state, on: .failed) == nil) }
        #expect(MessageProgress.next(after: .unknown, on: .sent) == .sent)
    }
}

@Suite struct RouteTests {
    private func account(_ id: String, weight: Int = 1, enabled: Bool = true) -> Account {
        var account = Account.example
        account.phoneNumberID = PhoneNumberID(id)
        account.weight = weight
        account.enabled = enabled
        return account
    }

    @Test func whatIsAskedForWinsThenHabitThenWeight() throws {
        let all = [account("1"), account("2"), account("3", enabled: false)]
        #expect(try Route.choose(for: "919", among: all, asked: "2", sticky: "1").account.phoneNumberID == "2")
        #expect(try Route.choose(for: "919", among: all, asked: nil, sticky: "1").account.phoneNumberID == "1")
        #expect(try Route.choose(for: "919", among: all, asked: nil, sticky: "3").account.enabled)
        #expect(throws: Fault.self) { try Route.choose(for: "919", among: all, asked: "9", sticky: nil) }
        #expect(throws: Fault.self) { try Route.choose(for: "919", among: all, asked: "3", sticky: nil) }
        #expect(throws: Fault.self) { try Route.choose(for: "919", among: [], asked: nil, sticky: nil) }
    }

    @Test func contactsSpreadByWeightAndStayWhenANumberLeaves() throws {
        let all = [account("111", weight: 1), account("222", weight: 3)]
        var counts: [PhoneNumberID: Int] = [:]
        var moved = 0
        for n in 0..<8000 {
            let contact = ContactID(String(919_800_000_000 + n))
            let chosen = try Route.choose(for: contact, among: all, asked: nil, sticky: nil).account.phoneNumberID
            counts[chosen, default: 0] += 1
            let more = try Route.choose(for: contact, among: all + [account("333", weight: 1)], asked: nil, sticky: nil).account
                .phoneNumberID
            if more != chosen, more != "333" { moved += 1 }
        }
        let share = Double(counts["222"] ?? 0) / 8000
        #expect((0.72...0.78).contains(share), "\(share)")
        #expect(moved == 0)
    }
}

@Suite struct PacerTests {
    private final class Hand: Sendable {
        let now = MutexBox(Int64(1_000_000))
        var clock: WallClock { WallClock { [now] in now.value } }
    }

    @Test func aNumberIsHeldToItsRate() {
        let hand = Hand()
        let pacer = Pacer(clock: hand.clock)
        pacer.configure("1", perSecond: 80)
        let delays = (0..<160).map { _ in pacer.reserve("1") }
        #expect(delays.first == 0)
        #expect((1990...2030).contains(delays[159]), "\(delays[159])")
        hand.now.set(1_010_000)
        #expect(pacer.reserve("1") == 0)
    }

    @Test func oldMessagesOfACatchUpUseNoThroughput() {
        let hand = Hand()
        let pacer = Pacer(clock: hand.clock)
        pacer.configure("1", perSecond: 80)
        for _ in 0..<10_000 { pacer.countInbound("1", at: 0) }
        #expect(pacer.reserve("1") == 0)
        for _ in 0..<10_000 { pacer.countInbound("1", at: 1_000_000) }
        #expect(pacer.reserve("1") <= 1020)
    }

    @Test func aPairMayBurstAndThenWaits() throws {
        let hand = Hand()
        let pacer = Pacer(clock: hand.clock)
        pacer.configure("1", perSecond: 80)
        for n in 0..<44 { #expect(pacer.hold("1", contact: "a") == nil, "\(n)") }
        let wait = try #require(pacer.hold("1", contact: "a"))
        #expect((6000...6300).contains(wait))
        #expect(pacer.hold("1", contact: "b") == nil)
        hand.now.set(1_000_000 + wait)
        #expect(pacer.hold("1", contact: "a") == nil)
    }

    @Test func aRefusedNumberIsBlockedAndABrokenHostRests() {
        let hand = Hand()
        let pacer = Pacer(clock: hand.clock)
        pacer.configure("1", perSecond: 80)
        pacer.block("1", milliseconds: 30_000)
        #expect(pacer.isBlocked("1"))
        #expect(pacer.allowance("1", free: 64) == .rest(milliseconds: 30_001))
        hand.now.set(1_031_000)
        #expect(!pacer.isBlocked("1"))
        for _ in 0..<5 { pacer.noAnswer("1") }
        #expect(pacer.allowance("1", free: 64) == .rest(milliseconds: 500))
        hand.now.set(1_042_000)
        // Rested: one message tries, the others wait for what becomes of it.
        #expect(pacer.allowance("1", free: 64) == .places(1))
        pacer.begins("1")
        #expect(pacer.allowance("1", free: 64) == .rest(milliseconds: 500))
        pacer.abandoned("1")
        #expect(pacer.allowance("1", free: 64) == .places(1))
        pacer.begins("1")
        pacer.noAnswer("1")
        hand.now.set(1_043_000)
        #expect(pacer.allowance("1", free: 64) == .rest(milliseconds: 500), "still silent: another rest")
        hand.now.set(1_053_000)
        pacer.begins("1")
        pacer.answered("1")
        #expect(pacer.allowance("1", free: 64) == .places(64))
        #expect(!pacer.isBlocked("1"))
    }
}

@Suite struct GraphErrorTests {
    @Test(arguments: [
        (130429, GraphError.Class.retry), (131056, .retry), (80007, .retry), (131000, .ambiguous), (2, .ambiguous), (131049, .delay),
        (132015, .delay),
        (131026, .never), (100, .never), (190, .never), (999_999, .never),
    ])
    func codesHaveTheirClass(code: Int, expected: GraphError.Class) {
        #expect(GraphError(code: code, status: 400, details: "").errorClass == expected)
    }

    @Test func aServerErrorWithoutCodeIsAmbiguous() {
        #expect(GraphError(code: nil, status: 502, details: "").errorClass == .ambiguous)
        #expect(GraphError(code: nil, status: 404, details: "").errorClass == .never)
        #expect(GraphError(code: nil, status: 200, details: "").errorClass == .ambiguous, "a success that cannot be read")
        #expect(GraphError(code: 190, status: 401, details: "").concernsTokenOrNumber)
        #expect(!GraphError(code: 131026, status: 400, details: "").concernsTokenOrNumber)
    }
}
