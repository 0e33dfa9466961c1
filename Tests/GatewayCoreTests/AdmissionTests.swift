import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit
import Support
import Testing
import Vocabulary

@testable import GatewayCore

@Suite struct AdmissionTests {
    private let time = MutexBox(Timestamp(milliseconds: 1_790_000_000_000))

    private func admission(_ keys: String...) -> Admission {
        let time = time
        return Admission(keys: keys.map { Secret($0) }, clock: WallClock { time.value })
    }

    private func request(cookie: String? = nil, bearer: String? = nil) -> Request {
        var head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/")
        head.headerFields[.cookie] = cookie
        head.headerFields[.authorization] = bearer
        return Request(head: head, body: RequestBody(buffer: ByteBuffer()))
    }

    private func cookie(_ admission: Admission, _ key: String) -> String {
        String(admission.session(with: key, isSecure: false).prefix { $0 != ";" })
    }

    @Test func aSessionEndsWithItsTimeAndWithItsKey() {
        let admission = admission("old", "new")
        let session = cookie(admission, "old")
        #expect(admission.admits(request(cookie: session)))
        #expect(self.admission("old").admits(request(cookie: session)) && !self.admission("new").admits(request(cookie: session)))
        time.set(time.value + Admission.lifetime - .seconds(1))
        #expect(admission.admits(request(cookie: session)))
        time.set(time.value + .seconds(1))
        #expect(!admission.admits(request(cookie: session)))
    }

    @Test func aSessionCannotBeMadeLonger() {
        let admission = admission("key")
        let session = cookie(admission, "key")
        let parts = session.split(separator: ".")
        for end in ["9999999999", "-1", "0", "9223372036854775807", "x", ""] {
            #expect(!admission.admits(request(cookie: "linda_session=\(end).\(parts[1])")), "\(end)")
        }
        for text in ["", "linda_session", "linda_session=", "linda_session=.", "; ; =", "other=\(session)"] {
            #expect(!admission.admits(request(cookie: text)), "\(text)")
        }
    }

    /// Wrong keys are counted, and keep nobody out whose key cannot be guessed.
    @Test func aHundredWrongKeysKeepOutOnlyWhoGuesses() {
        let long = String(repeating: "k", count: 32)
        let admission = admission("short", long)
        for _ in 0..<100 { #expect(admission.attempt("wrong") == .wrong) }
        #expect(admission.attempt("wrong") == .tooMany && admission.attempt("short") == .tooMany)
        #expect(admission.attempt(long) == .open && admission.attempt(long + "x") == .tooMany)
        time.set(time.value + .minutes(15))
        #expect(admission.attempt("short") == .open)
    }

    @Test func aProgramGivesTheKeyItself() {
        let admission = admission("first key", "second")
        #expect(admission.admits(request(bearer: "Bearer first key")) && admission.admits(request(bearer: "bearer second")))
        for text in ["Bearer", "Bearer ", "Bearer x", "Basic second", "second", ""] {
            #expect(!admission.admits(request(bearer: text)), "\(text)")
        }
    }
}
