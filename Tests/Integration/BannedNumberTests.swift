import AccountContract
import RPCContract
import SandboxContract
import Supervision
import Support
import Testing
import Vocabulary

/// What Meta holds against a number is not ended here, and whoever tries is told so.
@Suite(.timeLimit(.minutes(3))) struct BannedNumberTests {
    @Test func whatMetaHasBannedIsNotReleasedHere() async throws {
        try await LindaFixture.run { fixture in
            try await fixture.addNumbers()
            let number = LindaFixture.numbers[0].rawValue
            func accounts(_ words: String...) throws -> CommandLineTests.Result {
                try CommandLineTests.Run(["accounts"] + words + ["--dir", fixture.stack.options.directory]).end()
            }
            // With a number that nothing is the matter with, both are done already.
            #expect(try accounts("enable", number).status == 0)
            #expect(try accounts("release", number).status == 0)
            _ = try await fixture.call(SandboxContract.self, SandboxBan.self, .init(wabaID: LindaFixture.waba, banned: true))
            try await eventually("the ban") { try accounts("health", number).status == 1 }
            for (command, what) in [("enable", "is enabled already"), ("release", "there was nothing to release")] {
                let refused = try accounts(command, number)
                #expect(refused.status == 1 && refused.error.contains(what), "\(refused)")
                for words in [
                    "banned: Meta has disabled the account", "WhatsApp Manager", "does not make Meta take its messages",
                    "Linda has known it since 20",
                ] {
                    #expect(refused.error.contains(words), "\(words): \(refused)")
                }
            }
            let health = try await fixture.call(AccountContract.self, AccountHealth.self, .init(LindaFixture.numbers[0]))
            let step = try #require(health.steps.last { $0.kind == "health" })
            let taken = try accounts("revert", "\(step.id)")
            #expect(taken.status == 1 && taken.output.isEmpty && taken.error.contains("is Meta's decision"), "\(taken)")
            #expect(taken.error.contains("WhatsApp Manager") && taken.error.contains("step_of_meta 3106"), "\(taken)")
            // Something changes here, and Meta's decision is told all the same.
            #expect(try accounts("disable", number).status == 0)
            let enabled = try accounts("enable", number)
            #expect(enabled.status == 0 && enabled.output.contains("is enabled\n! "), "\(enabled)")
            #expect(enabled.output.contains("does not make Meta take its messages"), "\(enabled)")
        }
    }
}
