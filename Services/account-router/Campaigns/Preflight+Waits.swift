import AccountContract
import AccountNumbers
import Vocabulary

/// What is said of people who wait for their number, which is true only as long as they do.
extension Preflight {
    /// Stands in each such sentence, and in no other warning.
    private static let mark = ", which cannot send it now: "

    /// Warnings that a report takes.
    private static let most = 16
    /// Numbers of which each has a sentence of its own.
    private static let named = 8

    /// One sentence for each of the first numbers that cannot send, and one for all the others.
    ///
    /// - Parameter report: with all its other warnings, which leave room for at least some sentences.
    static func waits(_ report: PreflightReport, _ campaign: Campaign, _ numbers: Numbers) -> [String] {
        let all = report.numbers.compactMap { share -> (recipients: Int, number: String, obstacle: String)? in
            guard let account = numbers.account(share.account),
                let obstacle = RoutingTable.obstacle(account, campaign.category ?? .marketing) ?? drain(account)
            else { return nil }
            return (share.recipients, account.displayPhoneNumber, obstacle)
        }
        // What nothing fills is told when a campaign has been planned, after this.
        let room = most - VariableFills.mostWarnings - (report.warnings.count - VariableFills.kept(report.warnings).count)
        let said = all.prefix(max(0, min(named, all.count > room ? room - 1 : room)))
        let others = all.dropFirst(said.count)
        var sentences = said.map { "\(people($0.recipients)) for the number \($0.number)\(mark)\($0.obstacle)" }
        if !others.isEmpty {
            let count = others.count == 1 ? "one further number" : "\(others.count) further numbers"
            let sum = others.reduce(0) { $0 + $1.recipients }
            sentences.append("\(people(sum)) for \(count)\(mark)account.list shows each")
        }
        return sentences
    }

    private static func people(_ count: Int) -> String { "\(count) \(count == 1 ? "person waits" : "people wait")" }

    /// Says it as it is now; of a campaign that has begun its standing tells, and of one that has ended nothing waits.
    static func renew(_ report: inout PreflightReport, _ campaign: Campaign, _ numbers: Numbers) {
        let place = report.warnings.firstIndex { $0.contains(mark) } ?? report.warnings.endIndex
        report.warnings.removeAll { $0.contains(mark) }
        guard campaign.startedAt == nil, !campaign.state.hasEnded else { return }
        report.warnings.insert(contentsOf: waits(report, campaign, numbers).map(\.plain), at: place)
    }

    /// Why a number takes no new contacts; a spare does where no other can.
    private static func drain(_ account: Account) -> String? { account.duty == .draining ? RoutingTable.duty(account) : nil }
}
