import Synchronization

extension Credentials {
    /// A credential whose file is read again while the process runs: whoever replaces it need restart nothing.
    ///
    /// The file is looked at once a second at most, and only when the credential is wanted. Emptied or gone for a moment, it
    /// counts as it was. Under systemd a process has a copy of its own, which changes with its restart only.
    package func follow(_ name: String) throws(StartRefusal) -> @Sendable () -> Secret {
        let first = try require(name)
        let known = Mutex((secret: first, at: ContinuousClock.now))
        @Sendable func current() -> Secret {
            known.withLock { known in
                if .now - known.at >= Self.pause {
                    known.secret = (try? require(name)) ?? known.secret  // it is being replaced
                    known.at = .now
                }
                return known.secret
            }
        }
        return current
    }

    private static let pause = Duration.seconds(1)
}
