import AccountContract
import ArgumentParser
import Foundation
import RPCContract
import Vocabulary

extension CampaignsCommand {
    /// What is planned anew for each opening of its window.
    struct Recurring: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What is planned anew for each opening of its window: list, skip, unskip, stop.",
            subcommands: [List.self, Skip.self, Unskip.self, Stop.self], defaultSubcommand: List.self)

        /// What was planned before goes out all the same, and what runs goes on: whoever ends a row is told how to end that, too.
        static func words(_ reply: StopRecurrence.Reply, in zone: TimeZone = .current) -> [String] {
            ["\(reply.name) no longer recurs"] + (reply.running + reply.planned).map { GoingOn.words($0, in: zone) }
        }

        /// Ids of campaigns that are planned and were never to start by themselves; what recurs has the id of its first.
        static func unstarted(_ connection: Connection) async throws -> Set<CampaignID> {
            let planned = try await connection.call(AccountContract.self, ListCampaigns.self, .init(state: .planned, limit: 500)).items
            // One that was to start and could not has a reason: later openings follow it all the same.
            return Set(planned.filter { $0.reason == nil }.map(\.id))
        }

        struct List: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "List what recurs, the next first.", discussion: "On a narrow terminal long texts are cut and ids left out.")
            @OptionGroup var connection: Connection
            @Flag(help: "Show the ids on a narrow terminal, too.") var ids = false

            func run() async throws {
                let reply = try await connection.call(AccountContract.self, ListRecurrences.self, Nothing())
                let unstarted = connection.json ? [] : try await Recurring.unstarted(connection)
                try connection.show(reply) {
                    List.table(reply.items, ids: ids, unstarted: unstarted).print()
                    for item in reply.items where unstarted.contains(item.id) {
                        print("\(item.name) has not been started, and nothing of it goes out; linda campaigns start \(item.id) starts it")
                    }
                }
            }

            static func table(_ items: [Recurrence], ids: Bool, unstarted: Set<CampaignID>) -> Table {
                var table = Table("ID", "NAME", "WINDOW", "GOES OUT NEXT", "LEFT OUT")
                (table.cuttable, table.spare) = (["NAME", "WINDOW", "LEFT OUT"], (ids ? [] : ["ID"]) + ["WINDOW", "LEFT OUT"])
                for item in items {
                    let times = item.leftOut.prefix(3).map { WindowsCommand.time($0, in: item.timeZone) }
                    let more = item.leftOut.count > 3 ? ["… and \(item.leftOut.count - 3) more"] : []
                    table.add(
                        item.id.rawValue, item.name, item.window,
                        unstarted.contains(item.id) ? "not started" : WindowsCommand.time(item.next, in: item.timeZone),
                        (times + more).joined(separator: ", "))
                }
                return table
            }
        }

        /// The opening that was named with `--at`, if one was.
        static func opening(_ text: String?) throws -> Timestamp? {
            try text.map { text in
                guard let moment = Timestamp(written: text) else {
                    throw Trouble("--at \(text) is not a time that exists. Write it like 2026-11-30T06:00:00+05:30.")
                }
                return moment
            }
        }

        /// An opening with its zone by name, as the answer to who leaves one out.
        private static func named(_ opening: Timestamp, of recurrence: Recurrence) -> String {
            let time = WindowsCommand.time(opening, in: recurrence.timeZone)
            return recurrence.timeZone == "recipient" ? time : "\(time) (\(recurrence.timeZone))"
        }

        /// What came of leaving openings out, a line each.
        static func words(_ reply: SkipRecurrence.Reply) -> [String] {
            let item = reply.recurrence
            let isSame = reply.openings.allSatisfy(\.wasLeftOut)
            var lines = reply.openings.map { skipped in
                let time = named(skipped.opening, of: item)
                guard !skipped.wasLeftOut else { return "\(item.name) leaves out \(time) already\(isSame ? ": nothing has changed" : "")" }
                let cancelled = skipped.campaign.map { "; the campaign \($0), which was planned for it, is cancelled" } ?? ""
                return "\(item.name) leaves out \(time)\(cancelled)"
            }
            lines.append("it goes out next at \(named(item.next, of: item))")
            if isSame {
                // It counts from the next opening on, and those that are left out count.
                let count = item.leftOut.count { $0 < item.next } + 1
                let further = count <= 100 ? "--count \(count) leaves that out, too; " : ""
                lines.append("\(further)--at TIME leaves out a certain one")
            }
            lines.append(undo(reply))
            return lines
        }

        /// How it is taken back: where more is left out, which of them has to be said.
        private static func undo(_ reply: SkipRecurrence.Reply) -> String {
            let item = reply.recurrence
            let command = "linda campaigns recurring unskip \(item.id)"
            guard item.leftOut.count > 1 else { return "\(command) takes it back" }
            if reply.openings.count == 1, let opening = reply.openings.first?.opening {
                return "\(command) --at \(opening.asTime(in: TimeZone(identifier: item.timeZone) ?? .gmt)) takes it back"
            }
            return "\(command) --all takes all \(item.leftOut.count) back that are left out, --at TIME one of them"
        }

        /// What came of taking it back.
        static func words(_ reply: UnskipRecurrence.Reply) -> [String] {
            let item = reply.recurrence
            let lines = reply.openings.map { "\(item.name) does not leave out \(named($0, of: item)) any more" }
            let isLeftOut = item.leftOut.isEmpty ? "leaves no opening out" : "does not leave that opening out"
            return (lines.isEmpty ? ["\(item.name) \(isLeftOut): nothing has changed"] : lines) + [
                "it goes out next at \(named(item.next, of: item))"
            ]
        }

        struct Skip: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Leave out the next opening that has not begun, or another; what is planned for it is cancelled.")
            @OptionGroup var connection: Connection
            @Argument(help: "What recurs, by name or id.") var id: String
            @Option(help: ArgumentHelp("Leave out the opening at this time, such as 2026-11-30T06:00:00+05:30.", valueName: "time"))
            var at: String?
            @Option(
                parsing: .unconditional,
                help: ArgumentHelp("Leave out so many of the next openings; those that are left out already count.", valueName: "n"))
            var count: Int?

            func validate() throws {
                guard at == nil || count == nil else { throw ValidationError("Give either --at or --count.") }
            }

            func run() async throws {
                let params = SkipRecurrence.Params(id: id, next: try Recurring.opening(at), count: count)
                let reply = try await connection.call(AccountContract.self, SkipRecurrence.self, params)
                try connection.show(reply) { for line in Recurring.words(reply) { print(line) } }
            }
        }

        struct Unskip: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "Take `skip` back: an opening that was left out goes out after all.")
            @OptionGroup var connection: Connection
            @Argument(help: "What recurs, by name or id.") var id: String
            @Option(help: ArgumentHelp("The opening, where several are left out.", valueName: "time")) var at: String?
            @Flag(help: "Every opening that is left out.") var all = false

            func validate() throws {
                guard at == nil || !all else { throw ValidationError("Give either --at or --all.") }
            }

            func run() async throws {
                if at == nil, !all {
                    let items = try await connection.call(AccountContract.self, ListRecurrences.self, Nothing()).items
                    if let item = items.first(where: { $0.id.rawValue == id || $0.name == id }), item.leftOut.count > 1 {
                        let times = item.leftOut.prefix(10).map { WindowsCommand.time($0, in: item.timeZone) }.joined(separator: ", ")
                        throw Trouble(
                            "\(item.leftOut.count) openings of \(item.name) are left out: \(times); say which with --at, or --all.")
                    }
                }
                let params = UnskipRecurrence.Params(id: id, next: try Recurring.opening(at))
                let reply = try await connection.call(AccountContract.self, UnskipRecurrence.self, params)
                try connection.show(reply) { for line in Recurring.words(reply) { print(line) } }
            }
        }

        struct Stop: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Plan no more of it; campaigns that are planned already stay, and one that runs goes on.")
            @OptionGroup var connection: Connection
            @Argument(help: "What recurs, by name or id.") var id: String

            func run() async throws {
                let reply = try await connection.call(AccountContract.self, StopRecurrence.self, RecurrenceReference(id))
                let zone = await connection.zone(of: (reply.running + reply.planned).first)
                try connection.show(reply) { for line in Recurring.words(reply, in: zone) { print(line) } }
            }
        }
    }
}
