import ArgumentParser
import GatewayContract
import RPCContract

/// What was received and could not be handled.
struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "What was received and could not be handled: list, retry, resolve.",
        subcommands: [List.self, Retry.self, Resolve.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List dead letters.")
        @OptionGroup var connection: Connection
        @Option(help: ArgumentHelp("open, retried or resolved.", valueName: "name")) var state = "open"

        func run() async throws {
            guard let state = DeadLetter.State(rawValue: state) else { throw Trouble("--state is open, retried or resolved.") }
            let reply = try await connection.call(
                GatewayContract.self, ListDeadLetters.self, ListDeadLetters.Params(state: state, limit: 500))
            try connection.show(reply) {
                var table = Table("ID", "KIND", "REASON", "ATTEMPTS", "LAST", "ERROR")
                for letter in reply.items {
                    table.add(
                        "\(letter.id)", letter.kind, letter.reason, "\(letter.attempts)", letter.lastAt.asTime,
                        String(letter.error.prefix(80)))
                }
                table.print()
            }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put a dead letter back to be handled.")
        @OptionGroup var connection: Connection
        @Argument(help: "Its id, or several.") var ids: [Int64]

        func run() async throws {
            for id in ids {
                let letter = try await connection.call(GatewayContract.self, RetryDeadLetter.self, DeadLetterReference(id: id))
                try connection.show(letter) {
                    print(letter.state == .open ? "\(letter.id) still cannot be handled: \(letter.error)" : "\(letter.id) is handled again")
                }
            }
        }
    }

    struct Resolve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Mark a dead letter as dealt with.")
        @OptionGroup var connection: Connection
        @Argument(help: "Its id, or several.") var ids: [Int64]

        func run() async throws {
            for id in ids {
                let letter = try await connection.call(GatewayContract.self, ResolveDeadLetter.self, DeadLetterReference(id: id))
                try connection.show(letter) { print("\(letter.id) is resolved") }
            }
        }
    }
}
