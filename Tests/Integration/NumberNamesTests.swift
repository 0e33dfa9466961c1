import AccountContract
import RPCContract
import Supervision
import Support
import Testing
import Vocabulary

/// What a newcomer does with numbers, and what is said of it.
@Suite(.timeLimit(.minutes(3))) struct NumberNamesTests {
    @Test func whatIsThereAlreadyOrCalledTheSameIsSaid() async throws {
        try await LindaFixture.run { fixture in
            try await fixture.addNumbers()
            func accounts(_ words: String...) throws -> CommandLineTests.Result {
                try CommandLineTests.Run(["accounts"] + words + ["--dir", fixture.stack.options.directory]).end()
            }
            let known = try await fixture.call(AccountContract.self, GetAccount.self, .init(LindaFixture.numbers[0]))
            let again = try accounts(
                "add", known.phoneNumberID.rawValue, "--waba", known.wabaID.rawValue, "--number", known.displayPhoneNumber, "--name",
                known.displayName)
            #expect(again.status == 0 && again.output.contains("is there already") && !again.output.contains("added"), "\(again)")
            let digits = try accounts(
                "add", "+91 80 4718 1000", "--waba", known.wabaID.rawValue, "--number", "+918047181000", "--name", "A")
            #expect(digits.status == 1 && digits.error.contains("not the phone number itself"), "\(digits)")
            #expect(digits.error.contains("WhatsApp Manager"), "\(digits)")
            let other = LindaFixture.numbers[1].rawValue
            let renamed = try accounts("rename", other, known.displayName.uppercased())
            #expect(renamed.status == 0 && renamed.output.contains("! \(known.spelledAsShown) is called"), "\(renamed)")
            #expect(try !accounts("rename", other, "Another").output.contains("!"))
        }
    }
}

extension Account {
    fileprivate var spelledAsShown: String { PhoneNumber.normalise(displayPhoneNumber)?.spelled ?? displayPhoneNumber }
}
