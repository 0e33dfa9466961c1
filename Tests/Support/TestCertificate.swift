import Foundation

/// A certificate for localhost that ends in 2126, signed by itself, with its key; made for tests and used nowhere else.
package struct TestCertificate: Sendable {
    package let chain: String
    package let key: String

    package init(chain: String, key: String) {
        self.chain = chain
        self.key = key
    }

    /// Writes both as `tls.pem` and `tls.key`.
    package func write(into folder: String) throws {
        try chain.write(toFile: "\(folder)/tls.pem", atomically: true, encoding: .utf8)
        try key.write(toFile: "\(folder)/tls.key", atomically: true, encoding: .utf8)
    }

    package static let first = TestCertificate(
        chain: """
            -----BEGIN CERTIFICATE-----
            MIIBlDCCATmgAwIBAgIUDXMP+96rkC6YjdYIiKtghctpR34wCgYIKoZIzj0EAwIw
            EDEOMAwGA1UEAwwFZmlyc3QwIBcNMjYxMTI4MjMxNjEzWhgPMjEyNjExMDQyMzE2
            MTNaMBAxDjAMBgNVBAMMBWZpcnN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
            d+gADEefC8wWlCG1R/9+Jzz7izEdhKa9APNHWGH0MoDjh9v83LKnxhqZo2HNsVro
            La9ZYgecwWhlgP5JyE9qQqNvMG0wHQYDVR0OBBYEFPwt/NUQK9MgMESUajUdcl8/
            p72MMB8GA1UdIwQYMBaAFPwt/NUQK9MgMESUajUdcl8/p72MMA8GA1UdEwEB/wQF
            MAMBAf8wGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMAoGCCqGSM49BAMCA0kA
            MEYCIQCAPX3gy2U6lVAgqqTAy18lynGL0sBli7DNU8NxD72EAQIhAP53Y5w2HDud
            qGkwBeV/xiXVec8QWuUBIiJ52UOVf40n
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7XZjtQmPgBctJ4E9
            wQ4aKx4U14+CnuGAb7kw4pWjRBWhRANCAAR36AAMR58LzBaUIbVH/34nPPuLMR2E
            pr0A80dYYfQygOOH2/zcsqfGGpmjYc2xWugtr1liB5zBaGWA/knIT2pC
            -----END PRIVATE KEY-----
            """)

    package static let second = TestCertificate(
        chain: """
            -----BEGIN CERTIFICATE-----
            MIIBlTCCATugAwIBAgIUOYxqXWYQQrJPr804cgGezv17MNswCgYIKoZIzj0EAwIw
            ETEPMA0GA1UEAwwGc2Vjb25kMCAXDTI2MTEyODIzMTYxM1oYDzIxMjYxMTA0MjMx
            NjEzWjARMQ8wDQYDVQQDDAZzZWNvbmQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
            AATIpLfZVwSTun3SYukKT2wnGcnypt4x0/1c6mIt1TtLLFSSoAnszaGjLsxKN8NL
            EkBwJe+Laa6rZPugwOAoV2yzo28wbTAdBgNVHQ4EFgQUAOI/Na3z+MfpakhTll6g
            mIR6GhYwHwYDVR0jBBgwFoAUAOI/Na3z+MfpakhTll6gmIR6GhYwDwYDVR0TAQH/
            BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZIzj0EAwID
            SAAwRQIgKVSj2zTCgFz6Qa9qPcJDV1huZQW6bDp2+f8zkYDgQM0CIQCtn/pu/tCD
            mTuqTGX7QkNbLEVpHjG9UsfQgrFFvTN79g==
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgZPXYPQ0FIAepb7VF
            P7m5omNMYXgjNDU92nJT48DY5GmhRANCAATIpLfZVwSTun3SYukKT2wnGcnypt4x
            0/1c6mIt1TtLLFSSoAnszaGjLsxKN8NLEkBwJe+Laa6rZPugwOAoV2yz
            -----END PRIVATE KEY-----
            """)
}
