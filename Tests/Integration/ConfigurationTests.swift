import Foundation
import Supervision
import Support
import Testing

/// The settings file as people write it.
@Suite struct ConfigurationTests {
    /// All that is wrong at once, each thing once, whoever reads it.
    @Test func aConfigurationIsCheckedWhole() throws {
        let folder = try Machine.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }  // what is left of it is the machine's to clean
        let file = "\(folder)/linda.yaml"
        func check(_ text: String, _ environment: [String: String] = [:]) throws -> CommandLineTests.Result {
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            return try CommandLineTests.Run(["config", "check", "--config", file], environment: environment).end()
        }
        #expect(try check("common:\n  log:\n    level: info\n").status == 0)
        let wrong = try check(
            "common:\n  log:\n    levl: info\naccount-router:\n  sending:\n    concurrency: many\n  graph:\n    timeout: soon\n    version: 24\n  wat: 1\nacount-router: {}\n",
            ["LINDA_ACOUNT_ROUTER_LOG_LEVEL": "debug"])
        #expect(wrong.status == 78)
        let lines = wrong.output.split(separator: "\n")
        for words in [
            "levl; did you mean log.level?", "no process is called acount-router; did you mean account-router?", "graph.version must be",
            "sending.concurrency must be", "graph.timeout must be", "knows no setting wat",
            "LINDA_ACOUNT_ROUTER_LOG_LEVEL",
        ] {
            #expect(lines.filter { $0.contains(words) }.count == 1, "\(words): \(lines)")
        }
        #expect(lines.count == 7, "\(lines)")
        // What is started with it says the same, and starts nothing.
        let up = try CommandLineTests.Run(["up", "--sandbox", "--dir", "\(folder)/data", "--config", file]).end()
        #expect(up.status == 78 && up.error.split(separator: "\n").count == 6, "the file's own mistakes: \(up.error)")
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/data"))
        let section = try check("acount-router:\n  x: 1\n")
        #expect(section.status == 78 && section.output.split(separator: "\n").count == 1, "\(section)")
        let sandbox = try check("sandbox:\n  wat: 1\n")
        #expect(sandbox.status == 78 && sandbox.output.contains(":2: sandbox knows no setting wat"), "\(sandbox)")
        #expect(try CommandLineTests.Run(["config", "check", "--config", "\(folder)/none"]).end().status == 78)
    }
}
