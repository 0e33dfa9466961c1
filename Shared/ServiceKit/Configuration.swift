import Foundation
import RPCContract
import Yams

/// The settings of one process, checked: defaults, then the file, then the environment, then the command line.
///
/// The file is YAML with a section per process and one named `common`. A key
/// that nobody knows or a value of the wrong type is refused with its line.
package struct Configuration: Sendable {
    private let values: [String: String]

    /// - Parameters:
    ///   - overrides: `key=value` from the command line.
    /// - Throws: a refusal that names file, line, key and what would be right.
    package init(
        process: String,
        keys: [ConfigurationKey],
        file: String?,
        environment: [String: String] = [:],
        overrides: [String] = []
    ) throws(StartRefusal) {
        let known = Dictionary((ConfigurationKey.common + keys).map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
        var values = known.mapValues(\.initial)
        func set(_ name: String, _ text: String, _ place: String, shared: Bool = false) throws(StartRefusal) {
            guard let key = known[name] else {
                if shared { return }
                throw StartRefusal(.configuration, "\(place): \(process) knows no setting \(name)")
            }
            if let problem = key.problem(with: text) {
                throw StartRefusal(.configuration, "\(place): \(name) \(problem), not \"\(text)\"")
            }
            values[name] = text
        }
        if let file {
            for entry in try Self.read(file, process) {
                try set(entry.name, entry.text, "\(file):\(entry.line)", shared: entry.isCommon)
            }
        }
        for key in known.keys.sorted() {
            let name = Self.variable(process, key)
            if let text = environment[name] { try set(key, text, "environment variable \(name)") }
        }
        for override in overrides {
            let parts = override.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw StartRefusal(.usage, "--set \(override): expected key=value") }
            try set(String(parts[0]), String(parts[1]), "--set")
        }
        self.values = values
    }

    package func text(_ name: String) -> String { values[name] ?? "" }
    package func integer(_ name: String) -> Int { Int(text(name)) ?? 0 }
    package func boolean(_ name: String) -> Bool { text(name) == "true" }
    package func duration(_ name: String) -> Duration { ConfigurationKey.duration(text(name)) ?? .zero }
    package func milliseconds(_ name: String) -> Int64 { duration(name).milliseconds }

    /// `pacing.perSecond` of account-router is `LINDA_ACCOUNT_ROUTER_PACING_PER_SECOND`.
    static func variable(_ process: String, _ key: String) -> String {
        var name = "LINDA_\(process.uppercased().replacing("-", with: "_"))_"
        for character in key {
            if character == "." {
                name += "_"
            } else if character.isUppercase {
                name += "_\(character)"
            } else {
                name += character.uppercased()
            }
        }
        return name
    }

    private struct Entry {
        var name: String
        var text: String
        var line: Int
        var isCommon: Bool
    }

    private static let processes = [
        "common", "gateway", "template-service", "account-router", "intelligence-service", "sync-service", "sandbox",
    ]

    private static func read(_ file: String, _ process: String) throws(StartRefusal) -> [Entry] {
        let text: String
        do { text = try String(contentsOfFile: file, encoding: .utf8) } catch {
            throw StartRefusal(.configuration, "\(file): cannot be read: \(error.localizedDescription)")
        }
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw StartRefusal(.configuration, "\(file): is not YAML: \("\(error)".split(separator: "\n").joined(separator: " "))")
        }
        guard let root else { return [] }
        guard let sections = root.mapping else {
            throw StartRefusal(.configuration, "\(file):1: must be sections named after the processes")
        }
        var entries: [Entry] = []
        for (key, section) in sections {
            let name = key.string ?? ""
            guard processes.contains(name) else {
                throw StartRefusal(.configuration, "\(file):\(key.mark?.line ?? 0): no process is called \(name)")
            }
            guard name == process || name == "common" else { continue }
            try flatten(section, "", file, isCommon: name == "common", into: &entries)
        }
        return entries.sorted { $0.isCommon && !$1.isCommon }
    }

    private static func flatten(_ node: Node, _ prefix: String, _ file: String, isCommon: Bool, into entries: inout [Entry])
        throws(StartRefusal)
    {
        let line = node.mark?.line ?? 0
        if let scalar = node.scalar {
            guard !prefix.isEmpty else {
                if scalar.string.isEmpty { return }
                throw StartRefusal(.configuration, "\(file):\(line): a section holds settings, not a value")
            }
            entries.append(Entry(name: prefix, text: scalar.string, line: line, isCommon: isCommon))
        } else if let mapping = node.mapping {
            for (key, value) in mapping {
                try flatten(
                    value, prefix.isEmpty ? key.string ?? "" : "\(prefix).\(key.string ?? "")", file, isCommon: isCommon, into: &entries)
            }
        } else {
            throw StartRefusal(.configuration, "\(file):\(line): \(prefix) must be one value, not a list")
        }
    }
}
