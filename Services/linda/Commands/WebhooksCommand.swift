import ArgumentParser
import Foundation
import PosterContract
import RPCContract
import Vocabulary

/// Endpoints to which events are posted.
struct WebhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks",
        abstract: "Endpoints to which events are posted: list, add, show, update, remove, pause, resume, rotate, test, deliveries.",
        discussion: "linda webhooks add https://shop.example/webhooks --type order.created --type message.failed",
        subcommands: [
            List.self, Add.self, Show.self, Update.self, Remove.self, Pause.self, Resume.self, Rotate.self, Test.self,
            ListOfDeliveries.self,
            Resend.self, Recover.self,
        ],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the endpoints, the oldest first; never a secret.",
            discussion: "On a narrow terminal long texts are cut and ids left out.")
        @OptionGroup var connection: Connection
        @Flag(help: "Show the ids on a narrow terminal, too.") var ids = false

        func run() async throws {
            let reply = try await connection.call(PosterContract.self, ListEndpoints.self, Nothing())
            try connection.show(reply) { List.table(reply.items, ids: ids).print() }
        }

        static func table(_ endpoints: [WebhookEndpoint], ids: Bool) -> Table {
            var table = Table("URL", "STATE", "WAITING", "TYPES", "FAILING SINCE", "ID")
            (table.cuttable, table.spare) = (["URL", "TYPES"], (ids ? [] : ["ID"]) + ["TYPES", "FAILING SINCE"])
            for endpoint in endpoints {
                table.add(
                    endpoint.url, endpoint.state.rawValue, String(endpoint.waiting), endpoint.types?.joined(separator: ", ") ?? "all",
                    endpoint.failingSince?.asTime ?? "", endpoint.id)
            }
            return table
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an endpoint: events are posted there from now on. Its secret is printed only once.")
        @OptionGroup var connection: Connection
        @Argument(help: "Where events are posted, with https.") var url: String
        @OptionGroup var wishes: EndpointWishes

        func run() async throws {
            let params = CreateEndpoint.Params(
                url: url, description: wishes.description, types: wishes.types, headers: try wishes.fields(), rate: wishes.rate,
                isOrdered: wishes.order)
            let reply = try await connection.call(PosterContract.self, CreateEndpoint.self, params)
            try connection.show(reply) { WebhooksCommand.lines(reply).forEach { Swift.print($0) } }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show an endpoint, or what one event was posted as.")
        @OptionGroup var connection: Connection
        @Argument(help: "The endpoint's id or URL.") var endpoint: String
        @Argument(help: "The id of an event, as the receiver has it in webhook-id.") var event: String?

        func run() async throws {
            let id = try await connection.endpoint(endpoint)
            guard let event else {
                let found = try await connection.call(PosterContract.self, GetEndpoint.self, EndpointReference(id: id))
                return try connection.show(found) { WebhooksCommand.lines(found).forEach { Swift.print($0) } }
            }
            let found = try await connection.call(PosterContract.self, GetDelivery.self, DeliveryReference(id: id, event: event))
            try connection.show(found) { WebhooksCommand.lines(found).forEach { Swift.print($0) } }
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change an endpoint; what is left out stays as it is.")
        @OptionGroup var connection: Connection
        @Argument(help: "The endpoint's id or URL.") var endpoint: String
        @Option(help: ArgumentHelp("Another URL.", valueName: "url")) var url: String?
        @Flag(help: "Every type of events again.") var allTypes = false
        @OptionGroup var wishes: EndpointWishes

        func validate() throws {
            guard !allTypes || wishes.types == nil else { throw ValidationError("Say either --all-types or --type.") }
        }

        func run() async throws {
            let params = UpdateEndpoint.Params(
                id: try await connection.endpoint(endpoint), url: url, description: wishes.description, types: allTypes ? [] : wishes.types,
                headers: try wishes.fields(), rate: wishes.rate, isOrdered: wishes.order)
            let found = try await connection.call(PosterContract.self, UpdateEndpoint.self, params)
            try connection.show(found) { WebhooksCommand.lines(found).forEach { Swift.print($0) } }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove an endpoint with all that waits for it.")
        @OptionGroup var connection: Connection
        @Argument(help: "The endpoint's id or URL.") var endpoint: String
        @Flag(help: "Do it. Without this flag nothing happens.") var yes = false

        func run() async throws {
            let id = try await connection.endpoint(endpoint)
            let found = try await connection.call(PosterContract.self, GetEndpoint.self, EndpointReference(id: id))
            guard yes else {
                throw Trouble(
                    "\(found.url) hears of nothing from then on, and \(Spoken.count(found.waiting, "event")) that wait go, too; say --yes to remove it."
                )
            }
            let reply = try await connection.call(PosterContract.self, DeleteEndpoint.self, EndpointReference(id: id))
            try connection.show(reply) { Swift.print("\(found.url) is removed") }
        }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Stop an endpoint: what happens waits for it.")
        @OptionGroup var connection: Connection
        @Argument(help: "The endpoint's id or URL.") var endpoint: String

        func run() async throws {
            let reference = EndpointReference(id: try await connection.endpoint(endpoint))
            let found = try await connection.call(PosterContract.self, PauseEndpoint.self, reference)
            try connection.show(found) { Swift.print("\(found.url) is paused; linda webhooks resume starts it again") }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Start an endpoint that was paused or disabled again.")
        @OptionGroup var connection: Connection
        @Argument(help: "The endpoint's id or URL.") var endpoint: String

        func run() async throws {
            let reference = EndpointReference(id: try await connection.endpoint(endpoint))
            let found = try await connection.call(PosterContract.self, ResumeEndpoint.self, reference)
            try connection.show(found) {
                let waiting = Spoken.count(found.waiting, "event")
                let rest = found.waiting == 0 ? "nothing waits for it" : "\(waiting) waiting: now, or when its next try is due"
                Swift.print("\(found.url) is \(found.state.rawValue); \(rest)")
            }
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give an endpoint a new secret. Requests are signed with the old one, too, for a while.")
        @OptionGroup var connection: Connection
        @Argument(help: "The endpoint's id or URL.") var endpoint: String
        @Option(
            parsing: .unconditional, help: ArgumentHelp("How many hours the old secret still signs; 0 ends it now.", valueName: "n"))
        var hours = 24

        func validate() throws { guard (0...720).contains(hours) else { throw ValidationError("--hours is 0 to 720.") } }

        func run() async throws {
            let params = RotateEndpointSecret.Params(id: try await connection.endpoint(endpoint), overlap: .hours(hours))
            let reply = try await connection.call(PosterContract.self, RotateEndpointSecret.self, params)
            try connection.show(reply) { WebhooksCommand.lines(reply).forEach { Swift.print($0) } }
        }
    }
}
