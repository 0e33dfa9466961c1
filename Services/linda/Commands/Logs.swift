import ArgumentParser
import RPCContract

/// Logging of a running process.
struct Logs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Logging of a running process.",
        discussion: "The lines themselves are in the journal: journalctl -u linda-gateway -f",
        subcommands: [Level.self]
    )

    struct Level: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Set the log level until the next start.")
        @OptionGroup var connection: Connection
        @Argument(help: "The process.", completion: .list(KnownProcesses.contracts.map { $0.process })) var process: String
        @Argument(help: "trace, debug, info, notice, warning, error or critical.") var level: String

        func run() async throws {
            let reply = try await connection.call(
                try KnownProcesses.named(process), ServiceSetLogLevel.self, ServiceSetLogLevel.Params(level: level))
            try connection.show(reply) { print("\(process) now logs at \(level); it was \(reply.previous)") }
        }
    }
}
