import ArgumentParser
import Foundation
import Observability

/// `linda`: the operator's command line.
@main
struct Linda: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "linda",
        abstract: "Runs and operates Linda, the WhatsApp Business platform.",
        discussion: """
            Without systemd, `linda up` starts every process in the foreground, in the folder that --dir or the environment
            variable LINDA_DIR names, or else in ./linda-data. The other commands find the running processes there, or
            under /run/linda.
            """,
        version: "0.1.0",
        subcommands: [
            Up.self, Demo.self, Status.self, RPC.self, Send.self, Messages.self, CampaignsCommand.self,
            Lists.self, WindowsCommand.self, ConsentCommand.self, AnalyticsCommand.self, CapacityCommand.self, Accounts.self,
            Templates.self, ExperimentsCommand.self, Contacts.self, ConversationsCommand.self, OrdersCommand.self,
            InboxCommand.self, DeadLettersCommand.self, KeysCommand.self, UsersCommand.self, SessionsCommand.self, EventsCommand.self,
            WebhooksCommand.self,
            ConfigCommand.self, Logs.self, ClockCommand.self, GenerateReference.self,
        ]
    )

    static func main() async {
        let words = CommandWords(Array(CommandLine.arguments.dropFirst()), of: Linda.self)
        if let problem = NearestCommand.problem(words.named, of: Linda.self) {
            StandardStream.error.write("Error: \(problem)\n")
            Foundation.exit(64)
        }
        await main(words.inOrder)
    }
}
