import AccountContract
import Vocabulary

/// Coming campaigns by the numbers that may send them, and what those that share numbers ask for together.
///
/// Numbers are shared by account (WABA): there are few such crowds, however many campaigns there are.
struct CampaignCrowds {
    /// Campaigns that may go out from the same numbers.
    struct Crowd {
        var senders: Set<PhoneNumberID>
        /// Messages a second that these numbers can send.
        var rate: Double
        /// Crowds that share a number with it, itself included.
        var rivals: [Int]
        /// Messages a second that its numbers and those of its rivals can send.
        var sharedRate: Double
        /// Of what may go out from its own numbers only.
        var own: CampaignDemand
        /// Of what its rivals ask for, too.
        var shared: CampaignDemand
    }

    private(set) var crowds: [Crowd] = []
    private var places: [CampaignID: Int] = [:]

    /// - Parameter senders: the numbers that may send a campaign, by its id; all where it is not there.
    init(_ coming: [PlanCapacity.Coming], senders: [CampaignID: Set<PhoneNumberID>], numbers: [PlanCapacity.Number]) {
        let all = Set(numbers.map(\.account))
        func rate(of senders: Set<PhoneNumberID>) -> Double {
            numbers.filter { senders.contains($0.account) }.map(\.rate).reduce(0, +)
        }
        var groups: [(senders: Set<PhoneNumberID>, campaigns: [PlanCapacity.Coming])] = []
        var known: [Set<PhoneNumberID>: Int] = [:]
        for campaign in coming {
            let own = senders[campaign.campaign] ?? all
            // A campaign that nothing can send shares nothing.
            let place = own.isEmpty ? groups.count : known[own] ?? groups.count
            if place == groups.count { groups.append((own, [])) }
            groups[place].campaigns.append(campaign)
            known[own] = place
            places[campaign.campaign] = place
        }
        // Each of those that nothing can send is a group of its own: compared with all others they would take minutes.
        let sendable = groups.indices.filter { !groups[$0].senders.isEmpty }
        for (place, group) in groups.enumerated() {
            let rivals =
                group.senders.isEmpty ? [place] : sendable.filter { !groups[$0].senders.isDisjoint(with: group.senders) }
            let bound = rivals.filter { groups[$0].senders.isSubset(of: group.senders) }
            crowds.append(
                Crowd(
                    senders: group.senders,
                    rate: rate(of: group.senders),
                    rivals: rivals,
                    sharedRate: rate(of: rivals.reduce(into: []) { $0.formUnion(groups[$1].senders) }),
                    own: CampaignDemand(bound.flatMap { groups[$0].campaigns }),
                    shared: CampaignDemand(rivals.flatMap { groups[$0].campaigns })))
        }
    }

    /// The crowd of a campaign that is coming.
    func place(of campaign: PlanCapacity.Coming) -> Int { places[campaign.campaign] ?? 0 }
}
