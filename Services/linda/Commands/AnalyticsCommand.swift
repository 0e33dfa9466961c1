import AccountContract
import ArgumentParser
import Foundation
import RPCContract
import Vocabulary

/// Figures of the last days.
struct AnalyticsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analytics",
        abstract: "Figures: delivery, deadlines, cost; and Meta's rate card.",
        subcommands: [Delivery.self, SLA.self, Cost.self, Rates.self],
        defaultSubcommand: Delivery.self
    )

    struct Delivery: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Messages from accepted to read, by number.")
        @OptionGroup var connection: Connection
        @Option(parsing: .unconditional, help: ArgumentHelp("How many days back.", valueName: "n")) var days = 30

        func run() async throws {
            let reply = try await connection.call(AccountContract.self, DeliveryAnalytics.self, period(days))
            let shown = await connection.shownNumbers()
            try connection.show(reply) {
                var table = Table("NUMBER", "MESSAGES", "ACCEPTED", "DELIVERED", "READ", "FAILED", "P50 MS", "P99 MS")
                for item in reply.items {
                    table.add(
                        shown(item.account), "\(item.messages)", "\(item.accepted)", "\(item.delivered)", "\(item.read)",
                        "\(item.failed)",
                        item.acceptP50.map { "\($0)" } ?? "", item.acceptP99.map { "\($0)" } ?? "")
                }
                table.print()
                for failure in reply.failures { print("  \(failure.count) × \(failure.code.map { "\($0) " } ?? "")\(failure.reason)") }
            }
        }
    }

    struct SLA: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sla", abstract: "Which windows were kept, and how those that run are going.")
        @OptionGroup var connection: Connection
        @Option(parsing: .unconditional, help: ArgumentHelp("How many days back.", valueName: "n")) var days = 30

        func run() async throws {
            let reply = try await connection.call(AccountContract.self, SLAAnalytics.self, period(days))
            try connection.show(reply) {
                var table = Table("CAMPAIGN", "BEGINS", "DUE BY", "INSIDE", "AFTER", "SHARE", "TARGET", "VERDICT")
                (table.cuttable, table.spare) = (["CAMPAIGN"], ["TARGET", "AFTER", "BEGINS"])
                for item in reply.items {
                    table.add(
                        item.name, Beginning.words(item.startAt, item.localOpening), item.deadline.asTime, "\(item.inside)",
                        "\(item.outside)",
                        String(format: "%.1f%%", item.share), String(format: "%.1f%%", item.target), item.verdict)
                }
                table.print()
                for item in reply.items {
                    if let reason = item.reason { print("  \(item.name)  \(item.verdict): \(Spoken.text(reason))") }
                }
            }
        }
    }

    struct Cost: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What messages cost, by country and category.")
        @OptionGroup var connection: Connection
        @Option(parsing: .unconditional, help: ArgumentHelp("How many days back.", valueName: "n")) var days = 30

        func run() async throws {
            let reply = try await connection.call(AccountContract.self, CostAnalytics.self, period(days))
            try connection.show(reply) {
                var table = Table("COUNTRY", "CATEGORY", "MESSAGES", "BILLABLE", "COST")
                for item in reply.items {
                    table.add(
                        item.country, item.category.rawValue, "\(item.messages)", "\(item.billable)", item.cost?.description ?? "no tariff")
                }
                table.print()
            }
        }
    }

    struct Rates: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the rate card, or import one: lines of country, category, currency, amount, day.",
            discussion: "IN,marketing,INR,0.8631,2026-10-01 (country * for all others)")
        @OptionGroup var connection: Connection
        @Option(name: .customLong("import"), help: ArgumentHelp("A file in UTF-8.", valueName: "file"), completion: .file()) var file:
            String?

        func run() async throws {
            if let file { return try await load(file) }
            let reply = try await connection.call(AccountContract.self, ListTariffs.self, Nothing())
            try connection.show(reply) {
                var table = Table("COUNTRY", "CATEGORY", "AMOUNT", "CURRENCY", "FROM")
                for item in reply.items {
                    table.add(item.country, item.category.rawValue, item.price.exactAmount, item.price.currency, item.from.asTime)
                }
                table.print()
            }
        }

        private func load(_ file: String) async throws {
            let items = try RateCard.read(TextFile.read(file), from: file)
            let reply = try await connection.call(AccountContract.self, ImportTariffs.self, ImportTariffs.Params(items: items))
            try connection.show(reply) { print("\(items.count) rates taken, \(reply.known) known") }
        }
    }

    private static func period(_ days: Int) -> Period {
        Period(from: max(.zero, Date().timestamp - .days(days)))
    }
}
