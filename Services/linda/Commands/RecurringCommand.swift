import AccountContract
import ArgumentParser
import RPCContract
import Vocabulary

extension CampaignsCommand {
    /// What is planned anew for each opening of its window.
    struct Recurring: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What is planned anew for each opening of its window: list, skip, stop.",
            subcommands: [List.self, Skip.self, Stop.self], defaultSubcommand: List.self)

        /// What was planned before goes out all the same: whoever ends a row is told how to end that, too.
        fileprivate static func tellPlanned(_ name: String, _ connection: Connection) async throws {
            let planned = try await connection.call(AccountContract.self, ListCampaigns.self, ListCampaigns.Params(limit: 500)).items
                .filter { $0.name == name && [.planning, .planned, .scheduled].contains($0.state) }
            guard !connection.json else { return }
            for campaign in planned {
                let opening = campaign.startAt.map { " for \($0.asTime)" } ?? ""
                let time = campaign.state == .planned ? "once it is started" : "then"
                print("it is planned\(opening) already, and goes out \(time); linda campaigns cancel \(campaign.id) --yes ends that, too")
            }
        }

        /// Ids of campaigns that are planned and were never to start by themselves; what recurs has the id of its first.
        static func unstarted(_ connection: Connection) async throws -> Set<String> {
            let planned = try await connection.call(AccountContract.self, ListCampaigns.self, .init(state: .planned, limit: 500)).items
            // One that was to start and could not has a reason: later openings follow it all the same.
            return Set(planned.filter { $0.reason == nil }.map(\.id))
        }

        struct List: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "List what recurs, the next first.")
            @OptionGroup var connection: Connection

            func run() async throws {
                let reply = try await connection.call(AccountContract.self, ListRecurrences.self, Nothing())
                let unstarted = connection.json ? [] : try await Recurring.unstarted(connection)
                try connection.show(reply) {
                    var table = Table("ID", "NAME", "WINDOW", "NEXT")
                    for item in reply.items {
                        table.add(item.id, item.name, item.window, unstarted.contains(item.id) ? "not started" : item.next.asTime)
                    }
                    table.print()
                    for item in reply.items where unstarted.contains(item.id) {
                        print("\(item.name) has not been started, and nothing of it goes out; linda campaigns start \(item.id) starts it")
                    }
                }
            }
        }

        struct Skip: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "Leave out the next opening.")
            @OptionGroup var connection: Connection
            @Argument(help: "What recurs, by name or id.") var id: String

            func run() async throws {
                let all = try await connection.call(AccountContract.self, ListRecurrences.self, Nothing()).items
                guard let next = all.first(where: { $0.id == id || $0.name == id })?.next else {
                    throw Trouble("Nothing recurs as \(id); linda campaigns recurring lists all.")
                }
                let item = try await connection.call(AccountContract.self, SkipRecurrence.self, .init(id: id, next: next))
                try connection.show(item) { print("\(item.name) leaves out \(next.asTime); the next is \(item.next.asTime)") }
                try await Recurring.tellPlanned(item.name, connection)
            }
        }

        struct Stop: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Plan no more of it; campaigns that are planned already stay.")
            @OptionGroup var connection: Connection
            @Argument(help: "What recurs, by name or id.") var id: String

            func run() async throws {
                let all = try await connection.call(AccountContract.self, ListRecurrences.self, Nothing()).items
                let reply = try await connection.call(AccountContract.self, StopRecurrence.self, RecurrenceReference(id))
                try connection.show(reply) { print("\(id) no longer recurs") }
                if let name = all.first(where: { $0.id == id || $0.name == id })?.name {
                    try await Recurring.tellPlanned(name, connection)
                }
            }
        }
    }
}
