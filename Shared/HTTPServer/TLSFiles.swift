import Foundation

/// Where a certificate and its key are kept.
package struct TLSFiles: Sendable {
    package let certificate: String
    package let key: String

    /// - Parameters:
    ///   - certificate: the path of a PEM file: the host's own certificate first, then those that vouch for it.
    ///   - key: the path of a PEM file.
    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    /// What the files hold now.
    package func read() throws(TLSProblem) -> TLSIdentity {
        try TLSIdentity(chain: Self.bytes(of: certificate), key: Self.bytes(of: key))
    }

    /// What is wrong, in which file, and what to do about it.
    package func text(of problem: TLSProblem) -> String {
        switch problem {
        case .unreadable(let path, let reason): "\(path) cannot be read (\(reason)): let the process's user read it"
        case .tooLarge(let path): "\(path) has more than a mebibyte, which no certificate or key has: name another file"
        case .noCertificate:
            "\(certificate) has no certificate in PEM (-----BEGIN CERTIFICATE-----): put the whole chain there, the host's own first"
        case .noKey: "\(key) has no private key in PEM without a passphrase (-----BEGIN PRIVATE KEY-----): put the certificate's there"
        case .mismatch: "\(key) is not the key of the first certificate in \(certificate): put those there that belong together"
        }
    }

    /// No chain comes near it.
    private static let most = 1 << 20

    private static func bytes(of path: String) throws(TLSProblem) -> [UInt8] {
        let data: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? file.close() }  // it was read only
            data = try file.read(upToCount: most + 1) ?? Data()
        } catch {
            throw .unreadable(path: path, reason: (error as NSError).localizedDescription)
        }
        guard data.count <= most else { throw .tooLarge(path: path) }
        return [UInt8](data)
    }
}
