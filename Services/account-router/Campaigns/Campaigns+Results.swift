import AccountContract
import AccountNumbers
import CSVTable
import Foundation
import GRDB
import RPCContract
import Storage
import Vocabulary

/// The result for every recipient, as a file that spreadsheets read.
extension Campaigns {
    static let resultColumns = [
        "line", "name", "contact", "template", "language", "number", "state", "sent", "delivered", "read", "failed", "message", "code",
        "explanation",
    ]

    /// Where a page ends, however many recipients it was to have: it has to fit a frame.
    private static let pageBytes = 4 << 20

    /// A page, in the order of the file's lines; those who came from no file have their place in the campaign for it.
    func results(_ params: CampaignResults.Params, workspace: String) async throws -> CampaignResults.Reply {
        let limit = params.limit ?? 1000
        let start = try params.cursor.map(Self.place)
        return try await store.read { [self] db in
            let id = try CampaignRow.find(db, params.id, workspace: workspace, for: .read).campaign.id
            // Where Meta has told only what came after sending, the moment at which it took the message stands for it.
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT r.n, coalesce(r.line, r.n + 1) AS line, r.name, r.contact, r.state AS place, r.problem, r.account,
                      coalesce(iif(m.type = 'template', m.object ->> 'name', NULL), r.template) AS template,
                      coalesce(iif(m.type = 'template', m.object -> 'language' ->> 'code', NULL), r.language) AS language, m.id AS message, m.state, m.account AS sender,
                      iif(m.sentAt IS NULL AND m.state IN ('delivered', 'read', 'played'),
                        min(m.metAt, coalesce(m.deliveredAt, m.readAt, m.metAt)), m.sentAt) AS sentAt,
                      m.deliveredAt, m.readAt, m.failedAt, m.errorCode, m.error
                    FROM campaignRecipient AS r INDEXED BY campaignLine LEFT JOIN messageOutcome m ON m.id = r.message
                    WHERE r.campaign = ?1 AND coalesce(r.line, r.n + 1) >= ?2 AND (coalesce(r.line, r.n + 1), r.n) > (?2, ?3)
                    ORDER BY coalesce(r.line, r.n + 1), r.n LIMIT ?4
                    """,
                arguments: [id, start?.line ?? 0, start?.n ?? -1, limit])
            var csv = start == nil ? Self.resultColumns.joined(separator: ",") + "\n" : ""
            var (count, next) = (0, String?.none)
            while csv.utf8.count < Self.pageBytes, let row = try rows.next() {
                csv += cells(row).map(CSVCell.text).joined(separator: ",") + "\n"
                next = "\(row["line"] as Int):\(row["n"] as Int)"
                count += 1
            }
            return CampaignResults.Reply(
                csv: csv, next: count == limit || csv.utf8.count >= Self.pageBytes ? next.map { PageCursor($0) } : nil)
        }
    }

    /// The last recipient of the page before.
    private static func place(_ cursor: PageCursor<CampaignResults>) throws(Fault) -> (line: Int, n: Int) {
        let parts = cursor.place.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let line = parts[0], let n = parts[1] else {
            throw Fault(.params, "cursor is not one that this list gave; give `next` of the page before, or none.", path: "cursor")
        }
        return (line, n)
    }

    /// As its phone number, which a spreadsheet keeps; one that is not there any more by Meta's id.
    private func spelled(_ number: PhoneNumberID) -> String {
        let phone = numbers.account(number).flatMap { PhoneNumber.normalise($0.displayPhoneNumber) }
        return phone?.spelled ?? number.rawValue
    }

    private func cells(_ row: Row) -> [String] {
        func time(_ column: String) -> String { (row[column] as Timestamp?).map { Date($0).ISO8601Format() } ?? "" }
        // Who was left out, or waits to be planned, has neither number nor message.
        let (sender, planned, state): (PhoneNumberID?, PhoneNumberID?, String?) = (row["sender"], row["account"], row["state"])
        let (number, problem) = (sender ?? planned, row.text("problem"))
        return [
            String(row["line"] as Int), row.text("name"), ContactID(row["contact"] as String).spelled,
            row.text("template"), row.text("language"),
            number.map(spelled) ?? "", state ?? row["place"],
            time("sentAt"), time("deliveredAt"), time("readAt"), time("failedAt"), row.text("message"),
            (row["errorCode"] as Int?).map(String.init) ?? "", problem.isEmpty ? row.text("error") : problem,
        ]
    }
}
