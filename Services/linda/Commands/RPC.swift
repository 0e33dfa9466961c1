import ArgumentParser
import Foundation
import Observability
import RPCContract
import RPCTransport

/// Calls any method.
struct RPC: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rpc",
        abstract: "Call a method and print its result as JSON.",
        discussion: """
            linda rpc account-router message.get '{"id":"01JD…"}'
            A fault goes to standard error as JSON, with exit status 1. `rpc.discover` lists a process's methods.
            """
    )

    @OptionGroup var connection: Connection

    @Argument(help: "The process.", completion: .list(KnownProcesses.contracts.map { $0.process }))
    var process: String

    @Argument(
        help: "The method.",
        completion: .custom { words, _, _ in
            let contract = KnownProcesses.contracts.first { words.contains($0.process) }
            return (contract.map { [$0] } ?? KnownProcesses.contracts).flatMap { $0.allMethods.map { $0.name } }
        }
    )
    var method: String

    @Argument(help: "The params as one JSON object; - reads them from standard input.")
    var params = "{}"

    func validate() throws { try connection.checkUnmasked() }

    func run() async throws {
        let contract = try KnownProcesses.named(process)
        let text = params == "-" ? String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self) : params
        let value: JSONValue
        do { value = try JSON.decode(JSONValue.self, from: text) } catch { throw Trouble("The params are \(error): \(text.prefix(80))") }
        guard case .object(var members) = value else { throw Trouble("The params are not one JSON object: \(text.prefix(80))") }
        // Context that the caller gives wins over the options.
        let given = try members.removeValue(forKey: "_meta").map(context)
        guard contract.allMethods.contains(where: { $0.name == method }) else {
            let near = NearestName.of(method, among: contract.allMethods.map { $0.name }).map { "; did you mean \($0)?" } ?? ""
            throw Trouble("\(process) has no method \(method)\(near)")
        }
        let deadline = contract.allMethods.first { $0.name == method }?.deadline ?? .seconds(10)
        try connection.reach(contract)
        let client = connection.client(contract)
        do throws(Fault) {
            let result = try await client.call(method, JSON.encode(.object(members)), meta: given ?? connection.meta, deadline: deadline)
            await client.close()
            Swift.print(try pretty(result))
        } catch {
            await client.close()
            StandardStream.error.write(JSON.text(error.json, sorted: true) + "\n")
            throw ExitCode(1)
        }
    }

    /// Held against its table as a process would: a workspace that is misspelt is not the default one.
    private func context(_ value: JSONValue) throws -> CallMeta {
        do { return try CallMeta(json: JSON.encode(value)) } catch let violation as Violation {
            throw Trouble(violation.inside("_meta").fault)
        }
    }

    private func pretty(_ data: Data) throws(Fault) -> String {
        do { return try JSON.pretty(JSON.decode(JSONValue.self, from: data)) } catch { throw Fault(.internal, "The reply is not JSON.") }
    }
}
