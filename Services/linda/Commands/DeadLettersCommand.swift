import ArgumentParser
import GatewayContract
import RPCContract

/// What was received and could not be handled.
struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "What was received and could not be handled: list, show, retry, resolve, purge.",
        subcommands: [List.self, Show.self, Retry.self, Resolve.self, Purge.self],
        defaultSubcommand: List.self
    )

    /// Which letters are meant, where no ids are given.
    struct Filter: ParsableArguments {
        @Option(help: ArgumentHelp("payload, message, status or management.", valueName: "name")) var lane: String?
        @Option(help: ArgumentHelp("Why they could not be handled, such as account_unknown.", valueName: "name")) var reason: String?

        func value(_ state: DeadLetter.State?) throws -> DeadLetterFilter {
            let lane = try lane.map { text in
                guard let lane = DeadLetter.Lane(rawValue: text) else {
                    throw Trouble("--lane \(text) is not one of \(DeadLetter.Lane.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                return lane
            }
            return DeadLetterFilter(state: state, lane: lane, reason: reason)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List dead letters, newest first.")
        @OptionGroup var connection: Connection
        @Option(help: ArgumentHelp("open, retried or resolved.", valueName: "name")) var state = "open"
        @OptionGroup var filter: Filter
        @Option(parsing: .unconditional, help: ArgumentHelp("How many.", valueName: "n")) var limit = 500

        func run() async throws {
            guard let state = DeadLetter.State(rawValue: state) else { throw Trouble("--state is open, retried or resolved.") }
            var params = ListDeadLetters.Params(filter: try filter.value(state), limit: min(max(1, limit), 500))
            var reply = try await connection.call(GatewayContract.self, ListDeadLetters.self, params)
            while reply.items.count < limit, let next = reply.next {
                (params.cursor, params.limit) = (next, min(500, limit - reply.items.count))
                let more = try await connection.call(GatewayContract.self, ListDeadLetters.self, params)
                reply.items += more.items
                reply.next = more.next
            }
            let found = reply
            try connection.show(found) {
                List.table(found.items).print()
            }
        }

        static func table(_ letters: [DeadLetter]) -> Table {
            var table = Table("ID", "LANE", "KIND", "REASON", "ATTEMPTS", "LAST", "ERROR")
            (table.cuttable, table.spare) = (["ERROR"], ["ATTEMPTS", "LANE", "LAST", "ERROR"])
            for letter in letters {
                table.add(
                    "\(letter.id)", letter.lane.rawValue, letter.kind, letter.reason, "\(letter.attempts)", letter.lastAt.asTime,
                    String(letter.error.prefix(80)))
            }
            return table
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a dead letter with all that was received.")
        @OptionGroup var connection: Connection
        @Argument(help: "Its id.") var id: Int64

        func validate() throws { try connection.checkUnmasked() }

        func run() async throws {
            let letter = try await connection.call(GatewayContract.self, GetDeadLetter.self, DeadLetterReference(id: id))
            try connection.show(letter) {
                print("\(letter.id)  \(letter.kind), \(letter.reason): \(letter.error)")
                Swift.print(letter.payload)
            }
        }
    }

    /// Acts on all, call by call.
    static func act(
        _ connection: Connection, _ action: ActOnDeadLetters.Action, on filter: DeadLetterFilter, done: String
    ) async throws {
        let begun = await connection.now()
        var filter = filter
        var count = 0
        var reply = ActOnDeadLetters.Reply(count: 0, more: true)
        while reply.more {
            reply = try await connection.call(
                GatewayContract.self, ActOnDeadLetters.self, ActOnDeadLetters.Params(action: action, filter: filter))
            count += reply.count
            // Those that still cannot be handled are open again, and would be met for ever.
            if action == .retry, reply.more, filter.before == nil { filter.before = begun }
        }
        let total = ActOnDeadLetters.Reply(count: count, more: false)
        try connection.show(total) { print("\(Spoken.count(total.count, "dead letter")) \(total.count == 1 ? "is" : "are") \(done)") }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put dead letters back to be handled.")
        @OptionGroup var connection: Connection
        @Argument(help: "Their ids.") var ids: [Int64] = []
        @Flag(help: "All open ones, or those that --lane and --reason name.") var all = false
        @OptionGroup var filter: Filter

        func run() async throws {
            if all { return try await DeadLettersCommand.act(connection, .retry, on: filter.value(.open), done: "handled again") }
            guard !ids.isEmpty else { throw Trouble("Give ids, or --all.") }
            for id in ids {
                let letter = try await connection.call(GatewayContract.self, RetryDeadLetter.self, DeadLetterReference(id: id))
                try connection.show(letter) {
                    print(letter.state == .open ? "\(letter.id) still cannot be handled: \(letter.error)" : "\(letter.id) is handled again")
                }
            }
        }
    }

    struct Resolve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Mark dead letters as dealt with.")
        @OptionGroup var connection: Connection
        @Argument(help: "Their ids.") var ids: [Int64] = []
        @Flag(help: "All open ones, or those that --lane and --reason name.") var all = false
        @OptionGroup var filter: Filter

        func run() async throws {
            if all { return try await DeadLettersCommand.act(connection, .resolve, on: filter.value(.open), done: "resolved") }
            guard !ids.isEmpty else { throw Trouble("Give ids, or --all.") }
            for id in ids {
                let letter = try await connection.call(GatewayContract.self, ResolveDeadLetter.self, DeadLetterReference(id: id))
                try connection.show(letter) { print("\(letter.id) is resolved") }
            }
        }
    }

    struct Purge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove dead letters that were retried or resolved.")
        @OptionGroup var connection: Connection
        @OptionGroup var filter: Filter

        func run() async throws { try await DeadLettersCommand.act(connection, .purge, on: filter.value(nil), done: "gone") }
    }
}
