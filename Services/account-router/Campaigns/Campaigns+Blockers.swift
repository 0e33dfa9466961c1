import AccountContract
import GRDB
import RPCContract
import Storage

/// The obstacles that keep a campaign from running.
extension Campaigns {
    /// Looks anew where something stood in the way when it was planned: a tariff may be known since then.
    ///
    /// - Throws: with all that is still in its way.
    func checkBlockers(_ row: CampaignRow) async throws {
        guard var report = row.report, !report.blockers.isEmpty else { return }
        let id = row.campaign.id
        var fresh = try await Preflight(store: store, numbers: numbers, tariffs: Tariffs(store: store)).report(id)
        if row.campaign.state == .planned {
            fresh.warnings += VariableFills.kept(report.warnings)
            report = fresh
            let text = try JSON.text(fresh)
            try await store.write { db in try db.execute(sql: "UPDATE campaign SET report = ? WHERE id = ?", arguments: [text, id]) }
        } else {
            // Of one that has sent already the report stays what it was; only money is asked of the people who are left.
            (report.cost, report.leastPrices, report.unpriced) = (fresh.cost, fresh.leastPrices, fresh.unpriced)
            Preflight.judge(row.budget, &report)
        }
        guard !report.blockers.isEmpty else { return }
        // Recipients are chosen when it is planned: nothing that is mended afterwards brings them back.
        let advice = report.recipients == 0 ? " Mend that, and plan it again." : ""
        throw Fault(
            .campaignBlocked, "\(row.campaign.name) cannot run: \(report.blockers.joined(separator: "; ")).\(advice)", path: "id")
    }
}
