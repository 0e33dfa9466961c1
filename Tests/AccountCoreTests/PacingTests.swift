import AccountContract
import GraphAPI
import JobQueue
import Support
import Testing
import Vocabulary

@testable import AccountOutbox
@testable import AccountPacing

/// Limits on a clock that is moved by hand.
@Suite struct PacingTests {
    private final class Hand: Sendable {
        let now = MutexBox(Timestamp(milliseconds: 1_000_000))
        var clock: WallClock { WallClock { [now] in now.value } }
    }

    private func pacer(_ hand: Hand, perSecond: Int = 80) -> Pacer {
        let pacer = Pacer(clock: hand.clock)
        var account = Account.example
        (account.phoneNumberID, account.messagesPerSecond) = ("1", perSecond)
        pacer.configure(account)
        return pacer
    }

    @Test func aNumberIsHeldToItsRate() {
        var pace = NumberPace(allowed: 80)
        let turns = (0..<160).map { _ in pace.reserve(at: 1000) }
        #expect(turns.first == 0)
        #expect((1990...2030).contains(turns[159]), "\(turns[159])")
        #expect(pace.reserve(at: 10_000) == 0)
    }

    /// What has been taken up and has not had its turn counts: no more than a fifth of a second is taken up ahead.
    @Test func littleIsTakenUpAheadOfItsTurn() {
        var pace = NumberPace(allowed: 80)
        let first = pace.allowance(at: 0, isLimited: true).places
        #expect((15...17).contains(first), "\(first)")
        for _ in 0..<first { pace.begins(at: 0) }
        #expect(pace.allowance(at: 0, isLimited: true).places == 0)
        #expect(pace.allowance(at: 0, isLimited: true).rest > 0)
        for _ in 0..<first { _ = pace.reserve(at: 0) }
        #expect(pace.allowance(at: 0, isLimited: true).places == 0)
        #expect((7...9).contains(pace.allowance(at: 100, isLimited: true).places))
        pace.begins(at: 100)
        pace.abandoned(hadTurn: false)
        #expect((7...9).contains(pace.allowance(at: 100, isLimited: true).places))
    }

    /// After what Meta has refused for the number one message tries, however often the hold is lifted, until one is taken.
    @Test func aNumberThatWasRefusedTriesWithOneMessage() {
        var pace = NumberPace(allowed: 80)
        pace.block(until: 30_000)
        #expect(pace.allowance(at: 29_000, isLimited: true).places == 0)
        #expect(pace.allowance(at: 31_000, isLimited: false).places == 1)
        pace.unblock()
        #expect(pace.allowance(at: 100, isLimited: true).places == 1)
        pace.begins(at: 100)
        _ = pace.reserve(at: 100)
        #expect(pace.allowance(at: 110, isLimited: true).places == 0, "until it is known what became of it")
        pace.succeeded()
        pace.block(until: 30_110)
        #expect(pace.allowance(at: 30_200, isLimited: true).places == 1, "refused again")
        pace.begins(at: 30_200)
        _ = pace.reserve(at: 30_200)
        pace.succeeded()
        #expect(pace.allowance(at: 30_300, isLimited: true).places > 1)
    }

    @Test func refusalsTeachAndQuietTimesGiveBack() {
        var pace = NumberPace(allowed: 100)
        pace.refused(at: 10_000)
        pace.refused(at: 10_010)
        #expect((0.89...0.91).contains(pace.share), "two answers to one excess teach once")
        #expect(pace.reserve(at: 10_020) > 900, "and the number rests")
        for n in 1...20 { pace.refused(at: 10_000 + Double(n) * 2000) }
        #expect(pace.share == 0.5)
        var now = 60_000.0
        while pace.share < 1, now < 10_000_000 {
            now += 31_000
            _ = pace.allowance(at: now, isLimited: true)
        }
        #expect(now < 60_000 + 51 * 31_000)
    }

    @Test func oldMessagesOfACatchUpUseNoThroughput() async throws {
        let hand = Hand()
        let pacer = pacer(hand)
        for _ in 0..<10_000 { pacer.countInbound("1", at: 0) }
        #expect(pacer.allowance("1", free: 100) != .rest(50))
        for _ in 0..<10_000 { pacer.countInbound("1", at: 1_000_000) }
        guard case .rest = pacer.allowance("1", free: 100) else {
            Issue.record("a second's debt leaves no place")
            return
        }
        hand.now.set(1_001_100)
        guard case .places = pacer.allowance("1", free: 100) else {
            Issue.record("the debt is a second's at most")
            return
        }
    }

