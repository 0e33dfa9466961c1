import ArgumentParser
import Testing

@testable import linda

/// Options of every command are taken before the command's name as behind it.
@Suite struct CommandWordsTests {
    private func words(_ line: String) -> CommandWords { CommandWords(line.split(separator: " ").map(String.init), of: Linda.self) }

    @Test(arguments: [
        ("--dir X status", "status --dir X"), ("--dir=X --json status", "status --dir=X --json"),
        ("--workspace w --mask accounts health 1", "accounts health --workspace w --mask 1"),
        ("accounts --dir X health 1 --json", "accounts health --dir X 1 --json"),
        ("campaigns --json recurring --dir X stop Spring", "campaigns recurring stop --json --dir X Spring"),
        ("--json accounts", "accounts --json"), ("--dir status status", "status --dir status"),
        // What the parser takes as it stands stays so.
        ("status --dir X", "status --dir X"), ("send 1 --text --json", "send 1 --text --json"), ("--help", "--help"),
        ("--version", "--version"), ("help send", "help send"), ("", ""), ("--dir", "--dir"),
        ("up --dir X --port 0", "up --dir X --port 0"),
        ("templates create n --body --dir", "templates create n --body --dir"),
        ("---completion status -- --", "---completion status -- --"),
    ])
    func optionsFollowTheCommand(line: String, order: String) {
        #expect(words(line).inOrder.joined(separator: " ") == order)
    }

    @Test func theParserTakesThem() throws {
        for line in ["--dir X --json status", "--workspace w messages list", "--json accounts", "--mask contacts list"] {
            #expect(throws: Never.self, "\(line)") { try Linda.parseAsRoot(words(line).inOrder) }
        }
        let status = try Linda.parseAsRoot(words("--dir X --json status").inOrder) as? Status
        #expect(status?.connection.dir == "X" && status?.connection.json == true)
    }

    @Test func aMisspeltCommandBehindAnOptionHasItsNearest() {
        let problem = NearestCommand.problem(words("--dir X statsu").named, of: Linda.self)
        #expect(problem?.contains("did you mean linda status?") == true, "\(problem ?? "taken")")
        #expect(NearestCommand.problem(words("--dir X status").named, of: Linda.self) == nil)
    }
}
