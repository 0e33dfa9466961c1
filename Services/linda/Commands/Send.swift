import AccountContract
import ArgumentParser
import Foundation
import RPCContract
import Vocabulary

/// Sends one message.
struct Send: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send one message.",
        discussion: """
            linda send "+91 98765 43210" --text "Your order has left."
            linda send "+91 98765 43210" --template order_update --var name=Asha --var order=4711
            """
    )

    @OptionGroup var connection: Connection
    @Argument(help: "Phone number with country code, or a BSUID.") var to: String
    @Option(help: ArgumentHelp("Free text; only within 24 hours of the customer's last message.", valueName: "text")) var text: String?
    @Option(help: ArgumentHelp("An approved template.", valueName: "name")) var template: String?
    @Option(help: ArgumentHelp("The template's language.", valueName: "code")) var language: String?
    @Option(name: .customLong("var"), help: ArgumentHelp("A variable of the template; repeatable.", valueName: "name=value")) var variables:
        [String] = []
    @Option(help: ArgumentHelp("The number to send from (phone number id).", valueName: "id")) var account: String?
    @Option(help: ArgumentHelp("Names this sending: the same key never sends twice.", valueName: "key")) var requestKey: String?

    func validate() throws {
        if (text == nil) == (template == nil) { throw ValidationError("Give either --text or --template.") }
    }

    func run() async throws {
        var values: [String: String] = [:]
        for variable in variables {
            guard let mark = variable.firstIndex(of: "=") else { throw Trouble("--var \(variable): expected name=value") }
            values[String(variable[..<mark])] = String(variable[variable.index(after: mark)...])
        }
        let params = SendMessage.Params(
            to: to,
            text: text.map { SendMessage.Text(body: $0) },
            template: template.map { SendMessage.Template(name: $0, language: language, variables: values) },
            account: account.map { PhoneNumberID($0) },
            requestKey: requestKey ?? "cli:\(UUID().uuidString)"
        )
        let reply = try await connection.call(AccountContract.self, SendMessage.self, params)
        try connection.show(reply) {
            print(
                "\(reply.state.rawValue)  \(reply.id)\nlinda rpc account-router message.why '{\"id\":\"\(reply.id)\"}' tells how it goes on."
            )
        }
    }
}
