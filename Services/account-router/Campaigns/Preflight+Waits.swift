import AccountContract
import AccountNumbers
import Vocabulary

/// What is said of people who wait for their number, which is true only as long as they do.
extension Preflight {
    /// Stands in each such sentence, and in no other warning.
    private static let mark = ", which cannot send it now: "

    static func waits(_ report: PreflightReport, _ campaign: Campaign, _ numbers: Numbers) -> [String] {
        report.numbers.compactMap { share in
            guard let account = numbers.account(share.account),
                let obstacle = RoutingTable.obstacle(account, campaign.category ?? .marketing) ?? drain(account)
            else { return nil }
            let people = share.recipients == 1 ? "person waits" : "people wait"
            return "\(share.recipients) \(people) for the number \(account.displayPhoneNumber)\(mark)\(obstacle)"
        }
    }

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
