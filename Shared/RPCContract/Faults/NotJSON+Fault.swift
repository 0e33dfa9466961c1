extension NotJSON {
    /// As a caller reads it.
    package var fault: Fault {
        guard let half else { return Fault(.parse, "The params are not valid JSON from byte \(offset) on.") }
        return Fault(.params, "\(path.isEmpty ? "params" : path) has \(Self.words(half)).", path: path.isEmpty ? nil : path)
    }
}
