import ArgumentParser
import RPCContract
import TemplateContract

/// Templates tried against each other.
struct ExperimentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "experiments",
        abstract: "Templates tried against each other: list, create, status, stop.",
        discussion: """
            linda experiments create diwali_test --variant diwali_offer=50 --variant diwali_offer_b=50
            linda campaigns plan "Diwali offer" --experiment diwali_test --csv people.csv
            """,
        subcommands: [List.self, Create.self, Status.self, Stop.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List experiments, newest first.")
        @OptionGroup var connection: Connection

        func run() async throws {
            let reply = try await connection.call(TemplateContract.self, ListExperiments.self, Nothing())
            try connection.show(reply) {
                var table = Table("NAME", "STATE", "TEMPLATES", "LEADER", "CREATED")
                (table.cuttable, table.spare) = (["STATE", "TEMPLATES", "LEADER"], ["CREATED", "TEMPLATES"])
                for item in reply.items {
                    table.add(
                        item.name, item.winner.map { "stopped: \($0)" } ?? item.state.rawValue,
                        item.variants.map { "\($0.template)=\($0.share)" }.joined(separator: " "), item.leader ?? "",
                        item.createdAt.asTime)
                }
                table.print()
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Try templates against each other.")
        @OptionGroup var connection: Connection
        @Argument(help: "The experiment's name.") var name: String
        @Option(help: ArgumentHelp("A template and its parts of the people; repeatable.", valueName: "template=parts")) var variant:
            [String]

        func run() async throws {
            let variants = try variant.map { text in
                let parts = text.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, let share = Int(parts[1]) else {
                    throw Trouble("--variant \(text): expected a template and its parts, such as diwali_offer=50")
                }
                return Experiment.Variant(template: String(parts[0]), share: share)
            }
            let params = CreateExperiment.Params(name: name, variants: variants)
            let experiment = try await connection.call(TemplateContract.self, CreateExperiment.self, params)
            try connection.show(experiment) { print("\(name) is running; linda campaigns plan … --experiment \(name)") }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show how the templates do.")
        @OptionGroup var connection: Connection
        @Argument(help: "The experiment's name.") var name: String

        func run() async throws {
            let reference = ExperimentReference(name: name)
            let experiment = try await connection.call(TemplateContract.self, ExperimentStatus.self, reference)
            try connection.show(experiment) { ExperimentsCommand.show(experiment) }
        }
    }

    struct Stop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End an experiment: in campaigns planned from now on everybody gets the winner.")
        @OptionGroup var connection: Connection
        @Argument(help: "The experiment's name.") var name: String
        @Option(help: ArgumentHelp("One of its templates.", valueName: "template")) var winner: String

        func run() async throws {
            let params = StopExperiment.Params(name: name, winner: winner)
            let experiment = try await connection.call(TemplateContract.self, StopExperiment.self, params)
            try connection.show(experiment) { print("in campaigns planned from now on everybody gets \(winner)") }
        }
    }

    private static func show(_ experiment: Experiment) {
        var table = Table("TEMPLATE", "PARTS", "MESSAGES", "DELIVERED", "READ", "FAILED", "READ %", "BETWEEN")
        table.spare = ["PARTS", "BETWEEN"]
        for (variant, result) in zip(experiment.variants, experiment.results) {
            let between = result.readFrom.flatMap { from in result.readTo.map { "\(from)–\($0)" } }
            table.add(
                result.template, "\(variant.share)", "\(result.messages)", "\(result.delivered)", "\(result.read)", "\(result.failed)",
                result.readShare.map { "\($0)" } ?? "", between ?? "")
        }
        table.print()
        if let winner = experiment.winner {
            print("stopped: everybody gets \(winner)")
        } else if let leader = experiment.leader {
            let name = TerminalText.plain(experiment.name)
            print("\(leader) is read more often, by more than chance; linda experiments stop \(name) --winner \(leader)")
        } else {
            print("no template leads by more than chance yet")
        }
    }
}
