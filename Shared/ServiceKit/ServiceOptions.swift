import Foundation
import RPCContract

/// What every daemon takes on its command line.
struct ServiceOptions: Sendable {
    static let usage = """
        usage: linda-NAME [--config FILE] [--set KEY=VALUE]… [--state DIR] [--credentials DIR]
               linda-NAME --settings | --version
        Under systemd, STATE_DIRECTORY and CREDENTIALS_DIRECTORY are used; the sockets are always passed in.
        """

    var stateDirectory: String
    var credentialsDirectory: String?
    var endsWithParent: Bool
    var logsToJournal: Bool
    private var file: String?
    private var overrides: [String] = []
    private let process: any ServiceProcess.Type
    private let environment = ProcessInfo.processInfo.environment

    init(_ arguments: [String], process: any ServiceProcess.Type) throws(StartRefusal) {
        self.process = process
        stateDirectory = environment["STATE_DIRECTORY"] ?? "."
        credentialsDirectory = environment["CREDENTIALS_DIRECTORY"]
        endsWithParent = environment["LINDA_SUPERVISED"] == "1"
        logsToJournal = environment["JOURNAL_STREAM"] != nil || endsWithParent
        var rest = arguments[...]
        while let option = rest.popFirst() {
            switch option {
            case "--version":
                print("linda-\(process.contract.process) \(process.contract.version)")
                exit(0)
            case "--settings":
                for key in ConfigurationKey.common + process.keys { print("\(key.name) = \(key.initial)  # \(key.meaning)") }
                exit(0)
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
            process: process.contract.process,
            keys: process.keys,
            file: file,
            environment: environment,
            overrides: overrides
        )
    }
}
