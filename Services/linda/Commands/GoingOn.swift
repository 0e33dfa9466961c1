import AccountContract
import Foundation
import Vocabulary

/// Campaigns that go on although what has planned them ends: a row that recurs, or a window.
enum GoingOn {
    /// All that go out, by themselves or once somebody starts them, or have begun to.
    static func campaigns(_ connection: Connection) async throws -> [Campaign] {
        var all: [Campaign] = []
        for state in [Campaign.State.planning, .planned, .scheduled, .running, .paused] {
            let wanted = ListCampaigns.Params(state: state, limit: 500)
            all += try await connection.call(AccountContract.self, ListCampaigns.self, wanted).items
        }
        return all
    }

    /// Those of a window.
    static func of(_ window: DeliveryWindow, among all: [Campaign]) -> [Campaign] {
        all.filter { $0.window == window.id }
    }

    /// What becomes of one all the same, and what ends it.
    ///
    /// - Parameter zone: whose clocks show when it begins.
    static func words(_ campaign: Campaign, in zone: TimeZone = .current) -> String {
        let opening = campaign.beginning(in: zone).map { " for \($0)" } ?? ""
        let fate =
            switch campaign.state {
            case .running: "runs right now, and goes on"
            case .paused: "is paused, and goes on once it is resumed"
            case .planned: "is planned\(opening), and goes out once it is started"
            default: "is planned\(opening), and goes out then"
            }
        return "\(campaign.name) \(fate) (linda campaigns cancel \(campaign.id) --yes ends it)"
    }
}
