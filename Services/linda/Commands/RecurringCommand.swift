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

        struct List: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "List what recurs, the next first.")
            @OptionGroup var connection: Connection

            func run() async throws {
                let reply = try await connection.call(AccountContract.self, ListRecurrences.self, Nothing())
                try connection.show(reply) {
                    var table = Table("ID", "NAME", "WINDOW", "NEXT")
                    for item in reply.items { table.add(item.id, item.name, item.window, item.next.asTime) }
                    table.print()
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
            }
        }

        struct Stop: AsyncParsableCommand {
            static let configuration = CommandConfiguration(
                abstract: "Plan no more of it; campaigns that are planned already stay.")
            @OptionGroup var connection: Connection
            @Argument(help: "What recurs, by name or id.") var id: String

            func run() async throws {
                let reply = try await connection.call(AccountContract.self, StopRecurrence.self, RecurrenceReference(id))
                try connection.show(reply) { print("\(id) does not recur any more") }
            }
        }
    }
}
