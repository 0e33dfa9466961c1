import AccountContract
import ArgumentParser
import Foundation
import Support
import Testing
import Vocabulary

@testable import linda

/// Values of options that the parser or Foundation would take for something else.
@Suite struct OptionValueTests {
    private static let window = ["windows", "create", "M", "--cron", "0 6 * * *", "--zone", "UTC"]

    private func problem(_ words: [String]) -> String {
        let error = #expect(throws: (any Error).self) { _ = try Linda.parseAsRoot(words) }
        return error.map { Linda.fullMessage(for: $0) } ?? ""
    }

    /// A value with a dash before it is a value; its bounds are the service's to tell.
    @Test func aValueMayBeginWithADash() throws {
        let words = Self.window + ["--spread", "-30:270", "--deadline", "-5", "--target", "-1"]
        let create = try #require(try Linda.parseAsRoot(words) as? WindowsCommand.Create)
        #expect(create.spread == "-30:270" && create.deadline == -5 && create.target == -1.0)
        let send = try #require(try Linda.parseAsRoot(["send", "+919876543210", "--location", "-33.86,151.21"]) as? Send)
        #expect(send.location == "-33.86,151.21")
    }

    @Test(arguments: ["NaN", "inf", "-infinity", "1e999", "much"]) func aNumberIsFinite(text: String) {
        let told = problem(Self.window + ["--target", text])
        #expect(told.contains("'\(text)' is invalid for '--target <n>'"), "\(told)")
        #expect(FiniteNumber(argument: text) == nil)
    }

    @Test(arguments: ["status", "up"]) func anEmptyFolderIsNoFolder(command: String) {
        let told = problem([command, "--dir", ""])
        #expect(told.contains("--dir is empty"), "\(told)")
    }

    @Test(arguments: ["99999", "abc", "-1", "80.5", ""]) func aPortIsToldWithItsBounds(text: String) {
        let told = problem(["up", "--port", text])
        #expect(told.contains("--port \(text): is not a port") && told.contains("from 1 to 65535"), "\(told)")
    }

    @Test func aPortMayBeAnyOrFree() throws {
        for number in [UInt16(0), 8080, 65_535] {
            #expect(try (Linda.parseAsRoot(["up", "--port", "\(number)"]) as? Up)?.port.number == number)
        }
        #expect(try (Linda.parseAsRoot(["up"]) as? Up)?.port == 8080)
    }

    @Test func theFileToCheckIsNamedOnceEitherWay() throws {
        #expect(try (Linda.parseAsRoot(["config", "check", "/l.yaml"]) as? ConfigCheck)?.file == "/l.yaml")
        #expect(try (Linda.parseAsRoot(["config", "check", "--config", "/l.yaml"]) as? ConfigCheck)?.config == "/l.yaml")
        #expect(problem(["config", "check", "/l.yaml", "--config", "/m.yaml"]).contains("Name the file once"))
    }

    @Test func mistakesAreToldInTheOrderOfTheirLines() {
        let told = FileProblems.inOrder(
            ["environment variable X: no", "/l.yaml:12: c", "/l.yaml:3: a", "/l.yaml:3: b"], of: "/l.yaml")
        #expect(told == ["/l.yaml:3: a", "/l.yaml:3: b", "/l.yaml:12: c", "environment variable X: no"])
    }

    /// As `create` takes it, too.
    @Test func aTextToCheckIsGivenOnceEitherWay() throws {
        #expect(try (Linda.parseAsRoot(["templates", "check", "Hello."]) as? Templates.Check)?.text == "Hello.")
        #expect(try (Linda.parseAsRoot(["templates", "check", "--body", "Hello."]) as? Templates.Check)?.body == "Hello.")
        for words in [[], ["--name", "a"], ["Hello.", "--body", "Hello."]] {
            #expect(problem(["templates", "check"] + words).contains("Give the text once: `linda templates check TEXT`, or --body TEXT"))
        }
        #expect(problem(["templates", "check", "--body"]).contains("--body <text>"), "what is missing is named")
    }

    @Test func aFolderIsToldFromAFile() {
        let trouble = #expect(throws: Trouble.self) { try TextFile.read("/tmp") }
        #expect(trouble?.description.hasPrefix("/tmp: is a folder") == true)
    }

    @Test func aContactIsNamedOnceEitherWay() throws {
        #expect(try (Linda.parseAsRoot(["contacts", "add", "+919876543210", "Zed"]) as? Contacts.Add)?.name == "Zed")
        #expect(try (Linda.parseAsRoot(["contacts", "add", "+919876543210", "--name", "Zed"]) as? Contacts.Add)?.named == "Zed")
        #expect(problem(["contacts", "add", "+919876543210"]).contains("Give the name once"))
        #expect(problem(["contacts", "add", "+919876543210", "Zed", "--name", "Zed"]).contains("Give the name once"))
    }

    /// The help names what the program takes.
    @Test func everyStateOfConsentIsInTheHelp() {
        for help in [Linda.helpMessage(for: ConsentCommand.Record.self), Linda.helpMessage(for: ConsentCommand.List.self)] {
            let words = help.split { !$0.isLetter && $0 != "_" }.map(String.init)
            #expect(Set(Consent.State.allCases.map(\.rawValue)).isSubset(of: words), "\(help)")
        }
    }

    @Test func whatIsNotThereIsSaidWithTheNextStep() throws {
        #expect(ConfigCheck.absence(of: "/etc/linda/linda.yaml", isNamed: false).hasSuffix("name the file: linda config check FILE."))
        #expect(ConfigCheck.absence(of: "/l.yaml", isNamed: true) == "/l.yaml: is not there.")
        let folder = try Machine.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }  // what is left of it is the machine's to clean
        do {
            _ = try TextFile.read("\(folder)/missing.csv")
            Issue.record("it was read")
        } catch { #expect("\(error)" == "\(folder)/missing.csv: there is no such file") }
        let above = try #require(NamedFolder(option: folder))
        #expect(above.usualBeneath == nil)
        try FileManager.default.createDirectory(atPath: "\(folder)/linda-data/run", withIntermediateDirectories: true)
        #expect(above.usualBeneath == "\(folder)/linda-data")
        try FileManager.default.createDirectory(atPath: "\(folder)/run", withIntermediateDirectories: true)
        #expect(above.usualBeneath == nil, "it is one itself")
    }
}
