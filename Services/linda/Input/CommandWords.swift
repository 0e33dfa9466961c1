import ArgumentParser

/// What somebody typed behind `linda`, with the options that every command has taken out from before the command's name.
///
/// The parser knows them behind the name only; `linda --dir X status` is meant as `linda status --dir X`.
struct CommandWords: Equatable {
    /// Names of a command and of those below it.
    private(set) var command: [String] = []
    /// Options of every command that stood before the command or between its names.
    private(set) var options: [String] = []
    private(set) var rest: [String]

    /// Of `Connection`: those with a value, and those without.
    private static let valued = ["--dir", "--workspace"]
    private static let flags = ["--json", "--mask"]

    init(_ words: [String], of root: any ParsableCommand.Type) {
        var all = root.configuration.subcommands
        rest = words
        while let word = rest.first, !all.isEmpty {
            let name = word.split(separator: "=", maxSplits: 1).first.map(String.init) ?? word
            if Self.flags.contains(word) || Self.valued.contains(name) && name != word {
                options.append(rest.removeFirst())
            } else if Self.valued.contains(word), rest.count > 1 {
                options += rest.prefix(2)
                rest.removeFirst(2)
            } else if let found = all.first(where: { NearestCommand.name($0) == word }) {
                command.append(rest.removeFirst())
                all = found.configuration.subcommands
            } else {
                return
            }
        }
    }

    /// As the parser takes them.
    var inOrder: [String] { command + options + rest }

    /// What a misspelt command is looked for in.
    var named: [String] { command + rest }
}
