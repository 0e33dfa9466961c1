import AccountContract
import AccountNumbers
import GRDB
import RPCContract
import Storage
import Vocabulary

/// Tells what would happen, before anything is sent.
struct Preflight: Sendable {
    let store: Store
    let numbers: Numbers
    let tariffs: Tariffs

    /// How long nothing takes to be sent by what sends nothing: longer than anybody waits.
    private static let never = Milliseconds.seconds(1e12)

    func report(_ id: CampaignID) async throws -> PreflightReport {
        let now = store.now
        return try await store.read { [self] db in
            let row = try CampaignRow.read(db, id)
            let recipients = try CampaignCounts(db, id).planned
            let shares = try shares(db, row, of: recipients)
            let prices = try prices(db, row, at: now)
            let longest = shares.map(\.duration).max() ?? .zero
            let whole = row.campaign.rate.map { Milliseconds.seconds(Double(recipients) / Double($0)) } ?? .zero
            var report = PreflightReport(
                recipients: recipients, skipped: try Self.skips(db, id), numbers: shares, duration: min(max(longest, whole), Self.never),
                headroom: numbers.headroom(Set(shares.map(\.account))), cost: prices.cost, leastPrices: prices.least,
                unpriced: prices.unpriced, blockers: [], warnings: [])
            Self.judge(&report, row)
            let place = report.warnings.endIndex
            try Self.warnOfTemplate(&report, db, row)
            try Self.warnOfQuietHours(&report, db, row)
            try Self.warnOfRecurrence(&report, db, row)
            // As many as the others leave room for.
            report.warnings.insert(contentsOf: Self.waits(report, row.campaign, numbers), at: place)
            // The report is read in a terminal, and its names and words come from other people.
            (report.blockers, report.warnings) = (report.blockers.map(\.plain), report.warnings.map(\.plain))
            return report
        }
    }

