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

/// Deliveries are found by an index, in their order, however many there are.
@Suite(.timeLimit(.minutes(1))) struct PosterPlanTests {
    @Test func everythingIsFoundByAnIndex() async throws {
        let plans = StatementPlans(
            bounded: [
                "endpoint": "a hundred of a workspace, and of those it is asked by id or workspace",
                "endpointGone": "endpoints whose deliveries are being removed", "recoveryRunning": "one recovery of an endpoint at a time",
                "endpointSecret": "eight of an endpoint",
            ], exceptions: [])
        try await PosterDesk.run(onConnection: { plans.watch($0) }) { desk in
            let recoveries = desk.recoveries()
            let problems = try await plans.problems(of: desk.pool) {
                let id = try await desk.endpoint(isOrdered: true)
                _ = try await desk.endpoints.update(.init(id: id, rate: 5), workspace: "w")
                _ = try await desk.endpoints.list(workspace: "w")
                _ = try await desk.endpoints.rotate(.init(id: id), workspace: "w")
                for _ in 0..<3 { desk.happened.add("message.sent", subject: "a") }
                try await desk.read()
                for state in [nil, EventDelivery.State.pending, .delivered, .failed] { _ = try await desk.list(id, state) }
                try await desk.settle(id, status: 500, error: "500", again: .seconds(5))
                try await desk.settle(id, status: 200)
                let test = try await desk.deliveries.test(id, workspace: "w")
                _ = try await desk.deliveries.get(.init(id: id, event: test.event), workspace: "w")
                _ = try await desk.deliveries.resend(.init(id: id, event: test.event), workspace: "w")
                _ = try await desk.deliveries.posted(1)
                _ = try await desk.leased(id)
                let recovery = try await recoveries.begin(.init(id: id, since: PosterDesk.start), workspace: "w")
                for one in try await recoveries.running() { try await recoveries.advance(one) }
                _ = try await recoveries.get(.init(id: id, job: recovery.job), workspace: "w")
                try await desk.deliveries.pruneRecoveries(before: PosterDesk.start)
                try await desk.deliveries.prune(before: PosterDesk.start + 1)
                _ = try await desk.endpoints.pause(id, workspace: "w")
                _ = try await desk.endpoints.resume(id, workspace: "w")
                try await desk.endpoints.delete(id, workspace: "w")
                try await desk.deliveries.pruneGone()
                _ = try desk.deliveries.recover()
            }
            #expect(problems == [])
            #expect(plans.count > 30, "\(plans.count)")
            let unserved = try await desk.pool.read { try StatementPlans.unservedReferences($0) }
            #expect(unserved == [])
        }
    }
}
