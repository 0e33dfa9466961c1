package import Logging

extension Credentials {
    /// A credential whose file is read again while the process runs: whoever replaces it need restart nothing.
    ///
    /// Under systemd a process has a copy of its own, which changes with its restart only.
    package func follow(_ name: String, logger: Logger? = nil) throws(StartRefusal) -> LiveCredential {
        let first = try require(name)
        guard FollowedCredential.isOneWord(first) else {
            throw StartRefusal(
                .configuration, "credential \(name) has white space or control characters inside: its file holds one secret, on one line")
        }
        return LiveCredential(self, name, first, logger: logger)
    }
}
