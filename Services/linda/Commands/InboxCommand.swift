import ArgumentParser
import GatewayContract
import RPCContract
import Vocabulary

/// What Meta has delivered, as it came.
struct InboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox",
        abstract: "What Meta has delivered, as it came: list, show.",
        discussion: "What could not be handled is listed by linda dead-letters, too.",
        subcommands: [List.self, Show.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List what came, newest first.")
        @OptionGroup var connection: Connection
        @Option(help: ArgumentHelp("message, status, error, or one of Meta's webhook fields such as account_update.", valueName: "name"))
        var kind: String?
        @Option(help: ArgumentHelp("pending, done or dead.", valueName: "name")) var state: String?
        @Option(parsing: .unconditional, help: ArgumentHelp("How many.", valueName: "n")) var limit = 50

        func run() async throws {
            let wanted = try state.map { text in
                guard let state = InboundEvent.State(rawValue: text) else { throw Trouble("--state is pending, done or dead.") }
                return state
            }
            var params = ListInbox.Params(kind: kind, state: wanted, limit: min(max(1, limit), 500))
            var reply = try await connection.call(GatewayContract.self, ListInbox.self, params)
            // A page looks through so many events and may find few of them.
            while reply.items.count < limit, let next = reply.next {
                (params.cursor, params.limit) = (next, min(500, limit - reply.items.count))
                let more = try await connection.call(GatewayContract.self, ListInbox.self, params)
                reply.items += more.items
                reply.next = more.next
            }
            let found = reply
            var number: (PhoneNumberID) -> String = { $0.rawValue }
            if !connection.json { number = await connection.shownNumbers() }
            let list = InboxList(number: number, contact: connection.shown, text: connection.shownText)
            try connection.show(found) { list.table(found.items).print() }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show an event with all that Meta said.")
        @OptionGroup var connection: Connection
        @Argument(help: "Its id.") var id: Int64

        func validate() throws { try connection.checkUnmasked() }

        func run() async throws {
            // The newest one before the next id is it, as long as it is kept.
            let params = ListInbox.Params(limit: 1, cursor: PageCursor(min(max(0, id), Int64.max - 1) + 1))
            let page = try await connection.call(GatewayContract.self, ListInbox.self, params)
            guard let event = page.items.first, event.id == id else {
                throw Trouble("There is no event \(id) in the inbox; handled ones are kept for some time only.")
            }
            let lines = try InboxList.lines(event, width: TerminalWidth.columns)
            try connection.show(event) { lines.forEach { Swift.print($0) } }
        }
    }
}
