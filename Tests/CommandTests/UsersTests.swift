import ArgumentParser
import GatewayContract
import RPCContract
import Testing

@testable import linda

/// What is said of users, and what is asked for before anybody is made.
@Suite struct UsersTests {
    @Test func aUserIsOneLine() {
        var user = User.example
        #expect(UsersCommand.line(user) { $0 } == "asha@example.com is admin of the workspace default")
        (user.workspace, user.state) = (nil, .disabled)
        #expect(UsersCommand.line(user) { _ in "a…" } == "a… is admin of the whole host, and may not log in")
    }

    @Test func onlyRolesOfPeopleAreTaken() throws {
        for role in ["viewer", "agent", "admin", "owner"] { #expect(try UsersCommand.role(role).rawValue == role) }
        for role in ["ingest", "root", ""] { #expect(throws: (any Error).self) { try UsersCommand.role(role) } }
    }

    @Test(arguments: [["a"], [], ["a", "--role", "ingest"], ["a", "--password", "p", "--role", "owner"]])
    func whatIsNotWholeMakesNobody(words: [String]) {
        #expect(throws: (any Error).self) { try UsersCommand.Add.parse(words) }
    }

    @Test func whatChangesNothingIsRefused() throws {
        #expect(throws: (any Error).self) { try UsersCommand.Update.parse(["a"]) }
        #expect(try UsersCommand.Update.parse(["a", "--disable-login"]).login == false)
        #expect(try UsersCommand.Update.parse(["a", "--enable-login", "--host"]).login == true)
    }

    @Test func oneSessionEndsOrAll() throws {
        for words in [["a"], ["a", "b", "--all"]] { #expect(throws: (any Error).self) { try SessionsCommand.End.parse(words) } }
        #expect(try SessionsCommand.End.parse(["a", "--all"]).all && SessionsCommand.End.parse(["a", "b"]).session == "b")
    }

    @Test func aRefusalNamesTheCommand() {
        #expect(Spoken.text("There is no user x; user.list shows all.") == "There is no user x; linda users shows all.")
    }
}
