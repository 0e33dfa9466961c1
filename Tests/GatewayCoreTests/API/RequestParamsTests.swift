import AccountContract
import Foundation
import GatewayContract
import RPCContract
import Testing

@testable import GatewayCore

/// What a request over HTTP says, as the params of a method.
@Suite struct RequestParamsTests {
    private let table = RouteTable([GatewayContract.self, AccountContract.self])

    private func found(_ verb: HTTPRoute.Verb, _ path: String) -> (method: String, captures: [String: String])? {
        guard case .found(let entry, let captures) = table.match(verb, path[...]) else { return nil }
        return (entry.method.name, captures)
    }

    @Test func wordsOfThePathComeBeforeNames() {
        #expect(found(.get, "/v1/messages/statistics")?.method == "message.stats")
        #expect(found(.get, "/v1/messages/01JD")?.method == "message.get")
        #expect(found(.get, "/v1/messages/01JD")?.captures == ["id": "01JD"])
        #expect(found(.get, "/v1/conversation-windows/1/%2B91%209876%2f")?.captures == ["account": "1", "contact": "+91 9876/"])
        for path in ["/v1/messages/", "/v1//messages", "/v1/messages/%zz", "/v1", "", "/v2/messages", "/v1/messages/a/b/c"] {
            #expect(found(.get, path) == nil, "\(path)")
        }
        // A word of the path is no name for another verb either.
        guard case .otherVerbs([.post]) = table.match(.get, "/v1/messages/mark-read") else {
            Issue.record("read as an id")
            return
        }
        guard case .otherVerbs(let verbs) = table.match(.delete, "/v1/messages") else {
            Issue.record("no other verb")
            return
        }
        #expect(Set(verbs) == [.get, .post])
    }

    /// Two methods under one path would leave one of them out of reach.
    @Test func everyRouteLeadsToItsMethod() {
        for entry in table.entries {
            let path = entry.route.path.replacing("{", with: "x").replacing("}", with: "")
            #expect(found(entry.route.verb, path)?.method == entry.method.name, "\(entry.route)")
        }
    }

    private func members(_ query: String, _ captures: [String: String] = [:], of method: String) throws -> JSONValue {
        let entry = try #require(table.entries.first { $0.method.name == method })
        return .object(try RequestParams.members(captures: captures, query: query[...], schema: entry.schema()))
    }

    @Test func textsBecomeWhatTheSchemaSays() throws {
        #expect(try members("limit=5&state=failed&texts=true", of: "message.list") == ["limit": 5, "state": "failed", "texts": true])
        #expect(
            try members("filter.lane=message&filter.kind=a%20b+c", of: "deadLetter.list") == [
                "filter": ["lane": "message", "kind": "a b c"]
            ])
        #expect(try members("", ["id": "7"], of: "deadLetter.get") == ["id": 7])
        // What is no number is refused by the method, which says what it takes.
        #expect(try members("limit=many&limitt=5", of: "message.list") == ["limit": "many", "limitt": "5"])
        #expect(try members("limit=9223372036854775808", of: "message.list") == ["limit": "9223372036854775808"])
    }

    @Test(arguments: ["limit=1&limit=2", "%zz=1", "limit=%ff"]) func aQueryThatSaysTwoThingsIsRefused(query: String) {
        #expect(throws: Fault.self) { try members(query, of: "message.list") }
    }

    @Test func aMemberStandsInThePathOrInTheQuery() {
        #expect(throws: Fault.self) { try members("id=8", ["id": "7"], of: "deadLetter.get") }
    }

    @Test func theBodyIsPutBesideThem() throws {
        let json = try RequestParams.json(["id": "x"], body: Data("{ \"a\" :\n [1,\r\n2], \"b\": \"\\n\"}".utf8))
        #expect(String(decoding: json, as: UTF8.self) == #"{"id":"x","a":[1,  2],"b":"\n"}"#)
        #expect(try RequestParams.json([:], body: Data()) == Data("{}".utf8))
        #expect(try RequestParams.json([:], body: Data(" {} ".utf8)) == Data("{}".utf8))
    }

    @Test(arguments: [
        "[]", "7", "{", "{}{}", #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"{"id":"y"}"#, #"{"_meta":{"workspace":"b"}}"#,
        #"{"\u005fmeta":{}}"#, "{\"a\":\"\n\"}", String(repeating: "[", count: 10_000), #"{"a":"# + String(repeating: "[", count: 10_000),
    ])
    func aBodyThatIsNoObjectOfItsOwnIsRefused(body: String) {
        #expect(throws: Fault.self) { try RequestParams.json(["id": "x"], body: Data(body.utf8)) }
    }
}
