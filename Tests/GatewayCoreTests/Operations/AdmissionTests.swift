import Foundation
import GatewayContract
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

    /// By token.
    private let users = MutexBox<[String: User]>([:])
    private let hasUsers = MutexBox(false)

    private func admission(_ keys: String...) -> Admission {
        let time = time
        let (clock, users, hasUsers) = (WallClock { time.value }, users, hasUsers)
        return Admission(keys: keys.map { Secret($0) }, clock: clock, user: { users.value[$0] }, hasUsers: { hasUsers.value })
    }

    private func request(cookie: String? = nil, bearer: String? = nil) -> Request {
        var head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/")
        head.headerFields[.cookie] = cookie
        head.headerFields[.authorization] = bearer
        return Request(head: head, body: RequestBody(buffer: ByteBuffer()))
    }

    private func outcome(_ admission: Admission, cookie: String? = nil, bearer: String? = nil) -> Admission.Outcome {
        admission.outcome(of: request(cookie: cookie, bearer: bearer), from: "a")
    }

    private func cookie(_ admission: Admission, _ key: String) -> String {
        String(admission.session(with: key, isSecure: false).prefix { $0 != ";" })
    }

    @Test func aSessionEndsWithItsTimeAndWithItsKey() {
        let admission = admission("old", "new")
        let session = cookie(admission, "old")
        #expect(outcome(admission, cookie: session) == .open)
        #expect(outcome(self.admission("old"), cookie: session) == .open && outcome(self.admission("new"), cookie: session) == .wrong)
        time.set(time.value + Admission.lifetime - .seconds(1))
        #expect(outcome(admission, cookie: session) == .open)
        time.set(time.value + .seconds(1))
        #expect(outcome(admission, cookie: session) == .wrong)
    }

    @Test func aSessionCannotBeMadeLonger() {
        let admission = admission("key")
        let session = cookie(admission, "key")
        let parts = session.split(separator: ".")
        for end in ["9999999999", "-1", "0", "9223372036854775807", "x", ""] {
            #expect(outcome(admission, cookie: "linda_session=\(end).\(parts[1])") == .wrong, "\(end)")
        }
        for text in ["", "linda_session", "linda_session=", "linda_session=.", "; ; =", "other=\(session)"] {
            #expect(outcome(admission, cookie: text) == .wrong, "\(text)")
        }
    }

    /// Wrong keys are counted where they come from, and keep nobody out whose key cannot be guessed.
    @Test func aHundredWrongKeysKeepOutOnlyWhoGuesses() {
        let long = String(repeating: "k", count: 32)
        let admission = admission("short", long)
        for n in 0..<100 {
            #expect((n % 2 == 0 ? admission.attempt("wrong\(n)", from: "a") : outcome(admission, bearer: "Bearer wrong\(n)")) == .wrong)
        }
        let crowded = Admission.Outcome.tooMany(.minutes(15))
        #expect(admission.attempt("wrong", from: "a") == crowded && admission.attempt("short", from: "a") == crowded)
        #expect(outcome(admission, bearer: "Bearer short") == crowded && outcome(admission, cookie: cookie(admission, "short")) == .open)
        #expect(admission.attempt(long, from: "a") == .open && admission.attempt(long + "x", from: "a") == crowded)
        #expect(admission.attempt("short", from: "b") == .open, "another waits for nothing")
        time.set(time.value + .minutes(15))
        #expect(admission.attempt("short", from: "a") == .open)
    }

    /// A key that can be guessed is not guessed from many addresses either.
    @Test func noMoreThanAThousandWrongKeysAreTriedFromEverywhere() {
        let admission = admission("short")
        for n in 0..<1000 { #expect(admission.attempt("wrong\(n)", from: "\(n)") == .wrong) }
        #expect(admission.attempt("short", from: "new") == .tooMany(.minutes(15)))
    }

    /// A scraper whose session is over, or that was given one wrong key, keeps no other from trying.
    @Test func theSameOnceMoreIsNoOtherGuess() {
        let admission = admission("short")
        for n in 0..<200 {
            #expect(outcome(admission, bearer: "Bearer linda_session_over\(n)") == .wrong)
            #expect(outcome(admission, bearer: "Bearer always the same") == .wrong)
        }
        #expect(admission.attempt("short", from: "a") == .open)
    }

    @Test func aProgramGivesTheKeyItself() {
        let admission = admission("first key", "second")
        #expect(outcome(admission, bearer: "Bearer first key") == .open && outcome(admission, bearer: "bearer second") == .open)
        for text in ["Bearer", "Bearer ", "Bearer x", "Basic second", "second", ""] {
            #expect(outcome(admission, bearer: text) == .wrong, "\(text)")
        }
    }

    /// The page shows what belongs to no workspace.
    @Test func aUserOfTheHostIsLetInAndOneOfAWorkspaceIsNot() {
        var (own, ofHost) = (User.example, User.example)
        (own.workspace, ofHost.workspace) = ("w", nil)
        users.set(["linda_session_own": own, "linda_session_host": ofHost])
        let admission = admission("key")
        for (token, expected) in [("own", Admission.Outcome.foreign), ("host", .open), ("nobody", .wrong)] {
            #expect(outcome(admission, cookie: "linda_session=linda_session_\(token)") == expected)
            #expect(outcome(admission, bearer: "Bearer linda_session_\(token)") == expected)
        }
    }

    /// From then on programs alone show the key.
    @Test func onceThereAreUsersTheKeyOpensNoPageAnyMore() {
        let admission = admission("key")
        let session = cookie(admission, "key")
        #expect(admission.takesKeyInForm && outcome(admission, cookie: session) == .open)
        hasUsers.set(true)
        #expect(!admission.takesKeyInForm && outcome(admission, cookie: session) == .wrong)
        #expect(outcome(admission, bearer: "Bearer key") == .open)
    }
}
