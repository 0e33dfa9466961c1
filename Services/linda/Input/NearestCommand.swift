import ArgumentParser
import RPCContract

/// What somebody meant who typed a command that there is not.
enum NearestCommand {
    /// Nil where every word is a command or an argument of one.
    static func problem(_ words: [String], of root: any ParsableCommand.Type) -> String? {
        var command = root
        var path: [String] = []
        for word in words {
            let all = command.configuration.subcommands
            // Options, and what belongs to a command without others below it, are the parser's.
            guard !all.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
            let names = all.map { name($0) }
            guard let index = names.firstIndex(of: word) else {
                let known = zip(all, names).filter { $0.0.configuration.shouldDisplay }.map(\.1)
                let hint = NearestName.of(word, among: known).map { "; did you mean \((["linda"] + path + [$0]).joined(separator: " "))?" }
                let place = path.isEmpty ? "linda" : "linda \(path.joined(separator: " "))"
                return "\(place) has no command \(word)\(hint ?? ": there are \(known.joined(separator: ", "))")"
            }
            command = all[index]
            path.append(word)
        }
        return nil
    }

    /// What is typed for a command.
    static func name(_ command: any ParsableCommand.Type) -> String {
        if let name = command.configuration.commandName { return name }
        return String(describing: command).reduce(into: "") { name, character in
            if character.isUppercase, !name.isEmpty { name += "-" }
            name += character.lowercased()
        }
    }
}
