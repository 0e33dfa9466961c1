import AccountContract
import ArgumentParser
import RPCContract
import RPCTransport
import Vocabulary

/// Broadcast lists: whom a campaign is for.
struct Lists: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lists",
        abstract: "Broadcast lists: list, import, delete.",
        subcommands: [List.self, Import.self, Delete.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the broadcast lists.")
        @OptionGroup var connection: Connection

        func run() async throws {
            let reply = try await connection.call(AccountContract.self, ListBroadcastLists.self, Nothing())
            try connection.show(reply) {
                List.table(reply.items).print()
            }
        }

        static func table(_ items: [BroadcastList]) -> Table {
            var table = Table("ID", "NAME", "MEMBERS", "CREATED")
            (table.cuttable, table.spare) = (["NAME"], ["CREATED"])
            for item in items { table.add(item.id.rawValue, item.name, "\(item.members)", item.createdAt.asTime) }
            return table
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a CSV file into a list. A list that does not exist is made.",
            discussion:
                "The first line names the columns: phone, optionally timezone; every other column fills the template's variable that is spelt as it is."
        )
        @OptionGroup var connection: Connection
        @Argument(help: "A CSV file in UTF-8.", completion: .file(extensions: ["csv"])) var file: String
        @Option(help: ArgumentHelp("The list's name.", valueName: "name")) var list: String
        @Option(help: ArgumentHelp("Put before national numbers, such as 91.", valueName: "digits")) var countryCode: CountryCode?

        func run() async throws {
            let people = try RecipientUpload.read(file)
            try connection.reach(AccountContract.self)
            let client = connection.client(AccountContract.self)
            do {
                let made = try await client.call(CreateBroadcastList.self, CreateBroadcastList.Params(name: list), meta: connection.meta)
                let upload = RecipientUpload(client: client, meta: connection.meta, countryCode: countryCode?.digits)
                let reply = try await upload.run(people, into: made.id.rawValue)
                await client.close()
                try connection.show(reply) {
                    print("\(list): \(Spoken.count(reply.members, "member")) (\(reply.added) new, \(reply.updated) updated)  \(made.id)")
                    for line in ImportedColumns.lines(reply) { print("  \(line)") }
                    for problem in reply.problems.prefix(20) { print("  line \(problem.line): \(Spoken.text(problem.problem))") }
                    if reply.problems.count > 20 { print("  … and \(reply.problems.count - 20) more; --json lists up to 1,000") }
                }
                // A row that was left out is somebody who gets nothing.
                if !reply.problems.isEmpty { throw ExitCode(1) }
            } catch let fault as Fault {
                await client.close()
                throw Trouble(fault)
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a list; campaigns planned from it keep their recipients.")
        @OptionGroup var connection: Connection
        @Argument(help: "The list's name or id.") var id: String
        @Flag(help: "Do it. Without this flag nothing happens.") var yes = false

        func run() async throws {
            let list = try await connection.call(AccountContract.self, GetBroadcastList.self, BroadcastListReference(id))
            guard yes else {
                throw Trouble(
                    "Nothing else knows who is on the list \(list.name) (\(Spoken.count(list.members, "member"))); say --yes to delete it.")
            }
            let reply = try await connection.call(AccountContract.self, DeleteBroadcastList.self, BroadcastListReference(list.id))
            try connection.show(reply) { print("deleted \(list.name)") }
        }
    }
}
