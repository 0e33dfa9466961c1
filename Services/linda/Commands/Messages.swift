import AccountContract
import ArgumentParser
import Foundation
import RPCContract
import Vocabulary

/// Outgoing messages: where each stands, why, and again.
struct Messages: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Outgoing messages: list, why, retry.",
        subcommands: [List.self, Why.self, Retry.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List messages, newest first.",
            discussion: "On a narrow terminal reasons are cut, and ids left out where they do not fit beside them.")
        @OptionGroup var connection: Connection
        @Flag(help: "Show the ids on a narrow terminal, too.") var ids = false
        @Option(help: ArgumentHelp("Only messages in this state, such as failed.", valueName: "state")) var state: String?
        @Option(help: ArgumentHelp("Only messages from this number: its id, digits or name.", valueName: "number")) var account: String?
        @Option(help: ArgumentHelp("Only messages to this person: a phone number with country code, or a BSUID.", valueName: "contact"))
        var to: String?
        @Option(parsing: .unconditional, help: ArgumentHelp("How many, up to 500.", valueName: "n")) var limit = 50

        func run() async throws {
            let wanted = try state.map { text in
                guard let state = Message.State(rawValue: text) else {
                    throw Trouble("--state \(text) is not one of \(Message.State.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                return state
            }
            var params = ListMessages.Params(state: wanted, to: to, limit: limit)
            if let account { params.account = try await connection.number(account) }
            var reply = try await connection.call(AccountContract.self, ListMessages.self, params)
            // A page looks through so many messages and may find few of them.
            while reply.items.count < limit, let next = reply.next {
                (params.cursor, params.limit) = (next, limit - reply.items.count)
                let more = try await connection.call(AccountContract.self, ListMessages.self, params)
                reply.items += more.items
                reply.next = more.next
            }
            let found = reply
            try connection.show(found) {
                List.table(found.items, ids: ids, connection.shown).print()
            }
        }

        /// - Parameter shown: how a customer is written.
        static func table(_ messages: [Message], ids: Bool, _ shown: (ContactID) -> String) -> Table {
            var table = Table("ID", "TO", "TYPE", "STATE", "AT", "CODE", "WHY")
            (table.cuttable, table.spare) = (["WHY"], (ids ? [] : ["ID"]) + ["TYPE", "CODE", "AT", "WHY"])
            for item in messages {
                table.add(
                    item.id.rawValue, shown(item.to), item.type, item.state.rawValue, item.updatedAt.asTime,
                    item.errorCode.map { "\($0)" } ?? "", item.error ?? "")
            }
            return table
        }
    }

    struct Why: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Tell in plain words what happened to a message and what to do next.")
        @OptionGroup var connection: Connection
        @Argument(help: "The message's id.") var id: String

        func run() async throws {
            let reply = try await connection.call(AccountContract.self, ExplainMessage.self, MessageReference(MessageID(id)))
            try connection.show(reply) {
                print("\(reply.message.state.rawValue): \(Spoken.text(reply.explanation))")
                if let next = reply.nextStep { print("Next: \(Spoken.text(next))") }
                for line in MessageLines.of(reply.message) { TerminalText.print(TerminalText.plain(connection.shownText(line))) }
                Why.table(reply.steps, connection).print()
                if let further = reply.furtherSteps { print("and \(further) more of members or in words that nothing here knows") }
            }
        }

        /// Only a group's message has members.
        static func table(_ steps: [ExplainMessage.Step], _ connection: Connection) -> Table {
            let hasMembers = steps.contains { $0.member != nil }
            var table = hasMembers ? Table("AT", "STATE", "MEMBER", "WHY") : Table("AT", "STATE", "WHY")
            for step in steps {
                let (at, why) = (step.at.asTime, step.detail.map(connection.shownText) ?? "")
                if hasMembers {
                    table.add(at, step.state.rawValue, step.member.map { connection.shown(ContactID($0)) } ?? "", why)
                } else {
                    table.add(at, step.state.rawValue, why)
                }
            }
            return table
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Send a failed message's content again, as a new message.")
        @OptionGroup var connection: Connection
        @Argument(help: "The failed message's id.") var id: String
        @Option(help: ArgumentHelp("Names this message; the same key never sends it twice.", valueName: "key")) var requestKey: String?
        @Flag(help: "Even if nobody knows whether Meta has sent it: it may come twice.") var unclear = false

        func run() async throws {
            let params = RetryMessage.Params(
                id: MessageID(id), requestKey: requestKey ?? "cli:\(UUID().uuidString)", unclear: unclear ? true : nil)
            let reply = try await connection.call(AccountContract.self, RetryMessage.self, params)
            try connection.show(reply) {
                print("\(reply.state.rawValue)  \(reply.id)")
                if let due = reply.notBefore { print("it waits until \(due.asTime): Meta asks for a pause after such a failure") }
            }
        }
    }
}
