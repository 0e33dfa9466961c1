import Foundation
import ServiceKit
import Support
import Testing

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
        // Emptied by whoever writes it anew, it is not taken for a token.
        try write("")
        try await Task.sleep(for: .milliseconds(1100))
        #expect(token().reveal() == "second")
        #expect(throws: StartRefusal.self) { _ = try Credentials(directory: folder).follow("other") }
    }
}
