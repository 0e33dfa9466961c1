import Foundation
import RPCContract
import Testing

@Suite struct JSONMembersTests {
    @Test func valuesAreCutOutUndecoded() throws {
        let members = try JSONMembers(object: Data(#" {"a" : {"x":[1,"}\""]}, "b":"q\"]", "c": -1.5e3 ,"d":null} "#.utf8))
        #expect(members["a"].map { String(decoding: $0, as: UTF8.self) } == #"{"x":[1,"}\""]}"#)
        #expect(members["b"].map { String(decoding: $0, as: UTF8.self) } == #""q\"]""#)
        #expect(members["c"].map { String(decoding: $0, as: UTF8.self) } == "-1.5e3")
        #expect(members["d"].map { String(decoding: $0, as: UTF8.self) } == "null")
        #expect(members["e"] == nil)
    }

    @Test(arguments: ["", "{", "{}x", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":"x}"#, "[1]", #"{"a":[1}"#, #"{a:1}"#])
    func brokenTextIsRefused(_ text: String) {
        #expect(throws: JSONMembers.Problem.malformed) { try JSONMembers(object: Data(text.utf8)) }
    }

    /// Of every kind of RFC 8259: what the parser takes can be cut out, and nothing else.
    @Test(arguments: JSONSamples.all) func theSameIsJSONForBothReaders(sample: JSONSamples.Sample) {
        let parsed = (try? JSON.decode(JSONValue.self, from: sample.data)) != nil
        #expect(parsed == sample.isJSON)
        let inObject = Data(#"{"a":"#.utf8) + sample.data + Data("}".utf8)
        #expect(((try? JSONMembers(object: inObject)) != nil) == sample.isJSON)
        let inArray = Data("[1,".utf8) + sample.data + Data("]".utf8)
        #expect(((try? JSONMembers.items(array: inArray, limit: 10)) != nil) == sample.isJSON)
    }

    /// A frame is taken apart all the same, so that the call is answered under its id; its params are read after that.
    @Test(arguments: JSONSamples.halves) func halfOfAPairIsCutOutButNotRead(sample: String) throws {
        #expect(throws: NotJSON.self) { try JSON.decode(JSONValue.self, from: sample) }
        let members = try JSONMembers(object: Data(#"{"a":\#(sample)}"#.utf8))
        #expect(members["a"].map { String(decoding: $0, as: UTF8.self) } == sample)
    }

    @Test func anEscapedKeyIsTheKey() throws {
        let members = try JSONMembers(object: Data(#"{"\u0069d":7,"a\"b":1}"#.utf8))
        #expect(members["id"].map { String(decoding: $0, as: UTF8.self) } == "7")
        #expect(members["a\"b"] != nil)
    }

    @Test func arraysStopAtTheLimit() throws {
        let items = try JSONMembers.items(array: Data("[1, {\"a\":2},\"3\"]".utf8), limit: 10)
        #expect(items.map { String(decoding: $0, as: UTF8.self) } == ["1", #"{"a":2}"#, #""3""#])
        #expect(try JSONMembers.items(array: Data("[1,2,3,4]".utf8), limit: 2).count == 3)
    }
}
