import ArgumentParser
import Foundation
import RPCContract
import SandboxContract
import Vocabulary

/// The virtual clock of a trial.
struct ClockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock",
        abstract: "Let time pass faster, or jump, in a trial started with --virtual-clock.",
        discussion: "linda clock --advance 24 --speed 60"
    )

    @OptionGroup var connection: Connection
    @Option(help: ArgumentHelp("Virtual seconds in a real one.", valueName: "n")) var speed: Double?
    @Option(help: ArgumentHelp("Hours to jump ahead.", valueName: "hours")) var advance: Double?

    func run() async throws {
        let params = SandboxSetClock.Params(speed: speed, advance: advance.map { Milliseconds.seconds($0 * 3600) })
        let reply = try await connection.call(SandboxContract.self, SandboxSetClock.self, params)
        try connection.show(reply) { print("\(reply.now.asTime), \(reply.speed) × real time") }
    }
}
