import Foundation
import Support
import Testing

/// One folder is meant by all commands, whichever way it is named.
@Suite(.timeLimit(.minutes(3))) struct NamedFolderTests {
    private typealias Run = CommandLineTests.Run

    @Test func whatIsStoppedIsStartedInTheFolderThatWasLookedAt() throws {
        let folder = try Machine.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }  // what is left of it is the machine's to clean
        try FileManager.default.createDirectory(atPath: "\(folder)/run", withIntermediateDirectories: true)
        let ways: [(words: [String], environment: [String: String], source: String)] = [
            (["--dir", folder], [:], "--dir"), ([], ["LINDA_DIR": folder], "LINDA_DIR"),
        ]
        for (words, environment, source) in ways {
            let stopped = try Run(["status"] + words, environment: environment).end()
            #expect(stopped.status == 1 && stopped.error.contains("the folder \(folder), which \(source) names"), "\(stopped)")
            #expect(stopped.error.contains("linda up --sandbox --dir \(folder)") && !stopped.error.contains("linda-data"), "\(stopped)")
        }
    }

    @Test func upStartsInTheFolderOfTheEnvironment() async throws {
        let folder = try Machine.temporaryFolder()
        let up = try Run(["up", "--sandbox", "--port", "0"], environment: ["LINDA_DIR": folder])
        var isRunning = true
        defer { if isRunning { kill(up.pid, SIGTERM) } }
        try await eventually("the line that says ready") { try up.output.hasPrefix("ready http://127.0.0.1:") }
        #expect(try Run(["status"], environment: ["LINDA_DIR": folder]).end().status == 0)
        #expect(try Run(["status", "--dir", folder]).end().status == 0)
        kill(up.pid, SIGTERM)
        isRunning = false
        #expect(try up.end().status == 0)
        try FileManager.default.removeItem(atPath: folder)
    }
}
