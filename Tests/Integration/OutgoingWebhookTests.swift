import AccountContract
import Crypto
import Foundation
import GatewayContract
import HTTPTypes
import Hummingbird
import NIOCore
import PosterContract
import RPCContract
import RPCTransport
import Supervision
import Support
import Testing
import Vocabulary

/// Events that are posted to a program, as it gets them.
@Suite(.timeLimit(.minutes(3))) struct OutgoingWebhookTests {
    private static let settings = ["poster": ["endpoints.allowPrivate=true"]]
    private static let template = SendMessage.Template(name: "greeting_news", variables: ["name": "Asha"])

    /// What a program has got.
    private struct Got: Sendable {
        var event: String
        var subject: String
        var type: String
        var isSigned: Bool
    }

    /// A program that checks signatures as Standard Webhooks has it, with nothing of ours but the secret.
    private final class Program: Sendable {
        let got = MutexBox<[Got]>([])
        let secrets = MutexBox<[String]>([])
        var unsigned: Int { got.value.count { !$0.isSigned } }
        /// What it answers.
        let status = MutexBox(HTTPResponse.Status.ok)

        var router: Router<BasicRequestContext> {
            let router = Router(context: BasicRequestContext.self)
            router.post("hook") { [self] request, _ in
                let body = String(buffer: try await request.body.collect(upTo: 1 << 20))
                func header(_ name: String) -> String { HTTPField.Name(name).flatMap { request.headers[$0] } ?? "" }
                let text = "\(header("webhook-id")).\(header("webhook-timestamp")).\(body)"
                let signatures = secrets.value.map { secret in
                    let key = SymmetricKey(data: Data(base64Encoded: String(secret.dropFirst(6))) ?? Data())
                    return "v1,\(Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)).base64EncodedString())"
                }
                let isSigned = header("webhook-signature").split(separator: " ").contains { signatures.contains(String($0)) }
                let value = try JSON.decode(JSONValue.self, from: body)
                let one = Got(
                    event: header("webhook-id"), subject: value["subject"]?.string ?? "", type: value["type"]?.string ?? "",
                    isSigned: isSigned)
                let status = status.value
                if status == .ok { got.update { $0.append(one) } }
                return Response(status: status)
            }
            return router
        }
    }

    private static func send(_ linda: LindaFixture, _ keys: ClosedRange<Int>) async throws {
        for n in keys {
            _ = try await linda.send(.init(to: "+91 98765 \(43_000 + n)", template: template, requestKey: "k\(n)"))
        }
    }

    /// The names of all events of messages, in the order in which account-router had them.
    private static func happened(_ linda: LindaFixture) async throws -> [String] {
        let client = linda.client(GatewayContract.self)
        var (params, names) = (ListEvents.Params(limit: 500), [String]())
        while true {
            let page = try await client.call(ListEvents.self, params, meta: CallMeta(workspace: "default"))
            names += page.items.filter { $0.type.hasPrefix("message.") }.map {
                "evt_\($0.at.milliseconds)_\($0.process.rawValue)_\($0.number)"
            }
            guard page.items.count == 500 else { break }
            params.cursor = page.next
        }
        await client.close()
        return names
    }

    /// Through deaths of poster and of the gateway: each event, signed, and what is about one message in its order.
    @Test func nothingIsMissedWhoeverDies() async throws {
        let program = Program()
        try await LoopbackServer.run(program.router) { address in
            try await LindaFixture.run(settings: Self.settings, expectsCrashes: true) { linda in
                try await linda.addNumbers()
                try await linda.addTemplate()
                let new = try await linda.call(PosterContract.self, CreateEndpoint.self, .init(url: "\(address)/hook", isOrdered: true))
                program.secrets.set([new.secret])
                let before = Set(try await Self.happened(linda))
                for (round, victim) in ["poster", "gateway", "poster"].enumerated() {
                    try await Self.send(linda, (round * 10 + 1)...(round * 10 + 10))
                    linda.stack.child(victim)?.signal(SIGKILL)
                }
                try await eventually(within: .seconds(60), "everything that has happened is posted") {
                    let wanted = try await Self.happened(linda).filter { !before.contains($0) }
                    let got = Set(program.got.value.map(\.event))
                    return wanted.count >= 60 && wanted.allSatisfy(got.contains)
                }
                let got = program.got.value
                #expect(got.count { !$0.isSigned } == 0)
                let order = Dictionary(try await Self.happened(linda).enumerated().map { ($1, $0) }) { first, _ in first }
                for (subject, own) in Dictionary(grouping: got.filter { $0.type.hasPrefix("message.") }, by: \.subject) {
                    // What was under way at a death comes once more; the first of each counts.
                    var seen: Set<String> = []
                    let places = own.filter { seen.insert($0.event).inserted }.compactMap { order[$0.event] }
                    #expect(places == places.sorted(), "\(subject)")
                }
                let endpoint = try await linda.call(PosterContract.self, GetEndpoint.self, .init(id: new.endpoint.id))
                #expect(endpoint.state == .enabled)
            }
        }
    }

    /// From its first answer to its recovery, by the methods alone.
    @Test func anEndpointIsLookedAfter() async throws {
        let program = Program()
        try await LoopbackServer.run(program.router) { address in
            try await LindaFixture.run(settings: Self.settings) { linda in
                try await linda.addNumbers()
                try await linda.addTemplate()
                let types = ["message.queued"]
                let new = try await linda.call(PosterContract.self, CreateEndpoint.self, .init(url: "\(address)/hook", types: types))
                let (id, since) = (new.endpoint.id, WallClock.system.now - .minutes(1))
                program.secrets.set([new.secret])
                let test = try await linda.call(PosterContract.self, TestEndpoint.self, .init(id: id))
                try await eventually("the test") { program.got.value.map(\.event) == [test.event] }
                // It rotates: both secrets sign for a while.
                let rotated = try await linda.call(PosterContract.self, RotateEndpointSecret.self, .init(id: id))
                try await Self.send(linda, 1...1)
                try await eventually("the event") { program.got.value.count == 2 }
                #expect(program.unsigned == 0, "by the former secret, which the program still has")
                program.secrets.set([rotated.secret])
                _ = try await linda.call(PosterContract.self, PauseEndpoint.self, .init(id: id))
                try await Self.send(linda, 2...2)
                try await eventually("it waits") {
                    try await linda.call(PosterContract.self, GetEndpoint.self, .init(id: id)).waiting == 1
                }
                #expect(try await linda.call(PosterContract.self, ResumeEndpoint.self, .init(id: id)).state == .enabled)
                try await eventually("what has waited") { program.got.value.count == 3 }
                // Gone, it is disabled at once; what happens meanwhile is recovered.
                program.status.set(.gone)
                try await Self.send(linda, 3...3)
                try await eventually("it is disabled") {
                    try await linda.call(PosterContract.self, GetEndpoint.self, .init(id: id)).state == .disabled
                }
                try await Self.send(linda, 4...4)
                try await eventually("it passes by") { try await Self.happened(linda).count >= 4 }
                program.status.set(.ok)
                _ = try await linda.call(PosterContract.self, ResumeEndpoint.self, .init(id: id))
                let job = try await linda.call(PosterContract.self, RecoverDeliveries.self, .init(id: id, since: since))
                try await eventually("the recovery") {
                    try await linda.call(PosterContract.self, GetRecovery.self, .init(id: id, job: job.job)).state == .finished
                }
                try await eventually("all of them") { Set(program.got.value.map(\.event)).count == 5 }
                #expect(program.unsigned == 0)
                let first = try #require(program.got.value.dropFirst().first).event
                let told = try await linda.call(PosterContract.self, GetDelivery.self, .init(id: id, event: first))
                #expect(told.delivery.state == .delivered && told.attempts.map(\.status) == [200])
                _ = try await linda.call(PosterContract.self, ResendDelivery.self, .init(id: id, event: first))
                try await eventually("once more") { program.got.value.count { $0.event == first } == 2 }
                #expect(try await linda.call(PosterContract.self, ListDeliveries.self, .init(id: id)).items.count == 5)
                try await Self.isTold(linda, id)
                _ = try await linda.call(PosterContract.self, DeleteEndpoint.self, .init(id: id))
                #expect(try await linda.call(PosterContract.self, ListEndpoints.self, Nothing()).items.isEmpty)
            }
        }
    }

    /// What poster itself does is among the events of all processes.
    private static func isTold(_ linda: LindaFixture, _ id: String) async throws {
        let types = ["webhook.created", "webhook.rotated", "webhook.paused", "webhook.resumed", "webhook.disabled"]
        let told = try await linda.call(GatewayContract.self, ListEvents.self, .init(types: types)).items
        #expect(told.filter { $0.subject == id }.map(\.type).sorted() == (types + ["webhook.resumed"]).sorted())
        #expect(Set(told.map(\.process)) == [.poster])
    }
}
