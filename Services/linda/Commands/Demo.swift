import ArgumentParser
import Foundation
import Observability
import Supervision

/// The demonstration.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play the demonstration against a running sandbox.",
        discussion: "Imports contacts, sends them a template from two numbers, plays customers who write and are answered, and reports."
    )

    @OptionGroup var connection: Connection
    @Option(parsing: .unconditional, help: ArgumentHelp("Contacts that get the template.", valueName: "n")) var contacts = 1000
    @Option(parsing: .unconditional, help: ArgumentHelp("Customers who write, three messages each.", valueName: "n")) var customers = 200
    @Flag(help: "Start everything first in a folder of its own, and leave it running until Ctrl-C.") var start = false
    @Flag(help: "With --start: end after the report.") var exit = false

    func validate() throws {
        guard (1...100_000).contains(contacts), (0...10_000).contains(customers) else {
            throw ValidationError("--contacts is 1 to 100,000 and --customers 0 to 10,000.")
        }
    }

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        guard start else {
            // A call waits for whoever is being started again; of what does not run at all it is said at once.
            for contract in KnownProcesses.contracts { try connection.reach(contract) }
            return try await play(connection.runDirectory)
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("linda-demo-\(getpid())").path
        let printer = LogPrinter(least: 4)
        let options = Stack.Options(directory: folder, programs: Programs.directory)
        let stack = try Stack(options) { printer.print($0, $1) }
        let outcome = FirstTrouble()
        try await stack.runUntilInterrupted {
            do {
                try await stack.subscribeSandbox()
                try await play(stack.runDirectory)
                if exit { return stack.stop() }
                let key = try String(contentsOfFile: "\(folder)/credentials/admin-key", encoding: .utf8).trimmingCharacters(in: .newlines)
                print(
                    "\nIt goes on running. Look at \(stack.address) (admin key: \(key))\nor run: linda status --dir \(folder)\nCtrl-C ends it."
                )
            } catch {
                await outcome.set(error)
                stack.stop()
            }
        }
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            StandardStream.error.write("linda: \(folder) could not be removed: \(error.localizedDescription)\n")
        }
        if let error = await outcome.error { throw error }
    }

    private func play(_ runDirectory: String) async throws {
        var script = DemoScript(runDirectory: runDirectory, contacts: contacts, customers: customers)
        let report = try await script.play()
        if connection.json { Swift.print(try report.json()) } else { report.print() }
    }
}
