import CSVTable
import RPCContract
import RPCTransport
import SyncContract

/// Hands a CSV file over in pieces that fit a frame, each with the header, and shows how far it is.
struct ContactUpload {
    let client: RPCClient
    let meta: CallMeta
    var countryCode: String?

    private static let pieceRecords = 2000

    func run(_ file: PeopleFile) async throws -> ImportContacts.Reply {
        let records = file.records
        var total = ImportContacts.Reply(created: 0, updated: 0, unchanged: 0, problems: [], notes: [])
        var bar = ProgressBar("contacts", total: records.count)
        var unused = ColumnsLeftOut(most: 256)
        for start in stride(from: 0, to: records.count, by: Self.pieceRecords) {
            let piece = records[start..<min(start + Self.pieceRecords, records.count)]
            let params = ImportContacts.Params(
                csv: ([file.header] + piece.map(\.text)).joined(), countryCode: countryCode, firstLine: piece.first.map { $0.line - 1 } ?? 1
            )
            do throws(Fault) {
                let reply = try await client.call(ImportContacts.self, params, meta: meta)
                total.created += reply.created
                total.updated += reply.updated
                total.unchanged += reply.unchanged
                total.problems += reply.problems
                total.notes += reply.notes
                unused.add(reply.unused)
                total.unused = unused.names
            } catch {
                throw Trouble(error)
            }
            bar.show(piece.endIndex)
        }
        bar.finish("\(total.created) added, \(total.updated) updated, \(total.problems.count) wrong")
        return total
    }
}
