import ArgumentParser
import Foundation
import Observability
import Supervision
import Vocabulary

/// Starts everything in the foreground.
struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start every process in the foreground, without systemd.",
        discussion: "Prints `ready http://127.0.0.1:PORT` once all answer. SIGTERM or Ctrl-C stops them in order."
    )

    @Option(
        help: ArgumentHelp(
            "Folder for sockets, databases and credentials; the environment variable LINDA_DIR names it for all commands, and else it is \(NamedFolder.usual). It is made if it is missing.",
            valueName: "dir"),
        completion: .directory)
    var dir: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("HTTP port on 127.0.0.1; 0 takes a free one.", valueName: "n"))
    var port: ListeningPort = 8080

    @Flag(help: "Also start the sandbox, which stands in for Meta.")
    var sandbox = false

    @Option(help: ArgumentHelp("Meta's Graph API, instead of the configured one.", valueName: "url"))
    var graphURL: String?

    @Option(help: ArgumentHelp("Google's APIs. Taken so that scripts need not change; nothing asks Google yet.", valueName: "url"))
    var googleURL: String?

    @Option(help: ArgumentHelp("Configuration file.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Flag(help: "Give the sandbox a virtual clock, which all processes follow and `linda clock` sets. Started again, it goes on.")
    var virtualClock = false

    @Option(help: ArgumentHelp("Seed of the sandbox's random numbers.", valueName: "n"))
    var seed = 1

    func validate() throws {
        try port.check()
        try Connection.check(dir)
        if sandbox, graphURL != nil { throw ValidationError("Give either --sandbox or --graph-url.") }
        if virtualClock, !sandbox { throw ValidationError("--virtual-clock goes with --sandbox.") }
        if let config, TextFile.isFolder(config) { throw ValidationError("--config \(config): is a folder, not a file.") }
        if let config, !FileManager.default.isReadableFile(atPath: config) { throw ValidationError("\(config) cannot be read.") }
    }

    func run() async throws {
        // A reader of our lines that goes away must not take the processes with it.
        signal(SIGPIPE, SIG_IGN)
        let options = options
        if let googleURL {
            StandardStream.error.write("linda: nothing asks Google yet, so --google-url \(googleURL) has no effect\n")
        }
        if let config = options.configuration { try Self.check(config) }
        let printer = LogPrinter()
        let trouble = FirstTrouble()
        do {
            let stack = try Stack(options) { printer.print($0, $1) }
            try await stack.runUntilInterrupted {
                do {
                    if options.sandbox { try await stack.subscribeSandbox() }
                    // Standard output is for this line alone.
                    StandardStream.output.write("ready \(stack.address)\n")
                } catch {
                    await trouble.set(error)
                    stack.stop()
                }
            }
            if let error = await trouble.error { throw error }
        } catch let failure as Stack.Failure {
            guard failure.isConfiguration else { throw Trouble(failure.description) }
            StandardStream.error.write("Error: \(failure.description)\n")
            throw ExitCode(78)
        }
    }

    private var options: Stack.Options {
        let folder = NamedFolder(option: dir)?.path ?? NamedFolder.usual
        var options = Stack.Options(
            directory: absolute(folder), programs: Programs.directory, port: port.number, sandbox: sandbox, seed: seed)
        options.graphURL = graphURL
        options.hasVirtualClock = virtualClock
        options.configuration = config.map(absolute)
        return options
    }

    /// All that is wrong is told at once, before anything is started.
    private static func check(_ config: String) throws {
        guard FileManager.default.isReadableFile(atPath: config) else { return }  // the first process says why
        let problems = try ConfigCheck.problems(of: config)
        guard !problems.isEmpty else { return }
        StandardStream.error.write(problems.map { "Error: \($0)\n" }.joined())
        throw ExitCode(78)
    }

    private func absolute(_ path: String) -> String { URL(fileURLWithPath: path).path }
}

/// What went wrong first while everything ran.
actor FirstTrouble {
    private(set) var error: (any Error)?

    func set(_ error: any Error) { self.error = self.error ?? error }
}

/// Where the daemons' programs are: beside this one, or where `make install` puts them.
enum Programs {
    static var directory: String {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let installed = own.deletingLastPathComponent().appendingPathComponent("libexec/linda").path
        let gateway = own.appendingPathComponent("linda-\(ProcessName.gateway.rawValue)").path
        return FileManager.default.isExecutableFile(atPath: gateway) ? own.path : installed
    }
}
