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
        @Option(help: ArgumentHelp("How many days back.", valueName: "n")) var days = 30

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
        @Option(help: ArgumentHelp("How many days back.", valueName: "n")) var days = 30

        func run() async throws {
            let reply = try await connection.call(AccountContract.self, SLAAnalytics.self, period(days))
            try connection.show(reply) {
                var table = Table("CAMPAIGN", "BEGINS", "DUE BY", "INSIDE", "AFTER", "SHARE", "TARGET", "VERDICT")
                for item in reply.items {
                    table.add(
                        item.name, item.startAt.asTime, item.deadline.asTime, "\(item.inside)", "\(item.outside)",
                        String(format: "%.1f%%", item.share), String(format: "%.1f%%", item.target), item.verdict)
                }
                table.print()
            }
        }
    }

    struct Cost: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What messages cost, by country and category.")
        @OptionGroup var connection: Connection
        @Option(help: ArgumentHelp("How many days back.", valueName: "n")) var days = 30

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
            let text = try TextFile.read(file)
            var items: [Tariff] = []
            for (index, line) in text.split(whereSeparator: \.isNewline).enumerated() {
                let cells = line.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
                if index == 0, cells.first?.lowercased() == "country" { continue }
                guard cells.count == 5, let category = Message.Category(rawValue: cells[1]),
                    let price = Money(cells[3], currency: cells[2]),
                    let day = try? Date("\(cells[4])T00:00:00Z", strategy: .iso8601)
                else {
                    throw Trouble(
                        "\(file):\(index + 1): expected country,category,currency,amount,day such as IN,marketing,INR,0.8631,2026-10-01")
                }
                items.append(
                    Tariff(
                        country: cells[0], category: category, price: price, from: day.timestamp))
            }
            let reply = try await connection.call(AccountContract.self, ImportTariffs.self, ImportTariffs.Params(items: items))
            try connection.show(reply) { print("\(items.count) rates taken, \(reply.known) known") }
        }
    }

    private static func period(_ days: Int) -> Period {
        Period(from: max(.zero, Date().timestamp - .days(days)))
    }
}
