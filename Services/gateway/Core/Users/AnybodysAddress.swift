/// From where somebody comes who shows nothing, as processes are told it.
enum AnybodysAddress {
    private static let prefix = "anybody:"

    static func actor(_ address: String) -> String { prefix + address }

    /// nil where whoever asks is on the host.
    static func of(_ actor: String?) -> String? {
        guard let actor, actor.hasPrefix(prefix) else { return nil }
        return String(actor.dropFirst(prefix.count))
    }
}
