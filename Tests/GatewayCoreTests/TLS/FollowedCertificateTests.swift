import HTTPServer
import Testing
import Vocabulary

@testable import GatewayCore

/// Which certificate counts after which looks, and what is said of it.
@Suite struct FollowedCertificateTests {
    private typealias Facts = TLSIdentity.Facts
    private typealias Read = Result<Facts, TLSProblem>

    private static let now = Timestamp(milliseconds: 1_790_000_000_000)
    private let files = TLSFiles(certificate: "/tls.pem", key: "/tls.key")
    private let first = Facts(fingerprint: "1", end: Self.now + .days(90))
    private let second = Facts(fingerprint: "2", end: Self.now + .days(180))

    @Test func aWholePairIsTakenAtOnce() {
        var certificate = FollowedCertificate(first)
        let looks = [first, second, second, first].map { certificate.look(Read.success($0)) }
        #expect(looks == [.same, .replaced, .same, .replaced])
        #expect(certificate.facts == first && certificate.trouble(at: Self.now, files) == nil)
    }

    /// Between one file and the other the two do not fit.
    @Test func whatIsWrongIsToldOnceTwoLooksAgree() {
        var certificate = FollowedCertificate(first)
        let mismatch = Read.failure(.mismatch)
        let renewal = [mismatch, Read.success(second)].map { certificate.look($0) }
        #expect(renewal == [.same, .replaced], "met in between")
        let looks = (0..<4).map { _ in certificate.look(mismatch) }
        #expect(looks == [.same, .refused(.mismatch), .same, .same])
        #expect(certificate.facts == second)
        let trouble = certificate.trouble(at: Self.now, files)
        #expect(trouble?.contains("/tls.key is not the key") == true && trouble?.contains("before is still served") == true)
        // Another fault is told as well, and what mends all ends it.
        let other = (0..<2).map { _ in certificate.look(.failure(.noKey)) }
        #expect(other == [.same, .refused(.noKey)])
        let mended = certificate.look(.success(second))
        #expect(mended == .same && certificate.trouble(at: Self.now, files) == nil)
    }

    @Test func whoAsksForALookIsToldAtOnce() {
        var certificate = FollowedCertificate(first)
        let looks = (0..<2).map { _ in certificate.look(.failure(.noKey), isCertain: true) }
        #expect(looks == [.refused(.noKey), .same])
    }

    @Test func theLastFourteenDaysAreTroubleWithTheDate() {
        let certificate = FollowedCertificate(first)
        #expect(certificate.trouble(at: first.end - .days(14) - Milliseconds(1), files) == nil)
        #expect(certificate.trouble(at: first.end - .days(14), files)?.hasPrefix("the certificate ends on 2026-12-20T") == true)
        #expect(certificate.trouble(at: first.end - Milliseconds(1), files)?.contains("ends on") == true)
        #expect(certificate.trouble(at: first.end, files)?.contains("ended on 2026-12-20T") == true)
    }
}
