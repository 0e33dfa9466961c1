import Foundation
import GRDB
import GatewayContract
import HTTPTypes
import Hummingbird
import NIOCore
import RPCContract
import ServiceKit
import Storage
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// What the gateway takes and gives over HTTP, piece by piece.
@Suite struct BodyRoomTests {
    @Test func bodiesHaveOnlySoMuchRoomTogether() throws {
        let room = BodyRoom(bytes: 100)
        #expect(try room.take(60, atMost: 80) == 60)
        let fault = #expect(throws: Fault.self) { try room.take(41, atMost: 80) }
        #expect(fault?.code == .overloaded && fault?.retry == .after(.seconds(1)))
        #expect(try room.take(40, atMost: 80) == 40)
        room.giveBack(100)
        #expect(try room.take(-1, atMost: 80) == 80, "what says nothing true of its length gets the most")
        #expect(throws: Fault.self) { try room.take(1_000_000, atMost: 80) }
        #expect(try room.take(0, atMost: 80) == 0)
    }

    private static let start = Timestamp(milliseconds: 1_790_000_000_000)

    /// Whoever asks at a time is told of one reading.
    @Test func theStateIsReadOnceForAll() async {
        let (snapshot, count) = (StatusSnapshot(clock: WallClock { Self.start }), MutexBox(0))
        let texts = await withTaskGroup(of: String.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    await snapshot.text {
                        let read = count.update { count in
                            count += 1
                            return count
                        }
                        return "\(read)"
                    }
                }
            }
            return await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(texts == ["1"] && count.value == 1)
    }

    /// How old it may be goes by the process's clock; one that is set back shows nobody what was long ago.
    @Test func theStateIsReadAnewOnceItIsOld() async {
        let (now, count) = (MutexBox(Self.start), MutexBox(0))
        let snapshot = StatusSnapshot(clock: WallClock { now.value })
        for (step, read) in [(0, 1), (1499, 1), (1, 2), (0, 2), (-1, 3)] as [(Milliseconds, Int)] {
            now.update { $0 = $0 + step }
            let text = await snapshot.text { "\(count.update { $0 += 1; return $0 })" }
            #expect(text == "\(read)", "\(step)")
        }
    }

    @Test func aStoredBodyIsTakenApartOrSaysWhyNot() throws {
        func stored(_ body: String) -> StoredPayload {
            StoredPayload(Row(["id": 7, "receivedAt": Timestamp(milliseconds: 5), "body": Data(body.utf8)]))
        }
        let good = stored(#"{"object":"x","entry":[{"id":"1","changes":[{"field":"never_heard_of","value":{"x":1}}]}]}"#)
        #expect(good.id == 7 && good.receivedAt == Timestamp(milliseconds: 5))
        #expect(try good.parts.get().parts.map(\.kind) == ["never_heard_of"])
        guard case .failure(let problem) = stored("this is not JSON").parts else {
            Issue.record("taken apart")
            return
        }
        #expect(problem.reason == "not_json")
    }

    @Test func anEventIsOneFrame() {
        let event = LiveEvent(
            cursor: "4.7.42.11.3", process: .accountRouter, number: 42, at: Timestamp(milliseconds: 5), type: "message.sent",
            workspace: "w", subject: "a\nb\n\nid: 9", data: ["n": 1])
        let lines = EventFrame.text(event).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.count == 5 && lines[0] == "id: \(event.cursor.text)" && lines[1] == "event: message.sent" && lines[2].hasPrefix("data: {")
        )
        #expect(lines[3].isEmpty && lines[4].isEmpty, "what a subject holds ends no frame")
        #expect(EventFrame.heartbeat(.beginning).contains("-0.0.0.0.0.0\n"))
        for frame in [EventFrame.opening, EventFrame.cut, EventFrame.end("over", at: .beginning), EventFrame.heartbeat(.beginning)] {
            #expect(frame.hasSuffix("\n\n"), "\(frame)")
        }
    }

    private func challenge(_ query: String) -> HTTPResponse.Status {
        let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/webhooks/whatsapp?\(query)")
        let route = WebhookChallenge(path: "/webhooks/whatsapp", verifyTokens: [Secret("old"), Secret("new")])
        return route.answer(Request(head: head, body: RequestBody(buffer: ByteBuffer()))).status
    }

    @Test func theChallengeIsForWhoeverHasTheToken() {
        for token in ["old", "new"] {
            #expect(challenge("hub.mode=subscribe&hub.challenge=1&hub.verify_token=\(token)") == .ok)
        }
        for query in [
            "", "hub.mode=subscribe&hub.challenge=1", "hub.mode=subscribe&hub.challenge=1&hub.verify_token=",
            "hub.mode=subscribe&hub.challenge=1&hub.verify_token=News", "hub.mode=subscribe&hub.verify_token=new",
            "hub.mode=other&hub.challenge=1&hub.verify_token=new", "hub.challenge=1&hub.verify_token=new",
        ] { #expect(challenge(query) == .forbidden, "\(query)") }
    }

    /// Whoever has no key is shown a door, and nothing runs or is loaded there.
    @Test func theDoorOfTheStatusPageShowsNothing() {
        for page in [true, false].flatMap({ isFirst in ["", "It was wrong."].map { StatusPage.door(isFirst: isFirst, trouble: $0) } }) {
            #expect(page.contains(#"type="password""#) && !page.contains("<script") && !page.contains("http"))
        }
        #expect(StatusPage.policy.hasPrefix("default-src 'none'") && StatusPage.html.contains("<script>"))
    }

    @Test func theDocumentHasEveryRouteOnce() throws {
        let table = RouteTable([GatewayContract.self])
        let document = OpenAPIDocument(table, version: "1.2.3")
        let text = try document.text()
        #expect(try document.text() == text)
        let value = try JSON.decode(JSONValue.self, from: text)
        #expect(value["info"]?["version"] == "1.2.3")
        let schemes = value["components"]?["securitySchemes"]
        #expect(schemes?["cookie"]?["in"] == "cookie" && schemes?["cookie"]?["name"] == "linda_session")
        #expect(schemes?["cookieOverTLS"]?["name"] == "__Host-linda_session" && value["security"]?.array?.count == 3)
        for entry in table.entries {
            let operation = value["paths"]?[entry.route.path]?[entry.route.verb.rawValue.lowercased()]
            #expect(operation?["operationId"]?.string == entry.method.name, "\(entry.method.name)")
            let isForAnybody = entry.route.opensSession
            #expect(operation?["x-role"]?.string == (isForAnybody ? "anybody" : entry.route.least.rawValue))
            let parameters = operation?["parameters"]?.array ?? []
            #expect(parameters.contains { $0["name"] == "X-Requested-With" } == (entry.route.verb != .get), "\(entry.method.name)")
            let forbidden = operation?["responses"]?["403"]?["description"]?.string ?? ""
            #expect(forbidden.contains("request_foreign") && forbidden.contains("role_too_low") != isForAnybody, "\(entry.method.name)")
            #expect(operation?["security"]?.array == (isForAnybody ? [] : nil) && (operation?["x-self"] == true) == entry.route.isOfSelf)
        }
    }
}
