import Foundation
import RPCContract
import Support
import Testing
import Vocabulary

/// A trial on a virtual clock that is stopped and started again in its folder.
@Suite(.timeLimit(.minutes(3))) struct TrialClockTests {
    private typealias Run = CommandLineTests.Run

    @Test func itGoesOnFromWhereItWas() async throws {
        let folder = try Machine.temporaryFolder()
        func started(_ body: () throws -> Void) async throws {
            let up = try Run(["up", "--sandbox", "--virtual-clock", "--port", "0", "--dir", folder])
            var isRunning = true
            defer { if isRunning { kill(up.pid, SIGTERM) } }
            try await eventually("the line that says ready") { try up.output.hasPrefix("ready http://127.0.0.1:") }
            try body()
            kill(up.pid, SIGTERM)
            isRunning = false
            #expect(try up.end().status == 0)
        }
        func now() throws -> Int64 {
            let told = try Run(["clock", "--json", "--dir", folder]).end()
            return try #require(JSON.decode(JSONValue.self, from: told.output)["now"]?.integer, "\(told)")
        }
        var ahead: Int64 = 0
        try await started {
            let start = try now()
            #expect(try Run(["clock", "--advance", "48", "--dir", folder]).end().status == 0)
            // Another one that is refused the folder does not set the clock of the one that has it.
            #expect(try Run(["up", "--sandbox", "--virtual-clock", "--port", "0", "--dir", folder]).end().status == 1)
            ahead = try now()
            #expect(ahead - start >= 48 * 3_600_000)
        }
        try await started {
            let later = try now()
            #expect(later >= ahead)
        }
        try FileManager.default.removeItem(atPath: folder)
    }
}
