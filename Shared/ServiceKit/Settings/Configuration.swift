import Foundation
import RPCContract
import Vocabulary
import Yams

/// What was set for one process, not yet read: the file, then the environment, then the command line.
///
/// The file is YAML with a section per process, and one named `common` for what every process knows. `settings` refuses a name that no setting has and
/// a value that its setting does not take, each with its place.
package struct Configuration: Sendable {
    struct Value: Sendable {
        var text: String
        /// File and line, environment variable or option, for people.
        var place: String
        /// In the section `common`, which every process reads.
        var isCommon = false
    }

    private let process: String
    private let file: String?
    private var given: [String: Value] = [:]
    /// The faults of the file and the options, told together with those of values.
    private var problems: [String] = []
    private let environment: [String: String]

    /// - Parameters:
    ///   - overrides: `key=value` from the command line.
    /// - Throws: a refusal where the file is not there or is not YAML. What else is wrong with it `settings` says, all of it at once.
    package init(
        process: String,
        file: String?,
        environment: [String: String] = [:],
        overrides: [String] = []
    ) throws(StartRefusal) {
        self.process = process
        self.file = file
        self.environment = environment
        if let file {
            for entry in try read(file) {
                given[entry.name] = Value(text: entry.text, place: "\(file):\(entry.line)", isCommon: entry.isCommon)
            }
        }
        for override in overrides {
            let parts = override.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw StartRefusal(.usage, "--set \(override): expected key=value") }
            given[String(parts[0])] = Value(text: String(parts[1]), place: "--set")
        }
    }

    /// Reads the settings that every process has and those of this one.
    package func settings<Own: ProcessSettings>(_ own: Own.Type) throws(StartRefusal) -> (common: CommonSettings, own: Own) {
        // Which variables count is known once the names are.
        var names = SettingsReader()
        _ = try CommonSettings(&names)
        names.markCommon()
        _ = try Own(&names)
        var values = given
        for name in names.declared.map(\.name) {
            let variable = Self.variable(process, name)
            guard let text = environment[variable], values[name]?.place != "--set" else { continue }
            values[name] = Value(text: text, place: "environment variable \(variable)")
        }
        var reader = SettingsReader(values)
        let settings = (common: try CommonSettings(&reader), own: try Own(&reader))
        let all = reader.declared.map(\.name)
        var problems = problems + reader.problems
        for name in reader.unread {
            guard let value = values[name] else { continue }
            let whose = value.isCommon ? "no setting common to all processes is called" : "\(process) knows no setting"
            problems.append("\(value.place): \(whose) \(name)\(Self.hint(name, all))")
        }
        // A setting of one process alone would be unknown to the others, or mean something else there.
        for name in reader.declared.dropFirst(names.commonCount).map(\.name) {
            guard let value = values[name], value.isCommon else { continue }
            problems.append("\(value.place): \(name) is not common to all processes; set it in the section \(process)")
        }
        problems += misspeltVariables(all)
        if let file { problems = FileProblems.inOrder(problems, of: file) }
        guard problems.isEmpty else { throw StartRefusal(.configuration, problems.joined(separator: "\n")) }
        return settings
    }

    /// A misspelt variable must not leave its setting as it was.
    private func misspeltVariables(_ names: [String]) -> [String] {
        let prefix = Self.variable(process, "")
        let known = Set(names.map { Self.variable(process, $0) })
        return environment.keys.sorted().filter { $0.hasPrefix(prefix) && !known.contains($0) }.map {
            "environment variable \($0): \(process) knows no such setting\(Self.hint($0, Array(known)))"
        }
    }

    private static func hint(_ name: String, _ names: [String]) -> String {
        NearestName.of(name, among: names).map { "; did you mean \($0)?" } ?? ""
    }

    /// Name, default and meaning of every setting, as `--settings` prints them.
    static func declared<Own: ProcessSettings>(_ own: Own.Type) throws(StartRefusal) -> [SettingsReader.Declared] {
        var reader = SettingsReader()
        _ = try CommonSettings(&reader)
        _ = try Own(&reader)
        return reader.declared
    }

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

    private mutating func read(_ file: String) throws(StartRefusal) -> [Entry] {
        let bytes: Data
        do { bytes = try Data(contentsOf: URL(fileURLWithPath: file)) } catch {
            throw StartRefusal(.configuration, "\(file): cannot be read: \(error.localizedDescription)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
            throw StartRefusal(.configuration, "\(file):\(line + 1): is not text in UTF-8; save the file in UTF-8")
        }
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw StartRefusal(.configuration, "\(file):\(YAMLMistake(error, in: text))")
        }
        guard let root else { return [] }
        guard let sections = root.mapping else {
            throw StartRefusal(.configuration, "\(file):1: must be sections named after the processes")
        }
        var entries: [Entry] = []
        for (key, section) in sections {
            let name = key.string ?? ""
            guard name == "common" || ProcessName(rawValue: name) != nil else {
                let hint = Self.hint(name, ProcessName.allCases.map(\.rawValue) + ["common"])
                problems.append("\(file):\(key.mark?.line ?? 0): no process is called \(name)\(hint)")
                continue
            }
            guard name == process || name == "common" else { continue }
            flatten(section, "", file, isCommon: name == "common", into: &entries)
        }
        return entries.sorted { $0.isCommon && !$1.isCommon }
    }

    private mutating func flatten(_ node: Node, _ prefix: String, _ file: String, isCommon: Bool, into entries: inout [Entry]) {
        let line = node.mark?.line ?? 0
        if let scalar = node.scalar {
            if !prefix.isEmpty {
                entries.append(Entry(name: prefix, text: scalar.string, line: line, isCommon: isCommon))
            } else if !scalar.string.isEmpty {
                problems.append("\(file):\(line): a section holds settings, not a value")
            }
        } else if let mapping = node.mapping {
            for (key, value) in mapping {
                let name = prefix.isEmpty ? key.string ?? "" : "\(prefix).\(key.string ?? "")"
                flatten(value, name, file, isCommon: isCommon, into: &entries)
            }
        } else {
            problems.append("\(file):\(line): \(prefix.isEmpty ? "a section holds settings" : "\(prefix) must be one value"), not a list")
        }
    }
}
