import Synchronization

/// The certificate that new connections get.
///
/// Another may take its place while the server runs; connections that are open go on with the one they have.
package final class ServedCertificate: Sendable {
    private let identity: Mutex<TLSIdentity>

    package init(_ identity: TLSIdentity) {
        self.identity = Mutex(identity)
    }

    /// What the next connection gets.
    package var current: TLSIdentity { identity.withLock { $0 } }

    /// Serves another one to whoever connects from now on.
    package func replace(with new: TLSIdentity) { identity.withLock { $0 = new } }
}
