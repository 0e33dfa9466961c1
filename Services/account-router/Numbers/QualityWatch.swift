import AccountContract
import Coordination
import GRDB
import GraphAPI
import Logging
import MetaEvents
import RPCContract
import ServiceLifecycle
import Storage
import Vocabulary

/// Asks Meta for each number's rating and limits, and lets recovering numbers grow.
struct QualityWatch: Service {
    let store: Store
    let numbers: Numbers
    let graph: GraphClient
    /// Between two questions about a number.
    let poll: Milliseconds
    /// Between the steps of coming back.
    let ramp: Milliseconds
    let logger: Logger

    /// Questions to Meta under way at once: a number that is not answered for does not hold up the others.
    private static let concurrency = 16

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var asked: [PhoneNumberID: Timestamp] = [:]
            while !Task.isCancelled {
                let now = store.clock.now
                let accounts = numbers.all().filter { $0.enabled && $0.link == .registered }
                await withTaskGroup(of: Void.self) { group in
                    for (index, account) in accounts.enumerated() {
                        // The next one begins when any has ended, and not when the slowest has.
                        if index >= Self.concurrency { await group.next() }
                        let isDue = isDue(account, &asked, now)
                        group.addTask { await look(after: account, isDue: isDue, now) }
                    }
                }
                await numbers.asked.wait(atMost: store.clock.pause(until: now + min(poll, ramp, .seconds(5))))
            }
        }
    }

    /// Whether Meta is to be asked about a number now.
    func isDue(_ account: Account, _ asked: inout [PhoneNumberID: Timestamp], _ now: Timestamp) -> Bool {
        guard numbers.mayAsk(about: account.wabaID) else { return false }
        let isUrgent = numbers.questions.with { $0.remove(account.phoneNumberID) != nil }
        // At start, and after the clock was set back, nothing urges: each number is asked about after one interval.
        let last = min(asked[account.phoneNumberID] ?? now, now)
        guard isUrgent || now - last >= poll else {
            asked[account.phoneNumberID] = last
            return false
        }
        asked[account.phoneNumberID] = now
        return true
    }

    private func look(after account: Account, isDue: Bool, _ now: Timestamp) async {
        do {
            if isDue { try await ask(account) }
            try await grow(account, now)
        } catch {
            logger.warning("a number could not be looked after", metadata: ["number": "\(account.phoneNumberID)", "error": "\(error)"])
        }
    }

    /// Source: Meta, phone number fields quality_rating, throughput and whatsapp_business_manager_messaging_limit.
    func ask(_ account: Account) async throws {
        let answer: JSONValue
        do throws(GraphClient.Failure) {
            answer = try await graph.number(account.phoneNumberID)
            numbers.wasAsked(about: account.phoneNumberID, hasAnswer: true)
        } catch {
            let hasAnswer = if case .refused = error { true } else { false }
            numbers.wasAsked(about: account.phoneNumberID, hasAnswer: hasAnswer)
            logger.notice("Meta does not tell a number's state", metadata: ["number": "\(account.phoneNumberID)", "error": "\(error)"])
            return
        }
        let rating = answer["quality_rating"]?.text
        // A word that we do not know says nothing of the number.
        let quality = rating?.uppercased() == "NA" ? .unknown : rating.flatMap { Account.Quality(rawValue: $0.lowercased()) }
        if let rating, quality == nil {
            logger.warning(
                "Meta rates a number with a word that is not known",
                metadata: ["number": "\(account.phoneNumberID)", "word": "\(rating.prefix(64))"])
        }
        let isUpgraded = answer["throughput"]?["level"]?.text?.uppercased() == "HIGH"
        let told = answer["whatsapp_business_manager_messaging_limit"]
        try await numbers.change { [numbers] db in
            let current = try Numbers.account(db, account.phoneNumberID)
            if let quality, quality != current.quality { try numbers.hear(db, .quality(quality), of: account.phoneNumberID) }
            if isUpgraded { try numbers.upgrade(db, account.phoneNumberID, "Meta gives the number its upgraded throughput") }
            // Asked again and again, and seldom news.
            guard let told, told != .null else { return }
            guard let limit = MessagingLimit(told) else {
                return try numbers.note(db, portfolio: current.portfolio, word: String((told.text ?? JSON.text(told)).prefix(64)))
            }
            if try numbers.isNews(db, portfolio: current.portfolio, limit: limit.people) {
                try numbers.set(db, portfolio: current.portfolio, limit: limit.people)
            }
        }
    }

    /// One step for a number whose last was long enough ago.
    func grow(_ account: Account, _ now: Timestamp) async throws {
        guard [.recovering, .restricted].contains(account.health) || account.health == .resting && account.quality != .red else { return }
        let (since, until) = try await store.read { db -> (Timestamp, Timestamp?) in
            let row = try Row.fetchOne(
                db, sql: "SELECT healthAt, restrictedUntil, barredUntil FROM account WHERE phoneNumberID = ?",
                arguments: [account.phoneNumberID])
            return (row?["healthAt"] ?? .zero, account.health == .restricted ? row?["barredUntil"] : row?["restrictedUntil"])
        }
        let word: NumberHealth.Word =
            account.health == .recovering ? .waited : account.health == .restricted ? .unbarred : .unrestricted
        let due = word == .waited ? since + ramp : until ?? since + .days(1)
        guard now >= due else { return }
        try await numbers.change { [numbers] db in try numbers.hear(db, word, of: account.phoneNumberID) }
    }
}
