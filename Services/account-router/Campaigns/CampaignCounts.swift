import AccountContract
import GRDB
import Vocabulary

/// How many recipients of a campaign are where; moved in the transaction that moves the recipient.
struct CampaignCounts: Sendable, Equatable {
    private(set) var byState: [String: Int] = [:]
    /// Of what has been handed over, by number.
    private(set) var byNumber: [PhoneNumberID: [String: Int]] = [:]

    var planned: Int { self["planned"] }
    var skipped: Int { self["skipped"] }
    /// With its number, and not with Meta yet.
    var queued: Int { self["queued"] }
    var failed: Int { self["failed"] }
    /// Meta was asked, and has not said whether it took them.
    var unknown: Int { self["unknown"] }
    /// Was with Meta by the deadline.
    var inside: Int { self["inside"] }
    /// Was with Meta after the deadline.
    var outside: Int { self["outside"] }
    var cancelled: Int { self["cancelled"] }
    /// Skipped, or failed, because they opted out after planning and before their deadline.
    var skippedOptOuts: Int { self[Self.skippedOptOut] }
    var failedOptOuts: Int { self[Self.failedOptOut] }
    var optedOut: Int { skippedOptOuts + failedOptOuts }
    /// Failed, and not because they opted out in time.
    var failures: Int { max(0, failed - failedOptOuts) }
    var failedBefore: Int { self[Self.failedBefore] }

    static let skippedOptOut = "skippedOptOut"
    static let failedOptOut = "failedOptOut"
    /// Failures that are none any more, as they were tried again or Meta has told otherwise; it only grows.
    static let failedBefore = "failedBefore"
    /// What is counted of people who are counted in another place already.
    private static let besides: Set<String> = ["inside", "outside", skippedOptOut, failedOptOut, failedBefore]
    /// Somebody still has to be written to.
    var left: Int { planned + queued + unknown }
    /// With Meta, or failed.
    var done: Int { ["held", "accepted", "sent", "delivered", "read", "played", "failed"].map { self[$0] }.reduce(0, +) }
    var total: Int { left + done }

    /// Where recipients are, without what is only counted besides; states with nobody are left out.
    var places: [String: Int] { Self.places(byState) }
    static func places(_ counts: [String: Int]) -> [String: Int] {
        counts.filter { $0.value != 0 && !besides.contains($0.key) }
    }

    private subscript(_ state: String) -> Int { byState[state] ?? 0 }

    init(_ db: Database, _ campaign: CampaignID) throws {
        let statement = try db.cachedStatement(sql: "SELECT account, state, n FROM campaignCount WHERE campaign = ?")
        for row in try Row.fetchAll(statement, arguments: [campaign]) {
            let (account, state, count): (String, String, Int) = (row[0], row[1], row[2])
            byState[state, default: 0] += count
            if !account.isEmpty, count != 0 { byNumber[PhoneNumberID(account), default: [:]][state] = count }
        }
    }

    /// The name under which a message's state is counted.
    static func name(_ state: Message.State) -> String {
        switch state {
        case .queued, .sending: "queued"
        case .unknown, .held, .accepted, .sent, .delivered, .read, .played, .failed: state.rawValue
        }
    }

    /// Recipients whose messages failed are planned again.
    ///
    /// - Parameter failures: by the number that had taken them over.
    static func planAgain(_ db: Database, _ failures: [PhoneNumberID: Int], of campaign: CampaignID) throws {
        for (number, count) in failures { try add(db, -count, "failed", of: campaign, on: number) }
        let count = failures.values.reduce(0, +)
        try add(db, count, failedBefore, of: campaign)
        try add(db, count, "planned", of: campaign)
    }

    /// - Parameter number: the one that has taken the recipients over; nil before.
    static func add(_ db: Database, _ count: Int, _ state: String, of campaign: CampaignID, on number: PhoneNumberID? = nil) throws {
        guard count != 0 else { return }
        try db.cachedStatement(
            sql: """
                INSERT INTO campaignCount (campaign, account, state, n) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n
                """
        )
        .execute(arguments: [campaign, number ?? "", state, count])
    }
}