    static func skips(_ db: Database, _ id: CampaignID) throws -> [PreflightReport.Skip] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT problem, count(*) AS n FROM campaignRecipient INDEXED BY campaignSkipped WHERE campaign = ? AND state = 'skipped'
                GROUP BY problem ORDER BY n DESC LIMIT 50
                """,
            arguments: [id]
        )
        .map { PreflightReport.Skip(reason: $0.text("problem").plain, count: $0["n"]) }
    }

    /// The share that each number would send, and how long that takes.
    private func shares(_ db: Database, _ row: CampaignRow, of recipients: Int) throws -> [PreflightReport.NumberShare] {
        try Row.fetchAll(
            db, sql: "SELECT account, count(*) AS n FROM campaignRecipient WHERE campaign = ? AND state = 'planned' GROUP BY account",
            arguments: [row.campaign.id]
        )
        .map { share in
            let count: Int = share["n"]
            let number: PhoneNumberID = try share.value("account", in: "campaignRecipient")
            let account = numbers.account(number)
            let now = account.map { numbers.rate($0, row.campaign.category ?? .marketing) } ?? 0
            // One that cannot send now will send as fast as it may once it can.
            let possible = now > 0 ? now : Double(account?.messagesPerSecond ?? 0)
            // A rate of the campaign's own is shared as its recipients are; without any limit, any number is as good.
            let rate = min(possible, row.campaign.rate.map { Double($0) * Double(count) / Double(max(1, recipients)) } ?? 1e6)
            // A number with an obstacle may send nothing now, however fast it will be afterwards.
            return PreflightReport.NumberShare(
                account: number, recipients: count, rate: min(rate, now),
                duration: rate > 0 ? min(.seconds(Double(count) / rate), Self.never) : Self.never)
        }
    }

    /// The cost at a moment, the least cost of one message, by currency, and for how many people no price is known.
    private func prices(_ db: Database, _ row: CampaignRow, at now: Timestamp) throws -> (cost: [Money], least: [Money], unpriced: Int) {
        var (cost, least, unpriced) = (Amounts(), Amounts(), 0)
        let rows = try Row.fetchCursor(
            db, sql: "SELECT contact, category FROM campaignRecipient WHERE campaign = ? AND state = 'planned'",
            arguments: [row.campaign.id])
        let prices = try tariffs.table(db, workspace: row.workspace, at: now)
        while let recipient = try rows.next() {
            let category: Message.Category = try recipient.word("category", in: "campaignRecipient")
            if let price = prices.price((recipient["contact"] as ContactID), category) {
                cost.add(price)
                least.keepLeast(price)
            } else {
                unpriced += 1
            }
        }
        return (cost.list, least.list, unpriced)
    }

    private static func warnOfTemplate(_ report: inout PreflightReport, _ db: Database, _ row: CampaignRow) throws {
        guard let template = row.plan?.cautious else { return }
        let count = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM campaignRecipient WHERE campaign = ? AND state = 'planned' AND cautious IS NULL",
            arguments: [row.campaign.id])
        guard let count, count > 0 else { return }
        report.warnings.append(
            "\(count) \(count == 1 ? "person lacks" : "people lack") a value for a variable of \(template): through a number rated YELLOW they get the other template"
        )
    }

    /// The same to the same people twice a day is hardly meant.
    private static func warnOfRecurrence(_ report: inout PreflightReport, _ db: Database, _ row: CampaignRow) throws {
        guard row.plan?.recurring == true, let list = row.list else { return }
        let others = try String.fetchAll(
            db,
            sql: """
                SELECT name FROM recurrence WHERE workspace = ? AND list = ? AND id <> ? AND coalesce(plan ->> 'template', plan ->> 'experiment') = ?
                LIMIT 3
                """,
            arguments: [row.workspace, list, row.campaign.id, row.campaign.template ?? row.campaign.experiment])
        guard !others.isEmpty else { return }
        report.warnings.append("the same goes to the same list as \(others.joined(separator: ", ")) already, which recurs, too")
    }

    private static func warnOfQuietHours(_ report: inout PreflightReport, _ db: Database, _ row: CampaignRow) throws {
        guard let opening = row.campaign.startAt, let window = row.window, window.timeZone != "recipient" else { return }
        let late = try Row.fetchOne(
            db,
            sql: """
                SELECT count(*) AS n, max(sendAt) AS last FROM campaignRecipient
                WHERE campaign = ? AND state = 'planned' AND sendAt > ?
                """,
            arguments: [row.campaign.id, opening + window.spreadTo.milliseconds])
        guard let late, let last = late["last"] as Timestamp? else { return }
        let (count, moment): (Int, String) = (late["n"], last.words(by: window))
        report.warnings.append(
            count == 1
                ? "one person is in their quiet hours when it opens, and is written to at \(moment)"
                : "\(count) people are in their quiet hours when it opens; the last of them is written to at \(moment)")
    }

    private static func judge(_ report: inout PreflightReport, _ row: CampaignRow) {
        if report.recipients == 0 { report.blockers.append("nobody can be written to: \(whyNobody(report.skipped, row.plan))") }
        if let headroom = report.headroom, headroom < report.recipients {
            report.warnings.append(
                "\(report.recipients) \(report.recipients == 1 ? "person" : "people"), and the portfolio may write to \(headroom) today: the others wait until the limit allows it"
            )
        }
        if let window = row.window, report.duration > (window.deadline - window.spreadFrom).milliseconds {
            report.warnings.append(
                "sending takes \(report.duration.count / 1000) s, and the window has \(window.deadline - window.spreadFrom): more numbers or a longer window are needed"
            )
        }
        if report.unpriced > 0 {
            report.warnings.append(
                "no tariff is known for \(report.unpriced) \(report.unpriced == 1 ? "recipient" : "recipients"); tariff.import takes Meta's rate card"
            )
        }
        judge(row.budget, &report)
    }

    /// Why a campaign has no recipients, in the words of one blocker: the commonest reasons with how many they concern.
    private static func whyNobody(_ skips: [PreflightReport.Skip], _ plan: PlanCampaign.Params?) -> String {
        guard !skips.isEmpty else {
            guard let words = plan?.contacts else { return "nobody is on its list" }
            return words.isEmpty ? "there are no contacts" : "no contact has the words \(words)"
        }
        // Reasons may hold a fault's whole text: together they stay within a blocker's length.
        let reasons = skips.prefix(5).map { "\($0.count) × \($0.reason.prefix(300))" }.joined(separator: ", ")
        return skips.count > 5 ? "\(reasons), and others for more reasons" : reasons
    }

    /// A budget that is not held against every message is none.
    static func judge(_ budget: Money?, _ report: inout PreflightReport) {
        let (words, above) = ("\(CampaignSpending.unkept): ", "the estimated cost is above the budget: it will stop there")
        report.blockers.removeAll { $0.hasPrefix(words) }
        report.warnings.removeAll { $0 == above }
        guard let budget else { return }
        if report.cost.contains(where: { $0.isMore(than: budget) == true }) { report.warnings.append(above) }
        if report.unpriced > 0 {
            report.blockers.append(
                "\(words)no tariff is known for \(report.unpriced) \(report.unpriced == 1 ? "recipient" : "recipients"); tariff.import takes Meta's rate card"
            )
        }
        let (known, others) = (report.cost.first { $0.currency == budget.currency }, report.cost.filter { $0.currency != budget.currency })
        let currencies = others.map(\.currency).joined(separator: ", ")
        if !others.isEmpty {
            report.blockers.append(
                known == nil
                    ? "\(words)it is in \(budget.currency), and the rate card is in \(currencies); campaign.setBudget gives one in that"
                    : "\(words)it is in \(budget.currency), and the rate card is in \(currencies) for some of the recipients")
        }
        // The cheapest of them goes out with it, whatever the others cost.
        if others.isEmpty, let least = report.leastPrices?.first(where: { $0.isMore(than: budget) == true }) {
            report.blockers.append("\(words)it pays for no message, as one costs \(least.exactAmount) \(least.currency) at least")
        }
    }
}
