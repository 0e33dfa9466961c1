import AccountContract
import Foundation
import GatewayContract
import RPCContract
import Testing
import Vocabulary

@testable import GatewayCore

/// Which numbers a key may send from and ask for, and what it may give away.
@Suite struct KeyScopeTests {
    private let table = RouteTable([GatewayContract.self, AccountContract.self])

    private func entry(_ method: String) throws -> RouteTable.Entry {
        try #require(table.entries.first { $0.method.name == method })
    }

    private func scope(
        _ numbers: [PhoneNumberID]?, workspace: String? = "default", expiresAt: Timestamp? = nil
    ) -> KeyScope {
        var key = APIKey.example
        (key.numbers, key.workspace, key.expiresAt) = (numbers, workspace, expiresAt)
        return KeyScope(Asker(key))
    }

    private func fault(_ body: () throws -> Void) -> FaultCode? {
        do {
            try body()
            return nil
        } catch { return (error as? Fault)?.code }
    }

    @Test func aNumberThatIsLeftOutIsTheKeys() throws {
        let (send, empty) = (try entry("message.send"), Data("{}".utf8))
        let params = try scope(["1"]).narrowed(empty, send)
        #expect(try JSON.decode(JSONValue.self, from: params)["account"] == "1")
        #expect(try scope(nil).narrowed(empty, send) == empty, "a key for all leaves it to the router")
        let own = Data(#"{"account":"1"}"#.utf8)
        #expect(try scope(["1", "2"]).narrowed(own, send) == own)
        #expect(fault { _ = try scope(["1", "2"]).narrowed(empty, send) } == .numberForeign, "which of them is not said")
        #expect(fault { _ = try scope(["2"]).narrowed(own, send) } == .numberForeign)
        #expect(fault { _ = try scope(["1"]).narrowed(Data("[]".utf8), send) } == .parse)
        #expect(fault { _ = try scope(["1"]).narrowed(Data(#"{"account":1}"#.utf8), send) } == .numberForeign)
    }

    /// A refusal says what the key is for, and what to do.
    @Test func aRefusalSaysWhatToDo() throws {
        func told(_ numbers: [PhoneNumberID], _ params: String, _ method: String) throws -> String? {
            let entry = try entry(method)
            let fault = #expect(throws: Fault.self) { _ = try scope(numbers).narrowed(Data(params.utf8), entry) }
            return fault?.message
        }
        #expect(
            try told(["2", "1"], #"{"account":"3"}"#, "message.send")
                == "The key is for 1, 2; name one of its numbers, or use a key for this one.")
        #expect(try told(["1", "2"], "{}", "message.send") == "The key is for 1, 2; account says which of them.")
        #expect(try told(["1"], "{}", "campaign.plan")?.hasSuffix("use a key for all numbers.") == true)
    }

    @Test func whatChangesMoreThanANumberIsNotForAKeyOfSome() throws {
        let plan = try entry("campaign.plan")
        #expect(fault { _ = try scope(["1"]).narrowed(Data("{}".utf8), plan) } == .numberForeign)
        #expect(fault { _ = try scope(nil).narrowed(Data("{}".utf8), plan) } == nil)
    }

    /// Whose a message is shows in the answer.
    @Test func whatIsFoundByItsIDMustBeOfTheKeysNumbers() throws {
        let get = try entry("message.get")
        let params = Data(#"{"id":"01JD0000000000000000000000"}"#.utf8)
        #expect(try scope(["1"]).narrowed(params, get) == params)
        #expect(fault { try scope(["1"]).check(Data(#"{"account":"1"}"#.utf8), of: get) } == nil)
        for reply in [#"{"account":"2"}"#, "{}", "", #"{"account":7}"#] {
            #expect(fault { try scope(["1"]).check(Data(reply.utf8), of: get) } == .numberForeign, "\(reply)")
            #expect(fault { try scope(nil).check(Data(reply.utf8), of: get) } == nil)
        }
    }

    /// Secrets and passwords that count without an end are given by no key that has one.
    @Test func whatHasNoEndIsGivenByNoKeyThatEnds() throws {
        let end = Timestamp(milliseconds: 1_790_000_000_000)
        let routes = table.entries.filter { $0.route.givesWithoutEnd }
        #expect(Set(routes.map { $0.method.name }) == ["user.create", "user.update", "user.setPassword", "key.rotate"])
        for entry in routes {
            #expect(fault { _ = try scope(nil, expiresAt: end).narrowed(Data("{}".utf8), entry) } == .roleTooLow, "\(entry.method.name)")
            #expect(fault { _ = try scope(nil).narrowed(Data("{}".utf8), entry) } == nil, "\(entry.method.name)")
        }
    }

    @Test func nobodyGivesAKeyThatReachesFurther() throws {
        let (create, end) = (try entry("key.create"), Timestamp(milliseconds: 1_790_000_000_000))
        func asked(_ text: String, of scope: KeyScope) -> FaultCode? { fault { _ = try scope.narrowed(Data(text.utf8), create) } }
        #expect(asked(#"{"ofHost":true}"#, of: scope(nil)) == .workspaceForeign)
        #expect(asked(#"{"ofHost":false}"#, of: scope(nil)) == nil && asked(#"{"ofHost":true}"#, of: scope(nil, workspace: nil)) == nil)
        let ending = scope(nil, expiresAt: end)
        #expect(asked("{}", of: ending) == .roleTooLow, "it would outlast the key")
        #expect(asked(#"{"expiresAt":1790000000001}"#, of: ending) == .roleTooLow)
        #expect(asked(#"{"expiresAt":1790000000000}"#, of: ending) == nil)
        #expect(asked("nothing", of: ending) == .parse)
    }
}
