import ArgumentParser
import Foundation
import PosterContract
import RPCContract
import Vocabulary

/// What was and will be posted.
extension WebhooksCommand {
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Post an event that only says that everything works.")
        @OptionGroup var connection: Connection
        @Argument(help: "The endpoint's id or URL.") var endpoint: String

        /// How long the receiver's answer is waited for.
        private static let patience = Duration.seconds(20)

        func run() async throws {
            let id = try await connection.endpoint(endpoint)
            let sent = try await connection.call(PosterContract.self, TestEndpoint.self, EndpointReference(id: id))
            let reference = DeliveryReference(id: id, event: sent.event)
            let end = ContinuousClock.now + Self.patience
            var found = try await connection.call(PosterContract.self, GetDelivery.self, reference)
            let state = try await connection.call(PosterContract.self, GetEndpoint.self, EndpointReference(id: id)).state
            while state == .enabled, found.attempts.isEmpty, ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(100))
                found = try await connection.call(PosterContract.self, GetDelivery.self, reference)
            }
            // Its answer may just have disabled the endpoint.
            let now = try await connection.call(PosterContract.self, GetEndpoint.self, EndpointReference(id: id))
            let last = found
            try connection.show(last) {
                WebhooksCommand.lines(last).forEach { Swift.print($0) }
                WebhooksCommand.standing(now).map { Swift.print("! \($0)") }
            }
            if last.delivery.state != .delivered { throw ExitCode(1) }
        }
    }

    struct ListOfDeliveries: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "deliveries", abstract: "List what an endpoint was and will be posted, newest first.")
        @OptionGroup var connection: Connection
        @Argument(help: "The endpoint's id or URL.") var endpoint: String
        @Option(help: ArgumentHelp("pending, delivered or failed.", valueName: "name")) var state: String?
        @Option(parsing: .unconditional, help: ArgumentHelp("How many.", valueName: "n")) var limit = 50

        func run() async throws {
            let wanted = try state.map { text in
                guard let state = EventDelivery.State(rawValue: text) else { throw Trouble("--state is pending, delivered or failed.") }
                return state
            }
            let params = ListDeliveries.Params(
                id: try await connection.endpoint(endpoint), state: wanted, limit: min(max(1, limit), 500))
            let reply = try await connection.call(PosterContract.self, ListDeliveries.self, params)
            try connection.show(reply) { ListOfDeliveries.table(reply.items).print() }
        }

        static func table(_ deliveries: [EventDelivery]) -> Table {
            var table = Table("HAPPENED", "TYPE", "STATE", "ATTEMPTS", "NEXT", "EVENT")
            table.spare = ["NEXT"]
            for delivery in deliveries {
                table.add(
                    delivery.at.asTime, delivery.type, delivery.state.rawValue, String(delivery.attempts), delivery.dueAt?.asTime ?? "",
                    delivery.event)
            }
            return table
        }
    }

    struct Resend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Post an event again, whatever became of it before.")
        @OptionGroup var connection: Connection
        @Argument(help: "The endpoint's id or URL.") var endpoint: String
        @Argument(help: "The id of the event, as the receiver has it in webhook-id.") var event: String

        func run() async throws {
            let reference = DeliveryReference(id: try await connection.endpoint(endpoint), event: event)
            let reply = try await connection.call(PosterContract.self, ResendDelivery.self, reference)
            try connection.show(reply) { Swift.print("\(reply.event) is posted again") }
        }
    }

    struct Recover: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Look for events since a time that an endpoint has not got, and post them.",
            discussion: "linda webhooks recover https://shop.example/webhooks --since 2026-11-30T06:00:00Z")
        @OptionGroup var connection: Connection
        @Argument(help: "The endpoint's id or URL.") var endpoint: String
        @Option(help: ArgumentHelp("From when on, such as 2026-11-30T06:00:00Z.", valueName: "time")) var since: String

        func run() async throws {
            guard let moment = Timestamp(written: since) else {
                throw Trouble("--since \(TerminalText.plain(since)) is no moment; write it as 2026-11-30T06:00:00Z.")
            }
            let id = try await connection.endpoint(endpoint)
            var found = try await connection.call(PosterContract.self, RecoverDeliveries.self, .init(id: id, since: moment))
            while found.state == .running, !connection.json {
                try await Task.sleep(for: .milliseconds(200))
                found = try await connection.call(PosterContract.self, GetRecovery.self, .init(id: id, job: found.job))
            }
            let last = found
            try connection.show(last) { WebhooksCommand.lines(last).forEach { Swift.print($0) } }
        }
    }
}
