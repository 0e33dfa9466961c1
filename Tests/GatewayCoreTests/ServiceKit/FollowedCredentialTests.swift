import Foundation
import Support
import Testing

@testable import ServiceKit

/// A credential that is replaced while the process runs.
@Suite struct FollowedCredentialTests {
    @Test func whatIsReplacedCountsWithoutARestart() async throws {
        let folder = try Machine.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }  // what is left of it is the machine's to clean
        func write(_ text: String) throws { try text.write(toFile: "\(folder)/graph-token", atomically: true, encoding: .utf8) }
        try write("first\n")
        let token = try Credentials(directory: folder).follow("graph-token")
        #expect(token().reveal() == "first")
        try write("second\n")
        try await eventually("the new one") { token().reveal() == "second" }
        // Emptied by whoever writes it anew, it holds nothing that could be taken for a token.
        try write("")
        #expect(throws: StartRefusal.self) { _ = try Credentials(directory: folder).require("graph-token") }
        #expect(token().reveal() == "second")
        #expect(throws: StartRefusal.self) { _ = try Credentials(directory: folder).follow("other") }
    }

    /// Gone or emptied for however many looks, the file takes nothing away; from the second on it is told, once.
    @Test func aFileThatHoldsNothingChangesNothing() {
        var token = FollowedCredential(Secret("first"))
        let looks = (0..<4).map { _ in token.look(nil) }
        #expect(looks == [.same, .refused, .same, .same] && token.secret.reveal() == "first")
        #expect(token.problem == .missing)
        _ = token.look(Secret("first"))
        #expect(token.problem == nil)
    }

    /// Whoever writes a file in two parts is met between them.
    @Test func halfATextIsNotTaken() {
        var token = FollowedCredential(Secret("first"))
        let looks = ["sec", "second", "second", "second"].map { token.look(Secret($0)) }
        #expect(looks == [.same, .same, .replaced, .same] && token.secret.reveal() == "second")
        // It was gone in between: one look more.
        let again = [Secret("third"), nil, Secret("third")].map { token.look($0) }
        #expect(again == [.same, .same, .same] && token.secret.reveal() == "second")
    }

    /// A second line would become part of the header.
    @Test(arguments: ["a\nb", "a b", "a\u{0}b", "a\r\nX-Evil: b"]) func severalWordsAreNoToken(text: String) throws {
        var token = FollowedCredential(Secret("first"))
        let looks = (0..<4).map { _ in token.look(Secret(text)) }
        #expect(looks == [.same, .refused, .same, .same] && token.secret.reveal() == "first", "told once")
        let folder = try Machine.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }  // what is left of it is the machine's to clean
        try text.write(toFile: "\(folder)/graph-token", atomically: true, encoding: .utf8)
        #expect(throws: StartRefusal.self) { _ = try Credentials(directory: folder).follow("graph-token") }
    }

    @Test func whoFollowsIsToldOfAnotherOnce() async throws {
        let folder = try Machine.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }  // what is left of it is the machine's to clean
        try "first".write(toFile: "\(folder)/graph-token", atomically: true, encoding: .utf8)
        let told = MutexBox(0)
        let token = try Credentials(directory: folder).follow("graph-token")
        token.whenReplaced { told.update { $0 += 1 } }
        try "second".write(toFile: "\(folder)/graph-token", atomically: true, encoding: .utf8)
        try await eventually("the new one") { token().reveal() == "second" }
        _ = token()
        #expect(told.value == 1)
    }

    /// Nothing asks for it meanwhile: all numbers may wait for another one.
    @Test func aFileIsLookedAtThoughNobodyAsks() async throws {
        let folder = try Machine.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }  // what is left of it is the machine's to clean
        func write(_ text: String) throws { try text.write(toFile: "\(folder)/graph-token", atomically: true, encoding: .utf8) }
        try write("first")
        let token = try Credentials(directory: folder).follow("graph-token")
        let told = MutexBox(0)
        token.whenReplaced { told.update { $0 += 1 } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await token.run() }
            try write("two words")
            try await eventually("that it is no token") { token.problem?.contains("white space") == true }
            try write("")
            try await eventually("that it is empty") { token.problem?.contains("empty") == true }
            #expect(told.value == 0 && token().reveal() == "first")
            try write("second")
            try await eventually("the new one is taken") { told.value == 1 }
            #expect(token.problem == nil)
            group.cancelAll()
        }
    }
}
