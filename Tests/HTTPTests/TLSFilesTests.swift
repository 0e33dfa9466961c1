import Foundation
import HTTPServer
import Support
import Testing
import Vocabulary

/// Two files that are a certificate and its key, or are not.
@Suite struct TLSFilesTests {
    private func inFolder(_ body: (_ folder: String, _ files: TLSFiles) throws -> Void) throws {
        let folder = try Machine.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }  // what is left of it is the machine's to clean
        try body(folder, TLSFiles(certificate: "\(folder)/tls.pem", key: "\(folder)/tls.key"))
    }

    private func problem(_ files: TLSFiles) -> TLSProblem? {
        do throws(TLSProblem) {
            _ = try files.read()
            return nil
        } catch { return error }
    }

    @Test func aPairIsToldByItsDigestAndItsEnd() throws {
        try inFolder { folder, files in
            try TestCertificate.first.write(into: folder)
            let first = try files.read().facts
            #expect(first == (try files.read().facts))
            // 2126-11-04T23:16:13Z
            #expect(first.end == Timestamp(seconds: 4_949_507_773))
            // A chain counts with its first certificate.
            let both = TestCertificate(
                chain: TestCertificate.first.chain + "\n" + TestCertificate.second.chain, key: TestCertificate.first.key)
            try both.write(into: folder)
            #expect(try files.read().facts.fingerprint != first.fingerprint)
            try TestCertificate.second.write(into: folder)
            #expect(try files.read().facts.fingerprint != first.fingerprint)
        }
    }

    @Test func whatIsWrongIsToldWithTheFile() throws {
        try inFolder { folder, files in
            guard case .unreadable(let path, _)? = problem(files) else {
                Issue.record("a file was read that is not there")
                return
            }
            #expect(path == files.certificate)
            let (first, second) = (TestCertificate.first, TestCertificate.second)
            try TestCertificate(chain: "", key: first.key).write(into: folder)
            #expect(problem(files) == .noCertificate)
            // Met while it is written.
            try TestCertificate(chain: String(first.chain.dropLast(100)), key: first.key).write(into: folder)
            #expect(problem(files) == .noCertificate)
            try TestCertificate(chain: first.chain, key: "no key").write(into: folder)
            #expect(problem(files) == .noKey)
            try TestCertificate(chain: first.chain, key: second.key).write(into: folder)
            #expect(problem(files) == .mismatch)
            try TestCertificate(chain: second.chain + "\n" + first.chain, key: first.key).write(into: folder)
            #expect(problem(files) == .mismatch, "the host's own comes first")
            try TestCertificate(chain: first.chain, key: String(repeating: "x", count: (1 << 20) + 1)).write(into: folder)
            #expect(problem(files) == .tooLarge(path: files.key))
            for told in [TLSProblem.noCertificate, .noKey, .mismatch, .tooLarge(path: files.key)] {
                #expect(files.text(of: told).contains("\(folder)/tls."), "\(told)")
            }
        }
    }
}
