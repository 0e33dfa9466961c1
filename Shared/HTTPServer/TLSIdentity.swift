import Crypto
import NIOCore
import NIOSSL
package import Vocabulary

/// A certificate with its key, as connections are served with it.
package struct TLSIdentity: Sendable {
    /// What tells one from another and may be shown to anybody.
    package struct Facts: Sendable, Equatable {
        /// A digest of the certificates and the key.
        package let fingerprint: String
        /// From then on clients refuse the certificate.
        package let end: Timestamp

        package init(fingerprint: String, end: Timestamp) {
            self.fingerprint = fingerprint
            self.end = end
        }
    }

    package let facts: Facts
    let context: NIOSSLContext

    /// - Parameters:
    ///   - chain: PEM, the host's own certificate first.
    ///   - key: PEM, without a passphrase.
    package init(chain: [UInt8], key: [UInt8]) throws(TLSProblem) {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(chain), let own = certificates.first else { throw .noCertificate }
        guard let secret = try? NIOSSLPrivateKey(bytes: key, format: .pem) else { throw .noKey }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(secret))
        configuration.minimumTLSVersion = .tlsv12
        // The server speaks nothing else (SocketServer).
        configuration.applicationProtocols = ["http/1.1"]
        // Where half of a connection may be closed, as here, NIOSSL waits so long with every close, whatever the client says.
        configuration.shutdownTimeout = .milliseconds(250)
        // BoringSSL holds the key against the first certificate.
        guard let context = try? NIOSSLContext(configuration: configuration) else { throw .mismatch }
        self.context = context
        let digest = SHA256.hash(data: chain + [0] + key)
        facts = Facts(
            fingerprint: digest.map { String($0, radix: 16) }.joined(separator: "."), end: Timestamp(seconds: .init(own.notValidAfter)))
    }
}

/// Why two files are no certificate with its key.
package enum TLSProblem: Error, Equatable {
    case unreadable(path: String, reason: String)
    case tooLarge(path: String)
    case noCertificate
    case noKey
    case mismatch
}
