import Coordination
import Foundation
import GatewayContract
import HTTPTypes
import Hummingbird
import NIOCore
import PosterContract
import RPCContract
import RPCTransport
import ServiceLifecycle
import Storage
import Supervision
import Support
import Testing
import Vocabulary

@testable import PosterCore

/// All endpoints beside each other, on real sockets.
@Suite(.timeLimit(.minutes(2))) struct EndpointSendersTests {
    private func senders(_ desk: PosterDesk, timeout: Milliseconds = .seconds(15)) -> EndpointSenders {
        EndpointSenders(
            directory: desk.directory, runners: desk.runners, poster: desk.poster(timeout: timeout), commits: desk.store.commits,
            clock: .system, chance: desk.chance, logger: desk.quiet, concurrency: 32)
    }

    /// A receiver that counts, and hands each event's subject on.
    private func receiver(_ got: MutexBox<[String]>, _ body: (String) async throws -> Void) async throws {
        let router = Router(context: BasicRequestContext.self)
        router.post("take") { request, _ in
            let text = String(buffer: try await request.body.collect(upTo: 1 << 20))
            let subject = try JSON.decode(JSONValue.self, from: text)["subject"]?.string ?? ""
            got.update { $0.append(subject) }
            return Response(status: .ok)
        }
        try await LoopbackServer.run(router, body)
    }

    /// Endpoints that take connections and never answer have a request each, and nobody waits for them.
    @Test func deadEndpointsHoldUpNobody() async throws {
        let got = MutexBox<[String]>([])
        let silent = try Listener.tcp(port: 0)
        defer { close(silent.descriptor) }
        try await receiver(got) { address in
            try await PosterDesk.run { desk in
                desk.now.set(WallClock.system.now)
                for n in 0..<60 { _ = try await desk.endpoint("http://127.0.0.1:\(silent.port)/\(n)") }
                let alive = try await desk.endpoint("\(address)/take")
                for n in 0..<300 { desk.happened.add("message.sent", subject: "\(n)") }
                try await desk.read()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let senders = senders(desk)
                    group.addTask { try await senders.run() }
                    // Long before the first of the dead has had its time.
                    try await eventually(within: .seconds(12), "all are delivered") { try await desk.get(alive).waiting == 0 }
                    group.cancelAll()
                }
                #expect(Set(got.value).count == 300)
            }
        }
    }

    @Test func anOrderedEndpointGetsThemInOrder() async throws {
        let got = MutexBox<[String]>([])
        try await receiver(got) { address in
            try await PosterDesk.run { desk in
                desk.now.set(WallClock.system.now)
                let id = try await desk.endpoint("\(address)/take", isOrdered: true)
                for n in 0..<200 { desk.happened.add("message.sent", subject: "\(n)", data: ["contact": .string("c\(n % 5)")]) }
                try await desk.read()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let senders = senders(desk)
                    group.addTask { try await senders.run() }
                    try await eventually("all are delivered") { try await desk.get(id).waiting == 0 }
                    group.cancelAll()
                }
                let numbers = got.value.compactMap(Int.init)
                #expect(numbers.count == 200)
                for lane in 0..<5 {
                    let own = numbers.filter { $0 % 5 == lane }
                    #expect(own == own.sorted(), "lane \(lane)")
                }
            }
        }
    }

    /// Paused it gets nothing, resumed all that has waited, and what comes for a new endpoint begins at once.
    @Test func endpointsComeAndGoWhileItRuns() async throws {
        let got = MutexBox<[String]>([])
        try await receiver(got) { address in
            try await PosterDesk.run { desk in
                desk.now.set(WallClock.system.now)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let senders = senders(desk)
                    group.addTask { try await senders.run() }
                    let id = try await desk.endpoint("\(address)/take")
                    desk.happened.add("message.sent", subject: "1")
                    try await desk.read()
                    try await eventually("the first") { got.value == ["1"] }
                    _ = try await desk.endpoints.pause(id, workspace: "w")
                    desk.happened.add("message.sent", subject: "2")
                    try await desk.read()
                    #expect(try await desk.get(id).waiting == 1)
                    _ = try await desk.endpoints.resume(id, workspace: "w")
                    try await eventually("what has waited") { got.value == ["1", "2"] }
                    try await eventually("its sender is there") { desk.runners.has(id) }
                    try await desk.endpoints.delete(id, workspace: "w")
                    try await eventually("its sender has ended") { !desk.runners.has(id) }
                    group.cancelAll()
                }
            }
        }
    }

    /// The reader of events ends as it began: with a place from which the next goes on.
    @Test func whatHappensIsReadAndPosted() async throws {
        let got = MutexBox<[String]>([])
        try await receiver(got) { address in
            try await PosterDesk.run { desk in
                desk.now.set(WallClock.system.now)
                let readers = EventReaders(
                    directory: desk.directory, deliveries: desk.deliveries,
                    events: RPCClient(GatewayContract.self, in: desk.network, name: "t"), clock: .system, logger: desk.quiet, waiting: 1000)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let senders = senders(desk)
                    group.addTask { try await senders.run() }
                    group.addTask { try await readers.run() }
                    _ = try await desk.endpoint("\(address)/take")
                    for n in 0..<50 { desk.happened.add("message.sent", subject: "\(n)") }
                    try await eventually("all are posted") { Set(got.value).count == 50 }
                    group.cancelAll()
                }
                #expect(got.value.count == 50)
            }
        }
    }
}
