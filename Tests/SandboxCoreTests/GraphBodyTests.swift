import RPCContract
import Testing

@testable import SandboxCore

/// What clients of others write, and Meta takes.
@Suite struct GraphBodyTests {
    @Test func componentsMayBeWrittenInCapitals() {
        let body: JSONValue = [
            "type": "template",
            "template": [
                "name": "T",
                "components": [
                    ["type": "BODY", "parameters": [["type": "TEXT", "text": "Asha"]]],
                    ["type": "BUTTON", "sub_type": "URL", "index": 0, "parameters": [["type": "text", "text": "X"]]],
                    ["type": "CAROUSEL", "cards": [["card_index": 0, "components": [["type": "HEADER"]]]]],
                ],
            ],
        ]
        let lenient = GraphBody.lenient(body)
        let components = lenient["template"]?["components"]
        #expect(components?[0]?["type"] == "body" && components?[0]?["parameters"]?[0] == ["type": "text", "text": "Asha"])
        #expect(components?[1]?["sub_type"] == "url" && components?[1]?["parameters"]?[0]?["text"] == "X", "what is said stays as it is")
        #expect(components?[2]?["cards"]?[0]?["components"]?[0]?["type"] == "header")
        #expect(lenient["template"]?["name"] == "T")
    }

    @Test func nullMembersAreNotThere() {
        let body: JSONValue = [
            "to": "1", "context": .null, "text": ["body": "Hello", "preview_url": .null], "list": [["a": .null], .null],
        ]
        #expect(GraphBody.lenient(body) == ["to": "1", "text": ["body": "Hello"], "list": [[:], .null]])
        #expect(GraphBody.lenient("text") == "text" && GraphBody.lenient([]) == [])
    }

    @Test func anObjectThatIsNotThereHasMetasSubcode() {
        let error = MetaError.noObject("17").body(trace: "t")["error"]
        #expect(error?["code"] == 100 && error?["error_subcode"] == 33 && error?["message"]?.string?.contains("'17'") == true)
    }
}
