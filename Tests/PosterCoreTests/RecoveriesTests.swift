import GRDB
import GatewayContract
import PosterContract
import RPCContract
import RPCTransport
import Storage
import Support
import Testing
import Vocabulary

@testable import PosterCore

/// What an endpoint has not got is found and posted.
@Suite(.timeLimit(.minutes(1))) struct RecoveriesTests {
    @Test func whatWasMissedIsPostedOnce() async throws {
        try await PosterDesk.run { desk in
            let recoveries = desk.recoveries()
            // One before, one delivered, one given up, and one that passed it by.
            desk.happened.add("message.sent", subject: "old", at: PosterDesk.start - 1)
            desk.happened.add("message.sent", subject: "missed")
            let id = try await desk.endpoint()
            for subject in ["delivered", "failed"] { desk.happened.add("message.sent", subject: subject) }
            try await desk.read()
            try await desk.settle(id, status: 200)
            try await desk.settle(id, status: 500, error: "500")
            let job = try await recoveries.begin(.init(id: id, since: PosterDesk.start), workspace: "w")
            #expect(try await recoveries.begin(.init(id: id, since: PosterDesk.start), workspace: "w").job == job.job)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await recoveries.run() }
                try await eventually("the end") {
                    try await recoveries.get(.init(id: id, job: job.job), workspace: "w").state == .finished
                }
                group.cancelAll()
            }
            let ended = try await recoveries.get(.init(id: id, job: job.job), workspace: "w")
            #expect(ended.read == 3 && ended.recovered == 2 && !ended.isCut && ended.endedAt != nil)
            #expect(Set(try await desk.list(id, .pending).map(\.subject)) == ["missed", "failed"])
            #expect(try await desk.list(id, .delivered).map(\.subject) == ["delivered"])
            #expect(try await desk.jobs(id).count == 2)
            for (endpoint, workspace) in [(id, "x"), ("nobody", "w")] {
                let fault = await #expect(throws: Fault.self) {
                    _ = try await recoveries.begin(.init(id: endpoint, since: .zero), workspace: workspace)
                }
                #expect(fault?.code == .endpointUnknown)
            }
            let unknown = await #expect(throws: Fault.self) { _ = try await recoveries.get(.init(id: id, job: "j"), workspace: "w") }
            #expect(unknown?.code == .recoveryUnknown)
        }
    }

    /// It leaves room for what happens meanwhile, and ends with the endpoint.
    @Test func anEndpointIsNotDisabledByIt() async throws {
        try await PosterDesk.run { desk in
            for _ in 0..<60 { desk.happened.add("message.sent") }
            let id = try await desk.endpoint()
            let recoveries = desk.recoveries(waiting: 40)
            let job = try await recoveries.begin(.init(id: id, since: PosterDesk.start), workspace: "w")
            func advance() async throws -> Bool {
                let one = try #require(try await recoveries.running().first)
                return try await recoveries.advance(one)
            }
            while try await advance() {}
            let waiting = try await desk.get(id).waiting
            #expect(waiting > 20 && waiting <= 30, "no more than three quarters of what may wait")
            #expect(try await recoveries.running().count == 1, "it waits")
            for _ in 0..<20 { try await desk.settle(id, status: 200) }
            #expect(try await advance())
            #expect(try await desk.get(id).state == .enabled)
            try await desk.settle(id, status: 410, error: "gone")
            _ = try await advance()
            let ended = try await recoveries.get(.init(id: id, job: job.job), workspace: "w")
            #expect(ended.state == .stopped && ended.endedAt != nil)
        }
    }

    @Test func whatIsKeptNoMoreIsTold() async throws {
        try await PosterDesk.run { desk in
            for n in 0..<4 { desk.happened.add("message.sent", subject: "\(n)", at: PosterDesk.start + .minutes(n)) }
            desk.happened.first.set(2)
            let id = try await desk.endpoint()
            func recover(since: Timestamp, _ recoveries: Recoveries) async throws -> Recovery {
                let job = try await recoveries.begin(.init(id: id, since: since), workspace: "w")
                for one in try await recoveries.running() { try await recoveries.advance(one) }
                return try await recoveries.get(.init(id: id, job: job.job), workspace: "w")
            }
            let cut = try await recover(since: PosterDesk.start + .minutes(1), desk.recoveries())
            #expect(cut.isCut && cut.state == .finished)
            #expect(try await !recover(since: PosterDesk.start + .minutes(2), desk.recoveries()).isCut)
            // Of what is older than its deliveries are, nobody knows whether the endpoint has had it.
            desk.now.update { $0 = PosterDesk.start + .hours(1) + .minutes(3) }
            try await desk.deliveries.prune(before: desk.now.value)
            let short = try await recover(since: PosterDesk.start + .minutes(2), desk.recoveries(retention: .hours(1)))
            #expect(short.isCut && short.since == PosterDesk.start + .minutes(3))
            #expect(try await desk.list(id).map(\.subject) == ["3"])
        }
    }

    /// One that cannot be read holds up no other.
    @Test func oneThatCannotGoOnHoldsUpNoOther() async throws {
        try await PosterDesk.run { desk in
            desk.happened.add("message.sent")
            let (bad, good) = (try await desk.endpoint(), try await desk.endpoint("https://shop.example/b"))
            let recoveries = desk.recoveries()
            let first = try await recoveries.begin(.init(id: bad, since: PosterDesk.start), workspace: "w")
            let second = try await recoveries.begin(.init(id: good, since: PosterDesk.start), workspace: "w")
            try await desk.store.write { db in
                try db.execute(sql: "UPDATE recovery SET cursor = 'bad' WHERE job = ?", arguments: [first.job])
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await recoveries.run() }
                try await eventually("the end of the other") {
                    try await recoveries.get(.init(id: good, job: second.job), workspace: "w").state == .finished
                }
                group.cancelAll()
            }
            #expect(try await recoveries.running().map(\.job) == [first.job])
        }
    }
}