    @Test func aPairMayBurstAndThenWaits() throws {
        let hand = Hand()
        let pacer = pacer(hand)
        for n in 0..<44 { #expect(pacer.admit("1", contact: "a", opensConversation: false) == nil, "\(n)") }
        let wait = try #require(pacer.admit("1", contact: "a", opensConversation: false))
        #expect((6000...6300).contains(wait))
        #expect(pacer.admit("1", contact: "b", opensConversation: false) == nil)
        hand.now.set(1_000_000 + wait)
        #expect(pacer.admit("1", contact: "a", opensConversation: false) == nil)
        pacer.hold("1", contact: "c", for: 64_000)
        #expect(pacer.admit("1", contact: "c", opensConversation: false) == 64_000)
    }

    /// 2 M people at 1,000 a second: what is kept is the traffic of seconds, not of the day.
    @Test func millionsOfPairsTakeLittle() {
        var pairs = PairLedger(capacity: 50_000)
        var most = 0
        for n in 0..<2_000_000 {
            let now = Double(n)
            let contact = UInt64(n) &* 0x9E37_79B9_7F4A_7C15
            #expect(pairs.wait(contact, at: now) == 0)
            pairs.take(contact, at: now)
            most = max(most, pairs.count)
        }
        #expect(most < 30_000, "\(most)")
        // Where everything is in debt at once the newcomer waits, and memory stays.
        for n in 0..<60_000 { pairs.hold(UInt64(n), until: 1e12) }
        #expect(pairs.wait(.max, at: 2_000_000) > 0)
    }

    @Test func aPortfolioWritesToNoMorePeopleThanMetaAllows() {
        var ledger = PortfolioLedger(limit: 3)
        for n in UInt64(0)..<3 {
            #expect(ledger.wait(n, at: Double(n) * 1000) == 0)
            ledger.take(n, at: Double(n) * 1000)
        }
        #expect(ledger.headroom(at: 5000) == 0)
        #expect(ledger.wait(1, at: 5000) == 0, "who is counted already may be written to again")
        #expect(ledger.wait(9, at: 5000) == PortfolioLedger.period - 5000, "until the oldest leaves")
        ledger.take(0, at: 6000)
        #expect(ledger.wait(9, at: 7000) == PortfolioLedger.period + 1000 - 7000, "the oldest was renewed")
        #expect(ledger.wait(9, at: PortfolioLedger.period + 1001) == 0)
        #expect(ledger.headroom(at: PortfolioLedger.period * 3) == 3)
        ledger.set(limit: nil)
        #expect(ledger.wait(9, at: 0) == 0)
    }

    /// Held against the plain definition: distinct people of the last 24 hours.
    @Test func theRollingCountIsExact() {
        let seed = Seed.current
        var generator = SeededGenerator(seed: seed)
        var ledger = PortfolioLedger(limit: 20)
        var sent: [(contact: UInt64, at: Double)] = []
        var now = 0.0
        for _ in 0..<5000 {
            now += Double(generator.next() % 8_000_000)
            let contact = generator.next() % 60
            let recent = Set(sent.filter { $0.at + PortfolioLedger.period > now }.map(\.contact))
            let mayGo = recent.contains(contact) || recent.count < 20
            #expect((ledger.wait(contact, at: now) == 0) == mayGo, "seed \(seed)")
            #expect(ledger.headroom(at: now) == 20 - recent.count, "seed \(seed)")
            guard mayGo else { continue }
            ledger.take(contact, at: now)
            sent.append((contact, now))
            sent.removeAll { $0.at + PortfolioLedger.period * 2 < now }
        }
    }

    @Test func aRefusedNumberIsBlockedAndABrokenHostRests() {
        let hand = Hand()
        let pacer = pacer(hand)
        pacer.block("1", for: 30_000, because: "its token has expired")
        #expect(pacer.isBlocked("1"))
        #expect(pacer.allowance("1", free: 64) == .rest(30_001))
        hand.now.set(1_031_000)
        #expect(!pacer.isBlocked("1"))
        for _ in 0..<5 { pacer.noAnswer("1") }
        #expect(pacer.allowance("1", free: 64) == .rest(500))
        hand.now.set(1_042_000)
        // Rested: one message tries, the others wait for what becomes of it.
        #expect(pacer.allowance("1", free: 64) == .places(1))
        pacer.begins("1")
        #expect(pacer.allowance("1", free: 64) == .rest(500))
        pacer.abandoned("1")
        #expect(pacer.allowance("1", free: 64) == .places(1))
        pacer.begins("1")
        pacer.noAnswer("1")
        hand.now.set(1_043_000)
        #expect(pacer.allowance("1", free: 64) == .rest(500), "still silent: another rest")
        hand.now.set(1_053_000)
        pacer.begins("1")
        pacer.answered("1")
        guard case .places(let places) = pacer.allowance("1", free: 64) else {
            Issue.record("an answer closes the breaker")
            return
        }
        #expect(places > 1)
    }

    @Test func anAccountThatHasUsedItsCallsRestsAndAllItsNumbersWithIt() {
        let hand = Hand()
        let pacer = pacer(hand)
        pacer.rest(after: .init(kind: .messaging, account: Account.example.wabaID.rawValue, percent: 50, minutesToRegain: 0))
        guard case .places = pacer.allowance("1", free: 64) else {
            Issue.record("half is no reason to rest")
            return
        }
        pacer.rest(after: .init(kind: .messaging, account: Account.example.wabaID.rawValue, percent: 100, minutesToRegain: 5))
        guard case .rest = pacer.allowance("1", free: 64) else {
            Issue.record("Meta gives a time to wait")
            return
        }
        hand.now.set(1_000_000 + 300_001)
        guard case .places = pacer.allowance("1", free: 64) else {
            Issue.record("after that time it goes on")
            return
        }
    }

    /// A clock that is set back by an hour stops nothing for an hour.
    @Test func aClockThatIsSetBackStopsNothing() {
        let hand = Hand()
        let pacer = pacer(hand)
        for _ in 0..<20 { pacer.begins("1") }
        pacer.block("1", for: 5000, because: "its token has expired")
        hand.now.set(1_000_000 - 3_600_000)
        guard case .rest(let rest) = pacer.allowance("1", free: 64) else {
            Issue.record("it still rests")
            return
        }
        #expect(rest <= 5001, "\(rest)")
        hand.now.set(1_000_000 - 3_600_000 + 5001)
        for _ in 0..<20 { pacer.abandoned("1") }
        guard case .places = pacer.allowance("1", free: 64) else {
            Issue.record("after what was left of its rest it goes on")
            return
        }
    }

    /// Meta counts questions about templates and numbers apart from sends.
    @Test func whatIsAskedTooMuchDoesNotStopMessages() {
        let hand = Hand()
        let pacer = pacer(hand)
        let waba = Account.example.wabaID
        pacer.rest(after: .init(kind: .management, account: waba.rawValue, percent: 99, minutesToRegain: 0))
        #expect(!pacer.mayAsk(waba))
        guard case .places = pacer.allowance("1", free: 64) else {
            Issue.record("messages go on")
            return
        }
        hand.now.set(1_060_001)
        #expect(pacer.mayAsk(waba))
        pacer.rest(after: .init(kind: .app, account: nil, percent: 100, minutesToRegain: 1))
        guard case .rest = pacer.allowance("1", free: 64) else {
            Issue.record("the whole app rests")
            return
        }
        #expect(!pacer.mayAsk(waba))
    }

    /// Where the transaction that leased them came to nothing, marketing messages leave the number's reduced rate as it was.
    @Test func aRolledBackLeaseUsesNoMarketing() {
        let hand = Hand()
        let pacer = Pacer(clock: hand.clock)
        var account = Account.example
        (account.phoneNumberID, account.messagesPerSecond, account.marketingShare) = ("1", 80, 10)
        pacer.configure(account)
        func admit(_ n: Int) -> Milliseconds? {
            pacer.admit("1", contact: ContactID("91987654\(1000 + n)"), opensConversation: false, isMarketing: true)
        }
        for attempt in 0..<50 {
            #expect(admit(0) == nil && admit(1) == nil, "\(attempt)")
            for n in 0..<2 {
                pacer.giveBack("1", contact: ContactID("91987654\(1000 + n)"), opensConversation: false, isMarketing: true)
            }
        }
        #expect(admit(0) == nil && admit(1) == nil)
        #expect(admit(2) != nil, "two at once, as ever")
    }

    /// Of marketing that has to wait each message gets a moment of its own: looked at again, nearly all may go.
    @Test func marketingThatWaitsComesBackOneByOne() {
        let hand = Hand()
        let pacer = pacer(hand)
        var account = Account.example
        (account.phoneNumberID, account.messagesPerSecond, account.marketingShare) = ("1", 80, 10)
        pacer.configure(account)
        var due = (0..<300).map { (at: hand.now.value, contact: ContactID(String(919_800_000_000 + $0))) }
        var asked = 0
        while let next = due.min(by: { $0.at < $1.at }) {
            due.removeAll { $0.contact == next.contact }
            hand.now.set(max(hand.now.value, next.at))
            asked += 1
            if let wait = pacer.admit("1", contact: next.contact, opensConversation: false, isMarketing: true) {
                due.append((hand.now.value + wait, next.contact))
            }
        }
        let seconds = (hand.now.value - Timestamp(milliseconds: 1_000_000)).seconds
        #expect((37...46).contains(seconds), "300 messages at a tenth of 79.2/s in \(seconds) s")
        #expect(asked < 1500, "\(asked) questions for 300 messages")
    }

    /// 200 people were written to before a limit of 250 became known: 50 are left.
    @Test func whatWasSentCountsWhicheverLimitHeld() {
        var ledger = PortfolioLedger(limit: nil)
        for person in 0..<200 { ledger.take(UInt64(person), at: Double(person)) }
        #expect(ledger.headroom(at: 1000) == nil)
        ledger.set(limit: 250)
        #expect(ledger.headroom(at: 1000) == 50)
        // Lower than what was sent already: nobody new until enough have left.
        ledger.set(limit: 100)
        #expect(ledger.headroom(at: 1000) == 0 && ledger.wait(999, at: 1000) > 0)
        #expect(ledger.wait(999, at: PortfolioLedger.period + 100.5) == 0, "a hundred and one have left")
        // A restart reads them in any order.
        var restored = PortfolioLedger(limit: 250)
        restored.take(7, at: 5000)
        restored.absorb((0..<200).map { (UInt64($0), Double($0)) }.shuffled())
        #expect(restored.headroom(at: 5000) == 50)
        #expect(restored.wait(1000, at: 5000) == 0)
        // Without a limit no more are kept than the largest limit has.
        var huge = PortfolioLedger(limit: nil)
        for person in 0..<100_100 { huge.take(UInt64(person), at: Double(person)) }
        huge.set(limit: 100_000)
        #expect(huge.headroom(at: 100_100) == 0)
    }

    /// Nobody is written to first before it is known who was.
    @Test func aRestartWaitsForThePast() {
        let now = MutexBox(Timestamp(milliseconds: 1_790_000_000_000))
        let pacer = Pacer(clock: WallClock { now.value })
        pacer.configure(
            Account(
                phoneNumberID: "1", wabaID: "2", portfolio: "p", displayPhoneNumber: "+1", displayName: "A", role: .master,
                weight: 1, enabled: true, workspace: "w", messagesPerSecond: 80))
        pacer.awaitPast()
        #expect(pacer.admit("1", contact: "919", opensConversation: true) != nil)
        #expect(pacer.admit("1", contact: "919", opensConversation: false) == nil, "answers go on")
        pacer.absorb((0..<250).map { ("1", ContactID("\($0)"), now.value) })
        pacer.knowsPast()
        #expect(pacer.admit("1", contact: "919", opensConversation: true) != nil, "the smallest limit is used up")
        #expect(pacer.portfolio("p")?.headroom == 0)
    }

    /// Meta holds a message for quality assessment: marketing of the whole portfolio waits, and nothing else.
    @Test func aHeldMessageBrakesThePortfolio() {
        let now = MutexBox(Timestamp(milliseconds: 1_790_000_000_000))
        let pacer = Pacer(clock: WallClock { now.value })
        for (number, portfolio) in [("1", "p"), ("2", "p"), ("3", "q")] {
            pacer.configure(
                Account(
                    phoneNumberID: PhoneNumberID(number), wabaID: "2", portfolio: portfolio, displayPhoneNumber: "+1", displayName: "A",
                    role: .secondary, weight: 1, enabled: true, workspace: "w", messagesPerSecond: 80))
        }
        pacer.brake("1", for: .hours(1))
        #expect(pacer.admit("2", contact: "91", opensConversation: true, isMarketing: true) == .hours(1))
        #expect(pacer.admit("2", contact: "91", opensConversation: true) == nil)
        #expect(pacer.admit("3", contact: "91", opensConversation: true, isMarketing: true) == nil)
        #expect(pacer.brake(of: "p") == .hours(1) && pacer.brake(of: "q") == nil)
        pacer.releaseBrake("1")
        #expect(pacer.admit("2", contact: "92", opensConversation: true, isMarketing: true) == nil)
    }

    /// Of a hundred numbers one tries whether Meta answers again.
    @Test func oneNumberTriesForAll() {
        let now = MutexBox(Timestamp(milliseconds: 1_790_000_000_000))
        let pacer = Pacer(clock: WallClock { now.value })
        let numbers = (0..<100).map { PhoneNumberID("\($0)") }
        for number in numbers {
            pacer.configure(
                Account(
                    phoneNumberID: number, wabaID: "2", portfolio: "p", displayPhoneNumber: "+1", displayName: "A", role: .secondary,
                    weight: 1, enabled: true, workspace: "w", messagesPerSecond: 80))
        }
        for _ in 0..<20 { pacer.noAnswer("0") }
        func places() -> Int {
            numbers.reduce(0) { sum, number in
                if case .places(let count) = pacer.allowance(number, free: 10) { sum + count } else { sum }
            }
        }
        #expect(places() == 0)
        now.set(now.value + .seconds(11))
        #expect(pacer.allowance("7", free: 10) == .places(1))
        pacer.begins("7")
        #expect(places() == 0)
        now.set(now.value + .seconds(11))
        #expect(pacer.allowance("8", free: 10) == .places(1))
        pacer.answered("0")
        #expect(places() > 100)
    }
}
