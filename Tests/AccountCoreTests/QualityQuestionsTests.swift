import AccountContract
import Coordination
import GraphAPI
import HTTPClient
import HTTPTypes
import Hummingbird
import NIOCore
import Support
import Testing
import Vocabulary

@testable import AccountCore
@testable import AccountNumbers

/// Many numbers are asked about at once, and no slow answer holds up the others.
@Suite struct QualityQuestionsTests {
    /// Meta's answers, each of which waits until its number may have it.
    private struct Gate: Sendable {
        let open = MutexBox<Set<String>>([])
        let waiting = MutexBox<Set<String>>([])
        let answered = MutexBox<Set<String>>([])
        let most = MutexBox(0)

        func serve(_ body: (_ address: String) async throws -> Void) async throws {
            let router = Router(context: BasicRequestContext.self)
            router.get("**") { request, _ in
                let number = request.uri.path.split(separator: "/").last.map(String.init) ?? ""
                let count = waiting.update {
                    $0.insert(number)
                    return $0.count
                }
                most.update { $0 = max($0, count) }
                while !open.value.contains(number) { try await Task.sleep(for: .milliseconds(5)) }  // until it may have its answer
                waiting.update { _ = $0.remove(number) }
                answered.update { _ = $0.insert(number) }
                return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "{}")))
            }
            try await LoopbackServer.run(router, body)
        }
    }

    /// Whatever the clock did, each number is asked about after one interval at the latest.
    @Test func aClockThatIsSetBackPutsNoQuestionOff() async throws {
        let desk = try await OutboxDesk()
        let watch = QualityWatch(
            store: desk.store, numbers: desk.numbers, graph: desk.graph, poll: .minutes(5), ramp: .minutes(10), logger: desk.quiet)
        let number = try desk.numbers.found("1")
        desk.numbers.questions.with { $0.removeAll() }
        let start = desk.now.value
        var asked: [PhoneNumberID: Timestamp] = [:]
        #expect(!watch.isDue(number, &asked, start))
        #expect(watch.isDue(number, &asked, start + .minutes(5)))
        #expect(!watch.isDue(number, &asked, start - .hours(9)))
        #expect(watch.isDue(number, &asked, start - .hours(9) + .minutes(5)))
        try desk.end()
    }

    @Test func sixteenAreAskedTogetherAndASilentOneStopsNobody() async throws {
        let gate = Gate()
        try await gate.serve { address in
            let desk = try await OutboxDesk()
            for n in 2...32 {
                let number = AddAccount.Params(
                    phoneNumberID: PhoneNumberID("\(n)"), wabaID: "2", displayPhoneNumber: "+9180471810\(n < 10 ? "0" : "")\(n)",
                    displayName: "N\(n)")
                _ = try await desk.numbers.add(number, workspace: "w")
            }
            let names = Set((1...32).map { "\($0)" })
            let graph = GraphClient(http: HTTPClient(connectionsPerHost: 64), host: address, version: "v24.0") { "token" }
            let watch = QualityWatch(
                store: desk.store, numbers: desk.numbers, graph: graph, poll: .minutes(5), ramp: .minutes(10), logger: desk.quiet)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await watch.run() }
                try await eventually("sixteen are under way together") { gate.waiting.value.count == 16 }
                // One of them is never answered for.
                let silent = try #require(gate.waiting.value.first)
                gate.open.set(names.subtracting([silent]))
                try await eventually("all others are answered") { gate.answered.value == names.subtracting([silent]) }
                #expect(gate.waiting.value == [silent] && gate.most.value == 16)
                gate.open.set(names)
                try await eventually("the last one is answered") { gate.answered.value == names }
                tasks.cancelAll()
            }
            try desk.end()
        }
    }
}
