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
        let before = try Run(["--dir", folder, "status"]).end()
        #expect(before.status == 1 && before.error.contains("the folder \(folder), which --dir names"), "\(before)")
        for (words, environment, source) in ways {
            let stopped = try Run(["status"] + words, environment: environment).end()
            #expect(stopped.status == 1 && stopped.error.contains("the folder \(folder), which \(source) names"), "\(stopped)")
            #expect(stopped.error.contains("linda up --sandbox --dir \(folder)") && !stopped.error.contains("linda-data"), "\(stopped)")
        }
    }

    /// A folder whose data is of messages that went to Meta is never given to the sandbox, and no hint leads there.
    @Test func theSandboxLeavesMetasFolderAlone() throws {
        let folder = try Machine.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }  // what is left of it is the machine's to clean
        for part in ["run", "credentials"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(part)", withIntermediateDirectories: true)
        }
        for name in ["meta-app-secret", "meta-verify-token", "graph-token"] {
            try "mine".write(toFile: "\(folder)/credentials/\(name)", atomically: true, encoding: .utf8)
        }
        let stopped = try Run(["--dir", folder, "status"]).end()
        #expect(stopped.error.contains("`linda up --dir \(folder)` starts everything there."), "\(stopped)")
        let refused = try Run(["up", "--sandbox", "--port", "0", "--dir", folder]).end()
        #expect(refused.status == 78 && refused.error.contains("Start without --sandbox"), "\(refused)")
    }

    @Test func aFileIsNoFolder() throws {
        let folder = try Machine.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }  // what is left of it is the machine's to clean
        let file = "\(folder)/linda.yaml"
        try "x".write(toFile: file, atomically: true, encoding: .utf8)
        for command in [["status"], ["accounts"], ["rpc", "gateway", "service.ping"]] {
            let named = try Run(command, environment: ["LINDA_DIR": file]).end()
            #expect(named.status == 1 && named.error.contains("\(file), which LINDA_DIR names, is a file, not a folder."), "\(named)")
            let below = try Run(command + ["--dir", "\(file)/x"]).end()
            #expect(
                below.status == 1 && below.error.contains("\(file)/x, which --dir names, cannot be a folder: \(file) is a file."),
                "\(below)")
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
