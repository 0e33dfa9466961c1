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

    @Argument(help: ArgumentHelp("The file to read; /etc/linda/linda.yaml unless one is named.", valueName: "file"), completion: .file())
    var file: String?

    @Option(name: .long, help: ArgumentHelp("The file to read, named as `linda up` has it.", valueName: "file"), completion: .file())
    var config: String?

    func validate() throws {
        guard file != nil, config != nil else { return }
        throw ValidationError("Name the file once: `linda config check FILE`, or --config FILE.")
    }

    func run() async throws {
        let config = file ?? self.config ?? "/etc/linda/linda.yaml"
        if TextFile.isFolder(config) {
            print("\(config): is a folder, not a file.")
            throw ExitCode(78)
        }
        guard FileManager.default.isReadableFile(atPath: config) else {
            let isThere = FileManager.default.fileExists(atPath: config)
            print(isThere ? "\(config): cannot be read." : Self.absence(of: config, isNamed: (file ?? self.config) != nil))
            throw ExitCode(78)
        }
        let refusals = try Self.problems(of: config)
        guard !refusals.isEmpty else { return print("\(config): every process takes it.") }
        for refusal in refusals { print(refusal) }
        throw ExitCode(78)
    }

    /// What the programs say against a file and the environment, a line each and in the file's order; none where they take both.
    static func problems(of config: String) throws -> [String] {
        let processes = KnownProcesses.contracts.map { $0.process }
        var refusals = strangers(processes)
        // Hosts without trials may have no sandbox.
        let sandbox = "\(Programs.directory)/linda-\(SandboxContract.process)"
        let hasSandbox = FileManager.default.isExecutableFile(atPath: sandbox)
        for process in processes where process != SandboxContract.process || hasSandbox {
            // What all of them read they all refuse.
            for refusal in try self.refusals(process, of: config) where !refusals.contains(refusal) { refusals.append(refusal) }
        }
        return FileProblems.inOrder(refusals, of: config)
    }

    /// - Parameter isNamed: whether somebody has named the file; without systemd the usual one is seldom there.
    static func absence(of config: String, isNamed: Bool) -> String {
        "\(config): is not there\(isNamed ? "" : "; name the file: linda config check FILE")."
    }

    /// Variables of the environment that no process reads, as the process in their name is misspelt.
    private static func strangers(_ processes: [String]) -> [String] {
        let prefixes = processes.map { "LINDA_\($0.uppercased().replacing("-", with: "_"))_" }
        let others = ["LINDA_DIR", "LINDA_PROGRAMS", "LINDA_SUPERVISED"]
        return ProcessInfo.processInfo.environment.keys.sorted().compactMap { name in
            guard name.hasPrefix("LINDA_"), !others.contains(name), !prefixes.contains(where: { name.hasPrefix($0) }) else { return nil }
            let words = name.split(separator: "_")
            let near = (2...max(2, words.count)).lazy.compactMap { count in
                NearestName.of(words.prefix(count).joined(separator: "_") + "_", among: prefixes)
            }.first
            return "environment variable \(name): no process reads it\(near.map { "; did you mean \($0)…?" } ?? "")"
        }
    }

    /// What a program says against the settings, a line each; none where it takes them.
    private static func refusals(_ process: String, of config: String) throws -> [String] {
        let program = Process()
        program.executableURL = URL(fileURLWithPath: "\(Programs.directory)/linda-\(process)")
        program.arguments = ["--config", config, "--check"]
        let output = Pipe()
        program.standardError = output
        try program.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        program.waitUntilExit()
        guard program.terminationStatus != 0 else { return [] }
        var lines = said.split(separator: "\n").map(String.init)
        guard let first = lines.first else { return ["linda-\(process) ended with \(program.terminationStatus)"] }
        lines[0] = first.split(separator: ": ", maxSplits: 2).last.map(String.init) ?? first
        return lines
    }
}
