package import GRDB
package import Logging
package import Observability
package import RPCContract
package import RPCTransport
import Storage
package import Vocabulary

/// What a process is given to assemble itself from.
package struct ServiceEnvironment: Sendable {
    package let name: String
    package let runDirectory: String
    /// The file that sets a virtual clock; empty where there is none.
    package let clockFile: String
    package let credentials: Credentials
    package let stateDirectory: String
    package let logger: Logger
    package let clock: WallClock
    /// What ids and traces are drawn from; secrets are not, as who knows a seed must know none of them.
    package let chance: Chance
    package let metrics: MetricsRegistry
    package let spans: SpanRing
    let descriptors: [String: [Int32]]
    /// Where the other processes are, if they live in the same program.
    let network: RPCNetwork?

    package init(
        name: String,
        runDirectory: String,
        clockFile: String,
        credentials: Credentials,
        stateDirectory: String,
        logger: Logger,
        clock: WallClock,
        chance: Chance = .system,
        metrics: MetricsRegistry,
        spans: SpanRing,
        descriptors: [String: [Int32]],
        network: RPCNetwork? = nil
    ) {
        self.name = name
        self.runDirectory = runDirectory
        self.clockFile = clockFile
        self.credentials = credentials
        self.stateDirectory = stateDirectory
        self.logger = logger
        self.clock = clock
        self.chance = chance
        self.metrics = metrics
        self.spans = spans
        self.descriptors = descriptors
        self.network = network
    }

    /// A client of another process.
    package func client(_ contract: any Contract.Type, inFlight: Int = 128) -> RPCClient {
        if let network { return RPCClient(contract, in: network, name: name, inFlight: inFlight) }
        return RPCClient(contract, in: runDirectory, name: name, inFlight: inFlight)
    }

    /// The listening sockets that the service manager has opened under this name: one for each `ListenStream=`.
    package func descriptors(_ name: String) throws(StartRefusal) -> [Int32] {
        guard let all = descriptors[name], !all.isEmpty else {
            throw StartRefusal(
                .missingSocket,
                "no socket named \(name) was passed; start it through its systemd unit or with `linda up`"
            )
        }
        return all
    }

    /// The one listening socket of this name.
    package func descriptor(_ name: String) throws(StartRefusal) -> Int32 {
        let all = try descriptors(name)
        guard all.count == 1 else {
            throw StartRefusal(.missingSocket, "\(all.count) sockets named \(name) were passed and one is served; give one ListenStream=")
        }
        return all[0]
    }

    /// Opens the process's own database and brings it up to date.
    package func openDatabase(_ migrator: DatabaseMigrator) throws(StartRefusal) -> DatabasePool {
        do throws(ServiceDatabase.Refusal) {
            return try ServiceDatabase.open(path: "\(stateDirectory)/\(name).sqlite", migrator: migrator)
        } catch {
            switch error {
            case .newerSchema: throw StartRefusal(.newerSchema, error.description)
            case .unusable: throw StartRefusal(.database, error.description)
            }
        }
    }
}
