import PosterContract
import RPCContract
import Testing

@testable import PosterCore

/// Which addresses events may be posted to.
@Suite struct PublicAddressTests {
    private func problem(_ text: String) throws -> String? { PublicAddress.problem(try #require(PublicAddress.bytes(of: text), "\(text)")) }

    @Test(arguments: [
        "0.0.0.0", "0.255.255.255", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.255", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
        "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1", "fc00::1", "fdff::1",
        "fe80::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1", "3fff::1", "5f00::1", "[::1]",
    ])
    func whatLiesInsideIsRefused(address: String) throws {
        let problem = try problem(address)
        #expect(problem?.contains("public addresses only") == true, "\(address): \(problem ?? "taken")")
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
        "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
        "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
    ])
    func whatIsPublicIsTaken(address: String) throws { #expect(try problem(address) == nil, "\(address)") }

    @Test func anotherFamilyIsRefused() { #expect(PublicAddress.problem([]) != nil && PublicAddress.problem([1, 2, 3]) != nil) }

    @Test(arguments: [
        ("https://127.0.0.1/x", "127.0.0.1 is this host"), ("https://[::1]:8443/", "::1 is this host"),
        ("https://LOCALHOST/", "localhost is this host"), ("https://a.localhost./", "a.localhost is this host"),
        ("http://shop.example/", "no TLS"), ("https://169.254.169.254/latest/meta-data", "link-local"),
        ("https://[::ffff:10.1.2.3]/", "a private address"),
    ])
    func aURLThatPointsInsideIsRefusedWithTheReason(url: String, words: String) {
        let fault = #expect(throws: Fault.self) { try EndpointURL(allowsPrivate: false).check(url) }
        #expect(
            fault?.code == .endpointRefused && fault?.path == "url" && fault?.message.contains(words) == true, "\(fault?.message ?? "")")
        #expect(EndpointURL(allowsPrivate: true).problem(url) == nil)
    }

    @Test(arguments: ["https://shop.example/webhooks?a=b", "https://1.1.1.1:8443/", "https://localhost.shop.example/"])
    func aURLThatPointsOutsideIsTaken(url: String) { #expect(EndpointURL(allowsPrivate: false).problem(url) == nil) }

    @Test(arguments: [
        ("ftp://shop.example/", "not with https:"), ("shop.example", "is not"), ("https://", "names no host"),
        ("https://a:b@shop.example/", "a user or a password"), ("https://shop.example/#x", "behind #"),
        ("https://shop.example/ü", "other way"), ("https://shop .example/", "another way"), ("javascript:alert(1)", "not with https:"),
        ("https://shop.example:0/", "the port 0"),
    ])
    func whatIsNoURLIsToldSo(url: String, words: String) {
        let fault = #expect(throws: Fault.self) { try EndpointRules.check(url: url) }
        #expect(fault?.path == "url" && fault?.code == .params, "\(url): \(fault?.message ?? "taken")")
    }

    @Test(arguments: [
        ["Host": "a"], ["webhook-id": "a"], ["Content-Type": "a"], ["X Shop": "a"], ["X-Shop": "a\r\nX: y"], ["X-Shop": " a"],
        ["X-Shop": "ü"], ["": "a"], ["X-Shop:": "a"], ["x-shop": "a", "X-Shop": "b"],
    ])
    func aHeaderThatWouldBeAnotherIsRefused(headers: [String: String]) {
        let fault = #expect(throws: Fault.self) { try EndpointRules.check(headers: headers) }
        #expect(fault?.path?.hasPrefix("headers.") == true, "\(headers)")
    }

    @Test func ordinaryHeadersAreTaken() throws {
        try EndpointRules.check(headers: ["Authorization": "Bearer abc", "X-Shop_1": "berlin, 10 %"])
    }
}
