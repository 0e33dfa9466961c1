import AccountContract
import CSVTable
import RPCContract
import RPCTransport

/// Puts a CSV file of any size into a broadcast list, piece by piece, each under the header.
struct RecipientUpload {
    /// Bytes of one piece: well under a frame.
    private static let piece = 1 << 20

    let client: RPCClient
    let meta: CallMeta
    let countryCode: String?

    /// A file of recipients, as far as it can be judged before there is a list for it.
    static func read(_ file: String) throws -> PeopleFile {
        try PeopleFile(TextFile.read(file), named: file, or: PhoneColumns.ofRecipients)
    }

    func run(_ file: PeopleFile, into list: String) async throws -> AddToBroadcastList.Reply {
        var records = file.records[...]
        var total = AddToBroadcastList.Reply(added: 0, updated: 0, problems: [], members: 0)
        var bar = ProgressBar("reading", total: records.count)
        var unused = ColumnsLeftOut(most: 64)
        var done = 0
        while !records.isEmpty {
            let firstLine = records.first.map { $0.line - 1 } ?? 1
            var piece = String(file.header)
            var count = 0
            while let record = records.first, piece.utf8.count + record.text.utf8.count < Self.piece || count == 0 {
                piece += record.text
                count += 1
                records.removeFirst()
            }
            let params = AddToBroadcastList.Params(id: list, csv: piece, countryCode: countryCode, firstLine: firstLine)
            do throws(Fault) {
                let reply = try await client.call(AddToBroadcastList.self, params, meta: meta, deadline: .seconds(120))
                total.added += reply.added
                total.updated += reply.updated
                total.problems += reply.problems.prefix(max(0, 1000 - total.problems.count))
                total.members = reply.members
                // Every piece has the same header.
                total.variables = reply.variables
                unused.add(reply.unused)
                total.unused = unused.names
            } catch { throw Trouble(error) }
            done += count
            bar.show(done)
        }
        bar.finish("\(total.added) new, \(total.updated) updated, \(total.problems.count) problems")
        return total
    }
}
