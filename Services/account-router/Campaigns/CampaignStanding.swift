import AccountContract
import AccountNumbers
import Foundation
import GRDB
import RPCContract
import Storage
import Vocabulary

/// Why a running campaign does not move, in the words that every surface shows.
struct CampaignStanding: Sendable {
    let numbers: Numbers

    /// Less than this is no waiting.
    private static let moment = Milliseconds.minutes(1)

    /// Nil where nothing is in its way, or it does not run.
    func text(_ db: Database, _ row: CampaignRow, at now: Timestamp) throws -> String? {
        guard row.campaign.state == .running else { return nil }
        let counts = try CampaignCounts(db, row.campaign.id)
        let queues = try Campaigns.queues(db, row.campaign.id)
        var parts: [String] = []
        if counts.queued == 0, let next = queues.map(\.firstDue).min(), next - now > Self.moment {
            parts.append("nobody is due before \(Date(next).ISO8601Format())")
        }
        // Where the people are who are due, or wait to be sent.
        let places = Set(queues.filter { $0.firstDue <= now }.map(\.number))
            .union(counts.byNumber.filter { ($0.value["queued"] ?? 0) > 0 }.keys)
        for number in places.sorted(by: { $0.rawValue < $1.rawValue }) {
            guard let account = numbers.account(number), let trouble = try numbers.trouble(db, account), trouble.isStanding else {
                continue
            }
            parts.append("\(account.displayPhoneNumber) \(trouble.text)")
            if parts.count == 3 { break }
        }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}
