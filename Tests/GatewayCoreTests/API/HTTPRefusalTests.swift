import AccountContract
import Foundation
import GatewayContract
import HTTPTypes
import RPCContract
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// What whoever calls over HTTP is told, and what no process hears of.
@Suite(.timeLimit(.minutes(2))) struct HTTPRefusalTests {
    private let send = #"{"to":"+919876543210","text":{"body":"Hi"}}"#

    @Test func aFaultIsAProblemOfRFC9457() async throws {
        try await GatewayDesk.run { desk in
            let (api, key) = (desk.api(), try await desk.bearer(.owner))
            desk.faults.set(["broadcastList.get": Fault(.listUnknown, "There is no list x.", path: "id")])
            let answer = try await api.ask(.get, "/v1/lists/x", with: key)
            #expect(answer.status == 404 && answer["content-type"] == "application/problem+json")
            #expect(answer["cache-control"] == "no-store" && answer["x-content-type-options"] == "nosniff" && answer["retry-after"] == nil)
            let code = FaultCode.listUnknown
            #expect(
                answer.json.object?.filter { $0.key != "retry" } == [
                    "type": .string("urn:linda:fault:\(code.reason)"), "title": .string(code.meaning), "status": 404,
                    "detail": "There is no list x.", "code": .integer(Int64(code.number)), "reason": .string(code.reason), "path": "id",
                ], "\(answer.text)")
            desk.faults.set(["broadcastList.get": Fault(.overloaded, "later", retry: .after(.milliseconds(2001)))])
            let busy = try await api.ask(.get, "/v1/lists/x", with: key)
            #expect(busy.status == 429 && busy["retry-after"] == "3" && busy.json["retryAfterMs"] == 2001 && busy.json["retry"] == "after")
            desk.faults.set(["broadcastList.get": Fault(.noRoute, "foreign to the method")])
            #expect(try await api.ask(.get, "/v1/lists/x", with: key).status == 500, "what a method does not declare is a defect")
        }
    }

    @Test func aProcessThatNobodyKnowsIsUnavailable() async throws {
        try await GatewayDesk.run { desk in
            let answer = try await desk.api(peers: [:]).ask(.get, "/v1/messages", with: try await desk.bearer(.viewer))
            #expect(answer.status == 502 && answer.json["reason"] == "unavailable")
        }
    }

    @Test func theKeyOfARequestStandsInTheHeaderOrTheBody() async throws {
        try await GatewayDesk.run { desk in
            let (api, key) = (desk.api(), try await desk.bearer(.owner))
            let header = key.merging(["Idempotency-Key": "k1"]) { $1 }
            #expect(try await api.ask(.post, "/v1/messages", send, with: header).status == 200)
            #expect(desk.asked.value.last?.params["requestKey"] == "k1")
            let inBody = String(send.dropLast()) + #","requestKey":"k2"}"#
            #expect(try await api.ask(.post, "/v1/messages", inBody, with: key).status == 200)
            #expect(desk.asked.value.last?.params["requestKey"] == "k2")
            let count = desk.asked.value.count
            let both = try await api.ask(.post, "/v1/messages", inBody, with: header)
            #expect(both.status == 422 && both.json["path"] == "requestKey")
            for body in [send, ""] {
                let missing = try await api.ask(.post, "/v1/messages", body, with: key)
                #expect(missing.status == 422 && missing.json["path"] == "requestKey")
                #expect(missing.json["detail"]?.string?.contains("Idempotency-Key") == true)
            }
            let useless = try await api.ask(.post, "/v1/lists", #"{"name":"a"}"#, with: header)
            #expect(useless.status == 422 && useless.json["detail"]?.string?.contains("Idempotency-Key") == true)
            #expect(desk.asked.value.count == count)
        }
    }

    @Test func pagesAreAskedForInTheQuery() async throws {
        try await GatewayDesk.run { desk in
            let (api, key) = (desk.api(), try await desk.bearer(.viewer))
            let cursor = PageCursor<ListMessages>("01JD0000000000000000000000").text
            #expect(try await api.ask(.get, "/v1/messages?limit=2&cursor=\(cursor)&texts=true&to=%2B919876543210", with: key).status == 200)
            #expect(
                desk.asked.value.last?.params == ["limit": 2, "cursor": .string(cursor), "texts": true, "to": "+919876543210"])
            let count = desk.asked.value.count
            for query in [
                "cursor=\(cursor)x", "cursor=01JD0000000000000000000000", "cursor=", "limit=0", "limit=x", "limit=501", "limitt=5",
                "limit=1&limit=2",
                "limit.=1", "_meta.workspace=other", ".limit=1", "limit=1&limit.x=2", "texts=yes", "to=%FF",
            ] {
                let answer = try await api.ask(.get, "/v1/messages?\(query)", with: key)
                #expect(answer.status == 422 && answer.json["reason"] == "invalid_params", "\(query): \(answer.text)")
            }
            let other = PageCursor<ListInbox>("01JD0000000000000000000000").text
            #expect(try await api.ask(.get, "/v1/messages?cursor=\(other)", with: key).json["path"] == "cursor", "another list's")
            #expect(desk.asked.value.count == count)
        }
    }

    @Test func aBodyThatIsNoCallReachesNobody() async throws {
        try await GatewayDesk.run { desk in
            let (api, key) = (desk.api(), try await desk.bearer(.owner))
            func deep(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
            for body in ["[1]", "1", "{", "nothing", "{}x", #"{"name":\#(deep(64))}"#, #"{"name":\#(deep(5000))}"#] {
                let answer = try await api.ask(.post, "/v1/lists", body, with: key)
                #expect(answer.status == 400 && answer.json["reason"] == "parse_error", "\(body.prefix(40)): \(answer.text)")
            }
            for body in [
                #"{"name":"a","name":"b"}"#, #"{"name":"a","n\u0061me":"b"}"#, #"{"name":"a","_meta":{"workspace":"b"}}"#,
                #"{"name":\#(deep(63))}"#,
                #"{"name":""}"#, "{}", #"{"name":"a","nom":"b"}"#,
            ] {
                let answer = try await api.ask(.post, "/v1/lists", body, with: key)
                #expect(answer.status == 422 && answer.json["reason"] == "invalid_params", "\(body.prefix(40)): \(answer.text)")
            }
            let twice = try await api.ask(.put, "/v1/campaigns/a/budget", #"{"id":"b","budget":null}"#, with: key)
            #expect(twice.status == 422 && twice.json["path"] == "id", "it stands in the path already")
            #expect(desk.asked.value.isEmpty)
            let quoted = try await api.ask(.post, "/v1/lists", #"{"name":"[[\"{{"}"#, with: key)
            #expect(quoted.status == 200, "what stands in a text is no depth: \(quoted.text)")
        }
    }

    /// All have their room again once they are answered, whatever became of them.
    @Test func aBodyThatIsTooLargeIsRefusedAndTakesNoRoomForGood() async throws {
        try await GatewayDesk.run { desk in
            let (api, key) = (desk.api(), try await desk.bearer(.owner))
            let large = #"{"name":""# + String(repeating: "x", count: 8 << 20) + #""}"#
            for lies in [false, true, false, true, false, true, false, true] {
                let fields = lies ? key.merging(["Content-Length": "12"]) { $1 } : key
                let answer = try await api.ask(.post, "/v1/lists", large, with: fields)
                #expect(answer.status == 413 && answer.json["reason"] == "frame_too_large" && answer.json["path"] == "body")
            }
            #expect(desk.asked.value.isEmpty)
            #expect(try await api.ask(.post, "/v1/lists", #"{"name":"a"}"#, with: key).status == 200)
        }
    }

    @Test func aTraceGoesOnInsideAndNoneThatIsNone() async throws {
        try await GatewayDesk.run { desk in
            let (api, key) = (desk.api(), try await desk.bearer(.viewer))
            let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            for (given, seen) in [(trace, trace), (String(repeating: "0", count: 513), nil)] as [(String, String?)] {
                #expect(try await api.ask(.get, "/v1/messages", with: key.merging(["traceparent": given]) { $1 }).status == 200)
                #expect(desk.asked.value.last?.meta.traceparent == seen)
            }
        }
    }
}
