import Foundation
import GatewayContract
import HTTPTypes
import Hummingbird
import NIOCore
import RPCContract
import Testing
import Vocabulary

@testable import GatewayCore

/// What a request shows of a session, and from where whoever shows nothing comes.
@Suite struct SessionCookieTests {
    private func request(_ method: HTTPRequest.Method, _ fields: [String: String], to authority: String? = nil) -> Request {
        var head = HTTPRequest(method: method, scheme: nil, authority: authority, path: "/")
        for (name, value) in fields { if let name = HTTPField.Name(name) { head.headerFields[name] = value } }
        return Request(head: head, body: RequestBody(buffer: ByteBuffer()))
    }

    @Test(arguments: [
        ("linda_session=linda_session_a", "linda_session_a"), ("x=1; linda_session=linda_session_a ;y=2", "linda_session_a"),
        ("linda_session=1.b; linda_session=linda_session_a", "linda_session_a"), ("linda_session=linda_session_a=", "linda_session_a="),
        ("linda_session=linda_session_a; linda_session=linda_session_b", nil), ("__Host-linda_session=linda_session_a", nil),
        ("linda_session=1.b", nil), ("linda_session=", nil), ("linda_session", nil), ("LINDA_SESSION=linda_session_a", nil), ("", nil),
    ]) func aTokenIsFoundAmongOtherCookies(header: String, token: String?) {
        #expect(SessionCookie.token(in: request(.get, ["Cookie": header])) == token)
    }

    /// Over TLS a cookie of another name may be a neighbour's.
    @Test(arguments: [
        ("__Host-linda_session=linda_session_a", "linda_session_a"), ("linda_session=linda_session_a", nil),
        ("linda_session=linda_session_b; __Host-linda_session=linda_session_a", "linda_session_a"),
    ]) func overTLSOnlyTheHostsOwnCounts(header: String, token: String?) {
        #expect(SessionCookie.token(in: request(.get, ["Cookie": header, "X-Forwarded-Proto": "https"])) == token)
    }

    @Test func noScriptReadsItAndNoOtherSiteSendsIt() {
        #expect(SessionCookie.header("v", isSecure: false) == "linda_session=v; Path=/; HttpOnly; SameSite=Strict")
        #expect(
            SessionCookie.header("v", for: .hours(1), isSecure: true)
                == "__Host-linda_session=v; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict; Secure")
        #expect(SessionCookie.taken(isSecure: false).hasPrefix("linda_session=; Path=/; Max-Age=0"))
    }

    @Test func whatChangesSomethingNeedsTheHeader() throws {
        for method in [HTTPRequest.Method.post, .put, .patch, .delete] {
            let fault = #expect(throws: Fault.self) { try SameSite.check(request(method, [:])) }
            #expect(fault?.code == .requestForeign && fault?.path == "X-Requested-With", "\(method)")
            try SameSite.check(request(method, ["X-Requested-With": "t"]))
        }
        for method in [HTTPRequest.Method.get, .head] { try SameSite.check(request(method, [:])) }
    }

    @Test(arguments: [
        (["Sec-Fetch-Site": "same-origin"], true), (["Sec-Fetch-Site": "none"], true), (["Sec-Fetch-Site": "same-site"], false),
        (["Sec-Fetch-Site": "cross-site"], false), (["Sec-Fetch-Site": ""], false), ([:], true),
        (["Origin": "http://t.example"], false), (["Origin": "null"], false), (["Origin": ""], false),
        (["Origin": "http://t", "Sec-Fetch-Site": "same-site"], false), (["Origin": "http://x", "Sec-Fetch-Site": "same-origin"], true),
    ]) func whoMadeABrowserAskIsWhatItSays(fields: [String: String], isOwn: Bool) {
        for authority in ["t", "t:8080"] {
            let request = request(.get, fields, to: authority)
            let fault: FaultCode?
            do throws(Fault) {
                try SameSite.checkOrigin(request)
                fault = nil
            } catch { fault = error.code }
            #expect(fault == (isOwn ? nil : .requestForeign), "\(authority)")
        }
    }

    /// Another port is another's page; what is left out is the scheme's own.
    @Test(
        arguments: [
            ("http://t", "t", nil, true), ("http://t:80", "t", nil, true), ("http://t", "t:80", nil, true),
            ("https://t", "t:443", nil, true),
            ("https://t", "t", "https", true), ("http://T:8080", "t:8080", nil, true), ("http://[::1]:8080", "[::1]:8080", nil, true),
            ("http://t:8080", "t", nil, false), ("http://t", "t:8080", nil, false), ("http://t:8081", "t:8080", nil, false),
            ("https://t", "t:80", nil, false), ("http://t", "t", "https", false), ("ftp://t", "t", nil, false),
            ("http://t", "", nil, false),
        ] as [(String, String, String?, Bool)])
    func anOriginIsAHostAndAPort(origin: String, authority: String, scheme: String?, isOwn: Bool) {
        var fields = ["Origin": origin]
        fields["X-Forwarded-Proto"] = scheme
        let asked = request(.get, fields, to: authority)
        let isTaken: Bool
        do throws(Fault) {
            try SameSite.checkOrigin(asked)
            isTaken = true
        } catch { isTaken = false }
        #expect(isTaken == isOwn)
    }

    @Test func whoShowsNothingIsTheirAddress() {
        for address in ["192.0.2.7", "2001:db8:0:1", ""] { #expect(AnybodysAddress.of(AnybodysAddress.actor(address)) == address) }
        for actor in [nil, "", "cli:anybody", "user:anybody:1", "key:anybody:1"] { #expect(AnybodysAddress.of(actor) == nil) }
    }

    /// Only a cookie is asked for by what a page of another site may have made.
    @Test func aTokenInTheAnswerNeedsNoHeader() throws {
        for params in ["{}", #"{"asCookie":false}"#, "nothing"] { _ = try OpenedSession(Data(params.utf8), request(.post, [:])) }
        #expect(throws: Fault.self) { try OpenedSession(Data(#"{"asCookie":true}"#.utf8), request(.post, [:])) }
    }
}
