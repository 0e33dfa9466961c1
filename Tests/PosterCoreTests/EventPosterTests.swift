import Foundation
import GRDB
import HTTPClient
import HTTPTypes
import Hummingbird
import JobQueue
import NIOCore
import PosterContract
import RPCContract
import ServiceLifecycle
import Storage
import Support
import Testing
import Vocabulary

@testable import PosterCore

/// One request and what follows from its answer, against a real server.
@Suite(.timeLimit(.minutes(1))) struct EventPosterTests {
    /// What a receiver got.
    struct Got: Sendable {
        var headers: HTTPFields
        var body: String
    }

    /// A receiver that takes what comes under /take, and answers otherwise under other paths.
    private func receiver(_ got: MutexBox<[Got]>, _ body: (String) async throws -> Void) async throws {
        let router = Router(context: BasicRequestContext.self)
        router.post("take") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            got.update { $0.append(Got(headers: request.headers, body: String(buffer: body))) }
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: "thanks")))
        }
        router.post("nul") { _, _ in Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: "\0tha\0nks"))) }
        router.post("moved") { _, _ in Response(status: .temporaryRedirect, headers: [.location: "/take"]) }
        router.post("busy") { _, _ in Response(status: .serviceUnavailable, headers: [.retryAfter: "90"]) }
        router.post("gone") { _, _ in Response(status: .gone) }
        router.post("endless") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    while !Task.isCancelled { try await writer.write(ByteBuffer(string: String(repeating: "x", count: 4096))) }
                })
        }
        router.post("silent") { _, _ -> Response in
            try await gracefulShutdown()
            return Response(status: .ok)
        }
        try await LoopbackServer.run(router, body)
    }

    private func post(_ desk: PosterDesk, _ url: String, timeout: Milliseconds = .seconds(5)) async throws -> (EventPoster.Posted, String) {
        let id = try await desk.endpoint(url, headers: ["X-Shop": "berlin"])
        desk.happened.add("order.created", subject: "o", data: ["total": 5])
        try await desk.read()
        let job = try await desk.due(id)
        let posted = await desk.poster(timeout: timeout).post(job, to: id, isCareful: false)
        try await desk.store.write { db in
            switch posted.outcome {
            case .done(let also), .retry(_, _, let also), .dead(_, let also): try also(db)
            }
        }
        return (posted, id)
    }

    /// A place that is missing here says nothing of the receiver.
    @Test func whatIsNotSentForWantOfAPlaceIsNoAttempt() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint("http://127.0.0.1:9/")
            desk.happened.add("order.created")
            try await desk.read()
            let job = try await desk.due(id)
            let poster = desk.poster(client: HTTPClient(connectionsPerHost: 1, connections: 1, limit: 0))
            let posted = await poster.post(job, to: id, isCareful: false)
            #expect(posted.result == nil)
            guard case .retry(_, let pause?, let also) = posted.outcome else {
                Issue.record("it is not tried again")
                return
            }
            #expect(pause == .seconds(1))
            try await desk.store.write { db in try also(db) }
            #expect(try await desk.list(id).first?.attempts == 0)
            #expect(try await desk.get(id).failingSince == nil)
        }
    }

    /// SQLite reads a text up to its first NUL.
    @Test func anAnswerWithNULsIsKept() async throws {
        try await receiver(MutexBox([])) { address in
            try await PosterDesk.run { desk in
                let (_, id) = try await post(desk, "\(address)/nul")
                #expect(try await last(desk, id).answer == "thanks")
            }
        }
    }

    private func last(_ desk: PosterDesk, _ id: String) async throws -> DeliveryAttempt {
        let event = try #require(try await desk.list(id).first).event
        return try #require(try await desk.deliveries.get(.init(id: id, event: event), workspace: "w").attempts.last)
    }

    /// What a receiver checks with its secret alone.
    @Test func whatIsPostedIsSigned() async throws {
        let got = MutexBox<[Got]>([])
        try await receiver(got) { address in
            try await PosterDesk.run { desk in
                let (posted, id) = try await post(desk, "\(address)/take")
                #expect(posted.result == true)
                let request = try #require(got.value.first)
                func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { request.headers[$0] } }
                let secret = try #require(desk.directory.endpoint(id)?.signings.first?.secret)
                let event = try #require(header("webhook-id"))
                #expect(event == "evt_1790000000000_account-router_1" && header("webhook-timestamp") == "1790000000")
                let signature = secret.signature(of: Data(request.body.utf8), id: event, at: desk.now.value)
                #expect(header("webhook-signature") == signature && header("x-shop") == "berlin")
                #expect(request.headers[.contentType] == "application/json")
                let body = try JSON.decode(JSONValue.self, from: request.body)
                #expect(body["type"] == "order.created" && body["data"] == ["total": 5] && body["version"] == 1)
                let attempt = try await last(desk, id)
                #expect(attempt.status == 200 && attempt.error == nil && attempt.answer == "thanks" && attempt.number == 1)
                #expect(try await desk.list(id).first?.state == .delivered)
            }
        }
    }

    @Test(arguments: [
        ("moved", 307, "redirects are not followed"), ("busy", 503, "answered 503"), ("nothing", 404, "answered 404"),
        ("silent", nil, "imeout"),
    ])
    func whatIsNotTakenIsTriedAgain(path: String, status: Int?, words: String) async throws {
        let got = MutexBox<[Got]>([])
        try await receiver(got) { address in
            try await PosterDesk.run { desk in
                let (posted, id) = try await post(desk, "\(address)/\(path)", timeout: .seconds(1))
                #expect(posted.result == false)
                guard case .retry(_, let pause?, _) = posted.outcome else {
                    Issue.record("\(path) is not tried again")
                    return
                }
                #expect(path == "busy" ? pause == .seconds(90) : (.seconds(4)...(.seconds(6))).contains(pause), "\(pause)")
                let attempt = try await last(desk, id)
                #expect(attempt.status == status && attempt.error?.contains(words) == true, "\(attempt)")
                #expect(try await desk.list(id).first?.state == .pending)
                #expect(try await desk.get(id).failingSince == desk.now.value)
            }
        }
        #expect(got.value.isEmpty, "nobody was led elsewhere")
    }

    @Test func anEndpointThatIsGoneIsDisabled() async throws {
        try await receiver(MutexBox([])) { address in
            try await PosterDesk.run { desk in
                let (_, id) = try await post(desk, "\(address)/gone")
                #expect(try await desk.get(id).state == .disabled)
            }
        }
    }

    /// Its status counts, and no more is read of it than so much.
    @Test func anAnswerWithoutAnEndIsCut() async throws {
        try await receiver(MutexBox([])) { address in
            try await PosterDesk.run { desk in
                let (posted, id) = try await post(desk, "\(address)/endless")
                #expect(posted.result == true)
                #expect(try await last(desk, id).answer == String(repeating: "x", count: 1024))
            }
        }
    }

    /// It may have been made when more was allowed.
    @Test func whatMayNotBePostedToIsNotConnectedTo() async throws {
        let got = MutexBox<[Got]>([])
        try await receiver(got) { address in
            try await PosterDesk.run { desk in
                let id = try await desk.endpoint("\(address)/take")
                desk.happened.add("order.created")
                try await desk.read()
                let job = try await desk.due(id)
                var poster = desk.poster()
                poster = EventPoster(
                    directory: desk.directory, deliveries: desk.deliveries, urls: EndpointURL(allowsPrivate: false), usual: poster.usual,
                    careful: poster.careful, clock: desk.clock, chance: desk.chance, logger: desk.quiet, timeout: .seconds(5),
                    disableAfter: .days(5))
                let posted = await poster.post(job, to: id, isCareful: true)
                #expect(posted.result == false)
                guard case .retry(let error, _, _) = posted.outcome else {
                    Issue.record("it is not tried again")
                    return
                }
                #expect(error.contains("no TLS"), "\(error)")
            }
        }
        #expect(got.value.isEmpty)
    }
}
