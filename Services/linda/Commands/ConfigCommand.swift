import ArgumentParser
import Foundation
import RPCContract
import SandboxContract
import Vocabulary

/// The settings file.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "The settings file: check.", subcommands: [ConfigCheck.self])
}

/// Asks every program whether it would take the settings, without starting it.
struct ConfigCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read the settings as every process will, and say what is wrong.",
        discussion: "Ends with 78 (EX_CONFIG) where a process would refuse to start.")

    @Option(name: .long, help: ArgumentHelp("The file to read.", valueName: "file"), completion: .file())
    var config = "/etc/linda/linda.yaml"

    func run() async throws {
        guard FileManager.default.isReadableFile(atPath: config) else { throw Trouble("\(config) cannot be read.") }
        var refusals: [String] = []
        // What all of them read they all refuse, each in its own name.
        var said: Set<String> = []
        for contract in KnownProcesses.contracts where contract.process != SandboxContract.process {
            guard let refusal = try refusal(contract.process) else { continue }
            if said.insert(refusal.replacing(contract.process, with: "")).inserted { refusals.append(refusal) }
        }
        guard !refusals.isEmpty else { return print("\(config): every process takes it.") }
        for refusal in refusals { print(refusal) }
        throw ExitCode(78)
    }

    /// What a program says against the settings; nil where it takes them.
    private func refusal(_ process: String) throws -> String? {
        let program = Process()
        program.executableURL = URL(fileURLWithPath: "\(Programs.directory)/linda-\(process)")
        program.arguments = ["--config", config, "--check"]
        let output = Pipe()
        program.standardError = output
        try program.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        program.waitUntilExit()
        guard program.terminationStatus != 0 else { return nil }
        let text = said.trimmingCharacters(in: .whitespacesAndNewlines)
        return text.split(separator: ": ", maxSplits: 2).last.map(String.init) ?? "linda-\(process) ended with \(program.terminationStatus)"
    }
}
