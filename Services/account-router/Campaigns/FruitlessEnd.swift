import AccountContacts
import AccountContract
import GRDB
import RPCContract
import Storage
import Vocabulary

/// Why a finished campaign or batch has reached nobody, and what to do next, in the words that every surface shows as its reason.
struct FruitlessEnd: Sendable {
    /// Why some of its people did not get it.
    struct Cause: Sendable, Equatable {
        var words: String
        /// Meta's; nil where it gave none.
        var code: Int?
        /// Nobody knows whether Meta has sent it.
        var isUnclear = false
        /// The person does not want it: another try is refused as well.
        var isWish = false
        var count = 1
    }

    /// When failed messages may still be sent again.
    enum Time: Sendable, Equatable {
        case open
        /// Until a moment, in words.
        case until(String)
        case past
    }

    let kind: Campaign.Kind
    let failed: Int
    let leftOut: Int
    let time: Time
    /// The commonest cause, of failures or of those left out, whichever are more.
    private let main: Cause?
    private let isOnly: Bool

    /// Failed messages that are looked at for the commonest cause, of however many.
    private static let looked = 1000
    /// Of a cause's words: a fault's whole text fits.
    private static let longest = 600

    /// - Parameters:
    ///   - failures: why messages have failed, of some of them at least.
    ///   - skips: why people were left out.
    init(kind: Campaign.Kind, failed: Int, leftOut: Int, time: Time, failures: [Cause], skips: [Cause]) {
        (self.kind, self.failed, self.leftOut, self.time) = (kind, failed, leftOut, time)
        // Meta's own words for one code may differ each time.
        let causes = Dictionary(grouping: failed >= leftOut ? failures : skips) { $0.code.map(String.init) ?? $0.words }.values
            .compactMap { group in
                group.first.map {
                    Cause(
                        words: $0.words, code: $0.code, isUnclear: $0.isUnclear, isWish: $0.isWish, count: group.map(\.count).reduce(0, +))
                }
            }
        main = causes.max { ($0.count, $1.words) < ($1.count, $0.words) }
        isOnly = causes.count == 1 && min(failed, leftOut) == 0
    }

    var text: String {
        guard let main else { return "nobody got it: there was nobody to write to. Next: \(nextStep)." }
        let tally = [(failed, "failed"), (leftOut, "left out")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        let words = String(main.words.prefix(Self.longest))
        return "nobody got it: \(tally). \(isOnly ? "Why" : "Most often"): \(words)\(words.hasSuffix(".") ? "" : ".") Next: \(nextStep)."
    }

    private var nextStep: String {
        let again = kind == .batch ? "send it in another batch" : "plan it again"
        guard let main else { return kind == .batch ? "add messages to another batch before it is processed" : again }
        guard failed >= leftOut else { return time == .past ? "\(again) for another window" : "\(again) once that has changed" }
        guard !main.isWish, Campaigns.maySucceed(main.code) else { return "\(again) once that has changed; another try would fail as well" }
        let retry =
            main.isUnclear
            ? "campaign.retry with unclear: true writes to them again, and it may come twice" : "campaign.retry writes to them again"
        return switch time {
        case .open: retry
        case .until(let closing): "until \(closing) \(retry)"
        case .past: "\(again) for another window"
        }
    }
}

extension FruitlessEnd {
    /// Of one that nobody waits for any more; nil where somebody got it.
    static func text(_ db: Database, _ id: CampaignID, at now: Timestamp) throws -> String? {
        let counts = try CampaignCounts(db, id)
        guard counts.left == 0, counts.done == counts.failed else { return nil }
        let row = try CampaignRow.read(db, id)
        return FruitlessEnd(
            kind: row.campaign.kind, failed: counts.failed, leftOut: counts.skipped,
            time: row.isTooLate(at: now)
                ? .past : row.isLateAllowed ? .open : row.campaign.deadline.map { .until($0.words(by: row.window)) } ?? .open,
            failures: counts.failed > 0 ? try failures(db, id) : [],
            skips: try Preflight.skips(db, id).map { Cause(words: $0.reason, count: $0.count) }
        ).text
    }

    private static func failures(_ db: Database, _ id: CampaignID) throws -> [Cause] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT m.error, m.errorCode, m.isUnclear FROM campaignRecipient AS r JOIN messageOutcome AS m ON m.id = r.message
                WHERE r.campaign = ? AND r.state = 'queued' ORDER BY r.n LIMIT \(looked)
                """)
        let wishes = Set(ConsentRule.Refusal.allCases.map { $0.fault.message.plain })
        return try Row.fetchAll(statement, arguments: [id]).map { row in
            let words = (row["error"] as String?)?.plain ?? "Meta gave no reason"
            return Cause(words: words, code: row["errorCode"], isUnclear: row["isUnclear"], isWish: wishes.contains(words))
        }
    }
}
