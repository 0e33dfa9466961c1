/// One setting that a process knows: its type, default and meaning are declared here and documented from here.
package struct ConfigurationKey: Sendable {
    package enum Kind: Sendable, Equatable {
        case integer(ClosedRange<Int>)
        /// Written as `250ms`, `30s`, `5m`, `24h` or `7d`.
        case duration(ClosedRange<Duration>)
        case boolean
        case text
        case choice([String])
    }

    package let name: String
    package let kind: Kind
    package let initial: String
    package let meaning: String

    package init(_ name: String, _ kind: Kind, _ initial: String, _ meaning: String) {
        self.name = name
        self.kind = kind
        self.initial = initial
        self.meaning = meaning
    }

    /// What every process knows.
    package static let common: [ConfigurationKey] = [
        ConfigurationKey(
            "log.level", .choice(["trace", "debug", "info", "notice", "warning", "error"]), "info", "Least level that is logged."),
        ConfigurationKey("paths.run", .text, "/run/linda", "Folder of the processes' sockets."),
        ConfigurationKey(
            "clock.file", .text, "", "For the sandbox: the file that sets a virtual clock; empty where time passes as it does."),
        ConfigurationKey("rpc.connections", .integer(1...100_000), "16384", "Connections one process serves at once."),
        ConfigurationKey("rpc.inFlight", .integer(1...10_000), "256", "Calls one connection may have in flight."),
        ConfigurationKey(
            "events.retention", .duration(.seconds(3600)...(.seconds(86_400 * 3650))), "30d", "How long the event log keeps an event."),
    ]

    /// Why a text is not a value of this key; nil where it is.
    func problem(with text: String) -> String? {
        switch kind {
        case .integer(let range):
            guard let value = Int(text), range.contains(value) else {
                return "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            }
        case .duration(let range):
            guard let value = Self.duration(text) else { return "must be a duration such as 250ms, 30s, 5m, 24h or 7d" }
            guard range.contains(value) else {
                return "must be from \(range.lowerBound) to \(range.upperBound)"
            }
        case .boolean:
            guard text == "true" || text == "false" else { return "must be true or false" }
        case .choice(let choices):
            guard choices.contains(text) else { return "must be one of \(choices.joined(separator: ", "))" }
        case .text:
            return nil
        }
        return nil
    }

    static func duration(_ text: String) -> Duration? {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
        guard let (suffix, factor) = units.first(where: { text.hasSuffix($0.0) }), let value = Double(text.dropLast(suffix.count)),
            value >= 0
        else { return nil }
        return .milliseconds(Int64(value * factor * 1000))
    }
}
