import MetaEvents
import RPCContract
import Testing
import Vocabulary

/// Errors as Meta names them.
@Suite struct MetaFaultTests {
    @Test func allErrorsOfAStatusAreReadEachInOneLine() throws {
        let raw = try JSON.decode(
            JSONValue.self,
            from: #"""
                {"id":"wamid.f","status":"failed","errors":[
                  {"code":131053,"title":"Media upload error","message":"Media upload error","error_data":{"details":"First\nline\u2028and  more"},"href":"https://x"},
                  {"code":-5,"title":"Second","message":"Other words"}, {}, 7]}
                """#)
        let status = try #require(MessageStatus(raw, number: "1", receivedAt: Timestamp(milliseconds: 5)))
        let errors = try #require(status.errors)
        #expect(errors.map(\.text) == ["Media upload error: First line and more (131053)", "Second: Other words"])
        #expect(errors.first?.message == nil && errors.last?.code == nil)
        #expect(status.errorCode == 131053 && status.errorDetails == "First\nline\u{2028}and  more")
    }

    @Test func theLongestErrorsPassTheSocket() throws {
        let long = JSONValue.string(String(repeating: "é", count: 100_000))
        let error: JSONValue = ["code": 99_999_999_999, "title": long, "message": long, "error_data": ["details": long]]
        let raw: JSONValue = ["id": "wamid.f", "status": "failed", "errors": .array(Array(repeating: error, count: 50))]
        let errors = try #require(MessageStatus(raw, number: "1", receivedAt: Timestamp(milliseconds: 5))?.errors)
        #expect(errors.count == 10 && errors.allSatisfy { $0.code == nil && $0.details?.unicodeScalars.count == 2048 })
    }
}
