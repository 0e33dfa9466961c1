import RPCContract
import Support
import Synchronization
import Testing

@testable import GatewayCore

/// Passwords as they are kept, and how many are hashed at once.
@Suite(.timeLimit(.minutes(1))) struct PasswordHashTests {
    @Test func aPasswordIsKnownAgainAndNoOtherIs() throws {
        let hash = try PasswordHash(of: "correct horse", .usual)
        #expect(hash.text.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"), "\(hash.text)")
        #expect(try PasswordHash(kept: hash.text).isOf("correct horse"))
        for other in ["", "correct hors", "correct horse ", "Correct horse", "correct horse\u{0}", "\u{0}"] {
            #expect(try !hash.isOf(other), "\(other.debugDescription)")
        }
        #expect(try PasswordHash(of: "correct horse", .usual) != hash, "each has a salt of its own")
    }

    @Test(arguments: ["\u{0}a", "é", "पासवर्ड", String(repeating: "x", count: 4096), "🔑"]) func everyTextMayBeOne(password: String) throws {
        let hash = try PasswordHash(of: password, .usual)
        #expect(try hash.isOf(password) && !hash.isOf(password + "x"))
    }

    /// One keyboard gives é as one sign, another as two.
    @Test func howAccentsArePutTogetherDoesNotMatter() throws {
        #expect(try PasswordHash(of: "caf\u{E9}", .usual).isOf("cafe\u{301}"))
    }

    /// It costs what another costs: the same passes over the same memory.
    @Test func nobodysIsReadAndIsNoPasswords() throws {
        for password in ["", "correct horse"] { #expect(try !PasswordHash.Costs.usual.nobodys.isOf(password)) }
        let costs = try PasswordHash(of: "a", .usual).text.split(separator: "$").prefix(3)
        #expect(PasswordHash.Costs.usual.nobodys.text.split(separator: "$").prefix(3) == costs)
    }

    @Test func whatIsNoHashIsADefect() {
        for text in ["", "$argon2id$", "correct horse"] {
            #expect(throws: Fault.self) { try PasswordHash(kept: text).isOf("correct horse") }
        }
    }
}
