import GatewayContract
import PosterContract
import RPCContract
import RPCTransport
import Support
import Testing
import Vocabulary

@testable import PosterCore

/// What an endpoint has not got is found and posted.
@Suite(.timeLimit(.minutes(1))) struct RecoveriesTests {
    @Test func whatWasMissedIsPostedOnce() async throws {
        try await PosterDesk.run { desk in
            let recoveries = Recoveries(
                store: desk.store, deliveries: desk.deliveries, events: RPCClient(GatewayContract.self, in: desk.network, name: "t"),
                logger: desk.quiet)
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
}
