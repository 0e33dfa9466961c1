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
    @Option(parsing: .unconditional, help: ArgumentHelp("Virtual seconds in a real one.", valueName: "n")) var speed: FiniteNumber?
    @Option(parsing: .unconditional, help: ArgumentHelp("Hours to jump ahead.", valueName: "hours")) var advance: FiniteNumber?

    func run() async throws {
        let params = SandboxSetClock.Params(speed: speed?.value, advance: advance.map { Milliseconds.seconds($0.value * 3600) })
        let reply = try await connection.call(SandboxContract.self, SandboxSetClock.self, params)
        try connection.show(reply) { print("\(reply.now.asTime), \(reply.speed) × real time") }
    }
}
