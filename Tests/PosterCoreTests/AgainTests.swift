import GRDB
import PosterContract
import Storage
import Support
import Testing
import Vocabulary

@testable import PosterCore

/// What is posted again, and when.
@Suite(.timeLimit(.minutes(1))) struct AgainTests {
    private func event(_ desk: PosterDesk, _ id: String, _ index: Int) async throws -> String {
        try await desk.list(id).reversed()[index].event
    }

    /// Sent again or recovered, a delivery takes its place in its lane.
    @Test func whatIsSentAgainKeepsTheOrder() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint(isOrdered: true)
            for _ in 0..<4 { desk.happened.add("message.sent", subject: "a") }
            try await desk.read()
            // Behind others it waits for them.
            _ = try await desk.deliveries.resend(.init(id: id, event: try await event(desk, id, 2)), workspace: "w")
            #expect(try await desk.jobs(id) == [1])
            // Before others they wait for it.
            try await desk.settle(id, status: 500, error: "500")
            #expect(try await desk.leased(id) == ["2"])
            _ = try await desk.deliveries.resend(.init(id: id, event: try await event(desk, id, 0)), workspace: "w")
            #expect(try await desk.leased(id) == ["1"])
            #expect(try await desk.jobs(id) == [1])
            try await desk.settle(id, status: 200)
            #expect(try await desk.leased(id) == ["2"], "its end lets the next go")
        }
    }

    /// Asked for while the last attempt was under way, it is posted once more.
    @Test func whatIsSentAgainWhileItIsPostedIsNotLost() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint()
            desk.happened.add("message.sent")
            try await desk.read()
            for tries in 0..<7 { try await desk.settle(id, status: 500, error: "500", again: .hours(10), after: tries) }
            _ = try await desk.deliveries.resend(.init(id: id, event: try await event(desk, id, 0)), workspace: "w")
            try await desk.settle(id, status: 500, error: "500", after: 7)
            #expect(try await desk.list(id, .pending).count == 1)
            #expect(try await desk.leased(id) == ["1"], "and at once")
            #expect(try await desk.deliveries.posted(1)?.tries == 1)
            #expect(try await desk.get(id).waiting == 1)
        }
    }

    /// Whoever tests an endpoint or sends something again does not wait until it would be tried.
    @Test func whoAsksForARequestGetsItNow() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint()
            desk.happened.add("message.sent")
            try await desk.read()
            let released = MutexBox(0)
            desk.runners.add(.init(nudge: {}, release: { released.update { $0 += 1 } }, end: {}), for: id)
            _ = try await desk.deliveries.test(id, workspace: "w")
            #expect(released.value == 1)
            _ = try await desk.deliveries.resend(.init(id: id, event: try await event(desk, id, 0)), workspace: "w")
            #expect(released.value == 2)
        }
    }

    /// A clock that was far ahead holds nothing for longer than the longest pause.
    @Test func nothingIsHeldForLongerThanItMay() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint()
            desk.happened.add("message.sent")
            try await desk.read()
            let far = desk.now.value + .days(400)
            try await desk.store.write { db in
                try db.execute(sql: "UPDATE job SET state = 'held', notBefore = ?", arguments: [far])
            }
            #expect(try desk.deliveries.recover() == 0)
            #expect(try await desk.list(id).first?.dueAt == desk.now.value + .hours(11))
            // Nor has an endpoint failed for longer than it has.
            try await desk.settle(id, status: 500, error: "500", again: .seconds(5))
            desk.now.update { $0 = $0 - .days(4) }
            try await desk.settle(id, status: 500, error: "500", again: .seconds(5))
            #expect(try await desk.get(id).failingSince == desk.now.value)
        }
    }

    /// What was made by a clock that was ahead keeps nothing older.
    @Test func whatIsOldIsRemovedBehindWhatIsNot() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint()
            let start = desk.now.value
            desk.now.set(start + .days(30))
            for _ in 0..<1001 { desk.happened.add("message.sent", subject: "ahead") }
            for _ in 0..<2 { try await desk.read() }
            desk.now.set(start)
            for _ in 0..<3 { desk.happened.add("message.sent", subject: "old") }
            try await desk.read()
            #expect(try await desk.get(id).waiting == 1004)
            try await desk.deliveries.prune(before: start + 1)
            #expect(try await desk.get(id).waiting == 1001)
        }
    }
}
