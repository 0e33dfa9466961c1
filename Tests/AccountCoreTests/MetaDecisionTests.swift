import AccountContract
import AccountPacing
import GRDB
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCore
@testable import AccountNumbers
@testable import AccountOutbox

/// What Meta itself has decided of a number begins and ends with Meta's word alone.
@Suite struct MetaDecisionTests {
    @Test(
        arguments: [
            [.banned("x")], [.restricted("x")], [.barred("x")], [.detached("x")], [.banned("x"), .reinstated],
            [.restricted("x"), .unrestricted],
        ] as [[NumberHealth.Word]])
    func noOperatorTakesItBack(words: [NumberHealth.Word]) async throws {
        let desk = try await OutboxDesk()
        let numbers = desk.numbers
        try await numbers.change { db in
            try numbers.hear(db, .quality(.yellow), of: "1")
            for word in words { try numbers.hear(db, word, of: "1") }
        }
        let before = try numbers.found("1")
        let steps = try await desk.pool.read { try numbers.steps($0, "1") }
        // Nor what came before it: that would only be asked for in order to take it back.
        for step in [try #require(steps.last), steps[0]] {
            let fault = await #expect(throws: Fault.self) { _ = try await numbers.revert(step.id, actor: nil, workspace: "w") }
            #expect(fault?.code == .stepOfMeta && fault?.path == "id", "\(String(describing: fault))")
            #expect(fault?.message.contains("is Meta's decision") == true && fault?.message.contains("WhatsApp Manager") == true)
            #expect(fault?.message.hasSuffix("Linda follows Meta's next word on her own.") == true)
        }
        #expect(try numbers.found("1") == before)
        try desk.end()
    }

    /// Steps of an earlier version do not say whose they were.
    @Test func anOlderStepTellsItByItsStates() async throws {
        let desk = try await OutboxDesk()
        let numbers = desk.numbers
        try await numbers.change { db in try numbers.hear(db, .banned("x"), of: "1") }
        try await desk.pool.write { db in
            try db.execute(sql: "UPDATE accountStep SET before = json_remove(before, '$.isDecidedByMeta')")
        }
        let step = try #require(try await desk.pool.read { try numbers.steps($0, "1").last })
        let fault = await #expect(throws: Fault.self) { _ = try await numbers.revert(step.id, actor: nil, workspace: "w") }
        #expect(fault?.code == .stepOfMeta)
        try desk.end()
    }

    /// What was under way when it was banned comes back as locked, before Meta's word or without it.
    @Test func aReinstatementEndsTheHoldOfALockAndNotOfABill() async throws {
        for (word, health) in [(NumberHealth.Word.locked("x"), Account.Health.recovering), (.refused("the bill"), .held)] {
            let desk = try await OutboxDesk()
            let numbers = desk.numbers
            try await numbers.change { db in try numbers.hear(db, word, of: "1") }
            #expect(numbers.account("1")?.health == .held)
            desk.pacer.block("1", for: .hours(1), because: "locked")
            var event = AccountEvent(.account, event: "DISABLED_UPDATE")
            event.ban = .init(state: "REINSTATE")
            let events = AccountEvents(store: desk.store, numbers: numbers, consents: desk.consents, logger: desk.quiet)
            _ = try await events.record(.init(key: "k", wabaID: "2", event: event, raw: ["event": "DISABLED_UPDATE"]))
            #expect(numbers.account("1")?.health == health)
            #expect(!numbers.isBlocked("1"), "what Meta refused before keeps nothing back")
            try desk.end()
        }
    }

    /// What else Meta says while a number is held or banned is not why it is.
    @Test(
        arguments: [
            ([.locked("x"), .restricted("y"), .reinstated], .resting), ([.locked("x"), .barred("y"), .reinstated], .restricted),
            ([.locked("x"), .restricted("y"), .unrestricted, .reinstated], .recovering),
            ([.refused("the bill"), .restricted("y"), .reinstated], .held),
            ([.locked("x"), .refused("the bill"), .reinstated], .held),
            ([.locked("x"), .refused("the bill"), .restricted("y"), .reinstated], .held),
            ([.locked("x"), .refused("the bill"), .reinstated, .released], .ready),
            ([.detached("x"), .restricted("y"), .attached], .resting),
            ([.banned("x"), .restricted("y"), .attached], .banned),
        ] as [([NumberHealth.Word], Account.Health)])
    func whatBroughtItThereDecidesWhatEndsIt(words: [NumberHealth.Word], health: Account.Health) async throws {
        let desk = try await OutboxDesk()
        let numbers = desk.numbers
        try await numbers.change { db in for word in words { try numbers.hear(db, word, of: "1") } }
        #expect(numbers.account("1")?.health == health)
        try desk.end()
    }

    @Test func manyLaterStepsHideNoLock() async throws {
        let desk = try await OutboxDesk()
        let numbers = desk.numbers
        try await numbers.change { db in
            try numbers.hear(db, .locked("spam"), of: "1")
            for _ in 0..<40 { for quality in [Account.Quality.yellow, .green] { try numbers.hear(db, .quality(quality), of: "1") } }
            try numbers.hear(db, .restricted("y"), of: "1")
        }
        #expect(try await numbers.trouble(of: "1")?.text.contains("spam") == true)
        try await numbers.change { db in try numbers.hear(db, .reinstated, of: "1") }
        #expect(numbers.account("1")?.health == .resting)
        try desk.end()
    }

    /// Statuses come late, and Meta says only once that it has reinstated an account.
    @Test(arguments: [true, false]) func aLockThatIsHeardAfterItsEndHoldsNothing(isHeardBefore: Bool) async throws {
        let desk = try await OutboxDesk()
        let (numbers, lockedAt) = (desk.numbers, desk.now.value)
        let (late, fresh) = (try await desk.queued("late"), try await desk.queued("fresh"))
        if isHeardBefore { try await numbers.change { db in try numbers.hear(db, .locked("x"), of: "1") } }
        desk.now.update { $0 = $0 + .minutes(5) }
        try await numbers.change { db in try numbers.hear(db, .reinstated, of: "1") }
        desk.now.update { $0 = $0 + .minutes(5) }
        for (id, at, isHeld) in [(late, lockedAt, false), (fresh, desk.now.value, true)] {
            let status = MessageStatus(
                wamid: WAMID("wamid.\(id)"), phoneNumberID: "1", status: "failed", at: at, callbackData: id.rawValue, errorCode: 131031,
                errorDetails: "d")
            #expect(try await desk.statuses.record(.init(statuses: [status])).applied == 1)
            #expect((numbers.account("1")?.health == .held) == isHeld)
        }
        try desk.end()
    }
}
