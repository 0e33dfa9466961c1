import ArgumentParser
import Foundation
import RPCContract
import RPCTransport

/// Where the running processes are, and how output is wanted.
struct Connection: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Folder that `linda up` uses.", valueName: "dir"), completion: .directory)
    var dir: String?

    @Option(name: .long, help: ArgumentHelp("Workspace whose rows are seen.", valueName: "name"))
    var workspace: String?

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    var runDirectory: String {
        if let dir { return "\(dir)/run" }
        if let dir = ProcessInfo.processInfo.environment["LINDA_DIR"] { return "\(dir)/run" }
        return FileManager.default.fileExists(atPath: "linda-data/run") ? "linda-data/run" : "/run/linda"
    }

    func client(_ contract: any Contract.Type) -> RPCClient { RPCClient(contract, in: runDirectory, name: "linda") }

    /// Fails at once where nothing listens: a call would wait for whoever is being started again.
    func reach(_ contract: any Contract.Type) throws {
        let path = "\(runDirectory)/\(contract.process).sock"
        guard let problem = UnixSocket.problem(path) else { return }
        throw Trouble(
            """
            \(contract.process) does not run: \(path): \(problem).
            `linda up --sandbox` starts everything in ./linda-data, `systemctl start linda.target` what is installed; \
            --dir or the environment variable LINDA_DIR names another folder.
            """)
    }

    func call<M: RPCMethod>(_ contract: any Contract.Type, _ method: M.Type, _ params: M.Params) async throws -> M.Reply {
        try reach(contract)
        let client = client(contract)
        do throws(Fault) {
            let reply = try await client.call(method, params, meta: meta)
            await client.close()
            return reply
        } catch {
            await client.close()
            throw Trouble(error)
        }
    }

    var meta: CallMeta { CallMeta(workspace: workspace, actor: "cli:\(NSUserName())") }

    /// Prints the value as JSON where that was asked for, else as the caller wants it.
    func show(_ value: some Encodable, _ human: () -> Void) throws {
        if json { print(try JSON.pretty(value)) } else { human() }
    }
}

/// A fault as a person reads it.
struct Trouble: Error, CustomStringConvertible {
    var description: String

    init(_ fault: Fault) {
        let place = fault.path.map { " (at \($0))" } ?? ""
        description = "\(Spoken.text(fault.message))\(place) [\(fault.code.reason) \(fault.code.number)]"
    }

    init(_ description: String) {
        self.description = description
    }
}
