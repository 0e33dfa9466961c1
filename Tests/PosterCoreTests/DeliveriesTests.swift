import GRDB
import GatewayContract
import PosterContract
import RPCContract
import Support
import Testing
import Vocabulary

@testable import PosterCore

/// From events to deliveries, and from attempts to their ends.
@Suite(.timeLimit(.minutes(1))) struct DeliveriesTests {
    @Test func eachEventGoesOnceToEachEndpointThatWantsIt() async throws {
        try await PosterDesk.run { desk in
            desk.happened.add("order.created", subject: "before")
            let all = try await desk.endpoint("https://shop.example/all")
            let orders = try await desk.endpoint("https://shop.example/orders", types: ["order.created"])
            desk.happened.add("order.created", subject: "o1", data: ["total": 5])
            desk.happened.add("message.failed", subject: "m1")
            try await desk.read()
            try await desk.read()
            let found = try await desk.list(all)
            #expect(found.map(\.subject) == ["m1", "o1"], "nothing of before it was made")
            #expect(found.last?.event == "evt_1790000000000_account-router_2")
            #expect(try await desk.list(orders).map(\.event) == found.suffix(1).map(\.event), "the same id at every endpoint")
            #expect(try await desk.get(all).waiting == 2)
            #expect(try await desk.get(orders).waiting == 1)
            #expect(try await desk.jobs(all).count == 2)
            let told = try await desk.deliveries.get(.init(id: all, event: found[1].event), workspace: "w")
            #expect(told.payload["data"] == ["total": 5] && told.attempts.isEmpty && told.delivery.state == .pending)
        }
    }

    /// Killed between the reading and the writing, or read twice: the same page is taken once.
    @Test func aPageThatIsTakenIsNotTakenAgain() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint()
            desk.happened.add("order.created")
            let reading = try #require(try await desk.deliveries.reading("w"))
            let page = desk.happened.page(.init(cursor: PageCursor(reading.place)))
            #expect(try await desk.deliveries.fanOut(page, from: reading, workspace: "w", limit: 10))
            #expect(try await !desk.deliveries.fanOut(page, from: reading, workspace: "w", limit: 10))
            #expect(try await desk.list(id).count == 1)
            #expect(try await desk.deliveries.reading("w")?.place == page.next.place)
        }
    }

    /// An endpoint that comes while a page is read misses nothing of it.
    @Test func aPageThatWasReadForFewerTypesIsReadAgain() async throws {
        try await PosterDesk.run { desk in
            _ = try await desk.endpoint("https://shop.example/a", types: ["order.created"])
            let reading = try #require(try await desk.deliveries.reading("w"))
            #expect(reading.asked == ["order.created"])
            let other = try await desk.endpoint("https://shop.example/b", types: ["message.failed"])
            desk.happened.add("message.failed")
            let page = desk.happened.page(.init(cursor: PageCursor(reading.place), types: reading.asked))
            #expect(try await !desk.deliveries.fanOut(page, from: reading, workspace: "w", limit: 10))
            try await desk.read()
            #expect(try await desk.list(other).count == 1)
        }
    }

    @Test func whatIsAboutOneSubjectGoesOneAfterTheOther() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint(isOrdered: true)
            for subject in ["a", "a", "b", "a"] { desk.happened.add("message.sent", subject: subject) }
            desk.happened.add("contact.changed", subject: "c", data: ["contact": "a"])
            try await desk.read()
            #expect(try await desk.jobs(id) == [1, 3], "the first of each")
            // It is tried again and again, and nobody overtakes it.
            try await desk.settle(id, status: 500, error: "500", again: .seconds(5))
            #expect(try await desk.jobs(id) == [1, 3])
            try await desk.settle(id, status: 200)
            #expect(try await desk.jobs(id) == [3, 2])
            // Given up, it holds up nobody.
            try await desk.settle(id, status: 500, error: "500")
            #expect(try await desk.jobs(id) == [3, 4])
            #expect(try await desk.list(id, .failed).count == 1)
            #expect(try await desk.list(id, .delivered).count == 1)
            #expect(try await desk.get(id).waiting == 3)
        }
    }

    @Test func withoutOrderAllMayGo() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint()
            for _ in 0..<4 { desk.happened.add("message.sent", subject: "a") }
            try await desk.read()
            #expect(try await desk.jobs(id) == [1, 2, 3, 4])
        }
    }

    @Test func fiveDaysWithoutASuccessDisable() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint()
            for _ in 0..<5 { desk.happened.add("message.sent") }
            try await desk.read()
            try await desk.settle(id, status: 500, error: "the receiver answered 500", again: .seconds(5))
            let since = desk.now.value
            desk.now.update { $0 = $0 + .days(4) }
            try await desk.settle(id, status: nil, error: "no answer", again: .seconds(5))
            #expect(try await desk.get(id).failingSince == since)
            // A success begins the time anew.
            try await desk.settle(id, status: 204)
            #expect(try await desk.get(id).failingSince == nil)
            try await desk.settle(id, status: 500, error: "500", again: .seconds(5))
            desk.now.update { $0 = $0 + .days(5) - 1 }
            try await desk.settle(id, status: 500, error: "500", again: .seconds(5))
            #expect(try await desk.get(id).state == .enabled)
            desk.now.update { $0 = $0 + 1 }
            try await desk.settle(id, status: 500, error: "500", again: .seconds(5))
            let endpoint = try await desk.get(id)
            #expect(endpoint.state == .disabled && endpoint.reason?.hasPrefix("Every attempt has failed since") == true)
            #expect(desk.directory.endpoint(id)?.state == .disabled)
            #expect(try await desk.told().last == "webhook.disabled")
            #expect(endpoint.waiting == 4, "what waits stays")
            // What happens from now on passes it by; it can be recovered.
            desk.happened.add("message.sent")
            try await desk.read()
            #expect(try await desk.get(id).waiting == 4)
            let untested = await #expect(throws: Fault.self) { _ = try await desk.deliveries.test(id, workspace: "w") }
            let unpaused = await #expect(throws: Fault.self) { _ = try await desk.endpoints.pause(id, workspace: "w") }
            #expect(untested?.code == .endpointDisabled && unpaused?.code == .endpointDisabled)
            #expect(try await desk.endpoints.resume(id, workspace: "w").failingSince == nil)
            #expect(try await desk.get(id).state == .enabled)
        }
    }

    @Test func whoeverIsGoneIsDisabledAtOnce() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint()
            desk.happened.add("message.sent")
            try await desk.read()
            try await desk.settle(id, status: 410, error: "the receiver answered 410", again: .seconds(5))
            #expect(try await desk.get(id).state == .disabled)
        }
    }

    @Test func whoeverTakesNothingIsDisabledBeforeTheDiskIsFull() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint()
            _ = try await desk.endpoints.pause(id, workspace: "w")
            for _ in 0..<21 { desk.happened.add("message.sent") }
            try await desk.read(limit: 20)
            let endpoint = try await desk.get(id)
            #expect(endpoint.state == .disabled && endpoint.waiting == 21 && endpoint.reason?.contains("20 deliveries") == true)
            desk.happened.add("message.sent")
            try await desk.read(limit: 20)
            #expect(try await desk.get(id).waiting == 21)
        }
    }

    @Test func whatWasRemovedBeforeItWasReadIsToldAsAGap() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint()
            for _ in 0..<5 { desk.happened.add("message.sent") }
            desk.happened.first.set(3)
            try await desk.read()
            #expect(try await desk.list(id).count == 2)
            #expect(try await desk.told() == ["webhook.created", "webhook.gap"])
        }
    }

    @Test func anAttemptIsKeptAndADeliverySentAgain() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint()
            desk.happened.add("message.sent")
            try await desk.read()
            let event = try #require(try await desk.list(id).first).event
            for _ in 0..<60 { try await desk.settle(id, status: 500, error: "500", again: .seconds(5)) }
            try await desk.settle(id, status: 200)
            let told = try await desk.deliveries.get(.init(id: id, event: event), workspace: "w")
            #expect(told.attempts.map(\.number) == Array(12...61) && told.attempts.last?.status == 200)
            #expect(told.delivery.state == .delivered && told.delivery.attempts == 61)
            #expect(try await desk.get(id).waiting == 0)
            #expect(try await desk.jobs(id).isEmpty)
            let again = try await desk.deliveries.resend(.init(id: id, event: event), workspace: "w")
            #expect(again.state == .pending && again.endedAt == nil)
            #expect(try await desk.get(id).waiting == 1)
            #expect(try await desk.jobs(id).count == 1)
            #expect(try await desk.deliveries.posted(1)?.tries == 0, "its schedule begins anew")
            let unknown = await #expect(throws: Fault.self) {
                _ = try await desk.deliveries.resend(.init(id: id, event: "evt_no"), workspace: "w")
            }
            #expect(unknown?.code == .deliveryUnknown)
            let test = try await desk.deliveries.test(id, workspace: "w")
            #expect(test.type == "webhook.test" && test.state == .pending)
        }
    }

    @Test func pagesGoOnWhereTheOneBeforeEnded() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint()
            for n in 0..<25 { desk.happened.add("message.sent", subject: "\(n)") }
            try await desk.read()
            var (params, seen) = (ListDeliveries.Params(id: id, state: .pending, limit: 10), [String]())
            repeat {
                let page = try await desk.deliveries.list(params, workspace: "w")
                seen += page.items.map(\.subject)
                params.cursor = page.next
            } while params.cursor != nil
            #expect(seen == (0..<25).reversed().map(String.init))
        }
    }

    @Test func whatIsOldIsRemovedWithWhatItHolds() async throws {
        try await PosterDesk.run { desk in
            let id = try await desk.endpoint(isOrdered: true)
            desk.happened.add("message.sent", subject: "a")
            try await desk.read()
            desk.now.update { $0 = $0 + .days(1) }
            desk.happened.add("message.sent", subject: "a")
            try await desk.read()
            #expect(try await desk.jobs(id) == [1])
            try await desk.deliveries.prune(before: desk.now.value)
            #expect(try await desk.list(id).count == 1)
            #expect(try await desk.get(id).waiting == 1)
            #expect(try await desk.jobs(id) == [2], "the next of its lane goes")
            try await desk.endpoints.delete(id, workspace: "w")
            try await desk.deliveries.pruneGone()
            let left = try await desk.pool.read { db in
                try ["delivery", "job", "attempt", "endpointGone", "endpointSecret"].map {
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)")
                }
            }
            #expect(left == [0, 0, 0, 0, 0])
        }
    }
}
