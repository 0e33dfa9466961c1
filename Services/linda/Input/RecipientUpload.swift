import AccountContract
import RPCContract
import RPCTransport

/// Puts a CSV file of any size into a broadcast list, piece by piece, each under the header.
struct RecipientUpload {
    /// Bytes of one piece: well under a frame.
    private static let piece = 1 << 20

    let client: RPCClient
    let meta: CallMeta
    let countryCode: String?

    func run(_ file: String, into list: String) async throws -> AddToBroadcastList.Reply {
        var lines = CSVRecords.split(try TextFile.read(file))[...]
        guard let header = lines.popFirst() else { throw Trouble("\(file): is empty; the first line names the columns, one of them phone") }
        var total = AddToBroadcastList.Reply(added: 0, updated: 0, problems: [], members: 0)
        var bar = ProgressBar("reading", total: lines.count)
        var (line, done) = (1, 0)
        while !lines.isEmpty {
            var piece = String(header)
            var count = 0
            while let record = lines.first, piece.utf8.count + record.utf8.count < Self.piece || count == 0 {
                piece += record
                count += 1
                lines.removeFirst()
            }
            let params = AddToBroadcastList.Params(id: list, csv: piece, countryCode: countryCode, firstLine: line)
            do throws(Fault) {
                let reply = try await client.call(AddToBroadcastList.self, params, meta: meta, deadline: .seconds(120))
                total.added += reply.added
                total.updated += reply.updated
                total.problems += reply.problems.prefix(max(0, 1000 - total.problems.count))
                total.members = reply.members
            } catch { throw Trouble(error) }
            line += count
            done += count
            bar.show(done)
        }
        bar.finish("\(total.added) new, \(total.updated) updated, \(total.problems.count) problems")
        return total
    }
}
