package import AccountContract
import Resilience
import Synchronization
package import Vocabulary

/// Holds everything to Meta's limits at once: throughput of a number, pair, portfolio, and Graph calls of an account.
package final class Pacer: Sendable {
    struct Number {
        var pace: NumberPace
        var pairs = PairLedger()
        var waba: WABAID
        var portfolio: String
        /// Why nothing of it went out at the last try.
        var obstacle: String?
        /// Whether that is true of every number's token.
        var isObstacleOfToken = false
        var reach = Reach()
    }

    struct State {
        var numbers: [PhoneNumberID: Number] = [:]
        /// Why nothing of any number goes out: they share one token.
        var tokenObstacle: String?
        /// How often the token was replaced.
        var token = 0
        var portfolios: [String: PortfolioLedger] = [:]
        /// Portfolios whose messages Meta holds back, and until when their marketing waits.
        var braked: [String: Double] = [:]
        /// Accounts (WABAs) that have used their Graph calls, and until when.
        var resting: [WABAID: Double] = [:]
        /// Accounts about which nothing may be asked, and until when: Meta counts questions apart.
        var restingQuestions: [WABAID: Double] = [:]
        /// Numbers that send no templates, and until when.
        var restingTemplates: [PhoneNumberID: Double] = [:]
        /// Until when the whole app rests.
        var restingApp = 0.0
        /// Of Meta's host as a whole: when nothing answers, no number need try it on its own.
        var host = CircuitBreaker(threshold: 20)
        /// Whether it is still unknown whom the portfolios wrote to before the start.
        var awaitsPast = false
        /// When a number last tried whether Meta answers again.
        var hostTriedAt = -Double.infinity
    }

    /// After which another number tries whether Meta answers.
    private static let tryPause = 10_000.0

    let clock: WallClock
    let state = Mutex(State())
    /// The last reading of the wall clock, and by how much it has been set back so far.
    private let time = Mutex((last: Timestamp.zero, offset: Milliseconds.zero))
    private let isLimited: Bool

    /// - Parameter isLimited: off only for measuring.
    package init(clock: WallClock, isLimited: Bool = true) {
        self.clock = clock
        self.isLimited = isLimited
    }

    /// Milliseconds of a time that never goes back: only differences matter here, and nobody waits out a clock that is set back.
    var now: Double {
        time.withLock { time in
            // Read under the lock: two readings that change places would look like a step back.
            let wall = clock.now
            if wall < time.last { time.offset += time.last - wall }
            time.last = wall
            return Double((wall + time.offset).milliseconds)
        }
    }

    /// Takes a number's limits over, and keeps what was learnt of it.
    package func configure(_ account: Account) {
        state.withLock { state in
            if state.numbers[account.phoneNumberID] == nil {
                state.numbers[account.phoneNumberID] = Number(
                    pace: NumberPace(allowed: account.messagesPerSecond), waba: account.wabaID, portfolio: account.portfolio)
            }
            state.numbers[account.phoneNumberID]?.pace.set(allowed: account.messagesPerSecond)
            state.numbers[account.phoneNumberID]?.pace.set(marketingShare: Double(account.marketingShare) / 100)
            state.numbers[account.phoneNumberID]?.waba = account.wabaID
            state.numbers[account.phoneNumberID]?.portfolio = account.portfolio
            if state.portfolios[account.portfolio] == nil {
                state.portfolios[account.portfolio] = PortfolioLedger(limit: PortfolioLedger.smallest)
            }
        }
    }

    /// - Parameter limit: people in 24 hours; nil where Meta has lifted it.
    package func configure(portfolio: String, limit: Int?) {
        state.withLock { state in
            if state.portfolios[portfolio] == nil { state.portfolios[portfolio] = PortfolioLedger(limit: limit) }
            state.portfolios[portfolio]?.set(limit: limit)
        }
    }

    /// How many messages the number may take up now; one while Meta, having been silent, is tried again.
    package func allowance(_ number: PhoneNumberID, free: Int) -> Allowance {
        let now = now
        return state.withLock { state in
            guard var known = state.numbers[number] else { return .places(free) }
            let until = max(state.resting[known.waba] ?? 0, state.restingApp)
            if until > now { return .rest(Milliseconds(min(1000, until - now) + 1)) }
            let host = state.host.state(at: now)
            // One try of one number is enough to know whether Meta answers again.
            if host == .open || host == .halfOpen && now - state.hostTriedAt < Self.tryPause { return .rest(500) }
            let (places, rest) = known.pace.allowance(at: now, isLimited: isLimited)
            state.numbers[number] = known
            if host == .halfOpen, places > 0 { return .places(min(1, free)) }
            return places > 0 ? .places(min(places, free)) : .rest(Milliseconds(rest.rounded(.up)))
        }
    }

    /// Milliseconds to keep a message back, or nil where it may go; then its place is taken.
    ///
    /// - Parameter opensConversation: whether it is written outside a customer service window.
    package func admit(
        _ number: PhoneNumberID, contact: ContactID, opensConversation: Bool, isMarketing: Bool = false, isTemplate: Bool = false
    ) -> Milliseconds? {
        guard isLimited else { return nil }
        let now = now
        let hash = FNV1a.hash(contact.rawValue)
        return state.withLock { state in
            guard let known = state.numbers[number] else { return nil }
            var wait = known.pairs.wait(hash, at: now)
            if opensConversation, state.awaitsPast { wait = max(wait, 1000) }
            if opensConversation, let full = state.portfolios[known.portfolio]?.wait(hash, at: now), full > 0 {
                // Of thousands that wait only one has the next place: offers look again once a minute, not for each place.
                wait = max(wait, full, isMarketing ? 60_000 : 0)
            }
            if isMarketing, let until = state.braked[known.portfolio] { wait = max(wait, until - now) }
            if isTemplate, let until = state.restingTemplates[number] { wait = max(wait, until - now) }
            if isMarketing, wait <= 0 { wait = state.numbers[number]?.pace.marketingWait(at: now) ?? 0 }
            // Looked at again after an hour at the latest: the limit may have been raised.
            guard wait <= 0 else { return Milliseconds(min(wait, 3_600_000).rounded(.up)) }
            state.numbers[number]?.pairs.take(hash, at: now)
            if isMarketing { state.numbers[number]?.pace.takeMarketing(at: now) }
            if opensConversation { state.portfolios[known.portfolio]?.take(hash, at: now) }
            return nil
        }
    }

    /// What `admit` took for a message is given back: the transaction that leased it came to nothing.
    package func giveBack(_ number: PhoneNumberID, contact: ContactID, opensConversation: Bool, isMarketing: Bool = false) {
        let now = now
        let hash = FNV1a.hash(contact.rawValue)
        state.withLock { state in
            guard let known = state.numbers[number] else { return }
            state.numbers[number]?.pairs.giveBack(hash, at: now)
            if isMarketing { state.numbers[number]?.pace.giveBackMarketing() }
            if opensConversation { state.portfolios[known.portfolio]?.giveBack(hash) }
        }
    }

    /// A message is taken up; `turn` follows and then `answered` or `noAnswer`, or `abandoned`.
    package func begins(_ number: PhoneNumberID) {
        let now = now
        state.withLock { state in
            if state.host.state(at: now) == .halfOpen { state.hostTriedAt = now }
            state.numbers[number]?.pace.begins(at: now)
        }
    }

    /// Returns when the number's next message may be posted.
    package func waitForTurn(of number: PhoneNumberID) async throws {
        let now = now
        let wait = state.withLock { $0.numbers[number]?.pace.reserve(at: now) ?? 0 }
        if isLimited, wait > 0 { try await clock.sleep(until: clock.now + Milliseconds(wait.rounded(.up))) }
    }

    /// It was not posted after all.
    package func abandoned(_ number: PhoneNumberID, hadTurn: Bool = false) {
        state.withLock { $0.numbers[number]?.pace.abandoned(hadTurn: hadTurn) }
    }

    /// Only what came just now uses throughput: old messages of a catch-up do not.
    package func countInbound(_ number: PhoneNumberID, at time: Timestamp) {
        let now = now
        guard isLimited, clock.now - time < 3000 else { return }
        state.withLock { $0.numbers[number]?.pace.countInbound(at: now) }
    }

    /// Meta said 130429.
    package func slowDown(_ number: PhoneNumberID) {
        let now = now
        state.withLock { $0.numbers[number]?.pace.refused(at: now) }
    }

    /// Meta said 131056: nothing to this person for a while.
    package func hold(_ number: PhoneNumberID, contact: ContactID, for pause: Milliseconds) {
        let until = now + Double(pause.count)
        state.withLock { $0.numbers[number]?.pairs.hold(FNV1a.hash(contact.rawValue), until: until) }
    }

    /// How long Meta's limit for one person keeps the next message to them back; zero where it may go now.
    package func pairWait(_ number: PhoneNumberID, contact: ContactID) -> Milliseconds {
        guard isLimited else { return .zero }
        let now = now
        return state.withLock {
            let wait = $0.numbers[number]?.pairs.wait(FNV1a.hash(contact.rawValue), at: now) ?? 0
            // A hold of another day is told as a day.
            return Milliseconds(min(wait, 86_400_000).rounded(.up))
        }
    }

    /// Nothing of this number can be sent for a while: its token or registration is at fault.
    ///
    /// - Parameters:
    ///   - reason: told to whoever looks at the number, until something of it goes out again.
    ///   - token: the token that is at fault, as it was counted when the request was made; nil where it is the number. What is
    ///     true of the token is true of every number, and each finds out by itself when it may send again; of a former token
    ///     it is true no longer.
    package func block(_ number: PhoneNumberID, for pause: Milliseconds, because reason: String, token: Int? = nil) {
        let until = now + Double(pause.count)
        state.withLock { state in
            if let token, token != state.token { return }
            state.numbers[number]?.pace.block(until: until)
            state.numbers[number]?.obstacle = reason
            state.numbers[number]?.isObstacleOfToken = token != nil
            if token != nil { state.tokenObstacle = reason }
        }
    }

    /// The fault is mended.
    package func unblock(_ number: PhoneNumberID) {
        state.withLock { state in
            state.numbers[number]?.pace.unblock()
            state.numbers[number]?.obstacle = nil
            state.tokenObstacle = nil
        }
    }

    /// The token that requests are made with now, by how often it was replaced.
    package var token: Int { state.withLock { $0.token } }

    /// Another token counts now: what Meta said of the one before is true of no number any more.
    package func tokenReplaced() {
        state.withLock { state in
            state.token += 1
            state.tokenObstacle = nil
            for (number, known) in state.numbers where known.obstacle != nil && known.isObstacleOfToken {
                state.numbers[number]?.pace.unblock()
                state.numbers[number]?.obstacle = nil
            }
        }
    }

    /// Meta holds a message of the number's portfolio for quality assessment: marketing of all its numbers waits.
    ///
    /// Source: Meta, portfolio pacing.
    package func brake(_ number: PhoneNumberID, for pause: Milliseconds) {
        let until = now + Double(pause.count)
        state.withLock { state in
            guard let portfolio = state.numbers[number]?.portfolio else { return }
            state.braked[portfolio] = max(state.braked[portfolio] ?? 0, until)
        }
    }

    /// Meta has let go of what it held.
    package func releaseBrake(_ number: PhoneNumberID) {
        state.withLock { state in
            guard let portfolio = state.numbers[number]?.portfolio else { return }
            state.braked[portfolio] = nil
        }
    }

    /// How long a portfolio's marketing still waits; nil where it does not.
    package func brake(of portfolio: String) -> Milliseconds? {
        let now = now
        return state.withLock { $0.braked[portfolio] }.flatMap { $0 > now ? Milliseconds(($0 - now).rounded(.up)) : nil }
    }

    /// Whether a message that is sent now tries whether Meta answers again: its failure tells nothing about itself.
    package func isTrying(_ number: PhoneNumberID) -> Bool {
        let now = now
        return state.withLock { state in
            state.host.state(at: now) != .closed || state.numbers[number]?.pace.isTrying(at: now) ?? false
        }
    }

    /// Messages a second that the number may send; infinite where no limit is kept.
    package func rate(_ number: PhoneNumberID) -> Double {
        isLimited ? state.withLock { $0.numbers[number]?.pace.rate ?? 0 } : .infinity
    }

    /// Whether the number may send nothing now.
    package func isBlocked(_ number: PhoneNumberID) -> Bool {
        let now = now
        return state.withLock { $0.numbers[number]?.pace.isBlocked(at: now) ?? false }
    }

    /// What each number has sent since this was last asked.
    package func drainMeters() -> [PhoneNumberID: LoadMeter.Load] {
        state.withLock { state in
            var loads: [PhoneNumberID: LoadMeter.Load] = [:]
            for number in state.numbers.keys { loads[number] = state.numbers[number]?.pace.drainMeter() }
            return loads
        }
    }

    /// Portfolios that may write to nobody new now.
    package func exhausted() -> Set<String> {
        guard isLimited else { return [] }
        let now = now
        return state.withLock { state in
            var found: Set<String> = []
            for id in state.portfolios.keys where state.portfolios[id]?.limit != nil && state.portfolios[id]?.headroom(at: now) == 0 {
                found.insert(id)
            }
            return found
        }
    }

    /// A portfolio's limit of people in 24 hours, and how many more it may write to first; nil where it has no numbers.
    package func portfolio(_ id: String) -> (limit: Int?, headroom: Int?)? {
        let now = now
        return state.withLock { state in
            guard let limit = state.portfolios[id]?.limit else { return nil }
            return (limit, state.portfolios[id]?.headroom(at: now))
        }
    }

    /// Two people are one: what both used up counts together.
    package func merge(_ contact: ContactID, into other: ContactID) {
        let now = now
        let (first, second) = (FNV1a.hash(contact.rawValue), FNV1a.hash(other.rawValue))
        state.withLock { state in
            for number in state.numbers.keys { state.numbers[number]?.pairs.merge(first, into: second, at: now) }
            for portfolio in state.portfolios.keys { state.portfolios[portfolio]?.merge(first, into: second) }
        }
    }

    /// After a restart: what refusals had taught.
    package func restore(_ number: PhoneNumberID, share: Double) {
        let now = now
        state.withLock { $0.numbers[number]?.pace.restore(share: share, at: now) }
    }

    /// After a restart: whom numbers wrote to first, in any order; a moment that has not come counts as now.
    package func absorb(_ earlier: [(number: PhoneNumberID, contact: ContactID, at: Timestamp)]) {
        let now = now
        state.withLock { state in
            var byPortfolio: [String: [(contact: UInt64, at: Double)]] = [:]
            for (number, contact, at) in earlier {
                guard let portfolio = state.numbers[number]?.portfolio else { continue }
                byPortfolio[portfolio, default: []].append((FNV1a.hash(contact.rawValue), min(Double(at.milliseconds), now)))
            }
            for (portfolio, people) in byPortfolio { state.portfolios[portfolio]?.absorb(people) }
        }
    }

    /// After a restart: nobody is written to first until `knowsPast`.
    package func awaitPast() { state.withLock { $0.awaitsPast = true } }

    /// The people whom the portfolios wrote to in the last 24 hours are known.
    package func knowsPast() { state.withLock { $0.awaitsPast = false } }

    /// After a restart: a message that was posted before, oldest first.
    ///
    /// What was posted while the clock was ahead counts as posted now: no number waits until that moment comes.
    package func restore(_ number: PhoneNumberID, contact: ContactID, at time: Timestamp) {
        let hash = FNV1a.hash(contact.rawValue)
        let at = min(Double(time.milliseconds), now)
        state.withLock { state in
            state.numbers[number]?.pairs.take(hash, at: at)
            state.numbers[number]?.pace.restore(lastAt: at)
        }
    }
}
