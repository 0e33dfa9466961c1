/// For whom a password is hashed: by this their places in the line are counted.
enum Applicant: Sendable {
    /// Whoever is on the host has places of their own.
    case host
    /// Each name has so many places, however many others wait.
    case named([String])

    /// - Parameter actor: who asks, as processes are told it. Of whoever comes over HTTP the gateway says it.
    init(actor: String?) {
        guard let actor, Self.overHTTP.contains(where: actor.hasPrefix) else {
            self = .host
            return
        }
        self = .named([actor])
    }

    /// - Parameter address: from where somebody comes who logs in; nil for whoever is on the host.
    init(address: String?, email: String) {
        guard let address else {
            self = .host
            return
        }
        self = .named(["from \(address)", "as \(Users.folded(email))"])
    }

    private static let overHTTP = ["key:", "user:", "anybody:"]
}
