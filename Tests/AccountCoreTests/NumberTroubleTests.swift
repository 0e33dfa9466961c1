import AccountContract
import GRDB
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountNumbers

/// What every surface says of a number.
@Suite struct NumberTroubleTests {
    private func trouble(after words: [NumberHealth.Word]) async throws -> NumberTrouble? {
        let desk = try await OutboxDesk()
        let numbers = desk.numbers
        for word in words { try await numbers.change { db in try numbers.hear(db, word, of: "1") } }
        let found = try await numbers.trouble(of: "1")
        #expect(try await numbers.troubles(workspace: "w").first?.trouble == found)
        #expect(try await numbers.troubles(workspace: "other").isEmpty)
        try desk.end()
        return found
    }

    /// Meta's webhook takes RED back without saying what the number is now: no rating is made up for it.
    @Test func noRatingIsMadeUp() async throws {
        let desk = try await OutboxDesk()
        let numbers = desk.numbers
        try await numbers.change { db in
            for word in [NumberHealth.Word.quality(.red), .unflagged, .quality(.green)] { try numbers.hear(db, word, of: "1") }
        }
        let steps = try await desk.pool.read { try numbers.steps($0, "1") }
        #expect(!steps.contains { $0.reason.contains("YELLOW") }, "\(steps)")
        #expect(steps.map(\.to) == ["resting 0 %", "recovering 10 %", "green"])
        #expect(steps[0].reason.contains("where any can send it"), "the other numbers may be RED, too")
        try desk.end()
    }

    @Test func theEndOfARestrictionIsTold() async throws {
        let desk = try await OutboxDesk()
        let (numbers, end) = (desk.numbers, Timestamp(milliseconds: 1_790_000_000_000))
        try await numbers.change { db in
            try numbers.hear(db, .restricted("no initiated messages"), of: "1")
            try numbers.restrict(db, "1", until: end)
        }
        #expect(try await numbers.trouble(of: "1")?.text.contains("No marketing goes out until 2026-09-21T14:13:20Z;") == true)
        try await numbers.change { db in
            try numbers.hear(db, .barred("nothing may be begun"), of: "1")
            try numbers.bar(db, "1", by: [NumberBar(word: "RESTRICTED_BIZ_INITIATED_MESSAGING", until: end)])
        }
        #expect(try await numbers.trouble(of: "1")?.text.contains("Only answers go out until 2026-09-21T14:13:20Z;") == true)
        try desk.end()
    }

    /// RED lasts longer than the restriction that was there before it, and what has passed is no end.
    @Test func noEndIsToldThatEndsNothing() async throws {
        let desk = try await OutboxDesk()
        let (numbers, end) = (desk.numbers, desk.now.value + .days(1))
        try await numbers.change { db in
            try numbers.hear(db, .restricted("no initiated messages"), of: "1")
            try numbers.restrict(db, "1", until: end)
        }
        #expect(try await numbers.trouble(of: "1")?.text.contains("No marketing goes out until ") == true)
        try await numbers.change { db in try numbers.hear(db, .quality(.red), of: "1") }
        #expect(try await numbers.trouble(of: "1")?.text.contains("No marketing goes out;") == true)
        try await numbers.change { db in try numbers.hear(db, .quality(.green), of: "1") }
        #expect(try await numbers.trouble(of: "1")?.text.contains("No marketing goes out until ") == true, "the restriction lasts")
        desk.now.set(end)
        #expect(try await numbers.trouble(of: "1")?.text.contains("No marketing goes out;") == true)
        try await numbers.change { db in
            try numbers.hear(db, .barred("nothing may be begun"), of: "1")
            try numbers.bar(db, "1", by: [NumberBar(word: "RESTRICTED_BIZ_INITIATED_MESSAGING", until: end)])
        }
        #expect(try await numbers.trouble(of: "1")?.text.contains("Only answers go out until Meta's restriction ends;") == true)
        try desk.end()
    }

    @Test func theReasonIsWhatBroughtItThere() async throws {
        #expect(try await trouble(after: []) == nil)
        #expect(try await trouble(after: [.quality(.yellow)]) == nil, "half the marketing is no trouble")
        let banned = try #require(try await trouble(after: [.banned("too much spam"), .quality(.green)]))
        #expect(banned.isStanding && banned.text.hasPrefix("banned: ") && banned.text.contains("too much spam"), "\(banned)")
        let held = try #require(try await trouble(after: [.refused("the bill"), .quality(.yellow)]))
        #expect(held.isStanding && held.text.hasPrefix("held: ") && held.text.contains("the bill"), "\(held)")
        let red = try #require(try await trouble(after: [.quality(.red)]))
        #expect(!red.isStanding && red.text.contains("RED"), "\(red)")
        // Asked in between, Meta has rated it otherwise: that is not why it rests.
        let asked = try #require(try await trouble(after: [.quality(.yellow), .quality(.green), .quality(.red)]))
        #expect(asked.text.contains("RED") && !asked.text.contains("GREEN"), "\(asked)")
        let restricted = try #require(try await trouble(after: [.restricted("no initiated messages"), .quality(.green)]))
        #expect(!restricted.isStanding && restricted.text.contains("no initiated messages"), "\(restricted)")
        #expect(try await trouble(after: [.banned("x"), .reinstated]) == nil)
    }
}
