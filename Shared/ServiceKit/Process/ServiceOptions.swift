import Foundation
import RPCContract

/// What every daemon takes on its command line.
struct ServiceOptions<Process: ServiceProcess>: Sendable {
    static var usage: String {
        """
        usage: linda-NAME [--config FILE] [--set KEY=VALUE]… [--state DIR] [--credentials DIR]
               linda-NAME [--config FILE] [--set KEY=VALUE]… --check
               linda-NAME --settings | --version
        Under systemd, STATE_DIRECTORY and CREDENTIALS_DIRECTORY are used; the sockets are always passed in.
        """
    }

    var stateDirectory: String
    var credentialsDirectory: String?
    var endsWithParent: Bool
    var logsToJournal: Bool
    /// Whether the settings are only to be read.
    var isCheck = false
    private var file: String?
    private var overrides: [String] = []
    private let environment = ProcessInfo.processInfo.environment

    init(_ arguments: [String]) throws(StartRefusal) {
        stateDirectory = environment["STATE_DIRECTORY"] ?? "."
        credentialsDirectory = environment["CREDENTIALS_DIRECTORY"]
        endsWithParent = environment["LINDA_SUPERVISED"] == "1"
        logsToJournal = JournalStream.isConnected
        var rest = arguments[...]
        while let option = rest.popFirst() {
            switch option {
            case "--version":
                print("linda-\(Process.contract.process) \(Process.contract.version)")
                exit(0)
            case "--settings":
                for setting in try Configuration.declared(Process.Settings.self) {
                    print("\(setting.name) = \(setting.initial)  # \(setting.meaning)")
                }
                exit(0)
            case "--check": isCheck = true
            case "--help":
                print(Self.usage)
                exit(0)
            case "--config", "--set", "--state", "--credentials":
                guard let value = rest.popFirst() else { throw StartRefusal(.usage, "\(option) needs a value\n\(Self.usage)") }
                switch option {
                case "--config": file = value
                case "--set": overrides.append(value)
                case "--state": stateDirectory = value
                default: credentialsDirectory = value
                }
            default:
                throw StartRefusal(.usage, "unknown option \(option)\n\(Self.usage)")
            }
        }
    }

    func configuration() throws(StartRefusal) -> Configuration {
        try Configuration(
            process: Process.contract.process,
            file: file,
            environment: environment,
            overrides: overrides
        )
    }
}
